"""All services over one database: what the screen and the command line are given."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection

from smm_inbox.config.model import Settings
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId
from smm_inbox.storage.database import Database
from smm_inbox.storage.reading import snoozed_until_min
from smm_inbox.storage.rows import to_us

from .accounts import Accounts, FactoryOf
from .bus import Bus
from .courtesy import Courtesy
from .deadlines import Deadlines
from .feed import Feed
from .ingest import Ingest
from .outbox import Outbox
from .replies import Replies
from .sync import Sync
from .tasks import TaskSet
from .triage import Triage
from .undo import Undo

_log = logging.getLogger(__name__)

_STOP_WITHIN = 3.0
_LONGEST_NAP = 60.0


class Services:
    """The engine of the inbox; runs without a screen."""

    def __init__(
        self, settings: Settings, db: Database, clock: Clock, factory_of: FactoryOf
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.db = db
        self.bus = Bus()
        self.undo = Undo()
        self.deadlines = Deadlines(settings)
        self.accounts = Accounts(settings, db, clock, self.bus, factory_of)
        self.ingest = Ingest(db, clock, self.deadlines, self.bus)
        self.feed = Feed(db, clock, self.accounts)
        self.courtesy = Courtesy(self.accounts, clock)
        self.outbox = Outbox(
            db, clock, self.accounts, self.deadlines, self.bus, settings.operator, self.courtesy
        )
        self.replies = Replies(
            settings,
            db,
            clock,
            self.accounts,
            self.deadlines,
            self.bus,
            self.feed,
            self.outbox,
            self.undo,
            self.courtesy,
        )
        self.triage = Triage(db, clock, self.deadlines, self.bus, self.undo, settings.operator)
        self.sync = Sync(db, clock, self.accounts, self.ingest)
        self._tasks = TaskSet()

    async def prepare(self) -> None:
        """What must be true before the first frame: identities, deadlines, leftovers of a crash."""
        await self.accounts.load()
        await self.deadlines.apply(self.db)
        await self.outbox.recover()

    async def start(self, only: Collection[AccountId] | None = None) -> None:
        """Begin to read and to deliver; ``only`` limits it to some accounts."""
        self.accounts.learn_shorts()
        self.sync.start(only)
        self.outbox.start()
        self._tasks.spawn(self._wake_snoozed(), "snooze")

    async def stop(self) -> None:
        """End everything in order: outbox, sync, channels. At most three seconds."""
        try:
            async with asyncio.timeout(_STOP_WITHIN):
                await self._tasks.stop(0.5)
                await self.courtesy.stop()
                await self.outbox.stop()
                await self.sync.stop()
                await self.accounts.close()
        except TimeoutError:
            _log.warning("stopping took too long; the rest is looked at on the next start")

    async def _wake_snoozed(self) -> None:
        while True:
            until: int | None = None
            try:
                until = await snoozed_until_min(self.db)
                if until is not None and until <= to_us(self.clock.now()):
                    await self.triage.wake()
            except InboxError as error:
                _log.warning("snoozed conversations cannot be brought back yet: %s", error)
            await asyncio.sleep(_nap(until, to_us(self.clock.now())))


def _nap(until: int | None, now: int) -> float:
    """Seconds until the next snooze ends; never long, because new snoozes come in meanwhile."""
    if until is None:
        return _LONGEST_NAP
    return min(max((until - now) / 1_000_000, 0.1), _LONGEST_NAP)
