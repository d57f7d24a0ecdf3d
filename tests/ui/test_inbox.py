"""The inbox as the operator meets it: real services over a real file, a keyboard, a screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from smm_inbox.domain.conversation import MessageType
from smm_inbox.domain.feed import FeedQuery, Order, View
from tests.ui.inbox_desk import open_desk, running, until

pytestmark = pytest.mark.usefixtures("english")


async def test_the_first_screen_says_who_waits_and_how_long(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Игорь Лебедев", "Столик на двоих найдётся?", ago=5)
        await desk.comment(
            "Мария Ковалёва", "Суп холодный", ago=132, handle="mkovaleva", followers=12400
        )
        async with running(desk) as screen:
            await screen.sees("Тёплый угол", "Мария Ковалёва", "@mkovaleva", "Казань", "12.4k")
            assert screen.name == "Мария Ковалёва"
            await screen.sees("!−1", "PUBLIC", "Суп холодный", "! overdue 1", "1 of 2")
            await screen.sees("Новое меню", "Игорь Лебедев", "Столик на двоих найдётся?")


async def test_arrivals_leave_the_row_under_the_cursor_where_it_is(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        for number in range(12):
            await desk.direct(f"Гость {number}", "Вы открыты?", ago=60 - number)
        async with running(desk) as screen:
            await screen.press("j", "j")
            line = screen.inbox.feed.model.cursor_line
            await desk.comment("Срочный", "Где заказ?", ago=300)
            await screen.sees("↑ 1 new")
            assert screen.name == "Гость 2"
            assert screen.inbox.feed.model.cursor_line == line
            await screen.press("g", "g")
            await screen.stands_on("Срочный")


async def test_closing_goes_on_to_the_next_and_undo_comes_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        for number in range(6):
            await desk.direct(f"Гость {number}", "Спасибо!", ago=60 - number)
        async with running(desk) as screen:
            for _ in range(3):
                # As fast as a key can repeat: none may hit the row that is leaving already.
                screen.app.post_message(events.Key("e", "e"))
            await screen.stands_on("Гость 3")
            await until(lambda: screen.inbox.feed.model.total == 3)
            await screen.press("z")
            await screen.stands_on("Гость 2")
            assert screen.inbox.feed.model.total == 4


async def test_types_are_on_digits_and_the_same_digit_takes_them_away(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Игорь", "Суп холодный")

        def type_now() -> MessageType | None:
            row = screen.inbox.feed.current
            return row.type if row else None

        async with running(desk) as screen:
            await screen.press("3")
            await until(lambda: type_now() is MessageType.COMPLAINT)
            await screen.sees("complaint")
            await screen.press("3")
            await until(lambda: type_now() is None)


async def test_lists_are_a_key_away_and_empty_ones_say_what_they_hold(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Игорь", "Вы открыты?")
        await desk.comment("Мария", "Красиво")
        async with running(desk) as screen:
            await screen.press("g", "c")
            await screen.stands_on("Мария")
            await screen.press("g", "o")
            await screen.sees("Everything was sent")
            await screen.press("g", "i", "n")
            await until(
                lambda: screen.inbox.feed.model.query == FeedQuery(View.OPEN, None, Order.NEWEST)
            )
            await screen.press("tab")
            await until(lambda: screen.inbox.feed.model.query.view is View.DIRECT)
            await screen.stands_on("Игорь")


async def test_a_pending_sequence_shows_how_to_go_on(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk, running(desk, (80, 24)) as screen:
        await screen.press("g")
        await screen.sees("g …", "w Unanswered", "n Connections")
        await screen.press("escape")
        await until(lambda: "g …" not in screen.text)


async def test_on_a_narrow_screen_one_pane_at_a_time(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Игорь", "Первое сообщение", "Второе сообщение")
        async with running(desk, (80, 24)) as screen:
            assert "Первое сообщение" not in screen.text
            await screen.press("enter")
            await screen.sees("Первое сообщение", "Второе сообщение", "conversations: 1")
            await screen.press("escape")
            await until(lambda: "Первое сообщение" not in screen.text)
            await screen.sees("Unanswered")


async def test_growing_the_window_shows_the_conversation(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Игорь", "Первое сообщение", "Второе сообщение")
        async with running(desk, (80, 24)) as screen:
            await screen.pilot.resize_terminal(160, 40)
            await screen.sees("Первое сообщение", "Второе сообщение", "Private messages")


async def test_the_pane_follows_the_cursor(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Анна", "Про торт", "и ещё про свечи", ago=30)
        await desk.direct("Борис", "Про кофе", "и ещё про зёрна", ago=20)
        async with running(desk) as screen:
            await screen.sees("Про торт")
            await screen.press("j")
            await screen.sees("Про кофе")
            assert "Про торт" not in screen.text


async def test_the_russian_layout_has_the_same_keys(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Анна", "Раз", ago=30)
        await desk.direct("Борис", "Два", ago=20)
        async with running(desk) as screen:
            await screen.press("о")
            await screen.stands_on("Борис")
            await screen.press("л", "у")
            await screen.stands_on("Борис")
            await until(lambda: screen.inbox.feed.model.total == 1)


async def test_hostile_text_is_shown_and_nothing_more(tmp_path: Path) -> None:
    bad = "[/] [@click=app.quit]выйти[/] \x1b]52;c;aGk=\x07 \x9b31m \u202eabc \x00" + "А" * 100_000
    async with open_desk(tmp_path) as desk:
        await desk.direct("Зл[/]ой \x1b[31m", bad, handle="[@click=app.quit]x")
        await desk.comment("З̷̡̛̛̛̛̛̛а̴̢̛л̵̧̛г̶̨̛о", "👨‍👩‍👧‍👦 семья", ago=1)
        async with running(desk) as screen:
            await screen.sees("Зл[/]ой", "[@click=app.quit]")
            await screen.press("enter")
            await screen.sees("more lines, v — show")
            for char in ("\x1b", "\x07", "\x9b", "\u202e", "\x00"):
                assert char not in screen.text
            await screen.press("i")
            await screen.sees("There are no other conversations")
            await screen.press("escape", "escape", "j")
            for line in screen.text.splitlines():
                assert "\x1b" not in line


async def test_the_author_card_leads_to_other_conversations(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Напишу и сюда", ago=20)
        await desk.comment("Мария", "Суп холодный", ago=200)
        async with running(desk) as screen:
            await screen.sees("conversations: 2")
            await screen.press("i")
            await screen.sees("Other conversations: 1", "Напишу и сюда", "https://vk.example/guest")
            await screen.press("j", "enter")
            await until(lambda: screen.inbox.talk.has_focus)
            await until(lambda: screen.inbox.talk.conversation == screen.inbox.pinned)
            row = screen.inbox.talk.card
            assert row is not None
            assert row.row.kind == "direct"


async def test_the_mouse_selects_opens_and_scrolls(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        for number in range(9):
            await desk.direct(f"Гость {number}", "Вы открыты?", ago=60 - number)
        async with running(desk, (80, 24)) as screen:
            await screen.pilot.click("#feed", offset=(20, 5))
            await screen.stands_on("Гость 2")
            await screen.pilot.click("#feed", offset=(20, 5))
            await until(lambda: screen.inbox.talk.has_focus)
            assert screen.inbox.talk.conversation is not None or await _shown(screen.inbox)


async def _shown(inbox: object) -> bool:
    from smm_inbox.ui.screens.inbox import InboxScreen

    assert isinstance(inbox, InboxScreen)
    await until(lambda: inbox.talk.conversation is not None)
    return True


async def test_a_first_start_without_anything_says_so(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk, running(desk, (80, 24)) as screen:
        await screen.sees("Nobody is waiting for an answer", "waiting 0")
        await screen.press("enter", "r", "e", "v", "i", "b", "s", "Z", "y", "1", "j", "G", "escape")
        await screen.press("z")
        await screen.sees("There is nothing to take back")
