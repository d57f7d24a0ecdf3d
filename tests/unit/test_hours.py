"""Business time: deadlines over nights, weekends, holidays and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.domain.hours import BusinessHours, Limit, deadline

MOSCOW = ZoneInfo("Europe/Moscow")
BERLIN = ZoneInfo("Europe/Berlin")
DAY = ((time(9), time(21)),)
CAFE = BusinessHours(
    zone=MOSCOW,
    week=dict.fromkeys(range(5), DAY),
    holidays=frozenset({date(2026, 11, 25)}),
)
BAR = BusinessHours(zone=MOSCOW, week={4: ((time(18), time(2)),)})
NIGHTS = BusinessHours(zone=BERLIN, week={day: ((time(22), time(6)),) for day in range(7)})
ODD = BusinessHours(zone=BERLIN, week={6: ((time(2, 30), time(3)), (time(12), time(13)))})
RARE = BusinessHours(zone=MOSCOW, week={0: ((time(9), time(10)),)})
SHUT = BusinessHours(
    zone=MOSCOW,
    week=dict.fromkeys(range(7), DAY),
    holidays=frozenset(date(2026, 6, 1) + timedelta(days=n) for n in range(90)),
)
ALL = [BusinessHours(), CAFE, BAR, NIGHTS, ODD, RARE, SHUT]


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW).astimezone(UTC)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-23 10:00", 60, "2026-11-23 11:00"),
        ("2026-11-23 20:30", 60, "2026-11-24 09:30"),  # over the night
        ("2026-11-23 07:00", 60, "2026-11-23 10:00"),  # before opening
        ("2026-11-24 20:30", 60, "2026-11-26 09:30"),  # over a holiday
        ("2026-11-27 20:59", 2, "2026-11-30 09:01"),  # over the weekend
        ("2026-11-28 12:00", 60, "2026-11-30 10:00"),  # on the weekend
        ("2026-11-23 20:00", 60, "2026-11-23 21:00"),  # to the last minute
        ("2026-11-23 21:00", 1, "2026-11-24 09:01"),
        ("2026-11-23 09:00", 12 * 60 * 2, "2026-11-24 21:00"),
    ],
)
def test_business_time_stands_still_while_closed(start: str, minutes: int, due: str) -> None:
    assert CAFE.add(moscow(start), minutes) == moscow(due)


def test_a_night_belongs_to_the_day_it_began_on() -> None:
    assert BAR.add(moscow("2026-11-27 23:30"), 120) == moscow("2026-11-28 01:30")
    assert BAR.add(moscow("2026-11-28 01:30"), 60) == moscow("2026-12-04 18:30")
    assert BAR.is_open(moscow("2026-11-28 01:59"))
    assert not BAR.is_open(moscow("2026-11-28 02:00"))
    assert not BAR.is_open(moscow("2026-11-27 01:00"))


def test_round_the_clock_is_plain_time() -> None:
    start = moscow("2026-12-31 23:59")
    assert BusinessHours().add(start, 90) == start + timedelta(minutes=90)
    assert BusinessHours().is_open(start)


def test_midnight_to_midnight_is_a_whole_day() -> None:
    hours = BusinessHours(zone=MOSCOW, week={day: ((time(0), time(0)),) for day in range(7)})
    assert hours.add(moscow("2026-11-23 23:00"), 120) == moscow("2026-11-24 01:00")
    assert hours.is_open(moscow("2026-11-24 00:00"))


def test_a_shift_over_the_change_of_the_clock_is_an_hour_shorter_or_longer() -> None:
    # 22:00 to 06:00 is eight hours, seven when the clock jumps ahead, nine when it falls back.
    spring, autumn = "2026-03-28", "2026-10-24"
    assert NIGHTS.add(berlin(f"{spring} 22:00"), 7 * 60) == berlin("2026-03-29 06:00")
    assert NIGHTS.add(berlin(f"{autumn} 22:00"), 9 * 60) == berlin("2026-10-25 06:00")
    assert NIGHTS.add(berlin("2026-11-23 22:00"), 8 * 60) == berlin("2026-11-24 06:00")


def test_hours_that_the_change_of_the_clock_swallows_are_no_open_time() -> None:
    # On 2026-03-29 there is no 02:30 in Berlin: the interval 02:30-03:00 does not happen.
    start = berlin("2026-03-29 00:00")
    assert ODD.add(start, 60) == berlin("2026-03-29 13:00")
    assert not ODD.is_open(start + timedelta(hours=1, minutes=30))


def test_a_business_that_never_opens_still_has_deadlines() -> None:
    start = moscow("2026-06-10 12:00")
    assert SHUT.add(start, 60) == start + timedelta(hours=1)


def test_much_business_time_in_rare_hours_is_found() -> None:
    # Ten Mondays of one hour each, further away than the horizon of a long closure.
    assert RARE.add(moscow("2026-11-23 09:00"), 600) == moscow("2027-01-25 10:00")


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(st.sampled_from(ALL), MOMENTS, st.integers(0, 3000), st.integers(0, 3000))
def test_more_time_is_never_earlier(
    hours: BusinessHours, start: datetime, minutes: int, more: int
) -> None:
    assert start <= hours.add(start, minutes) <= hours.add(start, minutes + more)


@given(st.sampled_from(ALL), MOMENTS, st.integers(0, 20_000), st.integers(1, 3000))
def test_who_came_later_is_never_due_earlier(
    hours: BusinessHours, start: datetime, later: int, minutes: int
) -> None:
    assert hours.add(start, minutes) <= hours.add(start + timedelta(minutes=later), minutes)


@given(st.sampled_from([CAFE, BAR, NIGHTS, ODD]), MOMENTS, st.integers(1, 3000))
def test_a_deadline_falls_into_open_hours(
    hours: BusinessHours, start: datetime, minutes: int
) -> None:
    assert hours.is_open(hours.add(start, minutes) - timedelta(microseconds=1))


def test_amber_and_red_count_from_the_same_moment() -> None:
    due = deadline(CAFE, Limit(amber=60, red=120), moscow("2026-11-23 19:30"))
    assert due.amber == moscow("2026-11-23 20:30")
    assert due.red == moscow("2026-11-24 09:30")
