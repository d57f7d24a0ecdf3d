"""The driver of storms with a mail account: quick pauses, and more steps to die at."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from smm_inbox.bootstrap import open_services
from smm_inbox.channels.email import channel as email_channel
from smm_inbox.channels.email.account import Timing
from smm_inbox.channels.email.imap import Imap
from smm_inbox.channels.email.smtp import Submission
from smm_inbox.channels.email.store import Store
from smm_inbox.config.model import Settings
from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.ids import OutboxId
from smm_inbox.services.container import Services
from tests.e2e import storm_driver

QUICK = Timing(idle=0.3, poll=0.2, look=(0.0, 0.1), copy=(0.0, 0.05), chores=1.0, command=4.0)
_NEVER = 10**17
"""Due times beyond this wait for a person."""


def hurry() -> None:
    """Let the email channel of this process pause for a moment only."""
    vars(email_channel)["Timing"] = lambda: QUICK


class MailSteps(storm_driver.Steps):
    """Dies also between two exchanges with the mail servers and two writes to its own file."""

    def install(self) -> None:
        super().install()
        guarded: Any = Imap._guarded
        opened: Any = Store.open
        envelope: Any = Submission._envelope
        data: Any = Submission._data

        def around(real: Any) -> Any:
            @contextmanager
            def stepped(this: Any) -> Iterator[object]:
                self.step()
                with real(this) as value:
                    yield value
                self.step()

            return stepped

        def awaited(real: Any) -> Any:
            async def stepped(this: Any, *args: Any) -> object:
                self.step()
                result = await real(this, *args)
                self.step()
                return result

            return stepped

        Imap._guarded = around(guarded)  # type: ignore[method-assign]
        Store.open = around(opened)  # type: ignore[method-assign]
        Submission._envelope = awaited(envelope)  # type: ignore[method-assign]
        Submission._data = awaited(data)  # type: ignore[method-assign]


async def decide(services: Services, left: frozenset[str]) -> None:
    """What a person does about answers nobody else can tell of: asks the customer.

    ``left`` are the tokens of the letters that customers have.
    """
    for row in await services.db.all(
        "SELECT id, token FROM outbox WHERE state = 'ambiguous' AND due_at > ?", (_NEVER,)
    ):
        if str(row["token"]) in left:
            await services.unsent.confirm_sent(OutboxId(row["id"]))
        else:
            await services.unsent.retry(OutboxId(row["id"]))


async def settle(settings: Settings, order: dict[str, Any], ledger: storm_driver.Ledger) -> None:
    """As the driver's own, with a person who decides what became of doubtful letters."""
    deadline = time.monotonic() + float(order["settle"])
    left = frozenset(str(token) for token in order["left"])
    async with open_services(settings) as services:
        services.outbox._clock = storm_driver.FastClock()
        await services.start()
        while True:
            await storm_driver.impatience(services)
            online = all(v.health.state is HealthState.ONLINE for v in services.accounts.list())
            waiting = await services.db.all("SELECT * FROM outbox WHERE state <> 'failed'")
            if online and not waiting:
                return
            await decide(services, left)
            if time.monotonic() > deadline:
                health = [account.health for account in services.accounts.list()]
                raise TimeoutError(f"{health} {[tuple(row) for row in waiting]}")
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    hurry()
    storm_driver.Steps = MailSteps  # type: ignore[misc]
    storm_driver.settle = settle
    storm_driver.serve(Path(sys.argv[1]), Path(sys.argv[2]))
