"""Days as the search language names them: «вчера», a weekday, «2 нед», 24.12 or 2026-12-24."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

_DAYS: dict[str, int] = {"сегодня": 0, "today": 0, "вчера": 1, "yesterday": 1, "позавчера": 2}
_WEEKDAYS = (
    ["пн", "вт", "ср", "чт", "пт", "сб", "вс"],
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
)
_WEEKDAY_WORDS = (
    ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"],
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
)
_AGO = re.compile(r"(\d{1,4})\s*(д|дн|дней|день|d|days?|н|нед|недель|w|weeks?|м|мес|m|months?)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_RUSSIAN = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{2}|\d{4}))?")


def day_named(value: str, local: datetime) -> datetime | None:
    """Beginning of the day a folded ``value`` names; ``None`` when it names none.

    A day without its year is never in the future.
    """
    today = datetime.combine(local.date(), time(), local.tzinfo)
    if value in _DAYS:
        return _back(today, _DAYS[value])
    for names in (*_WEEKDAYS, *_WEEKDAY_WORDS):
        if value in names:
            return _back(today, (today.weekday() - names.index(value)) % 7)
    if found := _AGO.fullmatch(value):
        unit = {"н": 7, "w": 7, "м": 30, "m": 30}.get(found[2][0], 1)
        return _back(today, int(found[1]) * unit)
    if found := _ISO.fullmatch(value):
        return _date(today, int(found[1]), int(found[2]), int(found[3] or 1))
    if found := _RUSSIAN.fullmatch(value):
        year = int(found[3]) if found[3] else today.year
        year += 2000 if year < 100 else 0
        day = _date(today, year, int(found[2]), int(found[1]))
        if day is not None and not found[3] and day > today:
            return _date(today, year - 1, int(found[2]), int(found[1]))
        return day
    return None


def _back(today: datetime, days: int) -> datetime | None:
    try:
        return datetime.combine((today - timedelta(days=days)).date(), time(), today.tzinfo)
    except OverflowError:
        return None


def _date(today: datetime, year: int, month: int, day: int) -> datetime | None:
    try:
        found = datetime(year, month, day, tzinfo=today.tzinfo)
        found.timestamp()  # the first and last years have no place in other zones
    except (ValueError, OverflowError):
        return None
    return found
