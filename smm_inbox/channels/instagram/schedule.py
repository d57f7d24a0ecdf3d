"""When what is asked: loops as data, paced by the operator's attention and by what headers tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from smm_inbox.domain.channel import Attention


class Loop(StrEnum):
    """What is asked again and again."""

    DIRECT = "direct"
    COMMENTS = "comments"
    OLDER = "older"
    TAGS = "tags"
    FULL = "full"
    TOKEN = "token"  # noqa: S105 - the name of a loop


class Pace(StrEnum):
    """How eagerly is asked."""

    BUSY = "busy"
    USUAL = "usual"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Pauses between two rounds of a loop; without one of its own a pace is the usual one."""

    period: timedelta
    busy: timedelta | None = None
    idle: timedelta | None = None

    def at(self, pace: Pace) -> timedelta:
        """The pause at a pace."""
        own = {Pace.BUSY: self.busy, Pace.IDLE: self.idle}.get(pace)
        return self.period if own is None else own


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

PACES: dict[Attention, tuple[Pace, Pace, Pace]] = {
    Attention.NOBODY: (Pace.BUSY, Pace.USUAL, Pace.IDLE),
    Attention.AWAY: (Pace.USUAL, Pace.IDLE, Pace.IDLE),
    Attention.HERE: (Pace.BUSY, Pace.USUAL, Pace.USUAL),
    Attention.TALKING: (Pace.BUSY, Pace.BUSY, Pace.BUSY),
}
"""While a private talk goes on, some time after it, and when it has been quiet for long."""

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
        self._done: dict[Loop, datetime] = {}
        self._last_news = now
        self._attention = Attention.NOBODY

    def news(self, now: datetime) -> None:
        """A private message came or went."""
        self._last_news = now

    def done(self, loop: Loop, now: datetime, *, percent: int, room: int) -> None:
        """A round of ``loop`` is over: the next one comes a period later, never sooner.

        Counted from now and not from when it was due: after a night's sleep there is one round.
        """
        self._done[loop] = now
        self._next[loop] = now + self.period(loop, now, percent=percent, room=room)

    def attend(self, attention: Attention, now: datetime, *, percent: int, room: int) -> None:
        """Somebody looks more or less closely: what is due sooner by that is moved up."""
        if attention is self._attention:
            return
        self._attention = attention
        for loop, done in self._done.items():
            if RHYTHMS[loop].busy or RHYTHMS[loop].idle:
                sooner = done + self.period(loop, now, percent=percent, room=room)
                self._next[loop] = min(self._next[loop], sooner)

    def postpone(self, loop: Loop, until: datetime) -> None:
        """Nothing of ``loop`` before a moment."""
        self._next[loop] = until

    def at(self, loop: Loop) -> datetime:
        """When a loop is due."""
        return self._next[loop]

    def period(self, loop: Loop, now: datetime, *, percent: int, room: int) -> timedelta:
        """Pause between two rounds now."""
        chosen = RHYTHMS[loop].at(self._pace(now - self._last_news, room))
        factor = next((times for limit, times in STRETCH if percent >= limit), 1)
        return chosen * factor * (1.0 if loop in _DAILY else self._scale)

    def _pace(self, since: timedelta, room: int) -> Pace:
        talk, later, quiet = PACES[self._attention]
        pace = talk if since < TALK else later if since <= QUIET else quiet
        if room <= _SPARE // 2:
            return Pace.IDLE
        return Pace.USUAL if room <= _SPARE and pace is Pace.BUSY else pace

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
