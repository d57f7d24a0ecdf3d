"""The command palette: found by name, in any layout, run where the operator was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import OptionList

from smm_inbox.locale import set_language
from smm_inbox.ui.commands import CommandRegistry
from smm_inbox.ui.palette import PaletteScreen, search
from tests.ui.hostile import HOSTILE, is_harmless
from tests.ui.inbox_desk import open_desk, running, until
from tests.ui.small_app import clickable, first_screen, painted, small_app


@pytest.fixture(autouse=True)
def _russian() -> Iterator[None]:
    set_language("ru")
    yield
    set_language("en")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("закры", "status.close"),
        ("pfrhs", "status.close"),
        ("close", "status.close"),
        ("сдщыу", "status.close"),
        ("жалоба", "type.complaint"),
        ("подкл", "app.health"),
        ("reply.in", "reply.in_place"),
        ("ЧЕРНОВИКИ", "view.drafts"),
    ],
)
def test_a_command_is_found_by_any_of_its_names(typed: str, found: str) -> None:
    hits = search(CommandRegistry.default(), typed)
    assert found in [command.id for command in hits[:4]]


def test_nothing_typed_shows_everything_in_order() -> None:
    commands = list(CommandRegistry.default())
    assert search(commands, "  ") == commands


def test_nonsense_finds_nothing() -> None:
    assert search(CommandRegistry.default(), "щщщъъъ") == []


async def test_it_runs_the_chosen_command() -> None:
    app = small_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+л")
        await pilot.pause()
        assert isinstance(app.screen, PaletteScreen)
        await pilot.press(*"ответа")
        await pilot.press("enter")
        await pilot.pause()
        assert first_screen(app).ran == ["view.awaiting"]


async def test_it_offers_only_what_works_here() -> None:
    app = small_app()
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        shown = painted(app)
        assert "Без ответа" in shown
        assert "Отправить ответ" not in shown
        assert "Закрыть" not in shown
        await pilot.press("escape")
        assert app.screen is first_screen(app)


async def test_the_arrows_move_and_the_same_key_closes() -> None:
    app = small_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p", "down", "down", "up")
        await pilot.pause()
        assert app.screen.query_one(OptionList).highlighted == 1
        await pilot.press("ctrl+з")
        await pilot.pause()
        assert app.screen is first_screen(app)


@pytest.mark.parametrize("trick", HOSTILE)
async def test_hostile_titles_and_queries_stay_text(trick: str) -> None:
    app = small_app()
    command = next(iter(CommandRegistry.default()))
    evil = replace(command, title=HOSTILE[trick], help=HOSTILE[trick])
    async with app.run_test(size=(80, 24)) as pilot:
        palette = PaletteScreen([evil])
        app.push_screen(palette)
        await pilot.pause()
        palette._fill(HOSTILE[trick])
        await pilot.pause()
        assert clickable(app) == []
        assert is_harmless(painted(app).replace("\n", ""))


async def test_everything_a_panel_can_do_is_found_by_its_name(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Есть столик?")
        await desk.services.tags.create("бронь")
        async with running(desk) as screen:
            await screen.stands_on("Мария")
            for keys, words in (
                (("п", "е"), ("новый факт", "снять")),
                (("п", "л"), ("новый коллега", "удалить")),
                (("п", "и"), ("выполнено", "другой срок")),
                (("п", "г"), ("заступить", "передать смену")),
                (("е",), ("слить", "удалить")),
                (("ф",), ("изменить", "новый скрипт")),
                (("ш",), ("как обращаться", "тот же человек")),
                (("full_stop",), ("сохранить", "списком")),
            ):
                await screen.press(*keys)
                await until(lambda: len(screen.app.screen_stack) == 2)
                await screen.press("ctrl+л")
                await screen.sees("Что сделать?", *words)
                await screen.press("escape")
                await until(lambda: len(screen.app.screen_stack) == 2)
                await screen.press("escape")
                await until(lambda: len(screen.app.screen_stack) == 1)
            await screen.press("п", "е")
            await until(lambda: len(screen.app.screen_stack) == 2)
            await screen.press("ctrl+л")
            await screen.sees("Что сделать?")
            await screen.write("новый")
            await screen.press("enter")
            await screen.sees("Что сегодня так?")


async def test_a_letter_for_the_palette_is_a_letter_in_the_field_of_a_panel(tmp_path: Path) -> None:
    async with open_desk(tmp_path, keys={"app.palette": ("P",)}) as desk:
        await desk.direct("Мария", "Есть столик?")
        async with running(desk) as screen:
            await screen.stands_on("Мария")
            await screen.press("t")
            await until(lambda: len(screen.app.screen_stack) == 2)
            await screen.press("P")
            await screen.sees("#P")
            assert len(screen.app.screen_stack) == 2
