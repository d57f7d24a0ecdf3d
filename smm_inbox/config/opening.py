"""The ``[hours]`` table: opening hours and holidays as people write them."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from datetime import date, datetime, time

from smm_inbox.domain.hours import BusinessHours, Interval
from smm_inbox.locale import tr

from .problems import nearest
from .table import Table

_DAYS = {
    word: number
    for words in (
        "mon tue wed thu fri sat sun",
        "monday tuesday wednesday thursday friday saturday sunday",
        "пн вт ср чт пт сб вс",
        "понедельник вторник среда четверг пятница суббота воскресенье",
    )
    for number, word in enumerate(words.split())
}
_CLOSED = {"", "closed", "-", "выходной", "закрыто"}
_INTERVAL = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?")
_DASH = re.compile(r"\s*[-–—]\s*")
_WEEK_MINUTES = 7 * 24 * 60
_ALL_DAY: tuple[Interval, ...] = ((time(0), time(0)),)


def read_hours(top: Table) -> BusinessHours:
    """Business hours out of ``timezone`` and ``[hours]``; none given means round the clock."""
    zone = _zone(top)
    table = top.table("hours")
    holidays = _holidays(table)
    week: dict[int, tuple[Interval, ...]] = {}
    for key, value in table.rest():
        days = _days(table, key)
        intervals = _intervals(table, key, value)
        if days is None or intervals is None:
            continue
        if twice := [day for day in days if day in week]:
            table.findings.add(
                table.at(key),
                found=tr("{day} is set already by another line").format(day=_name(key, twice[0])),
            )
            continue
        week.update(dict.fromkeys(days, intervals))
    if _overlaps(week):
        table.findings.add(table.path, found=tr("some opening times overlap"))
    if holidays and not week:
        week = dict.fromkeys(range(7), _ALL_DAY)
    return BusinessHours(zone=zone, week=week, holidays=holidays)


def _zone(top: Table) -> zoneinfo.ZoneInfo:
    default = BusinessHours().zone
    name = top.text("timezone")
    if not name:
        return default
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        # OSError: the name of a folder of the database, such as "Europe".
        hint = nearest(name, sorted(zoneinfo.available_timezones()))
        top.bad("timezone", name, tr("a time zone such as Europe/Moscow"), hint)
        return default


def _days(table: Table, key: str) -> list[int] | None:
    days: list[int] = []
    for part in key.lower().split(","):
        ends = [_DAYS.get(word) for word in _DASH.split(part.strip())]
        if len(ends) > 2 or None in ends:
            table.findings.add(
                table.at(key),
                expected=tr('days such as mon-fri, "sat,sun" or holidays'),
                found=tr("a key that is not known"),
                hint=nearest(key, [*_DAYS, "holidays"]) if part == key.lower() else "",
            )
            return None
        first, last = ends[0] or 0, ends[-1] or 0
        # "sat-mon" goes round the end of the week.
        days.extend((first + step) % 7 for step in range((last - first) % 7 + 1))
    return days


def _intervals(table: Table, key: str, value: object) -> tuple[Interval, ...] | None:
    expected = tr('opening times such as "09:00-13:00, 14:00-21:00" or "closed"')
    if not isinstance(value, str):
        table.wrong(key, value, expected)
        return None
    if value.strip().lower() in _CLOSED:
        return ()
    intervals: list[Interval] = []
    for part in value.split(","):
        interval = _interval(part.strip())
        if interval is None:
            table.bad(key, value, expected)
            return None
        intervals.append(interval)
    return tuple(sorted(intervals))


def _interval(text: str) -> Interval | None:
    found = _INTERVAL.fullmatch(text)
    if not found:
        return None
    opens, closes = (
        int(hour) * 60 + int(minute or 0) for hour, minute in (found.group(1, 2), found.group(3, 4))
    )
    whole = all(int(minute or 0) < 60 for minute in found.group(2, 4))
    if not whole or opens >= 1440 or closes > 1440 or opens == closes:
        return None
    return time(*divmod(opens, 60)), time(*divmod(closes % 1440, 60))


def _overlaps(week: dict[int, tuple[Interval, ...]]) -> bool:
    spans = sorted(_spans(week))
    if not spans:
        return False
    following = [*spans[1:], (spans[0][0] + _WEEK_MINUTES, 0)]
    return any(end > start for (_, end), (start, _) in zip(spans, following, strict=True))


def _spans(week: dict[int, tuple[Interval, ...]]) -> Iterator[tuple[int, int]]:
    for day, intervals in week.items():
        for opens, closes in intervals:
            start = day * 1440 + opens.hour * 60 + opens.minute
            end = day * 1440 + closes.hour * 60 + closes.minute
            yield start, end if closes > opens else end + 1440


def _holidays(table: Table) -> frozenset[date]:
    value = table.get("holidays")
    expected = tr('a list of days such as ["2026-12-31", "2027-01-01"]')
    if value is None:
        return frozenset()
    if not isinstance(value, list):
        table.wrong("holidays", value, expected)
        return frozenset()
    days: set[date] = set()
    for item in value:
        day = _day(item)
        if day is None:
            table.bad("holidays", item, expected)
        else:
            days.add(day)
    return frozenset(days)


def _day(item: object) -> date | None:
    if isinstance(item, datetime):
        return None
    if isinstance(item, date):
        return item
    if isinstance(item, str):
        for shape in ("%Y-%m-%d", "%d.%m.%Y"):
            try:
                return datetime.strptime(item.strip(), shape).date()  # noqa: DTZ007 - a day, no time
            except ValueError:
                continue
    return None


def _name(key: str, day: int) -> str:
    russian = re.search(r"[а-я]", key.lower())
    words = list(_DAYS)
    return words[14 + day] if russian else words[day]
