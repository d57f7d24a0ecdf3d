"""Facts of the Today board, read from one line."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain.board import read_fact
from smm_inbox.domain.hours import BusinessHours

MOSCOW = ZoneInfo("Europe/Moscow")
CAFE = BusinessHours(zone=MOSCOW, week={day: ((time(9), time(21)),) for day in range(7)})
NOW = datetime(2026, 11, 25, 14, 18, tzinfo=MOSCOW).astimezone(UTC)


@pytest.mark.parametrize(
    ("line", "name", "value", "until"),
    [
        ("свободных столиков 3", "свободных столиков", "3", "25.11 21:00"),
        ("столиков 3 до 18:00", "столиков", "3", "25.11 18:00"),
        ("круассаны: кончились", "круассаны", "кончились", "25.11 21:00"),
        ("круассаны кончились", "круассаны", "кончились", "25.11 21:00"),
        ("готовка = 25 мин", "готовка", "25 мин", "25.11 21:00"),
        ("Суп дня — тыквенный до завтра", "Суп дня", "тыквенный", "26.11 09:00"),
        ("терраса закрыта на 2 часа", "терраса", "закрыта", "25.11 16:18"),
        ("парковка: во дворе всегда", "парковка", "во дворе", ""),
        ("free tables 3 until 18:00", "free tables", "3", "25.11 18:00"),
        ("soup: pumpkin until tomorrow 10:00", "soup", "pumpkin", "26.11 10:00"),
        ("croissants sold out", "croissants", "sold out", "25.11 21:00"),
        ("доставка до двери", "доставка", "до двери", "25.11 21:00"),
    ],
)
def test_a_line_names_a_fact_its_value_and_its_end(
    line: str, name: str, value: str, until: str
) -> None:
    fact = read_fact(line, NOW, CAFE)
    assert fact is not None
    assert (fact.name, fact.value) == (name, value)
    end = "" if fact.expires_at is None else f"{fact.expires_at.astimezone(MOSCOW):%d.%m %H:%M}"
    assert end == until


@pytest.mark.parametrize("line", ["", "   ", "столики", "до 18:00", ": 3"])
def test_a_fact_without_a_name_or_a_value_is_none(line: str) -> None:
    assert read_fact(line, NOW, CAFE) is None


def test_a_fact_is_over_at_its_end() -> None:
    fact = read_fact("столиков 3 до 18:00", NOW, CAFE)
    assert fact is not None
    assert fact.expires_at is not None
    assert fact.is_current(NOW)
    assert not fact.is_current(fact.expires_at)


@given(st.text(max_size=300))
def test_any_line_is_read_without_a_fault(line: str) -> None:
    fact = read_fact(line, NOW, CAFE)
    if fact is not None:
        assert fact.name.strip()
        assert fact.value.strip()
