"""When what is asked: loops as data, stretched by what the headers tell and by how busy it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Loop(StrEnum):
    """What is asked again and again."""

    DIRECT = "direct"
    COMMENTS = "comments"
    OLDER = "older"
    TAGS = "tags"
    FULL = "full"
    TOKEN = "token"  # noqa: S105 - the name of a loop


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Pauses between two rounds of a loop."""

    period: timedelta
    busy: timedelta | None = None
    """While a private talk is going on."""
    idle: timedelta | None = None
    """When nothing has come for long."""


RHYTHMS: dict[Loop, Rhythm] = {
    Loop.DIRECT: Rhythm(
        timedelta(seconds=30), busy=timedelta(seconds=20), idle=timedelta(seconds=60)
    ),
    Loop.COMMENTS: Rhythm(timedelta(minutes=2), idle=timedelta(minutes=4)),
    Loop.OLDER: Rhythm(timedelta(minutes=15)),
    Loop.TAGS: Rhythm(timedelta(minutes=15)),
    Loop.FULL: Rhythm(timedelta(days=1)),
    Loop.TOKEN: Rhythm(timedelta(hours=1)),
}
"""About 170 calls an hour in all."""

STRETCH: tuple[tuple[int, int], ...] = ((75, 4), (50, 2))
"""From so many per cent of the allowance on, pauses are so many times longer."""
ONLY_DIRECT = 90
"""From so many per cent on only private messages are read."""
_DAILY = frozenset({Loop.FULL, Loop.TOKEN})
TALK = timedelta(minutes=5)
QUIET = timedelta(hours=1)
_SPARE = 40
"""Calls of the hour that quick rounds leave alone."""


class Schedule:
    """Knows when each loop is due."""

    def __init__(self, now: datetime, *, scale: float = 1.0) -> None:
        self._scale = scale
        """Makes the frequent loops slower or, for an account with a larger allowance, faster."""
        self._next: dict[Loop, datetime] = dict.fromkeys(Loop, now)
        self._last_news = now

    def news(self, now: datetime) -> None:
        """A private message came or went."""
        self._last_news = now

    def done(self, loop: Loop, now: datetime, *, percent: int, room: int) -> None:
        """A round of ``loop`` is over: the next one comes a period later, never sooner.

        Counted from now and not from when it was due: after a night's sleep there is one round.
        """
        self._next[loop] = now + self.period(loop, now, percent=percent, room=room)

    def postpone(self, loop: Loop, until: datetime) -> None:
        """Nothing of ``loop`` before a moment."""
        self._next[loop] = until

    def at(self, loop: Loop) -> datetime:
        """When a loop is due."""
        return self._next[loop]

    def period(self, loop: Loop, now: datetime, *, percent: int, room: int) -> timedelta:
        """Pause between two rounds now."""
        rhythm = RHYTHMS[loop]
        chosen = rhythm.period
        since = now - self._last_news
        if rhythm.busy is not None and since < TALK and room > _SPARE:
            chosen = rhythm.busy
        elif rhythm.idle is not None and (since > QUIET or room <= _SPARE // 2):
            chosen = rhythm.idle
        factor = next((times for limit, times in STRETCH if percent >= limit), 1)
        return chosen * factor * (1.0 if loop in _DAILY else self._scale)

    def due(self, now: datetime, *, percent: int) -> list[Loop]:
        """Loops whose time has come, in the order of their weight."""
        for loop, moment in self._next.items():
            if moment - now > RHYTHMS[loop].period * 8 * max(
                1.0, self._scale
            ):  # the clock was set back
                self._next[loop] = now
        found = [loop for loop in Loop if self._next[loop] <= now]
        if percent >= ONLY_DIRECT:
            found = [loop for loop in found if loop in {Loop.DIRECT, Loop.TOKEN}]
        return found

    def wait(self, now: datetime, *, percent: int) -> timedelta:
        """How long until something is due."""
        loops = [Loop.DIRECT, Loop.TOKEN] if percent >= ONLY_DIRECT else list(Loop)
        return max(timedelta(), min(self._next[loop] for loop in loops) - now)
