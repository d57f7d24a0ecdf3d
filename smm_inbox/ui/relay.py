"""From events of the engine to messages of the screen: many changes, few repaints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from smm_inbox.domain.ids import AccountId, ConversationId
from smm_inbox.services.bus import DeliveryChanged, Event, FeedChanged, HealthChanged

from .messages import Stale

PAUSE = 0.1
"""Seconds between two messages: a person sees no difference, a flood of events costs no more."""


class Later(Protocol):
    """Runs a callback after some seconds, like ``App.set_timer``."""

    def __call__(self, delay: float, callback: Callable[[], None], /) -> object:
        """Arrange the call."""
        ...


class Relay:
    """Collects what is stale; tells at once when it was quiet, otherwise once a pause."""

    def __init__(self, later: Later, tell: Callable[[Stale], None]) -> None:
        self._later = later
        self._tell = tell
        self._conversations: set[ConversationId] = set()
        self._accounts: set[AccountId] = set()
        self._arrived = 0
        self._resting = False
        self._untold = False
        """Something came while resting; an event may say no more than that numbers differ."""

    def take(self, event: Event) -> None:
        """Note what an event makes stale."""
        if isinstance(event, FeedChanged):
            self._conversations |= event.conversations
            self._arrived += event.arrived
        elif isinstance(event, HealthChanged):
            self._accounts.add(event.account)
        elif isinstance(event, DeliveryChanged):
            self._conversations.add(event.conversation)
        self._untold = True
        if not self._resting:
            self._flush()

    def _flush(self) -> None:
        self._resting = True
        self._later(PAUSE, self._rested)
        message = Stale(frozenset(self._conversations), self._arrived, frozenset(self._accounts))
        self._conversations.clear()
        self._accounts.clear()
        self._arrived = 0
        self._untold = False
        self._tell(message)

    def _rested(self) -> None:
        self._resting = False
        if self._untold:
            self._flush()
