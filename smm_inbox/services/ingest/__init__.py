"""From a batch of a channel to the database: in one transaction, everything exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smm_inbox.domain.clock import Clock
from smm_inbox.domain.ids import AccountId, ConversationId
from smm_inbox.domain.message import Batch, Direction, NetworkMessage
from smm_inbox.domain.outgoing import OutState
from smm_inbox.services.bus import Bus, DeliveryChanged, FeedChanged
from smm_inbox.services.deadlines import Deadlines
from smm_inbox.storage import accounts, contacts, conversations, journal, messages
from smm_inbox.storage.database import Database

from . import arrivals, changes, returned
from .step import Pass


@dataclass(frozen=True, slots=True)
class Stored:
    """What a batch brought."""

    arrived: int
    conversations: frozenset[ConversationId]


def _in_time(message: NetworkMessage) -> tuple[datetime, bool]:
    """Order of a batch. Networks count in seconds: a question stands before an answer of it."""
    return message.sent_at, message.direction is Direction.OUT


class Ingest:
    """Stores what channels read."""

    def __init__(self, db: Database, clock: Clock, deadlines: Deadlines, bus: Bus) -> None:
        self._db = db
        self._clock = clock
        self._deadlines = deadlines
        self._bus = bus

    async def store(self, account: AccountId, batch: Batch) -> Stored:
        """Store a batch and its cursor together; what is known already changes nothing."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            step = Pass(tx, account, now)
            step.people |= await contacts.upsert_all(tx, account, batch.contacts, now)
            for root in batch.roots:
                await contacts.upsert_root(tx, account, root)
            keys = {(str(m.place.kind), str(m.remote_id)) for m in batch.messages}
            step.known = await messages.known(tx, account, keys)
            step.buried = await messages.buried(tx, account, keys)
            for message in sorted(batch.messages, key=_in_time):
                await arrivals.store(step, message)
            await conversations.reopen(tx, step.reopened)
            await changes.edit(step, batch.edits)
            for removal in batch.removals:
                await changes.remove(step, removal)
            for news in batch.undelivered:
                await returned.take(step, news)
            for access in batch.access:
                known = await conversations.set_blocked(
                    tx,
                    account,
                    access.kind,
                    access.conversation,
                    access.blocked,
                    access.window_until,
                )
                if known is not None:
                    step.touched.add(known)
            await accounts.add_gaps(tx, account, batch.gaps)
            if batch.cursor is not None:
                await accounts.save_cursor(tx, account, batch.cursor, now)
            await accounts.save_success(tx, account, now)
            await journal.append(tx, step.lines)
            await conversations.refresh(tx, step.touched, self._deadlines.of)
        for conversation, row in step.delivered:
            self._bus.publish(DeliveryChanged(conversation, row, OutState.SENT))
        for conversation, row, why in step.returned:
            self._bus.publish(DeliveryChanged(conversation, row, OutState.FAILED, why))
        if step.touched or batch.contacts or batch.roots:
            self._bus.publish(FeedChanged(frozenset(step.touched), step.arrived))
        return Stored(step.arrived, frozenset(step.touched))
