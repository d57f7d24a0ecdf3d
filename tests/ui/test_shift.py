"""The panels of the shift, worked with Cyrillic keys only."""

from __future__ import annotations

from pathlib import Path

import pytest

from smm_inbox.domain.conversation import Status
from smm_inbox.ui.screens.shift import HandoverScreen
from tests.ui.hostile import HOSTILE, is_harmless
from tests.ui.inbox_desk import NO_WAIT, Desk, Screen, open_desk, running, until

pytestmark = pytest.mark.usefixtures("russian")


async def typed(screen: Screen, text: str) -> None:
    """Type a line into the field that has the focus."""
    await screen.write(text)
    await screen.press("enter")


async def test_a_fact_is_written_changed_and_taken_off(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk, running(desk) as screen:
        await screen.press("п", "е")
        await screen.sees("Сегодня", "Нажмите c")
        await screen.press("с")
        await screen.sees("Что сегодня так?")
        await screen.write("столиков 3 всегда")
        await screen.sees("всегда")
        await screen.press("enter")
        await screen.sees("столиков  3", "Записано")
        await screen.press("enter")
        await screen.sees("Что сегодня так?")
        await screen.press("escape")
        await screen.press("№")
        await screen.sees("Снято с доски")
        assert await desk.services.board.facts() == ()
        await screen.press("я")
        await screen.sees("Доска как была", "столиков  3")


async def test_a_line_that_says_nothing_is_answered_with_a_sentence(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk, running(desk) as screen:
        await screen.press("п", "е", "с")
        await typed(screen, "столики")
        await screen.sees("Напишите, что именно и как сегодня")


async def test_the_playbook_leads_by_digits_to_an_answer(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.comment("Мария", "Суп принесли холодный!")
        async with running(desk) as screen:
            await screen.stands_on("Мария")
            await screen.press("в")
            await screen.sees("Матрица · Мария", "Что это за сообщение?")
            await screen.press("3", "1", "1")
            await screen.sees("Это видят все?", "публичное")
            await screen.press("1", "1")
            await screen.sees("А · Ответить на месте", "Извиниться за неудобство")
            await screen.press("enter")
            await until(lambda: screen.inbox.composer.active)
            assert "Мария, здравствуйте!" in screen.inbox.composer.area.text
            assert "{?" in screen.inbox.composer.area.text
        row = await desk.services.db.one("SELECT details FROM journal WHERE event = 'playbook'")
        assert row is not None
        assert '"А"' in row["details"]


@pytest.mark.parametrize("way", ["playbook", "note"])
async def test_what_is_begun_in_a_thread_answers_the_message_under_the_cursor(
    tmp_path: Path, way: str
) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.thread(("Оксана", "Суп холодный!"), ("Дарья", "А нам всё горячее принесли"))
        async with running(desk) as screen:
            await screen.stands_on("Дарья")
            await screen.press("щ", "home")
            talk = screen.inbox.talk
            await until(lambda: talk.selected is not None and "холодный" in talk.selected.text)
            if way == "playbook":
                await screen.press("3", "в")
                await screen.sees("Матрица · Оксана")
                await screen.press("enter", "1", "1", "1", "1")
                await screen.sees("А · Ответить на месте")
                await screen.press("enter")
            else:
                await screen.press("ь")
                await until(lambda: screen.inbox.note_box.active)
                await screen.press("f4")
            await until(lambda: screen.inbox.composer.active)
            target = screen.inbox.composer.target
            assert target is not None
            assert target.name == "Оксана"
            if way == "playbook":
                assert "Оксана, здравствуйте!" in screen.inbox.composer.area.text


async def test_one_question_back_asks_it_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Вы все мошенники")
        async with running(desk) as screen:
            await screen.stands_on("Мария")
            await screen.press("в", "5")
            await screen.sees("Г · Не отвечать")
            await screen.press("left", "4")
            await screen.sees("Это правда?")
            await screen.press("escape")
            await until(lambda: len(screen.app.screen_stack) == 1)
        assert await desk.services.db.one("SELECT 1 FROM journal WHERE event = 'playbook'") is None


async def test_no_reply_closes_and_undo_brings_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Бот", "Заработок от 5000")
        async with running(desk) as screen:
            await screen.stands_on("Бот")
            talk = await desk.id_of("Бот")
            await screen.press("в", "5", "у")

            async def closed() -> bool:
                card = await desk.services.feed.card(talk)
                return card is not None and card.row.status is Status.CLOSED

            await until(closed)
            await screen.press("я")

            async def back() -> bool:
                return not await closed()

            await until(back)


async def test_a_colleague_is_asked_and_the_customer_told(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "В торте есть орехи?")
        async with running(desk) as screen:
            await screen.stands_on("Мария")
            await screen.press("а")
            await screen.sees("Кого спросить?", "Пока никого нет")
            await screen.press("с")
            await typed(screen, "Олег, шеф | меню | +7 900 | Уточню у шефа и вернусь к вам")
            await screen.sees("Записано", "Олег, шеф")
            await screen.press("enter")
            await until(lambda: screen.inbox.composer.active)
            assert screen.inbox.composer.area.text == "Уточню у шефа и вернусь к вам"
            assert "В торте есть орехи?" in screen.app.clipboard
            await screen.press("escape")
            await screen.sees("ждём: Олег")
            row = screen.inbox.feed.current
            assert row is not None
            assert row.awaiting == 1  # asking a colleague answers nobody
            await screen.press("а")
            await screen.sees("Спросили: Олег, шеф")
            await screen.press("enter")
            await until(lambda: "ждём: Олег" not in screen.text)


async def test_a_promise_is_seen_kept_and_taken_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Мария", "Когда ответите?")
        async with running(desk) as screen:
            await screen.stands_on("Мария")
            await screen.press("к")
            await until(lambda: screen.inbox.composer.active)
            await screen.write("Перезвоним через час")
            await screen.press("ctrl+ы")
            await screen.sees("обещано 1")
            await screen.press("п", "и")
            await screen.sees("Обещания", "Мария", "Перезвоним через час")
            await screen.press("у")
            await screen.sees("Выполнено")
            assert await desk.services.promises.open_ones() == ()
            await screen.press("я")
            await screen.sees("Обещание снова открыто")
            await screen.press("enter")
            await until(lambda: screen.inbox.pinned is not None)
            await screen.sees("обещано до")


async def test_a_promise_is_offered_while_writing_and_can_be_declined(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Мария", "Когда ответите?")
        async with running(desk) as screen:
            await screen.stands_on("Мария")
            await screen.press("к")
            await until(lambda: screen.inbox.composer.active)
            await screen.write("Перезвоним через час")
            await screen.sees("Обещание до", "напомню")
            await screen.press("ctrl+д")
            await screen.sees("не записываю")
            await screen.press("ctrl+ы")
            await until(lambda: not screen.inbox.composer.active)
            assert await desk.services.promises.open_ones() == ()
            await desk.direct("Мария", "И ещё вопрос")
            await screen.stands_on("Мария")
            await screen.press("к")
            await until(lambda: screen.inbox.composer.active)
            await screen.write("Перезвоним через два часа")
            await screen.sees("напомню")


async def test_a_promise_given_on_the_telephone_is_written_down(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Позвоните мне")
        async with running(desk) as screen:
            await screen.stands_on("Мария")
            await screen.press("З")
            await screen.sees("Что обещали")
            await typed(screen, "вернуть деньги через 3 часа")
            await screen.sees("Обещано до", "обещано 1")
            await screen.press("я")
            await screen.sees("обещано 0")


async def test_somebody_comes_on_duty_and_hands_over(tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    async with open_desk(tmp_path, downloads_dir=folder) as desk:
        await desk.direct("Мария", "Есть столик?")
        async with running(desk) as screen:
            await screen.press("п", "г")
            await screen.sees("Смена", "На смене: Анна")
            await screen.press("с")
            await typed(screen, "Олег")
            await screen.sees("На смене: Олег")
            await screen.press("з")
            await screen.sees("Передача смены", "Есть столик?", "Олег")
            await screen.press("ы")
            await screen.sees("Сохранено:")
            (path,) = folder.iterdir()
            assert "Есть столик?" in path.read_text(encoding="utf-8")
            assert path.stat().st_mode & 0o077 == 0
            await screen.press("с")
            assert "Есть столик?" in screen.app.clipboard
            await screen.press("enter")
            await until(lambda: desk.services.duty.operator == "Анна")
            await screen.press("п", "г")
            await screen.sees("Что оставил(а) Олег")


async def test_enter_that_comes_twice_ends_one_shift(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk, running(desk) as screen:
        await desk.services.shifts.begin("Олег")
        await screen.press("п", "г")
        await screen.sees("Смена", "На смене: Олег")
        await screen.press("з")
        await screen.sees("Передача смены", "Никто не ждёт")
        panel = screen.app.screen
        assert isinstance(panel, HandoverScreen)
        panel.action_end()
        panel.action_end()
        await until(lambda: len(screen.app.screen_stack) == 1)
        # What was begun before this has ended when this has.
        await desk.services.shifts.begin("Вера")
        assert await desk.services.shifts.names() == ("Вера", "Олег")


@pytest.mark.parametrize("trick", ["escape", "markup", "long"])
async def test_hostile_words_stay_words_in_every_panel(tmp_path: Path, trick: str) -> None:
    text = HOSTILE[trick]
    async with open_desk(tmp_path) as desk:
        await desk.direct(f"Имя {text}", text)
        await desk.services.board.put(f"факт: {text}")
        await desk.services.colleagues.put(f"Коллега {text} | {text} | {text} | {text}")
        await desk.services.shifts.begin(f"Смена {text}")
        async with running(desk, size=(80, 24)) as screen:
            await until(lambda: screen.inbox.feed.current is not None)
            for keys in (("п", "е"), ("п", "л"), ("п", "и"), ("п", "г"), ("в",), ("а",)):
                await screen.press(*keys)
                await until(lambda: len(screen.app.screen_stack) == 2)
                await screen.pilot.pause()
                assert is_harmless(screen.text.replace("\n", ""))
                await screen.press("escape")
                await until(lambda: len(screen.app.screen_stack) == 1)


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_the_last_line_of_every_panel_is_on_the_screen(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path) as desk:
        await fill(desk)
        async with running(desk, size=size) as screen:
            await until(lambda: screen.inbox.feed.current is not None)
            for keys in (("п", "е"), ("п", "л"), ("п", "г"), ("в",), ("а",)):
                await screen.press(*keys)
                await screen.sees("Esc назад")
                await screen.press("escape")
                await until(lambda: len(screen.app.screen_stack) == 1)


async def fill(desk: Desk) -> None:
    await desk.direct("Мария", "Есть столик?")
    for number in range(40):
        await desk.services.board.put(
            f"факт{number}: очень длинное значение, которое не помещается"
        )
        await desk.services.colleagues.put(f"Коллега {number} | тема {number} | +7 900 {number}")
        await desk.services.shifts.begin(f"Сменщик {number}")
