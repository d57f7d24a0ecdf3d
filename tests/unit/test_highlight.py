"""Marking matches in a text and cutting out the piece worth showing."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain.highlight import excerpt, spans
from smm_inbox.domain.query import SearchQuery, parse
from smm_inbox.domain.query_words import Vocabulary

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def query(text: str) -> SearchQuery:
    return parse(text, Vocabulary(), now=NOW, zone=UTC)


def marked(text: str, typed: str, *, author: bool = False) -> list[str]:
    return [text[start:end] for start, end in spans(text, query(typed), author=author)]


@pytest.mark.parametrize(
    ("text", "typed", "words"),
    [
        ("Суп был холодным, супы так не подают", "суп ", ["Суп", "супы"]),
        ("Ждём счёт", "счет", ["счёт"]),
        ("Доставка работает?", "дост", ["Доставка"]),
        ("Доставка работает?", "д", []),
        ("Привет!", "ghbdtn", ["Привет"]),
        ("холодный суп, суп холодный", '"холодный суп"', ["холодный", "суп"]),
        ("суп не холодный", "суп -холодный", ["суп"]),
        ("Звоните 89161234567", "+79161234567", ["89161234567"]),
        ("Мария, суп", "автор:мария суп", ["суп"]),
        ("Без совпадений", "канал:вк ждёт", []),
    ],
)
def test_words_that_were_looked_for_are_marked(text: str, typed: str, words: list[str]) -> None:
    assert marked(text, typed) == words


def test_an_author_is_marked_in_the_name() -> None:
    assert marked("Мария Ковалёва", "автор:ковалева", author=True) == ["Ковалёва"]


def test_an_excerpt_shows_the_first_match_in_one_line() -> None:
    text = "Здравствуйте!\n\n" + "Очень длинное письмо. " * 20 + "А торт на субботу\nможно?"
    shown, found = excerpt(text, spans(text, query("торт")), 60)
    assert "\n" not in shown
    assert shown.startswith("…")
    assert [shown[start:end] for start, end in found] == ["торт"]
    assert len(shown) <= 62
    assert excerpt("Короткий   текст\nв две строки", [], 60) == ("Короткий текст в две строки", [])


@given(st.text(), st.text(max_size=30), st.integers(10, 120))
def test_any_text_is_cut_and_its_marks_stay_on_the_words(
    text: str, typed: str, length: int
) -> None:
    found = spans(text, query(typed), author=True)
    shown, kept = excerpt(text, found, length)
    words = [text[start:end] for start, end in found]
    assert [shown[start:end] for start, end in kept] == words[: len(kept)]
    assert kept or not found
    assert all(before[1] <= after[0] for before, after in pairwise(kept))
