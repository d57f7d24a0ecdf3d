"""Reply deadlines from the settings, and their recomputation when the settings change."""

from __future__ import annotations

import asyncio
from datetime import datetime

from smm_inbox.config.model import Settings
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.hours import Deadline, deadline
from smm_inbox.domain.ids import AccountId
from smm_inbox.storage import conversations
from smm_inbox.storage.database import Database, Transaction

from .bus import Bus, FeedChanged

_KEY = "deadlines"
_AT_ONCE = 200
"""Conversations a transaction: some 10 ms, more than most businesses have waiting."""
_BREATH = 0.02
"""Seconds between two transactions, for everybody else."""


class Deadlines:
    """Computes when a waiting conversation turns amber and red."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._channels = {account.id: account.channel for account in settings.accounts}

    def of(self, account: AccountId, kind: Kind, awaiting_since: datetime) -> Deadline:
        """Deadline by the hours and limits in force."""
        limit = self._settings.limit(self._channels.get(account, ""), kind)
        return deadline(self._settings.hours, limit, awaiting_since)

    async def apply(self, db: Database) -> bool:
        """Recompute stored deadlines when hours or limits differ from the last start.

        Before the first frame: a bounded number of them. Returns false when there are more, which
        ``catch_up`` recomputes afterwards.
        """
        row = await db.one("SELECT value FROM meta WHERE key = ?", (_KEY,))
        if row is not None and row["value"] == self._fingerprint():
            return True
        return await self._step(db, 0) is None

    async def catch_up(self, db: Database, bus: Bus) -> None:
        """Recompute the rest in small steps, so that neither a key nor an arrival waits for it.

        Ended half-way it starts over at the next start: only the end is noted.
        """
        last: int | None = 0
        while last is not None:
            last = await self._step(db, last)
            bus.publish(FeedChanged(frozenset()))
            await asyncio.sleep(_BREATH)

    async def _step(self, db: Database, after: int) -> int | None:
        """One transaction; returns behind which conversation to go on, ``None`` at the end."""
        async with db.transaction() as tx:
            done = await conversations.renew_deadlines(tx, self.of, after=after, limit=_AT_ONCE)
            if len(done) == _AT_ONCE:
                return done[-1]
            await self.note(tx)
            return None

    async def note(self, tx: Transaction) -> None:
        """Note that every stored deadline holds for the hours and limits in force."""
        await tx.run(
            "INSERT INTO meta (key, value) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (_KEY, self._fingerprint()),
        )

    def _fingerprint(self) -> str:
        hours = self._settings.hours
        facts = (
            hours.zone.key,
            sorted(hours.week.items()),
            sorted(hours.holidays),
            sorted((name, limit.amber, limit.red) for name, limit in self._settings.limits.items()),
            sorted(self._channels.items()),
        )
        return repr(facts)
