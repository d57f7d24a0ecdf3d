"""How long a search takes on a large archive, against the same on a small one.

python -m bench.desk_find [--large 100000] [--small 1000] [--messages-each 3] [--keep FOLDER]

Own work only: understanding the query, the index, the rows, marking the matches.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from smm_inbox.bootstrap import DATABASE_NAME
from smm_inbox.channels import registry
from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.domain.feed import FeedQuery, View
from smm_inbox.domain.found import FoundKey, Ranking
from smm_inbox.domain.highlight import excerpt, spans
from smm_inbox.domain.ids import AccountId
from smm_inbox.services.clock import SystemClock
from smm_inbox.services.container import Services
from smm_inbox.storage import search_index
from smm_inbox.storage.database import Database

from .seed import seed

_ROUNDS = 9
_TYPED = "холодный суп"
_QUERIES = (
    "столик",
    "холодного супа",
    '"сорок минут"',
    "ghbdtn",
    "столик -двоих",
    "автор:ковалёва суп",
    "суп ждёт",
    "суп вид:комментарий после:2д",
    "user777",
    "ждёт канал:вк",
    "нетакогослова",
)


async def _open(folder: Path) -> tuple[Services, Database, float]:
    db = await Database.open(folder / DATABASE_NAME)
    account = AccountSettings(AccountId("bench"), "vk", "VK")
    services = Services(Settings(folder, accounts=(account,)), db, SystemClock(), registry.factory)
    await services.prepare()
    began = time.perf_counter()
    await services.search.catch_up()
    return services, db, time.perf_counter() - began


async def _best(work: Callable[[], Awaitable[object]]) -> float:
    times = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        await work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


async def _first_page(services: Services, text: str, after: FoundKey | None = None) -> None:
    query = await services.search.read(text)
    page = await services.search.page(query, Ranking.RELEVANCE, after=after)
    for hit in page.hits:
        excerpt(hit.text, spans(hit.text, query), 100)


async def _measure(folder: Path) -> dict[str, float]:
    services, db, spent = await _open(folder)
    messages = await db.one("SELECT count(*) AS n FROM messages")
    found: dict[str, float] = {}
    count = messages["n"] if messages else 0
    if spent > 0.1:
        print(f"indexed {count} messages: {count / spent:.0f} a second")
    for size in range(1, len(_TYPED) + 1):
        typed = _TYPED[:size]
        found[f"typing “{typed}”"] = await _best(lambda typed=typed: _first_page(services, typed))
    for text in _QUERIES:
        found[text] = await _best(lambda text=text: _first_page(services, text))
    place = search_index.first_doc(int(time.time() * 1e6) - count * 10**6 // 6)
    deep = FoundKey(place)
    found["a page far down"] = await _best(lambda: _first_page(services, "столик", deep))
    began = time.perf_counter()
    await services.search.save("bench", "столик")
    print(f"saving a list of {(await services.search.saved())[0].total} conversations: "
          f"{(time.perf_counter() - began) * 1000:.0f} ms, once")  # fmt: skip
    query = FeedQuery(View.OPEN, search="столик")
    found["first page of a saved list"] = await _best(lambda: services.feed.page(query))
    found["saved lists with counts"] = await _best(services.search.saved)
    await services.search.remove((await services.search.saved())[0].id)
    await services.stop()
    await db.close()
    return found


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--messages-each", type=int, default=3)
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        results = []
        for count in (args.small, args.large):
            folder = (args.keep or Path(scratch)) / str(count)
            if not (folder / DATABASE_NAME).exists():
                with sqlite3.connect(seed(folder, count, args.messages_each)) as db:
                    # The seed calls everything indexed; here it is indexed for real.
                    db.execute("INSERT INTO search_backlog SELECT id FROM messages")
                db.close()
            results.append(asyncio.run(_measure(folder)))
    small, large = results
    print(f"{'':34}{args.small:>10}{args.large:>10}   ratio")
    for name, value in small.items():
        print(f"{name:34}{value:7.1f} ms{large[name]:7.1f} ms{large[name] / value:8.1f}")


if __name__ == "__main__":
    main()
