"""A due time at the end of a line: ``до пт``, ``к завтра 12:00``, ``через 2 часа``, ``by fri``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from .hours import BusinessHours

_DAYS = {
    0: "пн понедельник понедельника понедельнику mon monday",
    1: "вт вторник вторника вторнику tue tuesday",
    2: "ср среда среды среду среде wed wednesday",
    3: "чт четверг четверга четвергу thu thursday",
    4: "пт пятница пятницы пятницу пятнице fri friday",
    5: "сб суббота субботы субботу субботе sat saturday",
    6: "вс воскресенье воскресенья воскресенью sun sunday",
}
_WEEKDAYS = {word: day for day, words in _DAYS.items() for word in words.split()}
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "января янв january jan",
            "февраля фев february feb",
            "марта мар march mar",
            "апреля апр april apr",
            "мая may",
            "июня июн june jun",
            "июля июл july jul",
            "августа авг august aug",
            "сентября сен сент september sep",
            "октября окт october oct",
            "ноября ноя november nov",
            "декабря дек december dec",
        ),
        start=1,
    )
    for word in words.split()
}
_NEAR = {
    **dict.fromkeys(("сегодня", "today", "вечера", "вечеру", "tonight", "конца дня"), 0),
    **dict.fromkeys(("завтра", "tomorrow"), 1),
    **dict.fromkeys(("послезавтра",), 2),
}
_UNITS = {
    "minutes": r"мин(?:ут[уы]?)?|m|min|mins|minutes?",
    "hours": r"ч|час(?:а|ов)?|h|hours?",
    "days": r"д|дн(?:я|ей)|день|days?",
    "weeks": r"нед(?:ел[юиь])?|weeks?",
}
_LEAD = r"(?:не\s+позже|до|ко?|by|until|till|before)"
_TIME = (
    r"(?P<hour>[01]?\d|2[0-4])(?:[:.](?P<minute>[0-5]\d))?"
    r"\s*(?P<half>ч(?:ас(?:а|ов)?)?|утра|дня|вечера|am|pm)?"
)
_TIME_END = re.compile(rf"(?:(?:\bв|\bat)?\s*\b{_TIME})$", re.IGNORECASE)
_UNIT = "|".join(f"(?P<{name}>{forms})" for name, forms in _UNITS.items())
_IN = re.compile(rf"\b(?:через|in)\s+(?:(?P<count>\d{{1,3}})\s*)?(?:{_UNIT})$", re.IGNORECASE)
_DATE = (
    r"(?P<day>[0-3]?\d)"
    r"(?:[./](?P<month>[01]?\d)(?:[./](?P<year>20\d\d|\d\d))?|\s+(?P<word>[а-яa-z]+))"
)
_PHRASE = re.compile(rf"\b{_LEAD}\s+(?P<when>[\w:./ -]{{1,40}})$", re.IGNORECASE)
_END_OF_DAY = time(18)


@dataclass(frozen=True, slots=True)
class Due:
    """A due time and where in the line its words begin."""

    at: datetime
    """Aware."""
    start: int


def due_at_end(line: str, now: datetime, hours: BusinessHours) -> Due | None:
    """The due time ``line`` ends with.

    A day without a time means the close of business on it; a time that has passed today means
    tomorrow. Only the end of the line is looked at: "обещали до пт, не сделали" is a complaint.
    """
    text = line.rstrip(" .,;!")
    local = now.astimezone(hours.zone)
    if span := _IN.search(text):
        return _relative(span, now, hours, local)
    # The shortest phrase that says something: in "доехал до нас до пт" the last "до" counts.
    best: Due | None = None
    at = 0
    while phrase := _PHRASE.search(text, at):
        at = phrase.start() + 1
        if (moment := _moment(phrase["when"].strip().casefold(), local, hours)) is not None:
            best = Due(moment, phrase.start())
    return best


def _relative(
    span: re.Match[str], now: datetime, hours: BusinessHours, local: datetime
) -> Due | None:
    count = int(span["count"]) if span["count"] else 1
    unit = next(name for name in _UNITS if span[name] is not None)
    if unit in {"minutes", "hours"}:
        return Due(now + timedelta(**{unit: count}), span.start())
    if not span["count"] and span[unit] in {"m", "h", "д", "ч"}:
        return None
    day = local.date() + timedelta(**{unit: count})
    return Due(_close(day, local, hours), span.start())


def _moment(when: str, local: datetime, hours: BusinessHours) -> datetime | None:
    """The moment some words name, all of them."""
    if (day := _day(when, local)) is not None:
        return _close(day, local, hours)
    clock = _TIME_END.search(when)
    if clock is None:
        return None
    before = when[: clock.start()].rstrip(" ,")
    if not before and clock["minute"] is None and clock["half"] is None and len(when) < 2:
        return None  # "до 5": of what?
    moment = _clock(clock)
    if moment is None:
        return None
    wanted = local.date() if not before else _day(before, local)
    if wanted is None:
        return None
    found = datetime.combine(wanted, moment, tzinfo=local.tzinfo)
    if not before and found <= local:
        found += timedelta(days=1)
    return found if found > local else None


def _clock(found: re.Match[str]) -> time | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "").casefold()
    if half in {"вечера", "дня", "pm"} and hour < 12:
        hour += 12
    if half in {"утра", "am"} and hour == 12:
        hour = 0
    if hour == 24:
        return time(23, 59) if not minute else None
    return time(hour, minute) if hour < 24 else None


def _day(words: str, local: datetime) -> date | None:
    today = local.date()
    if words in _NEAR:
        return today + timedelta(days=_NEAR[words])
    if words in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS[words] - today.weekday()) % 7)
    found = re.fullmatch(_DATE, words)
    if found is None:
        return None
    month = int(found["month"]) if found["month"] else _MONTHS.get(found["word"] or "", 0)
    year = int(found["year"]) if found["year"] else today.year
    try:
        wanted = date(year + 2000 if year < 100 else year, month, int(found["day"]))
        if not found["year"] and wanted < today:
            wanted = wanted.replace(year=wanted.year + 1)
    except ValueError:
        return None
    return wanted if wanted >= today else None


def _close(day: date, local: datetime, hours: BusinessHours) -> datetime:
    spans = () if day in hours.holidays else hours.week.get(day.weekday(), ())
    closes = spans[-1][1] if spans else _END_OF_DAY
    if closes == time(0) or (spans and closes <= spans[-1][0]):
        closes = time(23, 59)
    found = datetime.combine(day, closes, tzinfo=local.tzinfo)
    return found if found > local else datetime.combine(day, time(23, 59), tzinfo=local.tzinfo)
