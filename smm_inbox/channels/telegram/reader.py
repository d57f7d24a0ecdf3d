"""The stream of batches: a look at all chats first, then live updates, and looks in between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from telethon.tl import functions

from smm_inbox.domain.errors import RateLimited
from smm_inbox.domain.ids import Cursor
from smm_inbox.domain.message import Batch

from .account import Account
from .cursor import Position, load
from .digest import Digest
from .directory import Directory
from .failures import Lost, Trouble
from .mapping.harvest import Harvest
from .mapping.updates import has_album
from .sweep import Sweep

_log = logging.getLogger(__name__)

_NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often what is done by itself."""

    probe: timedelta = timedelta(seconds=45)
    """A dead link is noticed after this at the latest; Telethon alone needs two minutes."""
    answer: timedelta = timedelta(seconds=15)
    sweep: timedelta = timedelta(minutes=4)
    soon: timedelta = timedelta(seconds=3)
    """A look that something asked for waits this long, so that several need only one."""
    keep: timedelta = timedelta(seconds=1)
    """Between two times of writing down how far the updates were read."""
    album: timedelta = timedelta(milliseconds=400)
    """The parts of an album come one by one."""


class Reader:
    """Reads one account."""

    def __init__(
        self,
        account: Account,
        *,
        rhythm: Rhythm | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.account = account
        self.rhythm = rhythm or Rhythm()
        self.pause = pause
        self.directory = Directory(account)
        self.digest = Digest(account, self.directory)

    def run(self, cursor: Cursor | None) -> AsyncIterator[Batch]:
        """Yield what happened since ``cursor``, for ever."""
        return _Run(self, load(cursor)).batches()


class _Run:
    """One run of the stream, over one connection."""

    def __init__(self, reader: Reader, position: Position) -> None:
        self._reader = reader
        self._account = reader.account
        self._position = position
        self._account.caught_up = False
        self._thorough = True
        clock = asyncio.get_running_loop().time
        self._clock = clock
        self._sweep_due = clock()
        self._probe_due = clock() + reader.rhythm.probe.total_seconds()
        self._keep_due = _NEVER

    async def batches(self) -> AsyncIterator[Batch]:
        account = self._account
        account.memory.links.update(self._position.links)
        for name in self._position.hidden:
            account.hide(name)
        if account.us.bot:
            # A bot has no list of chats: what it missed comes with the updates, or not at all.
            self._sweep_due = _NEVER
            self._account.caught_up = True
            yield Batch(cursor=self._cursor(), caught_up=True)
        while True:
            await self._check()
            if self._clock() >= self._sweep_due:
                async for batch in self._sweep():
                    yield self._leave(batch)
                    self._stored()
            taken = await self._taken()
            if taken:
                harvest = await self._reader.digest.updates(taken)
                if not harvest.empty:
                    yield self._leave(harvest.batch(caught_up=self._account.caught_up))
                self._stored()
            elif self._clock() >= self._probe_due:
                await self._probe()
                yield Batch(cursor=self._cursor(), caught_up=self._account.caught_up)
            elif self._clock() >= self._keep_due:
                await self._keep()
            else:
                due = min(self._sweep_due, self._probe_due, self._keep_due)
                await account.arrivals.wait(due - self._clock())
            self._heed_gaps()

    def _leave(self, batch: Batch) -> Batch:
        self._account.arrivals.unstored = True
        return batch

    def _stored(self) -> None:
        self._account.arrivals.unstored = False
        if self._keep_due == _NEVER:
            self._keep_due = self._clock() + self._reader.rhythm.keep.total_seconds()

    async def _keep(self) -> None:
        if self._account.wire is not None:
            await self._account.wire.keep()
        self._keep_due = _NEVER

    async def _sweep(self) -> AsyncIterator[Batch]:
        reader, rhythm = self._reader, self._reader.rhythm
        sweep = Sweep(self._account, reader.directory, reader.digest, self._position)
        try:
            async for harvest in sweep.run(thorough=self._thorough):
                yield harvest.batch(self._cursor())
                # What comes meanwhile is not kept waiting behind a long first look.
                live = await self._live()
                if live is not None:
                    yield live.batch()
        except RateLimited as error:
            if not self._account.caught_up:
                _log.info("the first look has to wait: %s", error)
            left = (error.until - self._account.context.clock.now()).total_seconds()
            self._sweep_due = self._clock() + max(1.0, left)
            return
        self._thorough = False
        self._account.caught_up = True
        self._sweep_due = self._clock() + rhythm.sweep.total_seconds()
        yield Batch(cursor=self._cursor(), caught_up=True)

    async def _live(self) -> Harvest | None:
        taken = await self._taken()
        return await self._reader.digest.updates(taken) if taken else None

    async def _taken(self) -> list[object]:
        arrivals = self._account.arrivals
        taken = arrivals.take()
        if taken:
            arrivals.unstored = True
        if has_album(taken):
            await self._reader.pause(self._reader.rhythm.album.total_seconds())
            taken += arrivals.take()
        return taken

    async def _check(self) -> None:
        """Raise when the connection is over; look whether it lives after a call got no answer."""
        wire = self._account.wire
        if wire is None or not wire.alive:
            failure = Lost(Trouble.OFFLINE) if wire is None else wire.why()
            raise self._account.remedy(failure, effect=False)
        if wire.silent:
            wire.silent = False
            await self._probe()

    async def _probe(self) -> None:
        """Look whether the connection lives, and whether an update was lost on it."""
        account = self._account
        state = await account.call(
            functions.updates.GetStateRequest(),
            within=self._reader.rhythm.answer.total_seconds(),
        )
        wire = account.wire
        if wire is not None and wire.is_behind(int(getattr(state, "pts", 0))):
            await account.run(lambda client: client.catch_up())
        self._probe_due = self._clock() + self._reader.rhythm.probe.total_seconds()

    def _heed_gaps(self) -> None:
        arrivals = self._account.arrivals
        if arrivals.gap and not self._account.us.bot:
            arrivals.gap = False
            soon = self._clock() + self._reader.rhythm.soon.total_seconds()
            self._sweep_due = min(self._sweep_due, soon)

    def _cursor(self) -> Cursor:
        memory = self._account.memory
        self._position.links = dict(memory.links)
        self._position.hidden = tuple(memory.hidden.keys())
        return self._position.dump()


__all__ = ["Reader", "Rhythm"]
