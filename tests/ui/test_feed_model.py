"""The list behind the feed: cursor, window, arrivals and departures."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smm_inbox.domain.feed import FeedKey, FeedPage, FeedQuery, FeedRow, View
from smm_inbox.domain.ids import ConversationId
from smm_inbox.ui.feed_model import FeedModel
from smm_inbox.ui.feed_window import PAGE, WINDOW
from tests.ui.inbox_rows import ListFeed, make_row


async def opened(feed: ListFeed, height: int = 5) -> FeedModel:
    model = FeedModel(feed)
    model.resize(height)
    await model.show(FeedQuery())
    return model


def numbers(model: FeedModel) -> list[int]:
    return [row.id for row in model.visible()]


def under_cursor(model: FeedModel) -> int:
    assert model.current is not None
    return model.current.id


async def test_opens_at_the_top_and_moves_within_the_screen() -> None:
    model = await opened(ListFeed([make_row(n) for n in range(1, 11)]))
    assert numbers(model) == [1, 2, 3, 4, 5]
    assert model.move(2)
    assert (under_cursor(model), model.cursor_line, model.position) == (3, 2, 3)
    model.move(4)
    assert numbers(model) == [3, 4, 5, 6, 7]
    assert not model.move(-100) or model.position == 1


async def test_rows_arriving_above_leave_the_cursor_row_on_its_line() -> None:
    feed = ListFeed([make_row(n) for n in range(10, 20)])
    model = await opened(feed)
    model.move(2)
    feed.put(make_row(1), make_row(2))
    await model.refresh()
    assert under_cursor(model) == 12
    assert model.cursor_line == 2
    assert numbers(model) == [10, 11, 12, 13, 14]
    assert model.fresh == 2
    assert model.total == 12


async def test_the_mark_of_new_rows_goes_when_they_were_seen() -> None:
    feed = ListFeed([make_row(n) for n in range(10, 20)])
    model = await opened(feed)
    feed.put(make_row(1), make_row(2))
    await model.refresh()
    model.move(-1)
    assert model.fresh == 1
    await model.home()
    assert model.fresh == 0
    assert under_cursor(model) == 1


async def test_the_next_row_takes_the_place_of_one_that_left() -> None:
    feed = ListFeed([make_row(n) for n in range(1, 11)])
    model = await opened(feed)
    model.move(2)
    feed.drop(3)
    await model.refresh()
    assert under_cursor(model) == 4
    assert model.cursor_line == 2


async def test_the_last_row_leaving_gives_the_cursor_to_the_one_before() -> None:
    feed = ListFeed([make_row(n) for n in range(1, 4)])
    model = await opened(feed)
    model.move(2)
    feed.drop(3)
    await model.refresh()
    assert under_cursor(model) == 2
    feed.drop(1, 2)
    await model.refresh()
    assert model.current is None
    assert model.visible() == []
    feed.put(make_row(7))
    await model.refresh()
    assert under_cursor(model) == 7


async def test_the_cursor_follows_its_conversation_to_another_place() -> None:
    feed = ListFeed([make_row(n) for n in range(1, 11)])
    model = await opened(feed)
    model.move(1)
    feed.put(replace(feed.all[ConversationId(2)], key=FeedKey(75, 0, 2)))
    await model.refresh()
    assert under_cursor(model) == 2
    assert model.position == 7
    assert model.cursor_line == 1


async def test_a_key_pressed_while_the_database_answers_wins() -> None:
    feed = ListFeed([make_row(n) for n in range(1, 11)])
    model = await opened(feed)
    gate = asyncio.Event()
    inner = feed.total

    async def slow(query: FeedQuery) -> int:
        await gate.wait()
        return await inner(query)

    feed.total = slow  # type: ignore[method-assign]
    feed.put(make_row(0))
    task = asyncio.create_task(model.refresh())
    while feed.pages_asked < 3:
        await asyncio.sleep(0)
    model.move(3)
    gate.set()
    await task
    assert under_cursor(model) == 4


async def test_switching_the_list_drops_answers_for_the_old_one() -> None:
    feed = ListFeed([make_row(n) for n in range(1, 400)])
    model = await opened(feed)
    model.move(90)
    late = asyncio.create_task(model.load_more())
    await model.show(FeedQuery(view=View.DIRECT))
    await late
    assert model.held == PAGE
    assert numbers(model) == [1, 2, 3, 4, 5]


async def test_a_walk_down_and_up_meets_every_row_once_with_flat_memory() -> None:
    feed = ListFeed([make_row(n) for n in range(1, 2001)])
    model = await opened(feed, height=12)
    met = [under_cursor(model)]
    while model.move(1):
        met.append(under_cursor(model))
        assert model.position == len(met)
        if model.wants_more:
            await model.load_more()
        assert model.held <= WINDOW
    assert met == list(range(1, 2001))
    back = [under_cursor(model)]
    while model.move(-1):
        back.append(under_cursor(model))
        if model.wants_more:
            await model.load_more()
        assert model.held <= WINDOW
    assert back == list(range(2000, 0, -1))


async def test_the_end_of_a_long_list_is_one_page_away() -> None:
    feed = ListFeed([make_row(n) for n in range(1, 5001)])
    model = await opened(feed)
    asked = feed.pages_asked
    await model.end()
    assert feed.pages_asked == asked + 1
    assert under_cursor(model) == 5000
    assert (model.position, model.total) == (5000, 5000)
    assert numbers(model) == [4996, 4997, 4998, 4999, 5000]


async def test_selecting_a_far_conversation_loads_its_surroundings() -> None:
    feed = ListFeed([make_row(n) for n in range(1, 5001)])
    model = await opened(feed)
    assert await model.select(ConversationId(700))
    assert (under_cursor(model), model.position) == (700, 700)
    assert not await model.select(ConversationId(9999))
    assert under_cursor(model) == 700


async def test_the_first_filling_stays_at_the_top() -> None:
    feed = ListFeed([make_row(5)])
    model = await opened(feed)
    feed.put(*[make_row(n) for n in range(1, 5)])
    await model.refresh(follow_top=True)
    assert numbers(model) == [1, 2, 3, 4, 5]
    assert model.fresh == 0


async def test_a_key_pressed_during_the_first_filling_wins() -> None:
    feed = ListFeed([make_row(n) for n in range(1, 11)])
    model = await opened(feed)
    gate = asyncio.Event()
    inner = feed.total

    async def slow(query: FeedQuery) -> int:
        await gate.wait()
        return await inner(query)

    feed.total = slow  # type: ignore[method-assign]
    tasks = [asyncio.create_task(model.refresh(follow_top=True)) for _ in range(2)]
    while feed.pages_asked < 2:
        await asyncio.sleep(0)
    model.move(1)
    gate.set()
    await asyncio.gather(*tasks)
    assert under_cursor(model) == 2


class Million:
    """A list of a million rows that exist only when asked for."""

    size = 1_000_000

    async def page(
        self,
        query: FeedQuery,
        *,
        after: FeedKey | None = None,
        before: FeedKey | None = None,
        limit: int = 100,
    ) -> FeedPage:
        if before is not None:
            stop = min(before.rank, self.size)
            start = max(0, stop - limit)
            return FeedPage(self._rows(start, stop), start > 0)
        start = after.rank + 1 if after else 0
        stop = min(self.size, start + limit)
        return FeedPage(self._rows(start, stop), stop < self.size)

    def _rows(self, start: int, stop: int) -> tuple[FeedRow, ...]:
        return tuple(make_row(n, rank=n) for n in range(start, stop))

    async def rows(
        self, ids: Collection[ConversationId], query: FeedQuery
    ) -> dict[ConversationId, FeedRow]:
        return {one: make_row(one, rank=one) for one in ids}

    async def key_of(self, conversation: ConversationId, query: FeedQuery) -> FeedKey | None:
        return FeedKey(conversation, 0, conversation)

    async def total(self, query: FeedQuery) -> int:
        return self.size

    async def count_before(self, query: FeedQuery, key: FeedKey) -> int:
        return min(1000, key.rank)


async def test_a_million_rows_hold_no_more_memory_than_the_window() -> None:
    model = FeedModel(Million())
    model.resize(20)
    await model.show(FeedQuery())
    for _ in range(400):
        model.move(20)
        if model.wants_more:
            await model.load_more()
    assert model.position == 8001
    assert model.held <= WINDOW
    assert await model.select(ConversationId(500_000))
    assert model.position is None
    assert model.total == 1_000_000
    await model.end()
    assert model.position == 1_000_000


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["move", "put", "drop", "refresh", "scroll", "more", "drop_current"]),
        st.integers(-30, 260),
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.integers(1, 12), st.integers(0, 250))
def test_whatever_happens_the_cursor_stays_on_the_screen(
    steps: list[tuple[str, int]], height: int, size: int
) -> None:
    asyncio.run(_storm(steps, height, size))


async def _storm(steps: list[tuple[str, int]], height: int, size: int) -> None:
    feed = ListFeed([make_row(n) for n in range(size)])
    model = await opened(feed, height)
    for what, number in steps:
        before = model.current
        if what == "move":
            model.move(number)
        elif what == "scroll":
            model.scroll(number)
        elif what == "put":
            feed.put(make_row(1000 + number, rank=number))
        elif what == "drop" and ConversationId(number) in feed.all:
            feed.drop(number)
        elif what == "drop_current" and before is not None and before.id in feed.all:
            feed.drop(before.id)
        elif what == "more":
            await model.load_more()
        elif what == "refresh":
            await model.refresh()
            if before is not None and before.id in feed.all:
                assert model.current is not None
                assert model.current.id == before.id
        if model.current is not None:
            assert model.current in model.visible()
            assert 0 <= model.cursor_line < height
        assert model.fresh >= 0
    await model.refresh()
    assert (model.current is None) == (not feed.all)


@pytest.mark.parametrize("height", [0, -3])
async def test_a_screen_without_room_still_has_a_row(height: int) -> None:
    model = await opened(ListFeed([make_row(1)]), height)
    assert numbers(model) == [1]


async def test_coming_back_to_a_row_wherever_it_stands() -> None:
    feed = ListFeed([make_row(n) for n in range(1, 1001)])
    model = FeedModel(feed)
    model.resize(5)
    await model.come_back(FeedQuery(), ConversationId(500), feed.all[ConversationId(500)].key)
    assert under_cursor(model) == 500
    assert 500 in numbers(model)
    assert model.position == 500


async def test_coming_back_to_a_row_that_left_stands_on_the_next_one() -> None:
    feed = ListFeed([make_row(n) for n in range(1, 11)])
    key = feed.all[ConversationId(4)].key
    feed.drop(4)
    model = FeedModel(feed)
    model.resize(5)
    await model.come_back(FeedQuery(), ConversationId(4), key)
    assert under_cursor(model) == 5
    feed.drop(*range(5, 11))
    await model.come_back(FeedQuery(), ConversationId(4), key)
    assert under_cursor(model) == 3


async def test_news_while_the_list_is_read_for_the_first_time_do_not_lead_to_the_top(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    feed = ListFeed([make_row(n) for n in range(1, 11)])
    gate = asyncio.Event()
    real = feed.rows

    async def slow(
        ids: Collection[ConversationId], query: FeedQuery
    ) -> dict[ConversationId, FeedRow]:
        await gate.wait()
        return await real(ids, query)

    monkeypatch.setattr(feed, "rows", slow)
    model = FeedModel(feed)
    model.resize(5)
    place = ConversationId(4), feed.all[ConversationId(4)].key
    back = asyncio.create_task(model.come_back(FeedQuery(), *place))
    await asyncio.sleep(0)
    news = asyncio.create_task(model.refresh())
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(back, news)
    assert under_cursor(model) == 4


async def test_leaving_goes_to_the_next_row_that_stays() -> None:
    model = await opened(ListFeed([make_row(n) for n in range(1, 7)]))
    model.move(1)
    leaving = frozenset(ConversationId(n) for n in (2, 3, 5))
    assert model.leave(leaving)
    assert under_cursor(model) == 4
    assert not model.leave(leaving), "the cursor stands on a row that stays"
    assert not model.leave(frozenset(ConversationId(n) for n in (4, 5, 6)))
