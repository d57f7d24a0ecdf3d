"""The append-only journal of what happened: the only source of statistics."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum

from smm_inbox.domain.ids import AccountId, ConversationId, MessageId

from .database import Transaction
from .rows import to_us


class Event(StrEnum):
    """Things that happen."""

    ARRIVED = "arrived"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    QUEUED = "queued"
    TAKEN_BACK = "taken_back"
    SENT = "sent"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"
    RETRIED = "retried"
    EDITED = "edited"
    DELETED = "deleted"
    RESTORED = "restored"
    DISMISSED = "dismissed"
    STATUS = "status"
    TYPE = "type"
    SPAM = "spam"
    SNOOZED = "snoozed"
    UNDONE = "undone"


async def write(
    tx: Transaction,
    event: Event,
    account: AccountId,
    now: datetime,
    *,
    conversation: ConversationId | None = None,
    message: MessageId | None = None,
    operator: str = "",
    **details: str | int,
) -> None:
    """Append one line."""
    await tx.run(
        "INSERT INTO journal (at, event, account, conversation_id, message_id, operator, details) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            to_us(now),
            event,
            account,
            conversation,
            message,
            operator,
            json.dumps(details, ensure_ascii=False),
        ),
    )
