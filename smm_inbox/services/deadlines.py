"""Reply deadlines from the settings, and their recomputation when the settings change."""

from __future__ import annotations

import hashlib
from datetime import datetime

from smm_inbox.config.model import Settings
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.hours import Deadline, deadline
from smm_inbox.domain.ids import AccountId
from smm_inbox.storage import conversations
from smm_inbox.storage.database import Database


class Deadlines:
    """Computes when a waiting conversation turns amber and red."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._channels = {account.id: account.channel for account in settings.accounts}

    def of(self, account: AccountId, kind: Kind, awaiting_since: datetime) -> Deadline:
        """Deadline by the hours and limits in force."""
        limit = self._settings.limit(self._channels.get(account, ""), kind)
        return deadline(self._settings.hours, limit, awaiting_since)

    async def apply(self, db: Database) -> None:
        """Recompute stored deadlines when hours or limits differ from the last start."""
        mark = self._fingerprint()
        row = await db.one("SELECT value FROM meta WHERE key = 'deadlines'")
        if row is not None and row["value"] == mark:
            return
        async with db.transaction() as tx:
            stale = await conversations.forget_deadlines(tx)
            await conversations.refresh(tx, stale, self.of)
            await tx.run(
                "INSERT INTO meta (key, value) VALUES ('deadlines', ?) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (mark,),
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
        return hashlib.sha256(repr(facts).encode()).hexdigest()
