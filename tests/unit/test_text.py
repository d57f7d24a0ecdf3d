"""Foreign text: what cleaning takes away and keeps, and how long texts are split."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smm_inbox.domain.text import (
    MAX_TEXT,
    LengthUnit,
    clean,
    clean_line,
    fold,
    length_in,
    split_text,
)

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
FAMILY = "👩‍👩‍👧‍👦"
HEART = "❤️"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
ANY = st.text(st.characters(exclude_categories=()), max_size=200)
NASTY = st.text(
    st.sampled_from(
        "ab\n\r\t\x00\x1b\x9b\x85\u2028\u202e\u2066\ud800\ufeff\u0301\u0316\ufe0f\u200d👩"
    ),
    max_size=80,
)


@given(st.one_of(ANY, NASTY))
def test_nothing_a_terminal_acts_upon_survives(raw: str) -> None:
    for char in clean(raw):
        assert char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}
        assert char not in BIDI


@given(st.one_of(ANY, NASTY))
@example("\r\x00\n")
@example("a" + "\u0301" * 9 + "\u202e" + "\u0301")
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)
    assert clean_line(clean_line(raw)) == clean_line(raw)


@pytest.mark.parametrize(
    "text", [FAMILY, HEART, ENGLAND, "👍🏽", "1️⃣", "й ё é", "हिन्दी", "ไม่ได้", "[/] [@click=app.quit]"]
)
def test_honest_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text
    assert clean_line(text) == text


def test_escape_sequences_become_harmless_letters() -> None:
    assert clean("\x1b]52;c;ZWNobw==\x07\x1b[31mred\x9b2J") == "]52;c;ZWNobw==[31mred2J"


def test_every_kind_of_line_end_is_one_line_end() -> None:
    assert clean("a\r\nb\rc\u2028d\u2029e\x0bf\x0cg\x85h") == "a\nb\nc\nd\ne\nf\ng\nh"


@pytest.mark.parametrize("between", ["", "\ufe0f", "\u200d", "\u200b", "\u20e3"])
def test_zalgo_is_thinned_whatever_stands_between_its_marks(between: str) -> None:
    piled = clean("h" + ("\u0301\u0316" + between) * 50 + "i")
    assert sum(unicodedata.category(c) == "Mn" and c != "\ufe0f" for c in piled) == 4
    assert piled[0] == "h"
    assert piled[-1] == "i"


def test_marks_of_every_letter_are_counted_anew() -> None:
    vietnamese = "ệ" * 50
    assert clean(unicodedata.normalize("NFD", vietnamese)) == unicodedata.normalize(
        "NFD", vietnamese
    )


def test_a_text_without_end_is_cut_with_a_mark() -> None:
    cut = clean("я" * (MAX_TEXT + 1))
    assert len(cut) == MAX_TEXT
    assert cut.endswith("я…")
    assert clean("я" * MAX_TEXT) == "я" * MAX_TEXT


@pytest.mark.parametrize("raw", [None, 7, 7.5, True, ["a"], {"text": "a"}, b"a"])
def test_what_is_no_text_is_empty(raw: object) -> None:
    assert clean(raw) == ""
    assert clean_line(raw) == ""


@given(st.one_of(ANY, NASTY))
def test_a_line_is_one_line(raw: str) -> None:
    line = clean_line(raw)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert not re.search(r"\s\s", line)


def test_fold_joins_what_people_write_differently() -> None:
    assert fold("Ёлка ＡＢＣ ﬁ") == fold("елка abc fi")


# --- splitting ------------------------------------------------------------------------------------

WORDS = st.text(st.sampled_from("аб. \n👩\u200d👧🏽é"), min_size=1, max_size=120)


@given(text=st.one_of(WORDS, ANY), limit=st.integers(8, 40), unit=st.sampled_from(LengthUnit))
@example(text="а" * 30, limit=8, unit=LengthUnit.BYTES)
@example(text="😀" * 30, limit=9, unit=LengthUnit.UTF16)
def test_splitting_loses_nothing_and_keeps_the_limit(
    text: str, limit: int, unit: LengthUnit
) -> None:
    parts = split_text(text, limit, unit)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(length_in(part, unit) <= limit for part in parts)
    if text.strip():
        assert all(part.strip() for part in parts)


@given(WORDS)
def test_a_text_that_fits_comes_back_as_it_is(text: str) -> None:
    assert split_text(text, 1000, LengthUnit.UTF16) == [text]


def test_seams_are_between_paragraphs_sentences_words() -> None:
    unit = LengthUnit.CODE_POINTS
    assert split_text("Первый абзац.\n\nВторой абзац.", 20, unit) == [
        "Первый абзац.",
        "Второй абзац.",
    ]
    assert split_text("Одно дело. Другое дело.", 16, unit) == ["Одно дело.", "Другое дело."]
    assert split_text("раз два три", 8, unit) == ["раз два", "три"]
    assert split_text("абвгдежз", 3, unit) == ["абв", "где", "жз"]


@pytest.mark.parametrize("cluster", [FAMILY, "👍🏽", HEART, "е\u0308"])
def test_what_looks_like_one_letter_is_not_torn_apart(cluster: str) -> None:
    for shift in range(len(cluster)):
        parts = split_text("х" * shift + cluster * 3, len(cluster) + 3, LengthUnit.CODE_POINTS)
        assert sum(part.count(cluster) for part in parts) == 3


def test_an_endless_cluster_does_not_leave_in_a_thousand_parts() -> None:
    assert len(split_text("👩\u200d" * 2000, 1000, LengthUnit.CODE_POINTS)) <= 5


def test_a_limit_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        split_text("a", 0, LengthUnit.BYTES)
