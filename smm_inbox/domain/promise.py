"""Promises: what the business told a customer it would do, with a due time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .ids import AccountId, ConversationId, MessageId
from .text import SafeText


class PromiseKind(StrEnum):
    """Where a promise comes from."""

    PROMISE = "promise"
    """The business said it would do something."""
    REPORT = "report"
    """A public complaint was solved: the same thread should learn the result."""


class PromiseState(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise found in a text that is about to be sent."""

    phrase: str
    """The words of the text, one line."""
    due: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A stored promise with what a list shows of its conversation."""

    id: int
    conversation: ConversationId
    account: AccountId
    message: MessageId | None
    kind: PromiseKind
    state: PromiseState
    phrase: SafeText
    due: datetime
    """UTC."""
    remind_at: datetime
    """UTC; when the operator is told of it."""
    operator: SafeText
    """Who gave it."""
    customer: SafeText = SafeText("")
