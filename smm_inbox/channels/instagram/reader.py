"""The stream of batches: one round of everything first, then each loop in its rhythm."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from smm_inbox.domain.errors import RateLimited, Rejected, Retry, Unsupported
from smm_inbox.domain.ids import Cursor
from smm_inbox.domain.message import Batch, WriteAccess

from . import memory, setup, spool
from .account import Account
from .mapping import hooks, raw
from .mapping.harvest import Harvest
from .rounds import Rounds, overlap
from .schedule import Loop, Schedule

_log = logging.getLogger(__name__)

_SHORT = timedelta(seconds=30)
"""A shorter pause that Instagram asks for is waited out here, without losing the connection."""
_LOOK = 3.0
"""Seconds between two looks for webhooks."""
_WEEK = timedelta(days=7)
_OPTIONAL = frozenset({Loop.COMMENTS, Loop.OLDER, Loop.TAGS, Loop.FULL})


@dataclass(frozen=True, slots=True)
class Position:
    """How far an account has been read."""

    generation: str
    at: datetime
    """Private talks that changed before are known."""

    def dump(self) -> Cursor:
        """The position as the opaque text that is stored."""
        # By the minute: a quiet night need not write the disk at every round.
        at = int(self.at.timestamp()) // 60 * 60
        return Cursor(json.dumps({"generation": self.generation, "at": at}))


def load(cursor: Cursor | None) -> Position | None:
    """The position behind a stored cursor; ``None`` when there is none that can be used."""
    try:
        stored = raw.obj(json.loads(cursor or ""))
    except (ValueError, RecursionError):
        return None
    at, generation = raw.moment(stored.get("at")), raw.identifier(stored.get("generation"))
    return Position(generation, at) if at and generation else None


class Reader:
    """Reads one account."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def run(self, cursor: Cursor | None) -> AsyncIterator[Batch]:
        """Yield what happened since ``cursor``, for ever."""
        return _Run(self._account, load(cursor)).batches()


class _Run:
    """One run of the stream, from a stored position on."""

    def __init__(self, account: Account, position: Position | None) -> None:
        self._account = account
        self._folder = account.context.data_dir
        # What the last run read and did not get stored must be read again: from the file anew.
        account.memory = memory.load(self._folder, position.generation if position else "")
        self._position = position or Position(
            account.memory.generation, account.context.backfill_since
        )
        self._rounds = Rounds(account, replayed=position is not None)
        self._schedule = Schedule(self._now, scale=account.scale)
        full = memory.moment(account.memory.full_at) + timedelta(days=1)
        if account.memory.full_at and full > self._now:
            self._schedule.postpone(Loop.FULL, full)

    @property
    def _now(self) -> datetime:
        return self._account.context.clock.now()

    async def batches(self) -> AsyncIterator[Batch]:
        """Everything since the position, for ever."""
        live = False
        while True:
            self._account.api.check_usage()
            self._attend()
            for loop in self._due():
                async for harvest in self._round(loop):
                    self._account.memory.intend(self._folder)
                    # Also the first ones have it: what they bring is missed when it is gone.
                    yield harvest.batch(self._cursor(), caught_up=live)
                    self._stored()
            if self._account.news:
                yield Batch(access=self._news())
            names = spool.waiting(self._folder)
            if names:
                yield self._hooked(names).batch()
                spool.forget(self._folder, names)
            if not live:
                live = True
                yield Batch(cursor=self._cursor(), caught_up=True)
                self._stored()
            await self._sleep(self._rest())

    def _attend(self) -> None:
        """Look sooner, when somebody looks more closely."""
        api = self._account.api
        self._account.attended.clear()
        self._schedule.attend(
            self._account.attention, self._now, percent=api.usage.percent, room=api.room()
        )

    async def _sleep(self, seconds: float) -> None:
        """Rest; broken off when somebody begins or ends to look."""
        resting = asyncio.ensure_future(self._account.api.pause(seconds))
        looking = asyncio.ensure_future(self._account.attended.wait())
        try:
            await asyncio.wait({resting, looking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (resting, looking):
                task.cancel()
            await asyncio.gather(resting, looking, return_exceptions=True)

    def _due(self) -> list[Loop]:
        return self._schedule.due(self._now, percent=self._account.api.usage.percent)

    def _rest(self) -> float:
        wait = self._schedule.wait(self._now, percent=self._account.api.usage.percent)
        seconds = max(wait.total_seconds(), 0.05)
        return min(seconds, _LOOK) if spool.watched(self._folder) else seconds

    async def _round(self, loop: Loop) -> AsyncIterator[Harvest]:
        """One round; what only an optional loop is refused disturbs no other."""
        try:
            async for harvest in self._read(loop):
                yield harvest
        except RateLimited as error:
            wait = error.until - self._now
            if wait > _SHORT:
                raise
            await self._account.api.pause(max(wait.total_seconds(), 0.1))
        except (Rejected, Unsupported) as error:
            if loop not in _OPTIONAL:
                raise
            _log.info("%s cannot be read: %s", loop, error)
            self._account.troubles[loop] = error.sentence
        except Retry as error:
            if loop not in _OPTIONAL:
                raise
            _log.info("%s could not be read this time: %s", loop, error)
        else:
            self._account.troubles.pop(loop, None)
        finally:
            if self._rounds.private_news:
                self._rounds.private_news = False
                self._schedule.news(self._now)
            api = self._account.api
            self._schedule.done(loop, self._now, percent=api.usage.percent, room=api.room())

    async def _read(self, loop: Loop) -> AsyncIterator[Harvest]:
        since = overlap(self._position.at)
        match loop:
            case Loop.DIRECT:
                started = self._account.api.now()
                async for harvest in self._rounds.talks(since):
                    yield harvest
                self._position = Position(self._position.generation, started)
                profiles = await self._rounds.profiles()
                profiles.take(await self._rounds.missing())
                if not profiles.empty:
                    yield profiles
            case Loop.COMMENTS:
                yield await self._rounds.newest_posts(since)
                gone = await self._rounds.missing()
                if not gone.empty:
                    yield gone
            case Loop.OLDER:
                yield await self._rounds.older_posts(since)
            case Loop.TAGS:
                yield await self._rounds.tags(deep=False)
            case Loop.FULL:
                async for harvest in self._full():
                    yield harvest
            case Loop.TOKEN:
                await setup.keep_token(self._account)

    async def _full(self) -> AsyncIterator[Harvest]:
        """Once a day everything: counts may be equal although something changed."""
        first = not self._account.memory.full_at
        since = self._account.context.backfill_since
        yield await self._rounds.all_posts(since)
        yield await self._rounds.tags(deep=True)
        if not first:
            async for harvest in self._rounds.talks(max(since, self._now - _WEEK)):
                yield harvest
        self._account.memory.full_at = memory.seconds(self._now)
        self._account.memory.changed = True

    def _hooked(self, names: list[str]) -> Harvest:
        found = Harvest()
        for name in names:
            payload = spool.read(self._folder, name)
            found.take(hooks.harvest(payload, self._account.lens(), self._account.memory.id_of))
        # Instagram tells little in a hook: the rest comes with a round at once.
        if found.messages or found.edits:
            self._schedule.postpone(Loop.DIRECT, self._now)
        if any(message.place.public for message in found.messages):
            self._schedule.postpone(Loop.COMMENTS, self._now)
        return found

    def _news(self) -> tuple[WriteAccess, ...]:
        news = tuple(self._account.news)
        self._account.news.clear()
        return news

    def _stored(self) -> None:
        """The batch is in the database: what was read may be remembered."""
        if self._account.memory.changed:
            self._account.memory.save(self._folder)

    def _cursor(self) -> Cursor:
        return self._position.dump()
