"""Small courtesies on the network, off by default: "read" and "is typing". Best effort only."""

from __future__ import annotations

import logging
from collections.abc import Coroutine
from datetime import datetime, timedelta

from smm_inbox.channels.base import SupportsMarkRead, SupportsTyping
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.conversation import Place
from smm_inbox.domain.errors import ChannelError
from smm_inbox.domain.ids import AccountId

from .accounts import Accounts
from .tasks import TaskSet

_log = logging.getLogger(__name__)

_TYPING_LASTS = timedelta(seconds=5)
"""Networks show "is typing" for 5 to 10 seconds; asking more often is noise."""


class Courtesy:
    """Tells customers that they were read or are being answered, where the account wants it."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock
        self._typed: dict[Place, datetime] = {}
        self._tasks = TaskSet()

    def read(self, account: AccountId, place: Place) -> None:
        """Mark a conversation as read on the network, because it was just answered."""
        live = self._accounts.live(account)
        channel = self._accounts.channel_of(account)
        if live is None or not live.settings.mark_read or not isinstance(channel, SupportsMarkRead):
            return
        if channel.capabilities.mark_read:
            self._tasks.spawn(_quietly(channel.mark_read(place)), f"read {account}")

    def wanted(self) -> bool:
        """Whether any account is set to show that somebody is writing."""
        return any(live.settings.typing for live in self._accounts.all().values())

    def typing(self, account: AccountId, place: Place) -> None:
        """Show that somebody is writing; at most once in a few seconds a conversation."""
        live = self._accounts.live(account)
        channel = self._accounts.channel_of(account)
        if live is None or not live.settings.typing or not isinstance(channel, SupportsTyping):
            return
        now = self._clock.now()
        if now - self._typed.get(place, now - 2 * _TYPING_LASTS) < _TYPING_LASTS:
            return
        self._typed = {k: at for k, at in self._typed.items() if now - at < _TYPING_LASTS}
        self._typed[place] = now
        if channel.capabilities.typing:
            self._tasks.spawn(_quietly(channel.typing(place)), f"typing {account}")

    async def stop(self) -> None:
        """Forget what is under way."""
        await self._tasks.stop(0.2)


async def _quietly(call: Coroutine[object, object, None]) -> None:
    try:
        await call
    except ChannelError as error:
        _log.info("a courtesy was refused: %s", error)
