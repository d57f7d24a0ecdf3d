"""From Telethon's updates and histories to harvests: completed first, then mapped."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

from telethon.tl import types

from .account import Account
from .directory import Directory
from .mapping import messages as mapping
from .mapping import people
from .mapping.harvest import Harvest, Lens
from .mapping.updates import edited_message, new_message

_log = logging.getLogger(__name__)

LIVE = timedelta(seconds=3)
"""How long a message that just came may wait for the name of its author."""
HISTORY = timedelta(seconds=20)


class Digest:
    """Turns what Telegram sent into what the inbox stores."""

    def __init__(self, account: Account, directory: Directory) -> None:
        self._account = account
        self._directory = directory

    async def updates(self, updates: Sequence[object]) -> Harvest:
        """What live updates tell."""
        for update in updates:
            people.learn(self._account.memory, _entities(update))
        fresh = [m for u in updates if (m := new_message(u)) is not None]
        edited = [m for u in updates if (m := edited_message(u)) is not None]
        await self._directory.prepare([*fresh, *edited], within=LIVE.total_seconds())
        lens, into = self._account.lens(), Harvest()
        self._add(into, fresh, lens)
        for message in edited:
            _carefully(lambda m=message: mapping.add_edit(into, m, lens))  # type: ignore[misc]
        for update in updates:
            if isinstance(update, types.UpdateDeleteMessages):
                mapping.add_removals(into, update.messages, None, lens)
            elif isinstance(update, types.UpdateDeleteChannelMessages):
                mapping.add_removals(into, update.messages, update.channel_id, lens)
        self._finish(into)
        return into

    async def history(self, messages: Iterable[object]) -> Harvest:
        """What a stretch of history tells."""
        usable = [message for message in messages if _usable(message)]
        await self._directory.prepare(usable, within=HISTORY.total_seconds())
        into = Harvest()
        self._add(into, usable, self._account.lens())
        self._finish(into)
        return into

    def _add(self, into: Harvest, messages: Sequence[Any], lens: Lens) -> None:
        for parts in mapping.bundles(messages):
            _carefully(lambda p=parts: mapping.add(into, p, lens))  # type: ignore[misc]

    def _finish(self, into: Harvest) -> None:
        hidden = self._account.memory.hidden
        into.messages = [message for message in into.messages if message.remote_id not in hidden]
        self._directory.introduce(into)


def _usable(message: object) -> bool:
    return isinstance(message, types.Message | types.MessageService)


def _entities(update: object) -> Iterable[object]:
    """The people and chats that Telethon hangs on an update."""
    found = getattr(update, "_entities", None)
    return list(found.values()) if isinstance(found, dict) else []


def _carefully(act: Callable[[], None]) -> None:
    """One message that cannot be understood must not cost its neighbours."""
    try:
        act()
    except (AttributeError, TypeError, ValueError, KeyError, OverflowError) as error:
        _log.warning("a message was skipped: %s", type(error).__name__, exc_info=error)
