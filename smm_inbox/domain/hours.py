"""Business hours and reply deadlines, in business time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Interval = tuple[time, time]
"""Opening and closing time of one stretch of a day; a closing time of 00:00 means midnight."""

_HORIZON_DAYS = 60
# Without an open hour in this many days the rest counts as round the clock: a deadline that never
# comes would hide a waiting customer.


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """When the business is open. An empty ``week`` means round the clock."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Moscow"))
    week: dict[int, tuple[Interval, ...]] = field(default_factory=dict)
    """Weekday (Monday is 0) to its intervals, sorted and not overlapping; may run past midnight."""
    holidays: frozenset[date] = frozenset()

    def add(self, start: datetime, minutes: int) -> datetime:
        """Return the moment when ``minutes`` of business time have passed since ``start`` (UTC)."""
        left = timedelta(minutes=minutes)
        if not self.week:
            return start + left
        moment = start
        for opened, closed in self._intervals(start):
            if closed <= moment:
                continue
            if opened - moment > timedelta(days=_HORIZON_DAYS):
                break
            moment = max(moment, opened)
            room = closed - moment
            if left <= room:
                return moment + left
            left -= room
            moment = closed
        return moment + left

    def is_open(self, moment: datetime) -> bool:
        """Whether the business is open at ``moment``."""
        if not self.week:
            return True
        local_day = moment.astimezone(self.zone).date()
        return any(
            opened <= moment < closed
            for day in (local_day - timedelta(days=1), local_day)
            for opened, closed in self._day(day)
        )

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """When a day opens and closes (UTC); a day off counts as 9:00 to 21:00."""
        spans = self._day(day)
        if spans:
            return spans[0][0], spans[-1][1]
        return self._utc(day, time(9)), self._utc(day, time(21))

    def end_of_day(self, now: datetime) -> datetime:
        """The end of the business day at ``now``, or of the next one when it is over."""
        day = now.astimezone(self.zone).date()
        for ahead in range(_HORIZON_DAYS):
            spans = self._day(day + timedelta(days=ahead))
            if self.week and not spans:
                continue
            closed = self.bounds(day + timedelta(days=ahead))[1]
            if closed > now:
                return closed
        return now + timedelta(days=1)

    def _intervals(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open stretches from the day before ``start`` on, until none comes for a long time."""
        day = start.astimezone(self.zone).date() - timedelta(days=1)
        idle = 0
        while idle <= _HORIZON_DAYS + 2:
            spans = self._day(day)
            idle = 0 if spans else idle + 1
            yield from spans
            day += timedelta(days=1)

    def _day(self, day: date) -> list[tuple[datetime, datetime]]:
        if day in self.holidays:
            return []
        spans: list[tuple[datetime, datetime]] = []
        for opens, closes in self.week.get(day.weekday(), ()):
            end_day = day if closes > opens else day + timedelta(days=1)
            opened, closed = self._utc(day, opens), self._utc(end_day, closes)
            if opened < closed:  # the hour that daylight saving skips is no open time
                spans.append((opened, closed))
        return spans

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Limit:
    """Reply limits of one kind of conversation, in minutes of business time."""

    amber: int = 60
    red: int = 120


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a waiting conversation turns amber and red (UTC)."""

    amber: datetime
    red: datetime


def deadline(hours: BusinessHours, limit: Limit, awaiting_since: datetime) -> Deadline:
    """Deadline of a conversation that has been awaiting since ``awaiting_since``."""
    return Deadline(
        amber=hours.add(awaiting_since, limit.amber),
        red=hours.add(awaiting_since, limit.red),
    )
