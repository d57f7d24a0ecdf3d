"""Events: they say what is stale, never what it became; the screen asks again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smm_inbox.domain.ids import AccountId, ConversationId, OutboxId
from smm_inbox.domain.outgoing import OutState
from smm_inbox.domain.text import SafeText

if TYPE_CHECKING:
    from smm_inbox.domain.promise import Promise

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FeedChanged:
    """Conversations whose rows, messages or drafts changed."""

    conversations: frozenset[ConversationId]
    arrived: int = 0
    """New messages somebody awaits an answer to."""


@dataclass(frozen=True, slots=True)
class HealthChanged:
    """An account connected, lost its connection or needs a person."""

    account: AccountId


@dataclass(frozen=True, slots=True)
class DeliveryChanged:
    """An answer took a step worth telling: sent, failed, in doubt."""

    conversation: ConversationId
    outbox: OutboxId
    state: OutState
    sentence: SafeText = SafeText("")
    url: str = ""


@dataclass(frozen=True, slots=True)
class PromiseDue:
    """A promise is nearly due: somebody has to be told."""

    promise: Promise


Event = FeedChanged | HealthChanged | DeliveryChanged | PromiseDue


class Bus:
    """Hands events to whoever listens, on the loop they are published on."""

    def __init__(self) -> None:
        self._handlers: list[Callable[[Event], None]] = []

    def subscribe(self, handler: Callable[[Event], None]) -> Callable[[], None]:
        """Call ``handler`` for every event; returns what ends that."""
        self._handlers.append(handler)

        def unsubscribe() -> None:
            if handler in self._handlers:
                self._handlers.remove(handler)

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Tell everybody. A listener that fails is logged and disturbs no other."""
        for handler in tuple(self._handlers):
            try:
                handler(event)
            except Exception:
                _log.exception("a listener failed on %s", type(event).__name__)
