"""One line of the cashier, taken apart."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.due import due_at_end
from smm_inbox.domain.hours import BusinessHours
from smm_inbox.domain.manual import ManualEntry, Source, parse, rating_of, source_of
from smm_inbox.domain.text import clean_line
from tests.ui.hostile import HOSTILE, is_harmless

MOSCOW = ZoneInfo("Europe/Moscow")
HOURS = BusinessHours(MOSCOW, {day: ((time(9), time(21)),) for day in range(6)})
NOW = datetime(2026, 11, 23, 14, 32, tzinfo=MOSCOW)
"""A Monday."""


def read(line: str) -> ManualEntry:
    return parse(line, NOW.astimezone(UTC), HOURS)


def due(line: str) -> str:
    found = due_at_end(line, NOW, HOURS)
    return "" if found is None else f"{found.at.astimezone(MOSCOW):%d.%m %H:%M}"


def test_the_line_of_the_manual() -> None:
    entry = read("книга Иванова 89161234567 холодный суп до пт")
    assert entry == ManualEntry(
        source=Source.BOOK,
        name=entry.name,
        phone="+79161234567",
        text=entry.text,
        due_at=datetime(2026, 11, 27, 21, tzinfo=MOSCOW),
    )
    assert (entry.name, entry.text) == ("Иванова", "холодный суп")
    assert entry.kind is Kind.MANUAL


@pytest.mark.parametrize(
    ("line", "source", "name", "rating", "text"),
    [
        ("2гис Пётр Семёнов 2/5 Грязно и шумно", Source.GIS, "Пётр Семёнов", 2, "Грязно и шумно"),
        ("яндекс карты оценка 2 Официант нагрубил", Source.YANDEX, "", 2, "Официант нагрубил"),
        ("гугл ★★★☆☆ нормально", Source.GOOGLE, "", 3, "нормально"),
        ("Отзовик Аноним: Плохое место, 1 звезда", Source.OTZOVIK, "Аноним", 1, "Плохое место"),
        ("визит Холодный суп", Source.VISIT, "", None, "Холодный суп"),
        ("книга отзывов: Иванова — суп холодный", Source.BOOK, "Иванова", None, "суп холодный"),
        ("звонок мария 89161234567 торт", Source.CALL, "мария", None, "торт"),
        ("звонок 89161234567 Мария Петрова столик", Source.CALL, "Мария Петрова", None, "столик"),
        ("call John Smith +44 20 7946 0958 table for 2", Source.CALL, "John Smith", None,
         "table for 2"),
        ("google 4 stars Nice", Source.GOOGLE, "Nice", 4, ""),
        ("суп холодный", Source.OTHER, "", None, "суп холодный"),
        ("сайт maria@mail.ru хочу торт на 2 кг", Source.SITE, "", None, "хочу торт на 2 кг"),
        ("https://yandex.ru/maps/org/1 4/5 ок", Source.YANDEX, "", 4, "ок"),
    ],
)  # fmt: skip
def test_fields(line: str, source: Source, name: str, rating: int | None, text: str) -> None:
    entry = read(line)
    assert (entry.source, entry.name, entry.rating, entry.text) == (source, name, rating, text)


def test_review_sites_are_public_reviews() -> None:
    assert read("2гис 1/5 ужас").kind is Kind.REVIEW
    assert read("книга ужас").kind is Kind.MANUAL


@pytest.mark.parametrize("line", ["", "   ", "книга", "звонок:"])
def test_a_source_alone_is_nothing(line: str) -> None:
    assert read(line).empty


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("до пт", "27.11 21:00"),
        ("ответить к пятнице", "27.11 21:00"),
        ("до сегодня", "23.11 21:00"),
        ("до пн", "23.11 21:00"),
        ("до завтра 12:00", "24.11 12:00"),
        ("до завтра в 12", "24.11 12:00"),
        ("до 18:30", "23.11 18:30"),
        ("до 12:00", "24.11 12:00"),
        ("к 6 вечера", "23.11 18:00"),
        ("до 5 декабря", "05.12 21:00"),
        ("до 05.12", "05.12 21:00"),
        ("до 01.03", "01.03 21:00"),
        ("до вс", "29.11 18:00"),
        ("через 2 часа", "23.11 16:32"),
        ("через час", "23.11 15:32"),
        ("через 3 дня", "26.11 21:00"),
        ("через неделю", "30.11 21:00"),
        ("by fri", "27.11 21:00"),
        ("by tomorrow 9am", "24.11 09:00"),
        ("in 2 hours", "23.11 16:32"),
        ("не позже послезавтра", "25.11 21:00"),
        ("до конца дня", "23.11 21:00"),
    ],
)
def test_due_times(line: str, expected: str) -> None:
    assert due(f"торт {line}") == expected


@pytest.mark.parametrize(
    "line",
    [
        "обещали до пт, не сделали",
        "ждали до самого вечера и ушли",
        "до 5",
        "до 32.12",
        "до 25:00",
        "доставка к дому",
        "очередь до угла",
        "до 30 февраля",
    ],
)
def test_what_is_no_due_time(line: str) -> None:
    assert due(line) == ""


def test_ratings_of_a_table() -> None:
    assert [rating_of(cell) for cell in ("3", " 4 ", "2/5", "★★", "5 звёзд")] == [3, 4, 2, 2, 5]
    assert [rating_of(cell) for cell in ("", "0", "6", "плохо", "3 из 10", "4,5")] == [None] * 6


def test_sources_in_both_languages() -> None:
    for word in ("Книга", "book", "ЗВОНОК", "call", "визит", "visit", "2ГИС", "2gis", "яндекс"):
        assert source_of(word) is not None
    for word in ("yandex", "гугл", "google", "отзовик", "otzovik", "сайт", "site"):
        assert source_of(word) is not None
    assert source_of("суп") is None


LINE = """книга звонок 2гис Иванова мария суп Холодный 89161234567 +7 916 123-45-67 2/5 ★★ оценка 3
    до пт завтра 18:00 через час - : , — https://2gis.ru/1 a@b.ru не"""
WORDS = st.sampled_from(LINE.split())


@given(st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=200))
def test_no_word_is_invented_and_none_is_lost(line: str) -> None:
    entry = read(line)
    said = f"{entry.name} {entry.text}"
    for word in said.split():
        assert word in clean_line(line.replace("\u2028", " ")) or not line.isascii()
    assert len(said) <= len(line) + 1
    assert is_harmless(said)
    # What no field took is in the text: with all fields empty nothing is missing.
    if entry == ManualEntry(text=entry.text):
        letters = [char for char in entry.text if char.isalnum()]
        assert len(letters) >= sum(char.isalnum() for char in line) - 20 or "\n" in line


@pytest.mark.parametrize("trick", HOSTILE)
def test_hostile_lines_make_harmless_fields(trick: str) -> None:
    entry = read(f"книга {HOSTILE[trick]}")
    for value in (entry.name, entry.text, entry.email, entry.link, entry.phone):
        assert is_harmless(value.replace("\t", ""))
        assert "\n" not in value
