"""The fork server of ``storm_driver`` with Instagram: quick rounds, and more steps to die at."""

from __future__ import annotations

import asyncio
import json
import sys
import urllib.request
from collections.abc import Callable, Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

from smm_inbox.channels.instagram import api, channel, client, search
from smm_inbox.channels.instagram.memory import Memory
from smm_inbox.config.model import Settings
from smm_inbox.domain.ids import OutboxId
from smm_inbox.services.container import Services
from tests.e2e import storm_driver
from tests.e2e.storm_calm import calm

QUICK: dict[tuple[object, str], object] = {
    (api, "DIRECT_SPACING"): timedelta(milliseconds=20),
    (channel, "_USUAL"): 600,
    (search, "LOOKS"): (0.1, 0.4),
    (client, "READ_TIMEOUT"): 3.0,
    (client, "WRITE_TIMEOUT"): 3.0,
}
"""The pauses of the channel as a storm has time for."""
_NEVER = 10**17
"""Due times beyond this wait for a person."""


class InstagramSteps(storm_driver.Steps):
    """Dies also between two exchanges with Instagram and before what was read is written down."""

    def install(self) -> None:
        super().install()
        exchange: Any = client.Client.call
        save: Any = Memory.save
        intend: Any = Memory.intend

        async def called(this: Any, *args: Any, **more: Any) -> object:
            self.step()
            answer = await exchange(this, *args, **more)
            self.step()
            return answer

        def saved(this: Any, folder: Path) -> None:
            self.step()
            save(this, folder)
            self.step()

        def intended(this: Any, folder: Path) -> None:
            self.step()
            intend(this, folder)
            self.step()

        client.Client.call = called  # type: ignore[method-assign, assignment]
        Memory.save = saved  # type: ignore[method-assign, assignment]
        Memory.intend = intended  # type: ignore[method-assign, assignment]


async def decide(services: Services, phone: Callable[[], Collection[str]]) -> None:
    """What a person does about answers that Instagram does not show: looks at the phone."""
    asked = await services.db.all(
        "SELECT o.id, m.text FROM outbox o JOIN messages m ON m.id = o.message_id "
        "WHERE o.state = 'ambiguous' AND o.due_at > ?",
        (_NEVER,),
    )
    arrived = await asyncio.to_thread(phone) if asked else ()
    for row in asked:
        if row["text"] in arrived:
            await services.unsent.confirm_sent(OutboxId(row["id"]))
        else:
            await services.unsent.retry(OutboxId(row["id"]))


async def settle(settings: Settings, order: dict[str, Any], ledger: storm_driver.Ledger) -> None:
    """As the driver's own, with a person who decides."""

    def phone() -> set[str]:
        with urllib.request.urlopen(f"{order['phone']}/control/sent", timeout=10) as answer:
            return {str(item["text"]) for item in json.load(answer)["sent"]}

    async with storm_driver.settling(settings) as services:

        async def meanwhile() -> None:
            await storm_driver.impatience(services)
            await decide(services, phone)

        await calm(services, meanwhile, failed=True)


if __name__ == "__main__":
    for (module, name), value in QUICK.items():
        setattr(module, name, value)
    storm_driver.Steps = InstagramSteps  # type: ignore[misc]
    storm_driver.settle = settle
    storm_driver.serve(Path(sys.argv[1]), Path(sys.argv[2]))
