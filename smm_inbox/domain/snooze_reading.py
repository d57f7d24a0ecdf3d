"""Reads the words of a moment from left to right, one small grammar for two languages."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from .hours import BusinessHours
from .snooze_words import (
    DAY_PARTS,
    DAYS,
    FILLERS,
    HALVES,
    MONTHS,
    NEXT,
    NUMBERS,
    SPANS,
    WEEKDAYS,
    Part,
    Span,
)

T = TypeVar("T")
_MORNING = time(9)
_EVENING = time(18)
_TOKEN = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?P<clock>\d{1,2}:\d{2})"
    r"|(?P<date>\d{1,2}[./]\d{1,2}(?:[./](?:\d{4}|\d{2}))?)(?![\d])"
    r"|(?P<number>\d{1,4}(?:[.,]\d{1,2})?)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<noise>[\s,.!-]+)"
)


def tokens(text: str) -> list[tuple[str, str]]:
    """Kinds and values, without noise and without words that change nothing; [] for a riddle."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return []
        kind, value = match.lastgroup or "", match.group()
        at = match.end()
        if kind != "noise" and not (kind == "word" and value in FILLERS):
            found.append((kind, value))
    return found


class Reading:
    """Reads tokens from left to right; every method takes what it understands, or nothing."""

    def __init__(self, tokens: list[tuple[str, str]], now: datetime, hours: BusinessHours) -> None:
        self._tokens = tokens
        self._now = now
        self._hours = hours
        self._at = 0

    def moment(self, *, of_day: bool) -> datetime | None:
        """The moment the tokens name; ``None`` when anything is left over.

        ``of_day``: where both are possible, a time of day is meant and no stretch of time.
        """
        ways = (self._at_a_day, self._after) if of_day else (self._after, self._at_a_day)
        for read in ways:
            self._at = 0
            until = read()
            if until is not None and self._at == len(self._tokens):
                return until.astimezone(UTC)
        return None

    # Words

    def _peek(self, kind: str, ahead: int = 0) -> str | None:
        at = self._at + ahead
        if at < len(self._tokens) and self._tokens[at][0] == kind:
            return self._tokens[at][1]
        return None

    def _word(self, table: Mapping[str, T]) -> T | None:
        """Take the next word when it stands in ``table``."""
        word = self._peek("word")
        if word is None or word not in table:
            return None
        self._at += 1
        return table[word]

    # A stretch of time from now

    def _after(self) -> datetime | None:
        """``2ч``, ``1 час 30 минут``, ``полчаса``, ``через неделю``."""
        total, days, months = timedelta(), 0, 0
        seen: set[Span] = set()
        while self._at < len(self._tokens):
            count, span = self._stretch(last=seen)
            if span is None or span in seen:
                return None
            seen.add(span)
            if span is Span.MONTH:
                months += int(count)
            elif span in {Span.DAY, Span.WEEK}:
                days += int(count * (7 if span is Span.WEEK else 1))
            else:
                total += timedelta(minutes=count * (60 if span is Span.HOUR else 1))
        if not seen:
            return None
        if not days and not months:
            return self._now.astimezone(UTC) + total
        day = _add_months(self._now.date(), months) + timedelta(days=days)
        moment = self._local(day, self._now.time().replace(second=0, microsecond=0))
        if total or self._hours.is_open(moment):
            return moment + total
        return self._opening(day)

    def _stretch(self, last: set[Span]) -> tuple[float, Span | None]:
        """A count and its unit; minutes may follow hours without their own: ``1ч30``."""
        half = self._word(HALVES)
        if half is not None:
            count, unit = half
            return count, unit or self._word(SPANS)
        number = self._peek("number") or self._dotted()
        if number is not None:
            self._at += 1
            span = self._word(SPANS)
            if span is None and last == {Span.HOUR} and number.isdigit() and int(number) < 60:
                return float(number), Span.MINUTE
            return float(number.replace(",", ".")), span
        counted = self._word(NUMBERS)
        if counted is None and last:
            return 0, None  # «2 часа дня» is no day and two hours
        return counted or 1, self._word(SPANS)

    def _dotted(self) -> str | None:
        """``1.5`` before a unit is a number, not the first of May."""
        value = self._peek("date")
        unit = self._peek("word", 1)
        if value is None or unit not in SPANS or value.count(".") != 1 or "/" in value:
            return None
        return value

    # A day, a time, or both

    def _at_a_day(self) -> datetime | None:
        part = self._part()
        at = self._time(bare=False) if part is None else None
        day = self._day()
        if part is None:
            part = self._part()
        if at is None:
            at = self._time(bare=True)
        if part is None:
            part = self._part()
        if at is not None and part is not None:
            at = _in_part(at, part)
        if day is None:
            day = self._day()
        if day is None:
            return self._next(at, part)
        return self._on(day, at, part)

    def _next(self, at: time | None, part: Part | None) -> datetime | None:
        """A time without a day: the next one."""
        if at is None and part is None:
            return None
        for ahead in (0, 1):
            day = self._now.date() + timedelta(days=ahead)
            moment = self._local(day, at) if at is not None else self._in(day, part)
            if moment > self._now:
                return moment
        return None

    def _on(self, day: _Day, at: time | None, part: Part | None) -> datetime:
        def moment(date_: date) -> datetime:
            if at is not None:
                return self._local(date_, at)
            return self._opening(date_) if part is None else self._in(date_, part)

        found = moment(day.first)
        if found > self._now or day.again is None:
            return found
        return moment(day.again)

    def _day(self) -> _Day | None:
        today = self._now.date()
        if self._word(NEXT):
            return self._next_one()
        named = self._word(DAYS)
        if named is not None:
            return _Day(today + timedelta(days=named))
        weekday = self._word(WEEKDAYS)
        if weekday is not None:
            ahead = (weekday - today.weekday()) % 7
            first = today + timedelta(days=ahead)
            return _Day(first, first + timedelta(days=7))
        return self._days_ahead() or self._dated()

    def _days_ahead(self) -> _Day | None:
        """``через 2 дня`` before a time."""
        start = self._at
        count, span = self._stretch(last=set())
        today = self._now.date()
        if span in {Span.DAY, Span.WEEK}:
            return _Day(today + timedelta(days=int(count * (7 if span is Span.WEEK else 1))))
        if span is Span.MONTH:
            return _Day(_add_months(today, int(count)))
        self._at = start
        return None

    def _next_one(self) -> _Day | None:
        """``следующий пн``, ``next week``: days of the week after this one."""
        today = self._now.date()
        monday = today + timedelta(days=7 - today.weekday())
        weekday = self._word(WEEKDAYS)
        if weekday is not None:
            return _Day(monday + timedelta(days=weekday))
        span = self._word(SPANS)
        if span is Span.WEEK:
            return _Day(monday)
        if span is Span.MONTH:
            return _Day(_add_months(today.replace(day=1), 1))
        return _Day(today + timedelta(days=1)) if span is Span.DAY else None

    def _dated(self) -> _Day | None:
        today = self._now.date()
        if (iso := self._peek("iso")) is not None:
            self._at += 1
            year, month, day = (int(one) for one in iso.split("-"))
            return _Day(date(year, month, day))
        if (dotted := self._peek("date")) is not None:
            first, second, *rest = (int(one) for one in re.split(r"[./]", dotted))
            if second > 12 or not 1 <= first <= 31:
                return None
            self._at += 1
            if rest:
                return _Day(date(rest[0] + (2000 if rest[0] < 100 else 0), second, first))
            return _yearly(today, second, first)
        return self._worded(today)

    def _worded(self, today: date) -> _Day | None:
        """``15 декабря``, ``dec 15``, ``15 числа``."""
        month = self._word(MONTHS)
        number = self._peek("number")
        if number is None or not number.isdigit() or not 1 <= int(number) <= 31:
            return None
        after = self._peek("word", 1)
        if month is None and after in MONTHS:
            month = MONTHS[after]
            self._at += 2
        elif month is None and after in {"числа", "го", "е", "th", "st", "nd", "rd"}:
            self._at += 2
            return _monthly(today, int(number))
        elif month is None:
            return None
        else:
            self._at += 1
        year = self._peek("number")
        if year is not None and len(year) == 4:
            self._at += 1
            return _Day(date(int(year), month, int(number)))
        return _yearly(today, month, int(number))

    def _time(self, *, bare: bool) -> time | None:
        """``14:00``, ``9am``, ``10 утра``, behind a day also ``10`` and ``10.30``."""
        if (clock := self._peek("clock")) is not None:
            self._at += 1
            hour, minute = (int(one) for one in clock.split(":"))
            return self._noon(time(hour, minute))
        if bare and (dotted := self._peek("date")) is not None and len(dotted) <= 5:
            hour, minute = (int(one) for one in re.split(r"[./]", dotted))
            if hour < 24 and minute < 60:
                self._at += 1
                return time(hour, minute)
        number = self._peek("number")
        if number is None:
            return None
        unit = self._peek("word", 1)
        if re.fullmatch(r"\d{1,2}\.\d{2}", number) and bare:
            hour, minute = (int(one) for one in number.split("."))
        elif number.isdigit() and (bare or unit in {"am", "pm"}):
            hour, minute = int(number), 0
            if len(number) in {3, 4}:
                hour, minute = divmod(int(number), 100)
        else:
            return None
        if hour > 23 or minute > 59:
            return None
        self._at += 1
        if self._peek("word") in {"час", "часа", "часов", "ч", "oclock"}:
            self._at += 1
        return self._noon(time(hour, minute))

    def _noon(self, at: time) -> time | None:
        """``am`` and ``pm`` behind a time."""
        half = self._peek("word")
        if half not in {"am", "pm"}:
            return at
        if not 1 <= at.hour <= 12:
            return None
        self._at += 1
        return at.replace(hour=at.hour % 12 + (12 if half == "pm" else 0))

    def _part(self) -> Part | None:
        return self._word(DAY_PARTS)

    # Moments

    def _local(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self._hours.zone)

    def _opening(self, day: date) -> datetime:
        spans = self._hours.week.get(day.weekday(), ()) if day not in self._hours.holidays else ()
        return self._local(day, spans[0][0] if spans else _MORNING)

    def _closing(self, day: date) -> datetime:
        spans = self._hours.week.get(day.weekday(), ()) if day not in self._hours.holidays else ()
        if not spans:
            return self._local(day, _EVENING)
        opens, closes = spans[-1]
        return self._local(day if closes > opens else day + timedelta(days=1), closes)

    def _in(self, day: date, part: Part | None) -> datetime:
        if part is Part.CLOSING:
            return self._closing(day)
        at = {Part.NOON: 12, Part.DAY: 14, Part.EVENING: 18, Part.NIGHT: 21}.get(part or Part.DAY)
        return self._opening(day) if at is None else self._local(day, time(at))


@dataclass(frozen=True, slots=True)
class _Day:
    """A day, and the one meant when the first has no such moment left."""

    first: date
    again: date | None = None


def _in_part(at: time, part: Part) -> time | None:
    """``6 вечера`` is 18:00; ``10 утра`` stays."""
    if part in {Part.EVENING, Part.DAY, Part.NIGHT} and 1 <= at.hour < 12:
        late = part is Part.NIGHT and at.hour < 6
        return at if late else at.replace(hour=at.hour + 12)
    return at


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _yearly(today: date, month: int, day: int) -> _Day:
    """A day without a year: this year's, later the next one's; 29 February when there is one."""
    years = [
        date(year, month, day)
        for year in range(today.year, today.year + 9)
        if day <= monthrange(year, month)[1]
    ]
    coming = [one for one in years if one >= today]
    if not coming:
        raise ValueError("no such day")
    return _Day(coming[0], coming[1] if len(coming) > 1 else None)


def _monthly(today: date, day: int) -> _Day:
    """The next day of that number."""
    first = today.replace(day=1)
    months = [_add_months(first, ahead) for ahead in range(4)]
    coming = [
        one.replace(day=day)
        for one in months
        if day <= monthrange(one.year, one.month)[1] and one.replace(day=day) >= today
    ]
    return _Day(coming[0], coming[1])
