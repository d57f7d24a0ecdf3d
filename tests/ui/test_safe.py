"""Text on its way to the screen: plain, harmless, exactly as wide as promised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from smm_inbox.ui import safe
from tests.ui.hostile import HOSTILE, is_harmless

WIDTHS = (0, 1, 2, 7, 40, 200)


@pytest.mark.parametrize("trick", HOSTILE)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_fitted_line_is_harmless_and_exactly_as_wide(trick: str, width: int) -> None:
    shown = safe.fit(HOSTILE[trick], width)
    assert cell_len(shown) == width
    assert is_harmless(shown)


@pytest.mark.parametrize("trick", HOSTILE)
@pytest.mark.parametrize("width", [1, 2, 7, 40, 200])
def test_wrapped_lines_are_harmless_and_never_too_wide(trick: str, width: int) -> None:
    for row in safe.wrap(HOSTILE[trick], width):
        # A wide character has nowhere to go in a single cell.
        assert cell_len(row) <= max(width, 2)
        assert is_harmless(row)


@pytest.mark.parametrize("trick", HOSTILE)
def test_content_is_never_markup(trick: str) -> None:
    shown = safe.content(HOSTILE[trick])
    assert not shown.spans
    assert is_harmless(shown.plain.replace("\n", "").replace("\t", ""))
    if trick == "markup":
        assert shown.plain == HOSTILE["markup"]


@given(st.text(max_size=80), st.integers(min_value=0, max_value=30))
def test_any_text_fits_any_width(text: str, width: int) -> None:
    shown = safe.fit(text, width)
    assert cell_len(shown) == width
    assert is_harmless(shown)


@given(st.text(max_size=200), st.integers(min_value=2, max_value=30))
def test_wrapping_keeps_every_visible_character(text: str, width: int) -> None:
    rows = safe.wrap(text, width)
    assert all(cell_len(row) <= width for row in rows)
    assert "".join("".join(rows).split()) == "".join(safe.steady(text).split())


def test_clipping_marks_what_is_cut() -> None:
    assert safe.clip("Мария Ковалёва", 8) == "Мария К…"
    assert safe.clip("Мария", 5) == "Мария"
    assert safe.clip("汉字汉字", 4) == "汉…"
    assert safe.clip("a" * 100_000, 5) == "aaaa…"


def test_numbers_stand_on_the_right() -> None:
    assert safe.fit("−12 м", 8, "right") == "   −12 м"


def test_a_strip_has_the_width_it_says() -> None:
    strip = safe.line(HOSTILE["family"], 30)
    assert strip.cell_length == 30
    assert cell_len(strip.text) == 30


def test_words_stay_whole_and_paragraphs_apart() -> None:
    assert safe.wrap("Суп принесли холодный\n\nждали", 12) == (
        "Суп принесли",
        "холодный",
        "",
        "ждали",
    )
    assert safe.wrap("длинноеслово да", 5) == ("длинн", "оесло", "во да")
    assert safe.wrap("", 10) == ("",)


def test_a_long_letter_is_wrapped_once() -> None:
    text = "слово " * 17_000
    assert safe.wrap(text, 60) is safe.wrap(text, 60)


def test_emoji_measure_alike_in_every_terminal() -> None:
    assert safe.steady("👨‍👩‍👧 ❤️ 👍🏽") == "👨👩👧 ❤ 👍"


class Notes:
    """Collects toasts."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, bool]] = []

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: safe.Severity = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        self.seen.append((message, severity, markup))


@pytest.mark.parametrize("trick", HOSTILE)
def test_a_toast_is_harmless_short_and_without_markup(trick: str) -> None:
    notes = Notes()
    safe.toast(notes, HOSTILE[trick], severity="error")
    ((message, severity, markup),) = notes.seen
    assert not markup
    assert severity == "error"
    assert len(message) <= 400
    assert is_harmless(message.replace("\n", "").replace("\t", ""))
