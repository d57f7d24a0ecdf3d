"""What a search gives: messages with the places where they match."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .conversation import Kind, Status
from .ids import AccountId, ConversationId, MessageId
from .listing import Ranking, SavedSearch
from .parts import Direction
from .text import SafeText


@dataclass(frozen=True, slots=True)
class FoundKey:
    """Where a page ended: how far the archive was looked through."""

    below: int
    """Everything below this place is still to come."""
    skip: int = 0
    """Of the hits that are ranked together so many were shown."""
    conversation: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found, or a conversation through its last message."""

    message: MessageId | None
    conversation: ConversationId
    account: AccountId
    kind: Kind
    public: bool
    status: Status
    box: str
    waits: bool
    direction: Direction | None
    name: SafeText
    """Whom the conversation is with, or who wrote the message."""
    handle: SafeText
    operator: SafeText
    title: SafeText
    text: SafeText
    """The whole text; empty when it has none."""
    folded: SafeText
    """Quotes and signatures."""
    attachments: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A run of hits, where to go on, and what was not understood in the query.

    A page may be short, even empty, and still have a ``next``: nobody waits longer than a moment
    for a page, however rare the hits are.
    """

    hits: tuple[Hit, ...] = ()
    next: FoundKey | None = None
    """``None``: that was all."""
    problems: tuple[str, ...] = ()
    pending: int = 0
    """Messages that are not in the index yet: something may be missing."""


__all__ = ["FoundKey", "FoundPage", "Hit", "Ranking", "SavedSearch"]
