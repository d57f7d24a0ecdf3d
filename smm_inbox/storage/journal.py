"""The append-only journal of what happened: the only source of statistics."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from smm_inbox.domain.ids import AccountId, ConversationId, MessageId

from .database import Transaction
from .rows import to_us

NO_ACCOUNT = AccountId("")
"""For what happened to no account: to a tag, a script, a shift."""


class Event(StrEnum):
    """Things that happen."""

    ARRIVED = "arrived"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    QUEUED = "queued"
    TAKEN_BACK = "taken_back"
    DISCARDED = "discarded"
    SENT = "sent"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"
    RETRIED = "retried"
    EDITED = "edited"
    DELETED = "deleted"
    RESTORED = "restored"
    HIDDEN = "hidden"
    SHOWN = "shown"
    REACTED = "reacted"
    UNREACTED = "unreacted"
    DISMISSED = "dismissed"
    STATUS = "status"
    TYPE = "type"
    SPAM = "spam"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    STARRED = "starred"
    TAGGED = "tagged"
    UNTAGGED = "untagged"
    TAG_CHANGED = "tag_changed"
    TAGS_MERGED = "tags_merged"
    TAG_DELETED = "tag_deleted"
    UNDONE = "undone"
    PROMISED = "promised"
    PROMISE_KEPT = "promise_kept"
    PROMISE_DROPPED = "promise_dropped"
    PROMISE_MOVED = "promise_moved"
    REMINDED = "reminded"
    ASKED = "asked"
    ASK_ENDED = "ask_ended"
    PLAYBOOK = "playbook"
    FACT = "fact"
    SHIFT_STARTED = "shift_started"
    SHIFT_ENDED = "shift_ended"
    NOTE_WRITTEN = "note_written"
    NOTE_EDITED = "note_edited"
    NOTE_DELETED = "note_deleted"
    ADDRESS = "address"
    MERGED = "merged"
    SPLIT = "split"
    SCRIPT_USED = "script_used"
    SCRIPTS = "scripts"
    """The stock of scripts changed."""


Line = tuple[int, str, str, int | None, int | None, str, str]
"""One line as its columns."""


def line(
    event: Event,
    account: AccountId,
    now: datetime,
    *,
    conversation: ConversationId | None = None,
    message: MessageId | None = None,
    operator: str = "",
    **details: str | int,
) -> Line:
    """Put a line together."""
    return (
        to_us(now),
        event,
        account,
        conversation,
        message,
        operator,
        json.dumps(details, ensure_ascii=False),
    )


async def append(tx: Transaction, lines: Iterable[Line]) -> None:
    """Append lines in their order."""
    await tx.many(
        "INSERT INTO journal (at, event, account, conversation_id, message_id, operator, details) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        lines,
    )


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
    await append(
        tx,
        [
            line(
                event,
                account,
                now,
                conversation=conversation,
                message=message,
                operator=operator,
                **details,
            )
        ],
    )
