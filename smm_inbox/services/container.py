"""All services over one database: what the screen and the command line are given."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Collection

from smm_inbox.config.model import Settings
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId
from smm_inbox.storage.database import Database
from smm_inbox.storage.standing import left_on_the_wire, on_duty, snoozed_until_min
from smm_inbox.storage.times import to_us

from .accounts import FactoryOf
from .desk import Desk
from .tasks import TaskSet

_log = logging.getLogger(__name__)

_STOP_WITHIN = 3.0
_LONGEST_NAP = 60.0


class Services(Desk):
    """The whole inbox without a screen: prepared before the first frame, started after it."""

    def __init__(
        self, settings: Settings, db: Database, clock: Clock, factory_of: FactoryOf
    ) -> None:
        super().__init__(settings, db, clock, factory_of)
        self._tasks = TaskSet()
        self._deadlines_hold = True

    async def prepare(self) -> None:
        """What must be true before the first frame: identities, deadlines, leftovers of a crash."""
        await self.accounts.load()
        self._deadlines_hold = await self.deadlines.apply(self.db)
        self.duty.takes(await on_duty(self.db))
        if await left_on_the_wire(self.db):
            await self.outbox.recover()

    async def start(self, only: Collection[AccountId] | None = None) -> None:
        """Begin to read and to deliver; ``only`` limits it to some accounts."""
        self.accounts.learn_shorts()
        self.sync.start(only)
        self.outbox.start()
        self.search.start()
        self._tasks.spawn(self._wake_snoozed(), "snooze")
        self._tasks.spawn(self._remind(), "promises")
        if not self._deadlines_hold:
            self._tasks.spawn(self.deadlines.catch_up(self.db, self.bus), "deadlines")

    async def stop(self) -> None:
        """End everything in order: outbox, sync, channels. At most three seconds."""
        made = vars(self)
        try:
            async with asyncio.timeout(_STOP_WITHIN):
                await self._tasks.stop(0.5)
                for part in ("courtesy", "outbox", "sync", "search"):
                    if part in made:
                        await made[part].stop()
                await self.accounts.close()
        except TimeoutError:
            _log.warning("stopping took too long; the rest is looked at on the next start")

    async def _wake_snoozed(self) -> None:
        snoozed = self.triage.snoozed
        while True:
            until: int | None = None
            snoozed.clear()
            try:
                until = await snoozed_until_min(self.db)
                if until is not None and until <= to_us(self.clock.now()):
                    await self.triage.wake()
            except InboxError as error:
                _log.warning("snoozed conversations cannot be brought back yet: %s", error)
            await _either(snoozed, until, to_us(self.clock.now()))

    async def _remind(self) -> None:
        given = self.promises.given
        while True:
            until: int | None = None
            given.clear()
            try:
                until = await self.promises.next_reminder()
                if until is not None and until <= to_us(self.clock.now()):
                    await self.promises.remind()
            except InboxError as error:
                _log.warning("promises cannot be looked at yet: %s", error)
            await _either(given, until, to_us(self.clock.now()))


async def _either(news: asyncio.Event, until: int | None, now: int) -> None:
    """Sleep until something is due, or until there is more to wait for."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_nap(until, now)):
            await news.wait()


def _nap(until: int | None, now: int) -> float:
    """Seconds until the next of them is due; never long: the clock of a laptop may jump."""
    if until is None:
        return _LONGEST_NAP
    return min(max((until - now) / 1_000_000, 0.1), _LONGEST_NAP)
