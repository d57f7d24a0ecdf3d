"""How long scripts take with 500 of them and 100 000 conversations: panel, keystroke, suggestions.

Run: python -m bench.desk_scripts [conversations]
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench.seed import seed, settings
from smm_inbox.bootstrap import open_services
from smm_inbox.domain.feed import FeedQuery
from smm_inbox.domain.fold import stems
from smm_inbox.domain.prepared import Wording
from smm_inbox.domain.ranking import find
from smm_inbox.domain.text import SafeText
from smm_inbox.services.container import Services
from smm_inbox.storage import memory

_SCRIPTS = 500
_ANSWERS = 5_000
_ROUNDS = 30


async def _measure(name: str, what: Callable[[], Awaitable[object]]) -> float:
    times: list[float] = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        await what()
        times.append((time.perf_counter() - started) * 1000)
    print(f"  {name:<34} median {statistics.median(times):7.2f} ms   worst {max(times):7.2f} ms")
    return statistics.median(times)


async def _stock(services: Services, count: int) -> None:
    ready = await services.scripts.all()
    for number in range(count - len(ready)):
        like = ready[number % len(ready)].wording
        await services.scripts.add(
            Wording(
                like.folder,
                SafeText(f"{like.name} {number}"),
                SafeText(f"{like.body}\n{number}"),
                like.asked,
            )
        )


async def _answers(services: Services, count: int) -> None:
    """As many remembered answers as are kept, to questions in the words of the scripts."""
    asked = [one.wording.asked for one in await services.scripts.all() if one.wording.asked]
    async with services.db.transaction() as tx:
        for number in range(count):
            await tx.run(
                "INSERT INTO answer_memory (message_id, words, answer) VALUES (?, ?, '')",
                (10_000_000 + number, " ".join(stems(asked[number % len(asked)]))),
            )


async def run(conversations: int, scripts: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        await asyncio.to_thread(seed, Path(folder), conversations)
        async with open_services(settings(Path(folder))) as services:
            await _stock(services, scripts)
            await _answers(services, _ANSWERS)
            print(f"{conversations} conversations, {len(await services.scripts.all())} scripts:")
            await _look(services)


async def _look(services: Services) -> None:
    rows = (await services.feed.page(FeedQuery())).rows
    which = rows[0].id
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    await services.names.warm_up()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    spent = (time.perf_counter() - started) * 1000
    print(f"  dictionary of names, once          {spent:14.2f} ms   {grown} MiB, on a thread")

    async def opened() -> None:
        await services.scripts.all()
        await services.suggest.for_message(which, None)
        (await services.scripts.filling(which, None)).fill((await services.scripts.all())[0])

    async def typed() -> None:
        find(await services.scripts.all(), "столи")

    async def suggested() -> None:
        await services.suggest.for_message(which, None)

    async def similar() -> None:
        await memory.similar(services.db, ("столик", "бронь", "вечер", "двое", "торт"))

    await _measure("opening the panel", opened)
    await _measure("a keystroke in its search", typed)
    await _measure("suggestions for a message", suggested)
    await _measure("similar answers", similar)


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for conversations, scripts in ((1_000, 50), (most, _SCRIPTS)):
        asyncio.run(run(conversations, scripts))


if __name__ == "__main__":
    main()
