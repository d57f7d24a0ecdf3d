"""Selecting rows, changing all of them, coming back to the same place: in both layouts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smm_inbox.domain.conversation import UNTIL_ANSWER, MessageType
from smm_inbox.domain.feed import FeedQuery, Order, View
from smm_inbox.domain.ids import AccountId, ConversationId
from smm_inbox.storage import meta
from tests.ui.inbox_desk import Desk, Screen, open_desk, running, until

pytestmark = pytest.mark.usefixtures("english")

LATIN = {key: key for key in "xJKezhtw=!*"}
RUSSIAN = {**LATIN, **dict(zip("xJKezhtw", "чОЛуярец", strict=True))}
LAYOUTS = pytest.mark.parametrize("keys", [LATIN, RUSSIAN], ids=["latin", "russian"])


async def six(desk: Desk) -> None:
    for number in range(6):
        await desk.direct(f"Гость {number}", "Вы открыты?", ago=60 - number)


def selected(screen: Screen) -> int:
    return len(screen.inbox.selection)


@LAYOUTS
async def test_a_selection_is_closed_at_once_and_comes_back_at_once(
    tmp_path: Path, keys: dict[str, str]
) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        async with running(desk) as screen:
            await screen.press("j", keys["x"])
            await screen.press("j", "j", keys["J"])
            await screen.sees("selected 3", "✓")
            await screen.press("k", keys["e"])
            await screen.sees("Closed, no answer needed: 3")
            # Гость 3 was under the cursor: the next one that stays is Гость 5.
            await screen.stands_on("Гость 5")
            assert screen.inbox.feed.model.total == 3
            assert selected(screen) == 0
            await screen.press("k", keys["z"])
            await until(lambda: screen.inbox.feed.model.total == 6)
            await screen.sees("3 conversations are as they were")


@LAYOUTS
async def test_everything_in_the_list_is_selected_and_escape_selects_nothing(
    tmp_path: Path, keys: dict[str, str]
) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        await desk.comment("Мария", "Красиво")
        async with running(desk) as screen:
            await screen.press("g", "p")
            await until(lambda: screen.inbox.feed.model.query.view is View.DIRECT)
            await until(lambda: screen.inbox.feed.model.total == 6)
            await screen.press(keys["*"])
            await screen.sees("Selected: all 6 in this list", "selected 6")
            await desk.direct("Новый", "А я?", ago=90)  # came later: not selected
            await screen.press(keys["!"])
            await screen.sees("Marked as spam: 6")
            await screen.stands_on("Новый")
            await screen.press(keys["*"], "escape")
            await until(lambda: selected(screen) == 0)
            assert screen.inbox.feed.model.query.view is View.DIRECT


async def test_a_narrow_screen_says_how_many_are_selected(tmp_path: Path) -> None:
    async with open_desk(tmp_path, operator="Анастасия Константинопольская") as desk:
        await six(desk)
        async with running(desk, (80, 24)) as screen:
            await screen.press("J")
            await screen.sees("✓ selected 2", "waiting 6")


async def test_another_list_begins_with_nothing_selected_another_order_does_not(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        async with running(desk) as screen:
            await screen.press("x", "n")
            await until(lambda: screen.inbox.feed.model.query.order is Order.NEWEST)
            assert selected(screen) == 1
            await screen.press("g", "i")
            await until(lambda: selected(screen) == 0)


async def test_a_conversation_held_open_is_meant_alone(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        async with running(desk) as screen:
            await screen.press("J", "j", "enter")
            await until(lambda: screen.inbox.pinned is not None)
            await screen.press("3")
            await screen.sees("Type: complaint ·")
            rows = (await desk.services.feed.page(FeedQuery())).rows
            assert [row.name for row in rows if row.type is MessageType.COMPLAINT] == ["Гость 2"]
            assert selected(screen) == 2


async def test_types_and_stars_of_many_keep_the_selection(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        async with running(desk) as screen:
            await screen.press("J", "1")
            await screen.sees("Type: question: 2")
            await screen.press("=")
            await screen.sees("Marked with a star: 2")
            assert selected(screen) == 2
            page = await desk.services.feed.page(FeedQuery(View.STARRED))
            assert {row.type for row in page.rows} == {MessageType.QUESTION}
            await screen.press("escape", "g", "=")
            await screen.sees("Starred", "1 of 2", "★")


async def test_the_mark_is_clicked_and_the_wheel_moves_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        async with running(desk) as screen:
            await screen.pilot.click("#feed", offset=(0, 4))
            await screen.sees("selected 1")
            await screen.stands_on("Гость 1")
            assert screen.inbox.pinned is None
            await screen.pilot.click("#feed", offset=(0, 4))
            await until(lambda: selected(screen) == 0)


# Putting aside


@LAYOUTS
async def test_putting_aside_says_what_it_understood(tmp_path: Path, keys: dict[str, str]) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        async with running(desk, (80, 24)) as screen:
            await screen.press(keys["h"])
            await screen.sees("Put aside until when?", "in an hour", "tomorrow morning")
            await screen.write("завтра 10")
            await screen.sees("until tomorrow, 10:00")
            await screen.press("enter")
            await screen.sees("Put aside until tomorrow, 10:00")
            await screen.stands_on("Гость 1")
            page = await desk.services.feed.page(FeedQuery(View.SNOOZED))
            assert [row.name for row in page.rows] == ["Гость 0"]
            await screen.press(keys["z"])
            await screen.stands_on("Гость 0")


async def test_what_is_not_understood_changes_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        async with running(desk) as screen:
            await screen.press("h")
            await screen.write("когда")
            await screen.sees("Not understood yet")
            await screen.press("enter")
            await screen.sees("Put aside until when?")
            for _ in range(5):
                await screen.press("backspace")
            await screen.write("vjkxf")  # what «молча» is on the other layout: no moment either
            await screen.sees("Not understood yet")
            await screen.press("escape")
            await until(lambda: len(screen.app.screen_stack) == 1)
            assert screen.inbox.feed.model.total == 6


async def test_the_wrong_layout_is_understood(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        async with running(desk) as screen:
            await screen.press("h")
            await screen.write("pfdnhf 10")  # «завтра 10»
            await screen.sees("until tomorrow, 10:00")


async def test_a_choice_is_taken_by_arrow_and_by_mouse(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        async with running(desk) as screen:
            await screen.press("h", "up")
            for _ in range(6):
                await screen.press("down")
            await screen.press("enter")
            await screen.sees("Put aside until they write")
            page = await desk.services.feed.page(FeedQuery(View.SNOOZED))
            assert [row.snoozed_until for row in page.rows] == [UNTIL_ANSWER]
            await screen.press("h")
            await screen.sees("in an hour")
            await screen.pilot.click("#moments", offset=(3, 3))
            await until(lambda: len(screen.app.screen_stack) == 1)
            await screen.sees("Put aside until tomorrow")
            await screen.press("g", "h")
            await screen.sees("until they write")
            await screen.press("E")
            await screen.sees("Open again")


async def test_who_waits_is_told_before_they_are_put_aside_for_ever(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        async with running(desk) as screen:
            await screen.press("h")
            await screen.write("until reply")
            await screen.sees("until the customer writes", "they wait for you now")


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_offered_choice_is_a_moment(tmp_path: Path, language: str) -> None:
    from smm_inbox.locale import set_language

    async with open_desk(tmp_path) as desk:
        await six(desk)
        async with running(desk) as screen:
            set_language(language)
            await screen.press("h")
            await until(lambda: len(screen.app.screen_stack) == 2)
            await screen.pilot.pause()
            assert len(screen.app.screen._choices) == 7  # type: ignore[attr-defined]


# The place


async def test_list_order_cursor_and_selection_survive_a_restart(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        await desk.services.tags.put(
            (await desk.services.tags.create("бронь")).id,
            [await desk.id_of(f"Гость {number}") for number in range(5)],
        )
        async with running(desk) as screen:
            await until(lambda: len(screen.inbox.counts.tags) == 1)
            await screen.press("n", "l", "end", "k", "up")
            await screen.press("escape")
            tag = screen.inbox.counts.tags[0].tag.id
            screen.inbox.choose_list(FeedQuery(View.OPEN, None, Order.NEWEST, tag=tag))
            await until(lambda: screen.inbox.feed.model.total == 5)
            await screen.press("j", "x", "j", "j", "x")
            await screen.stands_on("Гость 1")
            await screen.press("q")
    async with open_desk(tmp_path) as desk, running(desk) as screen:
        await screen.stands_on("Гость 1")
        assert screen.inbox.feed.model.query == FeedQuery(View.OPEN, None, Order.NEWEST, tag=tag)
        await screen.sees("selected 2", "#бронь", "4 of 5", "newest first")
        await screen.press("escape", "escape")
        await until(lambda: screen.inbox.feed.model.query.tag is None)


async def test_the_place_is_kept_without_quitting(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        async with running(desk) as screen:
            await screen.press("j", "j", "x")

            async def kept() -> bool:
                place = await desk.services.places.last()
                return place.selection != () and place.cursor == await desk.id_of("Гость 2")

            await until(kept)


async def test_what_left_meanwhile_gives_its_place_to_the_next(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        async with running(desk) as screen:
            await screen.press("j", "j")
            await screen.stands_on("Гость 2")
            await screen.press("q")
        await desk.services.triage.close([await desk.id_of("Гость 2")])
        async with running(desk) as screen:
            await screen.stands_on("Гость 3")


async def test_a_tag_and_an_account_that_are_gone_filter_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await six(desk)
        places, tags = desk.services.places, desk.services.tags
        tag = await tags.create("бронь")
        query = FeedQuery(View.OPEN, AccountId("cafe-vk"), tag=tag.id)
        place = replace(await places.last(), query=query, cursor=ConversationId(1))
        await places.keep(place)
        assert (await places.last()).query == query
        await tags.delete(tag.id)
        assert (await places.last()).query == replace(query, tag=None)
        await places.keep(replace(place, query=replace(query, account=AccountId("gone"), tag=None)))
        assert (await places.last()).query == FeedQuery(View.OPEN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '{"view": "unheard of"}',
        '{"key": [1]}',
        '{"cursor": "x"}',
        '{"tag": []}',
    ],
)
async def test_a_place_that_cannot_be_read_is_the_beginning(tmp_path: Path, text: str) -> None:
    async with open_desk(tmp_path) as desk:
        async with desk.services.db.transaction() as tx:
            await meta.write(tx, {"place": text, "selection": text})
        place = await desk.services.places.last()
        assert place.query == FeedQuery()
        assert place.selection == ()


def test_moments_ahead_are_said_as_people_say_them() -> None:
    from zoneinfo import ZoneInfo

    from smm_inbox.locale import set_language
    from smm_inbox.ui.format import ahead

    zone, now = ZoneInfo("Europe/Moscow"), datetime(2026, 11, 23, 9, tzinfo=UTC)
    set_language("ru")
    said = [
        ahead(datetime(*when, tzinfo=zone), now, zone)  # type: ignore[misc]
        for when in ((2026, 11, 23, 18), (2026, 11, 24, 10), (2026, 11, 27, 10), (2027, 1, 5, 9, 5))
    ]
    assert said == [
        "сегодня, 18:00",
        "завтра, 10:00",
        "пт, 27 ноября, 10:00",
        "вт, 5 января 2027, 09:05",
    ]


async def test_closing_a_thread_says_whom_it_leaves_without_an_answer(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.thread(("Оксана", "Суп холодный!"), ("Дарья", "А где у вас парковка?"))
        async with running(desk) as screen:
            await screen.stands_on("Дарья")
            await screen.press("e")
            await screen.sees("Closed; 2 messages are left without an answer")
