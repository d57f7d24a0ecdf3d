"""Conversations: kinds, statuses, and the place a message stands in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from .ids import RemoteId
from .text import SafeText

UNTIL_ANSWER = datetime(9999, 12, 30, tzinfo=UTC)
"""Stands for "until the customer writes"; no clock reaches it."""


class Kind(StrEnum):
    """What sort of conversation this is."""

    DIRECT = "direct"
    COMMENT = "comment"
    MENTION = "mention"
    REVIEW = "review"
    MANUAL = "manual"


UNTIL_ANSWER = datetime(9999, 12, 30, tzinfo=UTC)
"""What is put aside until then waits for the customer to write; no clock reaches it."""

PUBLIC_KINDS = frozenset({Kind.COMMENT, Kind.MENTION, Kind.REVIEW})


class Status(StrEnum):
    """How far the work on a conversation is."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"


class MessageType(StrEnum):
    """What the customer wants, as the operator sees it."""

    QUESTION = "question"
    THANKS = "thanks"
    COMPLAINT = "complaint"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Root:
    """Snapshot of what a comment or mention hangs on, stored when it arrives."""

    remote_id: RemoteId
    kind: str
    """``post``, ``photo``, ``video``, ``product``, ``topic``, ``story``, ``chat`` …"""
    text: SafeText = SafeText("")
    url: str = ""
    author: SafeText = SafeText("")
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands: enough to find or create its conversation."""

    kind: Kind
    conversation: RemoteId
    """Unique within (account, kind)."""
    contact: RemoteId | None = None
    """Whom the conversation is with; the author of the first inbound message when unknown."""
    public: bool = False
    root: RemoteId | None = None
    thread: RemoteId | None = None
    """The root comment of the thread, where the network has threads."""
    title: SafeText = SafeText("")
    url: str = ""
    """Opens the conversation in a browser."""
