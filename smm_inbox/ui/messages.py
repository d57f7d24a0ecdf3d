"""Messages the app sends to the screen on top: what is stale, which keys are expected next."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from smm_inbox.domain.ids import AccountId, ConversationId


class Stale(Message):
    """Something changed in the database: ask the services again. Sent at most every 100 ms."""

    bubble = False

    def __init__(
        self,
        conversations: frozenset[ConversationId],
        arrived: int,
        accounts: frozenset[AccountId],
    ) -> None:
        super().__init__()
        self.conversations = conversations
        """Conversations whose rows, messages or delivery states may differ now."""
        self.arrived = arrived
        """New inbound messages among the changes."""
        self.accounts = accounts
        """Accounts whose health changed."""


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key that would go on with the sequence begun, and what it would do."""

    key: str
    title: str


class KeysPending(Message):
    """A key sequence has begun (``hints`` not empty) or ended (``hints`` empty)."""

    bubble = False

    def __init__(self, pressed: str, hints: tuple[KeyHint, ...]) -> None:
        super().__init__()
        self.pressed = pressed
        """What was pressed so far, as the operator reads it: ``g``."""
        self.hints = hints
