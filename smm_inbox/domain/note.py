"""Notes: what the business tells itself about a conversation or a person; they never leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from .ids import ContactId, ConversationId
from .text import SafeText

NoteId = NewType("NoteId", int)
MAX_NOTE = 10_000
"""Longest note, in code points."""


class Purpose(StrEnum):
    """What is being written that no network will ever carry."""

    CONVERSATION = "conversation"
    """A note on the conversation."""
    AUTHOR = "author"
    """A note on its author, seen in all their conversations."""
    ELSEWHERE = "elsewhere"
    """What was answered by phone, in a book, on a site: written down for the record."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a conversation, or on a person when there is no conversation."""

    id: NoteId
    conversation: ConversationId | None
    contact: ContactId | None
    text: SafeText
    operator: SafeText
    written_at: datetime
    edited_at: datetime | None = None
