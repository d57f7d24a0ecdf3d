"""The author card, notes and entries beside 1 000 and beside 100 000 conversations."""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench.seed import seed, settings
from smm_inbox.bootstrap import DATABASE_NAME, open_services
from smm_inbox.domain.ids import AccountId, ContactId, ConversationId
from smm_inbox.services.container import Services

_ACCOUNT = AccountId("bench")
_BUSY = ContactId(1)
"""An author with a thousand conversations."""
_RUNS = 30
_MOST_MS = 50.0
_LINE = "книга Иванова 89161234567 холодный суп, ждали сорок минут и никто не извинился до пт"


def prepare(folder: Path, conversations: int) -> None:
    """Seed a database; the first thousand conversations belong to one author."""
    path = folder / DATABASE_NAME
    if path.exists():
        return
    seed(folder, conversations)
    db = sqlite3.connect(path)
    db.execute("UPDATE conversations SET contact_id = 1 WHERE id <= 1000")
    db.execute("UPDATE messages SET author_id = 1 WHERE conversation_id <= 1000")
    db.execute(
        "INSERT INTO contact_details (contact_id, address, reach) "
        "SELECT id, 'на Вы', '+7916' || id FROM contacts"
    )
    db.execute(
        "INSERT INTO contact_ways (kind, key, contact_id) "
        "SELECT 'phone', '+7916' || id, id FROM contacts"
    )
    db.executemany(
        "INSERT INTO notes (contact_id, text, written_at) VALUES (1, 'постоянный гость', ?)",
        [(number,) for number in range(50)],
    )
    db.commit()
    db.close()


async def measure(folder: Path) -> dict[str, float]:
    """Median milliseconds of each question and command."""
    async with open_services(settings(folder, _ACCOUNT)) as services:
        return {name: await _median(what) for name, what in _work(services).items()}


def _work(services: Services) -> dict[str, Callable[[], Awaitable[object]]]:
    talk = ConversationId(1)
    people, notes, manual = services.people, services.notes, services.manual

    async def parse() -> None:
        manual.parse(_LINE)

    async def write() -> None:
        await notes.write(talk, "перезвонить после шести")

    async def join() -> None:
        await people.merge(_BUSY, ContactId(1001))
        await services.undo.last()

    return {
        "open the author card": lambda: people.card(_BUSY, besides=talk),
        "beside a conversation": lambda: people.margin(talk, _BUSY),
        "open the conversation": lambda: services.feed.card(talk),
        "find a person, one letter": lambda: people.search("м", _BUSY),
        "find a person, three words": lambda: people.search("мар ков каз", _BUSY),
        "keep a note": write,
        "join and take back": join,
        "fields of a line, a keystroke": parse,
        "write an entry down": lambda: manual.add(manual.parse(_LINE)),
    }


async def _median(what: Callable[[], Awaitable[object]]) -> float:
    took: list[float] = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        await what()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def main() -> None:
    """Seed, measure and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="folder for the seeded databases")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        base = args.keep or Path(temporary)
        found: dict[int, dict[str, float]] = {}
        for size in (1_001, 100_000):
            folder = base / f"people-{size}"
            prepare(folder, size)
            found[size] = asyncio.run(measure(folder))
    few, many = found.values()
    print(f"{'':<32}{'1 000':>10}{'100 000':>10}{'ratio':>8}")
    for name, took in many.items():
        mark = "" if took <= _MOST_MS else f"  over {_MOST_MS:.0f} ms"
        print(f"{name:<32}{few[name]:>8.1f}ms{took:>8.1f}ms{took / few[name]:>8.1f}{mark}")


if __name__ == "__main__":
    main()
