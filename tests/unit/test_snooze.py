"""Moments in words: what is understood, that it lies ahead, and that nothing breaks it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain.conversation import UNTIL_ANSWER
from smm_inbox.domain.hours import BusinessHours, Interval
from smm_inbox.domain.snooze import Snooze, Trouble, parse
from smm_inbox.domain.snooze_words import (
    DAY_PARTS,
    DAYS,
    HALVES,
    MONTHS,
    NEXT,
    NUMBERS,
    SPANS,
    WEEKDAYS,
)

ZONE = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 11, 23, 14, 32, tzinfo=ZONE)
"""A Monday."""
OPEN: dict[int, tuple[Interval, ...]] = {day: ((time(10), time(21)),) for day in range(6)}
CAFE = BusinessHours(ZONE, OPEN, frozenset({date(2026, 12, 31)}))
ALWAYS = BusinessHours(ZONE)


def until(text: str, hours: BusinessHours = CAFE, now: datetime = NOW) -> str:
    found = parse(text, now.astimezone(UTC), hours)
    assert isinstance(found, Snooze), f"{text!r} is {found}"
    return f"{found.until.astimezone(hours.zone):%a %d.%m.%Y %H:%M}"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        # A stretch of time
        ("2ч", "Mon 23.11.2026 16:32"),
        ("2 часа", "Mon 23.11.2026 16:32"),
        ("через 2ч", "Mon 23.11.2026 16:32"),
        ("два часа", "Mon 23.11.2026 16:32"),
        ("через пару часов", "Mon 23.11.2026 16:32"),
        ("30 мин", "Mon 23.11.2026 15:02"),
        ("30м", "Mon 23.11.2026 15:02"),
        ("1ч30", "Mon 23.11.2026 16:02"),
        ("1 час 30 минут", "Mon 23.11.2026 16:02"),
        ("1,5 часа", "Mon 23.11.2026 16:02"),
        ("1.5ч", "Mon 23.11.2026 16:02"),
        ("полтора часа", "Mon 23.11.2026 16:02"),
        ("полчаса", "Mon 23.11.2026 15:02"),
        ("half an hour", "Mon 23.11.2026 15:02"),
        ("час", "Mon 23.11.2026 15:32"),
        ("на час", "Mon 23.11.2026 15:32"),
        ("in an hour", "Mon 23.11.2026 15:32"),
        ("90m", "Mon 23.11.2026 16:02"),
        ("1h30m", "Mon 23.11.2026 16:02"),
        ("1d", "Tue 24.11.2026 14:32"),
        ("2 дня", "Wed 25.11.2026 14:32"),
        ("через неделю", "Mon 30.11.2026 14:32"),
        ("неделя", "Mon 30.11.2026 14:32"),
        ("2w", "Mon 07.12.2026 14:32"),
        ("через месяц", "Wed 23.12.2026 14:32"),
        ("через 6 дней", "Sun 29.11.2026 09:00"),  # closed at that hour on that day
        # A day
        ("завтра", "Tue 24.11.2026 10:00"),
        ("tomorrow", "Tue 24.11.2026 10:00"),
        ("послезавтра", "Wed 25.11.2026 10:00"),
        ("day after tomorrow", "Wed 25.11.2026 10:00"),
        ("пт", "Fri 27.11.2026 10:00"),
        ("до пятницы", "Fri 27.11.2026 10:00"),
        ("в пятницу", "Fri 27.11.2026 10:00"),
        ("пн", "Mon 30.11.2026 10:00"),
        ("понедельник", "Mon 30.11.2026 10:00"),
        ("next fri", "Fri 04.12.2026 10:00"),
        ("следующий вторник", "Tue 01.12.2026 10:00"),
        ("на следующей неделе", "Mon 30.11.2026 10:00"),
        ("next week", "Mon 30.11.2026 10:00"),
        ("в следующем месяце", "Tue 01.12.2026 10:00"),
        ("15.12", "Tue 15.12.2026 10:00"),
        ("15 декабря", "Tue 15.12.2026 10:00"),
        ("15 дек", "Tue 15.12.2026 10:00"),
        ("dec 15", "Tue 15.12.2026 10:00"),
        ("15 числа", "Tue 15.12.2026 10:00"),
        ("15-го", "Tue 15.12.2026 10:00"),
        ("2026-12-15", "Tue 15.12.2026 10:00"),
        ("15/12", "Tue 15.12.2026 10:00"),
        ("1.2", "Mon 01.02.2027 10:00"),
        ("29.02", "Tue 29.02.2028 10:00"),
        ("15.12.26", "Tue 15.12.2026 10:00"),
        # A day and a time
        ("завтра 10", "Tue 24.11.2026 10:00"),
        ("завтра в 9", "Tue 24.11.2026 09:00"),
        ("завтра в 10:30", "Tue 24.11.2026 10:30"),
        ("завтра 10.30", "Tue 24.11.2026 10:30"),
        ("завтра в 6 вечера", "Tue 24.11.2026 18:00"),
        ("завтра вечером", "Tue 24.11.2026 18:00"),
        ("завтра утром", "Tue 24.11.2026 10:00"),
        ("завтра в 2 часа дня", "Tue 24.11.2026 14:00"),
        ("tomorrow 9am", "Tue 24.11.2026 09:00"),
        ("tomorrow at 6 pm", "Tue 24.11.2026 18:00"),
        ("tomorrow afternoon", "Tue 24.11.2026 14:00"),
        ("пн 10", "Mon 30.11.2026 10:00"),
        ("пн 18", "Mon 23.11.2026 18:00"),
        ("mon 10", "Mon 30.11.2026 10:00"),
        ("10 завтра", "Tue 24.11.2026 10:00"),
        ("в 10:30 в среду", "Wed 25.11.2026 10:30"),
        ("15.12 14:00", "Tue 15.12.2026 14:00"),
        ("14:00 15.12", "Tue 15.12.2026 14:00"),
        ("15 декабря 2026 в 14:00", "Tue 15.12.2026 14:00"),
        ("через 2 дня в 9", "Wed 25.11.2026 09:00"),
        ("через неделю в 12:15", "Mon 30.11.2026 12:15"),
        ("завтра к обеду", "Tue 24.11.2026 12:00"),
        ("завтра после обеда", "Tue 24.11.2026 14:00"),
        # A time: the next one
        ("18:00", "Mon 23.11.2026 18:00"),
        ("10:00", "Tue 24.11.2026 10:00"),
        ("18", "Mon 23.11.2026 18:00"),
        ("в 5 часов", "Tue 24.11.2026 05:00"),
        ("в 17 часов", "Mon 23.11.2026 17:00"),
        ("2 часа ночи", "Tue 24.11.2026 02:00"),
        ("9am", "Tue 24.11.2026 09:00"),
        ("вечером", "Mon 23.11.2026 18:00"),
        ("до вечера", "Mon 23.11.2026 18:00"),
        ("утром", "Tue 24.11.2026 10:00"),
        ("tonight", "Mon 23.11.2026 21:00"),
        ("до конца дня", "Mon 23.11.2026 21:00"),
        ("до закрытия", "Mon 23.11.2026 21:00"),
        ("eod", "Mon 23.11.2026 21:00"),
    ],
)
def test_the_words_people_use_are_understood(text: str, moment: str) -> None:
    assert until(text) == moment
    assert until(text.upper()) == moment
    assert until(f"  {text} ") == moment


@pytest.mark.parametrize(
    "text", ["до ответа", "До ответа", "ответ", "пока не напишет", "until reply", " until  answer "]
)
def test_until_the_customer_writes(text: str) -> None:
    assert parse(text, NOW, CAFE) == Snooze(UNTIL_ANSWER)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", Trouble.EMPTY),
        ("   ", Trouble.EMPTY),
        ("...", Trouble.UNKNOWN),
        ("когда-нибудь", Trouble.UNKNOWN),
        ("99", Trouble.UNKNOWN),
        ("25:00", Trouble.UNKNOWN),
        ("31.02", Trouble.UNKNOWN),
        ("2026-13-01", Trouble.UNKNOWN),
        ("завтра завтра", Trouble.UNKNOWN),
        ("2ч 3ч", Trouble.UNKNOWN),
        ("завтра $", Trouble.UNKNOWN),
        ("0м", Trouble.PAST),
        ("сегодня 10", Trouble.PAST),
        ("15.12.2020", Trouble.PAST),
        ("2020-01-01 10:00", Trouble.PAST),
        ("999 недель", Trouble.FAR),
        ("9999 месяцев", Trouble.FAR),
        ("15.12.2099", Trouble.FAR),
    ],
)
def test_what_names_no_moment_ahead_is_told_apart(text: str, trouble: Trouble) -> None:
    assert parse(text, NOW, CAFE) is trouble


def test_a_closed_day_is_told() -> None:
    closed = {text: parse(text, NOW, CAFE) for text in ("вс 12", "31.12", "завтра 23", "завтра 12")}
    assert [one.closed for one in closed.values() if isinstance(one, Snooze)] == [
        True,
        True,
        True,
        False,
    ]


def test_without_hours_a_day_begins_at_nine_and_is_never_closed() -> None:
    assert until("завтра", ALWAYS) == "Tue 24.11.2026 09:00"
    assert until("вс", ALWAYS) == "Sun 29.11.2026 09:00"
    found = parse("вс 3:00", NOW, ALWAYS)
    assert isinstance(found, Snooze)
    assert not found.closed


def test_days_are_those_of_the_business() -> None:
    late = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # Tuesday already in Moscow
    assert until("завтра", CAFE, late) == "Wed 25.11.2026 10:00"


def test_the_hour_that_summer_time_skips_is_no_trap() -> None:
    berlin = BusinessHours(ZoneInfo("Europe/Berlin"))
    before = datetime(2026, 3, 28, 12, tzinfo=berlin.zone)
    found = parse("завтра 2:30", before, berlin)
    assert isinstance(found, Snooze)
    assert found.until == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert until("24 часа", berlin, before) == "Sun 29.03.2026 13:00"


MOMENTS = st.integers(0, 7 * 366 * 24 * 60 * 60).map(
    lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
WORDS = st.sampled_from(
    [
        *(word for table in (DAY_PARTS, DAYS, HALVES, MONTHS, NEXT) for word in table),
        *(word for table in (NUMBERS, SPANS, WEEKDAYS) for word in table),
        *("в", "до", "через", "на", "at", "in", "am", "pm", "числа", ":", ".", ",", "/", "-"),
        *("0", "1", "2", "10", "15", "30", "31", "99", "2027", "15.12", "14:00"),
    ]
)
HOURS = st.sampled_from(
    [CAFE, ALWAYS, BusinessHours(ZoneInfo("Europe/Berlin")), BusinessHours(ZoneInfo("UTC"), OPEN)]
)


@given(st.lists(WORDS, max_size=6).map(" ".join), MOMENTS, HOURS)
def test_whatever_is_understood_lies_ahead(text: str, now: datetime, hours: BusinessHours) -> None:
    found = parse(text, now, hours)
    if isinstance(found, Snooze):
        assert found.until > now
        assert found.until == UNTIL_ANSWER or found.until - now <= timedelta(days=3 * 366)


@given(st.text(), MOMENTS)
def test_no_text_breaks_it(text: str, now: datetime) -> None:
    assert isinstance(parse(text, now, CAFE), Snooze | Trouble)


@given(st.integers(1, 600), MOMENTS)
def test_minutes_are_minutes(count: int, now: datetime) -> None:
    for text in (f"{count}м", f"{count} min", f"через {count} минут"):
        assert parse(text, now, ALWAYS) == Snooze(now + timedelta(minutes=count))


@given(st.sampled_from(sorted(WEEKDAYS)), st.integers(0, 23), st.integers(0, 59), MOMENTS)
def test_a_weekday_is_within_seven_days(day: str, hour: int, minute: int, now: datetime) -> None:
    found = parse(f"{day} {hour}:{minute:02}", now, ALWAYS)
    assert isinstance(found, Snooze)
    local = found.until.astimezone(ZONE)
    assert (local.weekday(), local.hour, local.minute) == (WEEKDAYS[day], hour, minute)
    assert timedelta() < found.until - now <= timedelta(days=7)
