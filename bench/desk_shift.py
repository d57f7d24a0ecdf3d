"""What the panels of the shift cost on a large archive, against the same on a small one.

python -m bench.desk_shift [--large 100000] [--small 1000] [--keep FOLDER]

Own work only: what a panel reads before it is painted, and what a keypress in the composer looks
for. 200 open promises, 200 facts and 200 colleagues.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from smm_inbox.bootstrap import DATABASE_NAME
from smm_inbox.channels import registry
from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.domain.feed import FeedQuery
from smm_inbox.domain.ids import AccountId
from smm_inbox.services.clock import SystemClock
from smm_inbox.services.container import Services
from smm_inbox.storage.database import Database

from .seed import seed

_ROUNDS = 9
_EACH = 200
_ANSWER = "Здравствуйте! Уточним у шефа и перезвоним вам завтра до 12:00. " * 6


async def _median(work: Callable[[], Awaitable[object]]) -> float:
    times = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        await work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


async def _measure(folder: Path) -> dict[str, float]:
    db = await Database.open(folder / DATABASE_NAME)
    account = AccountSettings(AccountId("bench"), "vk", "VK")
    services = Services(Settings(folder, accounts=(account,)), db, SystemClock(), registry.factory)
    await services.prepare()
    rows = (await services.feed.page(FeedQuery(), limit=_EACH)).rows
    if not await services.promises.open_ones():
        now = services.clock.now()
        for number, row in enumerate(rows):
            due = now + timedelta(hours=1, minutes=number)
            await services.promises.add(row.id, f"перезвонить {number}", due)
            await services.board.put(f"факт{number}: значение {number}")
            await services.colleagues.put(f"Коллега {number} | тема {number}, меню | +7 900")
    talk = rows[0].id

    async def recognise() -> None:
        services.promises.found_in(_ANSWER)

    found = {
        "promises in an answer of 380 letters": await _median(recognise),
        "the list of promises": await _median(services.promises.open_ones),
        "the board": await _median(services.board.facts),
        "whom to ask": await _median(lambda: services.colleagues.for_conversation(talk)),
        "the question for a colleague": await _median(lambda: services.colleagues.digest(talk)),
        "the playbook": await _median(services.playbooks.current),
        "before you came": await _median(services.shifts.before),
        "the hand-over": await _median(services.shifts.handover),
    }
    await services.stop()
    await db.close()
    return found


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        results = []
        for count in (args.small, args.large):
            folder = (args.keep or Path(scratch)) / str(count)
            if not (folder / DATABASE_NAME).exists():
                seed(folder, count, 3)
            results.append(asyncio.run(_measure(folder)))
    small, large = results
    print(f"{'':38}{args.small:>10}{args.large:>10}   ratio")
    for name, value in small.items():
        print(f"{name:38}{value:7.2f} ms{large[name]:7.2f} ms{large[name] / value:8.1f}")


if __name__ == "__main__":
    main()
