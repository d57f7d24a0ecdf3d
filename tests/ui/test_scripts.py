"""Scripts at the keyboard: four keys to a sent answer, blanks, the panel, the check, the mouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from smm_inbox.domain.conversation import Status
from smm_inbox.domain.fold import fold
from smm_inbox.domain.prepared import Script
from smm_inbox.ui.screens.script_edit import ScriptEditScreen
from smm_inbox.ui.screens.scripts import ScriptsScreen
from smm_inbox.ui.widgets.script_preview import text_lines
from tests.ui.hostile import HOSTILE, is_harmless
from tests.ui.inbox_desk import NO_WAIT, Desk, Screen, open_desk, running, until

BARE = "Столик на двоих на 19:00 найдётся?"
THANKS = "Спасибо, всё было очень вкусно!"


async def script(desk: Desk, name: str) -> Script:
    return next(one for one in await desk.services.scripts.all() if one.name == name)


async def panel(screen: Screen) -> ScriptsScreen:
    await until(lambda: isinstance(screen.app.screen, ScriptsScreen))
    top = screen.app.screen
    assert isinstance(top, ScriptsScreen)
    return top


def answer(screen: Screen) -> str:
    return screen.inbox.composer.area.text


@pytest.mark.parametrize("keys", [("a", "1", "ctrl+s"), ("ф", "1", "ctrl+ы")], ids=["latin", "ru"])
async def test_three_keys_from_a_waiting_message_to_a_sent_prepared_answer(
    tmp_path: Path, keys: tuple[str, ...]
) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Мария Ковалёва", THANKS)
        async with running(desk) as screen:
            await screen.stands_on("Мария Ковалёва")
            assert len(keys) <= 4
            await screen.press(*keys)
            await until(lambda: bool(desk.network.sent))
            assert desk.network.sent[0].text.startswith("Мария, спасибо за тёплые слова!")
        assert (await script(desk, "Спасибо за отзыв")).uses == 1


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_suggestions_stand_beside_the_waiting_message(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария Ковалёва", BARE)
        async with running(desk, size) as screen:
            await screen.stands_on("Мария Ковалёва")
            if size[0] < 100:
                await screen.press("enter")
            await screen.sees("a 1 Бронь: у", "2 Бронь: с", "3 ")


async def test_a_click_on_a_suggestion_takes_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария Ковалёва", BARE)
        async with running(desk) as screen:
            await screen.sees("1 Бронь")
            line = screen.inbox.suggested
            at = line.text.index("Бронь") + 1
            await screen.pilot.click(line, offset=(at, 0))
            await until(lambda: "на какой день и час" in answer(screen))
            assert not desk.network.sent


async def test_suggestions_name_the_key_that_works_now(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария Ковалёва", BARE)
        async with running(desk) as screen:
            await screen.sees("a 1 Бронь")
            await screen.press("r")
            await screen.sees("F2 1 Бронь")
            await screen.press("f2")
            await panel(screen)
            await screen.press("1")
            await until(lambda: "на какой день и час" in answer(screen))
            await screen.press("escape")
            await screen.sees("a 1 ")


async def test_nothing_is_suggested_where_nothing_can_be_answered(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария Ковалёва", BARE)
        talk = await desk.id_of("Мария Ковалёва")
        async with desk.services.db.transaction() as tx:
            blocked = "UPDATE conversations SET blocked = 'The page is gone.' WHERE id = ?"
            await tx.run(blocked, (talk,))
        async with running(desk) as screen:
            await screen.stands_on("Мария Ковалёва")
            await screen.press("ф")
            await screen.sees("Nothing can be answered here now.")
            assert not screen.inbox.suggested.suggestions
            assert "Suggestions" not in screen.text


async def test_blanks_are_filled_with_f3_and_block_sending(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Мария Ковалёва", BARE)
        async with running(desk) as screen:
            await screen.stands_on("Мария Ковалёва")
            await screen.press("a")
            await panel(screen)
            await screen.write("столик есть")
            await screen.press("enter")
            await until(lambda: "{?день и время}" in answer(screen))
            await screen.press("ctrl+s")
            await screen.sees("{?день и время}")
            assert not desk.network.sent
            await screen.write("пт 19 00")
            assert "записали: пт 19 00" in answer(screen)
            for word in ("двое", "Мария"):
                await screen.press("f3")
                await screen.write(word)
            await screen.press("f3")
            await screen.sees("nothing left to fill in")
            await screen.press("ctrl+s")
            await until(lambda: bool(desk.network.sent))
            assert "пт 19 00, двое, на имя Мария" in desk.network.sent[0].text


async def test_the_first_f3_stays_on_the_blank_that_is_selected_already(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Мария Ковалёва", BARE)
        async with running(desk) as screen:
            await screen.stands_on("Мария Ковалёва")
            await screen.press("a")
            await panel(screen)
            await screen.write("столик есть")
            await screen.press("enter")
            await until(lambda: "{?день и время}" in answer(screen))
            for word, blank in (("пт 19 00", "день и время"), ("двое", "сколько гостей")):
                await screen.press("f3")
                await screen.sees(f"Fill in: {blank}")
                await screen.write(word)
            assert "записали: пт 19 00, двое, на имя {?имя гостя}" in answer(screen)
            await screen.press("f3", "f3")
            await screen.sees("Fill in: имя гостя")


async def test_a_script_goes_in_at_the_cursor_of_an_answer_begun(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария Ковалёва", BARE)
        async with running(desk) as screen:
            await screen.stands_on("Мария Ковалёва")
            await screen.press("r")
            await screen.write("до после")
            await screen.press(*["left"] * 6, "f2")
            await panel(screen)
            await screen.write("пожалуйста")
            await screen.press("enter")
            await until(lambda: "Пожалуйста" in answer(screen))
            assert answer(screen) == "до Пожалуйста, Мария! Хорошего вам дня. после"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("брони", "Бронь: уточнить"),
        ("hf,jnf", "Ищете сотрудников?"),
        ("вакансий", "Вакансий нет"),
        ("блогерам", "Блогер просит бартер"),
        ("зонты", "Забыли вещь: ищем"),
    ],
)
async def test_word_forms_and_the_wrong_layout_find_scripts(
    tmp_path: Path, typed: str, name: str
) -> None:
    async with open_desk(tmp_path) as desk:
        from smm_inbox.domain.ranking import find
        from smm_inbox.ui.layout import retype

        found = find(await desk.services.scripts.all(), typed, retype(typed))
        assert name in [one.name for one in found], [one.name for one in found]
        assert find(await desk.services.scripts.all(), "ъъъщщщ", "") == ()


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_panel_shows_the_script_filled_in(tmp_path: Path, size: tuple[int, int]) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария Ковалёва", BARE)
        async with running(desk, size) as screen:
            await screen.stands_on("Мария Ковалёва")
            await screen.press("a")
            await panel(screen)
            await screen.write("отзыв")
            await screen.sees("Спасибо за отзыв", "Мария, спасибо за тёплые", "Enter insert")
            await screen.press("escape")
            await until(lambda: not isinstance(screen.app.screen, ScriptsScreen))
            assert not screen.inbox.composer.active


async def test_folders_are_walked_with_tab_and_lines_are_clicked(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария Ковалёва", BARE)
        async with running(desk) as screen:
            await screen.stands_on("Мария Ковалёва")
            await screen.press("a", "tab", "tab")
            await screen.sees("Доставка", "Доставки нет")
            assert "Когда работаем" not in screen.text
            lines = screen.app.screen.query_one("#scripts-list")
            await screen.pilot.click(lines, offset=(5, 2))
            await until(lambda: "Своей доставки" in answer(screen))


@pytest.mark.parametrize("keys", [("w", "1", "ctrl+s"), ("ц", "1", "ctrl+ы")], ids=["latin", "ru"])
async def test_in_progress_offers_the_words_that_say_so(
    tmp_path: Path, keys: tuple[str, ...]
) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.direct("Мария Ковалёва", "Где мой торт?")
        async with running(desk) as screen:
            await screen.stands_on("Мария Ковалёва")
            await screen.press(*keys)
            await until(lambda: bool(desk.network.sent))
            assert "уже выясняю" in desk.network.sent[0].text
        card = await desk.services.feed.card(await desk.id_of("Мария Ковалёва"))
        assert card is not None
        assert card.row.status is Status.IN_PROGRESS
        assert card.row.type is None


async def test_the_answer_becomes_a_script_and_is_found_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария Ковалёва", BARE)
        async with running(desk) as screen:
            await screen.stands_on("Мария Ковалёва")
            await screen.press("r")
            await screen.write("веранда открыта")
            await screen.press("f2")
            await panel(screen)
            await screen.press("f6")
            await until(lambda: isinstance(screen.app.screen, ScriptEditScreen))
            await screen.write("Веранда")
            await screen.press("tab")
            await screen.write("Лето")
            await screen.press("ctrl+s")
            await panel(screen)
            await screen.sees("Kept: Веранда")
            one = await script(desk, "Веранда")
            assert (one.folder, one.body) == ("Лето", "веранда открыта")
            await screen.press("ctrl+z")
            await screen.sees("is not kept")
        assert "Веранда" not in [one.name for one in await desk.services.scripts.all()]


async def test_a_script_is_edited_in_place_and_deleted_with_undo(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария Ковалёва", BARE)
        before = await desk.services.scripts.all()
        async with running(desk) as screen:
            await screen.stands_on("Мария Ковалёва")
            await screen.press("a")
            await panel(screen)
            await screen.write("адрес")
            await screen.press("f4")
            await until(lambda: isinstance(screen.app.screen, ScriptEditScreen))
            await screen.press("ctrl+home", "Ж", "escape")
            await screen.sees("Not kept yet")
            await screen.press("ctrl+ы")
            await panel(screen)
            await screen.sees("Kept: Адрес")
            assert (await script(desk, "Адрес")).body.startswith("Ж{?")
            await screen.press("f8")
            await screen.sees("Deleted: Адрес")
            await screen.press("ctrl+z", "ctrl+z")
            await screen.sees("is as it was")
        assert await desk.services.scripts.all() == before


async def test_a_broken_script_is_not_kept_and_says_why(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария Ковалёва", BARE)
        async with running(desk, (80, 24)) as screen:
            await screen.stands_on("Мария Ковалёва")
            await screen.press("a")
            await panel(screen)
            await screen.press("f6")
            await until(lambda: isinstance(screen.app.screen, ScriptEditScreen))
            await screen.write("Имя")
            await screen.press("tab", "tab", "{", "и", "м", "я", ":", "ы", "}")
            await screen.sees("no such case")
            await screen.press("ctrl+s")
            await screen.press("escape", "escape")
            await panel(screen)
        assert "Имя" not in [one.name for one in await desk.services.scripts.all()]


async def test_the_check_warns_beside_the_answer_and_forbids_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, undo=NO_WAIT) as desk:
        await desk.comment("Мария Ковалёва", "Суп был холодный, ужас")
        async with running(desk) as screen:
            await screen.stands_on("Мария Ковалёва")
            await screen.press("r")
            await screen.write("Ольга, у нас всё работает")
            await screen.sees("no word of apology", "not called “Ольга”", "“у нас все работает”")
            await screen.press("f9")
            await screen.sees("• ")
            await screen.press("ctrl+s")
            await until(lambda: bool(desk.network.sent))


async def test_a_good_answer_passes_the_check(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария Ковалёва", BARE)
        async with running(desk) as screen:
            await screen.stands_on("Мария Ковалёва")
            await screen.press("r")
            await screen.write("Да, ждём вас")
            await screen.press("f9")
            await screen.sees("nothing to say against it")


@pytest.mark.parametrize("trick", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_customers_reach_neither_the_line_nor_the_answer(
    tmp_path: Path, trick: str
) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Гость", trick + " столик")
        async with running(desk) as screen:
            await until(lambda: screen.inbox.feed.current is not None)
            await screen.press("a")
            await panel(screen)
            await screen.press("enter")
            await until(lambda: screen.inbox.composer.active)
            assert is_harmless(screen.text.replace("\n", ""))


def test_blanks_stay_marked_across_line_breaks() -> None:
    lines = text_lines("до {?очень длинный пропуск на две строки} после", 20)
    marked = "".join(text for line in lines for text, ink in line.left if ink == "warn")
    assert fold(marked).replace(" ", "") == "{?оченьдлинныйпропускнадвестроки}"
