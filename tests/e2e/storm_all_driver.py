"""The fork server of ``storm_driver`` with every network, and one person for all of them."""

from __future__ import annotations

import asyncio
import json
import sys
import urllib.request
from pathlib import Path
from typing import Any

from smm_inbox.channels.telegram import account as telegram
from smm_inbox.config.model import Settings
from smm_inbox.domain.ids import OutboxId
from smm_inbox.services.container import Services
from tests.e2e import storm_driver, storm_instagram
from tests.e2e.storm_calm import calm
from tests.e2e.storm_instagram_driver import QUICK, InstagramSteps
from tests.e2e.storm_mail_driver import MailSteps, hurry
from tests.e2e.storm_telegram_driver import PACE, TelegramSteps

_NEVER = 10**17


class AllSteps(InstagramSteps, MailSteps, TelegramSteps):
    """Dies between two exchanges with any of them."""


async def decide(services: Services, phone: str, letters: frozenset[str]) -> None:
    """What a person does where a network cannot tell: looks at the phone, or asks the customer."""
    asked = await services.db.all(
        "SELECT o.id, o.account, o.token, m.text FROM outbox o "
        "JOIN messages m ON m.id = o.message_id WHERE o.state = 'ambiguous' AND o.due_at > ?",
        (_NEVER,),
    )

    def shown() -> set[str]:
        with urllib.request.urlopen(f"{phone}/control/sent", timeout=10) as answer:
            return {str(item["text"]) for item in json.load(answer)["sent"]}

    arrived = await asyncio.to_thread(shown) if asked else set()
    for row in asked:
        ours = row["account"] == storm_instagram.ACCOUNT
        if row["text"] in arrived if ours else str(row["token"]) in letters:
            await services.unsent.confirm_sent(OutboxId(row["id"]))
        else:
            await services.unsent.retry(OutboxId(row["id"]))


async def settle(settings: Settings, order: dict[str, Any], ledger: storm_driver.Ledger) -> None:
    """As the driver's own, with a person who decides."""
    letters = frozenset(str(token) for token in order["letters"])
    async with storm_driver.settling(settings) as services:

        async def meanwhile() -> None:
            await storm_driver.impatience(services)
            await decide(services, str(order["phone"]), letters)

        await calm(services, meanwhile, failed=True)


if __name__ == "__main__":
    from smm_inbox.channels.telegram import channel  # noqa: F401 - not in every child anew

    for (module, name), value in QUICK.items():
        setattr(module, name, value)
    hurry()
    telegram.PACE = PACE
    storm_driver.Steps = AllSteps  # type: ignore[misc]
    storm_driver.settle = settle
    storm_driver.serve(Path(sys.argv[1]), Path(sys.argv[2]))
