"""State machine of an outgoing action: the rules of delivery without a database or a network."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class OutState(StrEnum):
    """State of an outbound message."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"


class OutAction(StrEnum):
    """What an outbox row does on the network."""

    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"
    HIDE = "hide"
    SHOW = "show"
    """Show again what was hidden."""
    REACT = "react"
    """Put our reaction on a customer's message; its text is the emoji."""
    UNREACT = "unreact"
    """Take our reaction back."""
    SPAM = "spam"
    """Put the conversation into the network's own spam."""
    NOT_SPAM = "not_spam"


SPAM_MOVES = frozenset({OutAction.SPAM, OutAction.NOT_SPAM})
"""Follow what was decided here: when the network refuses, the decision stands all the same."""


TRANSITIONS: dict[OutState, frozenset[OutState]] = {
    OutState.QUEUED: frozenset({OutState.SENDING, OutState.FAILED, OutState.SENT}),
    # SENT from QUEUED: the echo of an earlier attempt arrived before the retry.
    OutState.SENDING: frozenset(
        {OutState.SENT, OutState.QUEUED, OutState.FAILED, OutState.AMBIGUOUS}
    ),
    OutState.AMBIGUOUS: frozenset({OutState.SENT, OutState.QUEUED, OutState.FAILED}),
    OutState.FAILED: frozenset({OutState.QUEUED, OutState.SENT}),
    OutState.SENT: frozenset(),
}


class IllegalTransition(AssertionError):
    """A program error: the outbox tried a step the machine does not have."""


def check_transition(old: OutState, new: OutState) -> None:
    """Raise ``IllegalTransition`` unless ``old`` may become ``new``."""
    if new not in TRANSITIONS[old]:
        raise IllegalTransition(f"{old} -> {new}")


TAKE_BACK = frozenset({OutState.QUEUED, OutState.FAILED})
"""States in which an answer can still be taken back into the composer."""

PENDING = frozenset({OutState.QUEUED, OutState.SENDING, OutState.AMBIGUOUS})
"""States in which an answer is on its way: its customer is not counted as unattended."""

MAX_RETRY = timedelta(minutes=5)
"""Longest pause between two attempts."""
