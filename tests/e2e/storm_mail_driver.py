"""The driver of storms with a mail account: quick pauses, and more steps to die at."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from smm_inbox.channels.email import channel as email_channel
from smm_inbox.channels.email.account import Timing
from smm_inbox.channels.email.imap import Imap
from smm_inbox.channels.email.smtp import Submission
from smm_inbox.channels.email.store import Store
from smm_inbox.config.model import Settings
from smm_inbox.domain.ids import OutboxId
from smm_inbox.services.container import Services
from tests.e2e import storm_driver
from tests.e2e.storm_calm import calm

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
    left = frozenset(str(token) for token in order["left"])
    async with storm_driver.settling(settings) as services:

        async def meanwhile() -> None:
            await storm_driver.impatience(services)
            await decide(services, left)

        await calm(services, meanwhile, failed=True)


if __name__ == "__main__":
    hurry()
    storm_driver.Steps = MailSteps  # type: ignore[misc]
    storm_driver.settle = settle
    storm_driver.serve(Path(sys.argv[1]), Path(sys.argv[2]))
