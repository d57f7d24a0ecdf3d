"""What one batch has touched so far, and what it needs to look up only once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from smm_inbox.domain.conversation import Place
from smm_inbox.domain.ids import AccountId, ContactId, ConversationId, OutboxId, RemoteId
from smm_inbox.domain.text import SafeText
from smm_inbox.storage import contacts, journal, messages
from smm_inbox.storage.database import Transaction


@dataclass(slots=True)
class Pass:
    """What one batch has touched so far."""

    tx: Transaction
    account: AccountId
    now: datetime
    known: set[messages.Key] = field(default_factory=set)
    buried: dict[messages.Key, int] = field(default_factory=dict)
    people: dict[RemoteId, ContactId] = field(default_factory=dict)
    places: dict[tuple[Place, ContactId | None], ConversationId] = field(default_factory=dict)
    answers: dict[ConversationId, int | None] = field(default_factory=dict)
    """When each conversation was last answered elsewhere, in microseconds."""
    reopened: set[ConversationId] = field(default_factory=set)
    lines: list[journal.Line] = field(default_factory=list)
    touched: set[ConversationId] = field(default_factory=set)
    delivered: list[tuple[ConversationId, OutboxId]] = field(default_factory=list)
    returned: list[tuple[ConversationId, OutboxId, SafeText]] = field(default_factory=list)
    """Answers that came back, and why."""
    arrived: int = 0

    async def person(self, remote_id: RemoteId | None) -> ContactId | None:
        """The stored contact, made when it is not known yet."""
        if remote_id is None:
            return None
        if remote_id not in self.people:
            self.people[remote_id] = await contacts.ensure(
                self.tx, self.account, remote_id, self.now
            )
        return self.people[remote_id]
