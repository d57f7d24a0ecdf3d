"""Tags and sorting of many: 300 tags over 100 000 conversations against the same over 1 000.

    python -m bench.desk_triage [--small 1000] [--large 100000] [--tags 300] [--keep FOLDER]

Prints medians of CPU time, all threads together (what the machine does besides does not count):
the first and a deep page of a tag's list, all counts, a keystroke of the search; selecting
everything in a list, closing and tagging 1 000 and 10 000 conversations and taking that back, with
the longest time a key would have had to wait; opening the panel of tags, a keystroke and a toggle
in it, each with what the driver of the screen costs itself: leaving the panel shows how much.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

from bench.seed import seed, settings
from smm_inbox.bootstrap import DATABASE_NAME, open_services
from smm_inbox.domain.feed import FeedQuery, Order, View
from smm_inbox.domain.ids import ConversationId, TagId
from smm_inbox.domain.tag import search
from smm_inbox.services.container import Services
from smm_inbox.ui.app import InboxApp
from smm_inbox.ui.layout import retype
from smm_inbox.ui.screens.inbox import InboxScreen
from smm_inbox.ui.screens.tags import TagScreen

_WORDS = "бронь жалоба доставка торт веранда аллергия работа поставка возврат отзыв".split()  # noqa: SIM905
_TIMES = 15


def _tag(folder: Path, tags: int) -> None:
    """Every conversation gets two tags; the first tag is on every third one."""
    db = sqlite3.connect(folder / DATABASE_NAME)
    db.execute("PRAGMA synchronous = OFF")
    if db.execute("SELECT count(*) FROM tags").fetchone()[0]:
        db.close()
        return
    names = [f"{_WORDS[number % 10]} {number}" for number in range(1, tags + 1)]
    db.executemany(
        "INSERT INTO tags (id, name, folded) VALUES (?, ?, ?)",
        [(at, name, name) for at, name in enumerate(names, 1)],
    )
    db.execute(
        "INSERT INTO conversation_tags "
        "(conversation_id, tag_id, box, awaiting, last_at, rank, tie) "
        "SELECT id, n.tag, box, awaiting, last_at, rank, tie FROM conversations c JOIN "
        "(SELECT id AS number, iif(id % 3 = 0, 1, 2 + id % ?) AS tag FROM conversations "
        "UNION SELECT id, 2 + (id * 7) % ? FROM conversations) n ON n.number = c.id",
        (tags - 1, tags - 1),
    )
    db.commit()
    db.close()


async def _median(act: Callable[[], Awaitable[object]], times: int = _TIMES) -> float:
    taken = []
    for _ in range(times):
        began = time.process_time()
        await act()
        taken.append(time.process_time() - began)
    return statistics.median(taken) * 1e3


class _Pulse:
    """The longest time the loop was not free: a key pressed then waits as long."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> _Pulse:
        self._task = asyncio.create_task(self._beat())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _beat(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            self.longest = max(self.longest, time.perf_counter() - before - 0.001)


async def _engine(services: Services, found: dict[str, float]) -> None:
    feed, tags, triage, undo = services.feed, services.tags, services.triage, services.undo
    first = FeedQuery(View.OPEN, tag=TagId(1))
    newest = FeedQuery(View.OPEN, order=Order.NEWEST, tag=TagId(1))
    found["first page of a tag"] = await _median(lambda: feed.page(first))
    found["first page of a tag, newest"] = await _median(lambda: feed.page(newest))
    rows = await feed.ids(first)
    deep = (await feed.rows([rows[len(rows) // 2]], first))[rows[len(rows) // 2]].key
    found["a page in the middle"] = await _median(lambda: feed.page(first, after=deep))
    found["all counts"] = await _median(feed.counts)
    known = await tags.all()
    typed = "дставка 21"

    async def keys() -> None:
        for size in range(1, len(typed) + 1):
            search(known, [typed[:size], retype(typed[:size])])

    found["search, a keystroke"] = await _median(keys) / len(typed)
    everything = FeedQuery(View.OPEN)
    found["select everything"] = await _median(lambda: feed.ids(everything), 5)
    ids: list[ConversationId] = await feed.ids(everything)
    for many in (1_000, 10_000):
        if len(ids) < many:
            continue
        async with _Pulse() as pulse:
            found[f"close {many:,}"] = await _median(lambda n=many: triage.close(ids[:n]), 1)
            found[f"take back {many:,}"] = await _median(undo.last, 1)
            put = lambda n=many: tags.put(TagId(2), ids[:n])  # noqa: E731
            found[f"tag {many:,}"] = await _median(put, 1)
            found[f"untag {many:,}"] = await _median(undo.last, 1)
        found[f"longest wait of a key, {many:,}"] = pulse.longest * 1e3


async def _screen(services: Services, found: dict[str, float]) -> None:
    app = InboxApp(services)
    async with app.run_test(size=(80, 24)) as pilot:
        inbox = app.screen
        if not isinstance(inbox, InboxScreen):
            raise TypeError("the inbox was expected")
        while not (inbox.feed.model.loaded and inbox.counts.tags):
            await asyncio.sleep(0.01)

        async def open_panel() -> None:
            await pilot.press("t")
            while not (isinstance(app.screen, TagScreen) and app.screen._on):
                await asyncio.sleep(0)

        opened, typed, toggled, closed = [], [], [], []
        for _ in range(_TIMES):
            opened.append(await _median(open_panel, 1))
            typed.append(await _median(lambda: pilot.press("д"), 1))
            await pilot.press("backspace")
            toggled.append(await _median(lambda: pilot.press("1"), 1))
            closed.append(await _median(lambda: pilot.press("escape"), 1))
        rest = statistics.median(closed)
        found["panel open and read"] = statistics.median(opened)
        found["keystroke in it"] = statistics.median(typed)
        found["toggle in it"] = statistics.median(toggled)
        found["leaving the panel"] = rest


async def _measure(folder: Path) -> dict[str, float]:
    found: dict[str, float] = {}
    async with open_services(settings(folder)) as services:
        await _engine(services, found)
        await _screen(services, found)
    return found


def main() -> None:
    """Measure both sizes and print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--tags", type=int, default=300)
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    with ExitStack() as stack:
        folder = args.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        results = []
        for size in (args.small, args.large):
            place = folder / str(size)
            if not (place / DATABASE_NAME).exists():
                seed(place, size)
            _tag(place, args.tags)
            results.append(asyncio.run(_measure(place)))
    small, large = results
    print(f"{'CPU ms':36}{args.small:>12,}{args.large:>12,}   ratio")
    for name, value in large.items():
        if name in small:
            print(f"{name:36}{small[name]:12.1f}{value:12.1f}   {value / small[name]:5.2f}")
        else:
            print(f"{name:36}{'':12}{value:12.1f}")


if __name__ == "__main__":
    main()
