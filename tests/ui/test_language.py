"""No sentence of the other language stands on any screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smm_inbox.locale import set_language
from tests.ui.inbox_desk import Desk, Screen, open_desk, running

KEYS = {"Esc", "Enter", "Tab", "Home", "End", "Del", "Ctrl", "Shift", "EDITOR"}
KEYS |= {"PgUp", "PgDn", "Space", "Backspace"}
OURS = "Тёплый угол|ВК|Анна|Гость"
"""Words of the desk's own data."""


async def tour(screen: Screen, desk: Desk) -> list[str]:
    """What every screen says, with a customer and without one."""
    seen: list[str] = []

    async def look(*keys: str, back: str = "") -> None:
        await screen.press(*keys)
        await screen.pilot.pause()
        seen.append(screen.text)
        if back:
            await screen.press(back)
            await screen.pilot.pause()

    await look()
    for key in "iwpcmrhdoe":
        await look("g", key)
    await look("g", "exclamation_mark")
    await look("g", back="escape")
    await look("question_mark", back="escape")
    await look("question_mark", "end", back="escape")
    await look("ctrl+k", back="escape")
    await look("g", "n", back="escape")
    await look("l", back="escape")
    for key in "tkbu":
        await look("g", key, back="escape")
    await look("slash", back="escape")
    await look("c", back="escape")
    await desk.direct("Гость", "!!!", "?", handle="", city="")
    await look("g", "w")
    for key in ("i", "d", "f", "t", "h", "a", "P"):
        await look(key, back="escape")
    await look("m", back="escape")
    await look("g", "w")
    await look("r")
    await look("ctrl+o", back="escape")
    await look("f5", back="escape")
    await look("e")
    await look("z")
    await look("3")
    await look("w")
    return seen


def folders(text: str) -> str:
    """The screen without the lines of a folder that is looked into."""
    return "\n".join(line for line in text.splitlines() if "/" not in line)


async def test_english_screens_have_no_russian(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with open_desk(tmp_path / "data") as desk, running(desk) as screen:
        # Prepared replies and folders are the business's own words, in the language of its guests.
        for script in await desk.services.scripts.all():
            await desk.services.scripts.remove(script.id)
        for text in await tour(screen, desk):
            rest = re.sub(OURS, "", text).replace("о is j", "").replace("к is r", "")
            assert not re.search(r"[А-яЁё]{2}", rest), text


async def test_russian_screens_have_no_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    set_language("ru")
    try:
        async with open_desk(tmp_path / "data") as desk, running(desk) as screen:
            for text in await tour(screen, desk):
                words = set(re.findall(r"[A-Za-z]{3,}", folders(text))) - KEYS
                assert not words, f"{words} in\n{text}"
    finally:
        set_language("en")


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_keys_and_what_they_do_stand_apart_on_a_narrow_screen(
    tmp_path: Path, language: str
) -> None:
    set_language(language)
    try:
        async with open_desk(tmp_path) as desk, running(desk, (80, 24)) as screen:
            shown: list[str] = []
            await screen.press("question_mark")
            for _ in range(24):
                await screen.pilot.pause()
                shown += screen.text.splitlines()
                await screen.press("pagedown")
            assert any(re.search(r"Ctrl\+Enter  F5  \S", line) for line in shown)
            # A line broken twice leaves a single word on a line of its own.
            lonely = [line for line in shown if re.fullmatch(r" {20,}\w{1,4} *", line)]
            assert not lonely
    finally:
        set_language("en")
