"""Telethon's client, made to tell of every update before it moves past it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from telethon import TelegramClient, utils
from telethon.tl import functions, types

from .mapping.updates import DELETED, EDITED

_DIFFERENCES = (
    functions.updates.GetDifferenceRequest,
    functions.updates.GetChannelDifferenceRequest,
)
_TOO_LONG = (types.updates.DifferenceTooLong, types.updates.ChannelDifferenceTooLong)


class ListeningClient(TelegramClient):  # type: ignore[misc]  # Telethon is not typed
    """Tells of updates earlier than Telethon's event handlers hear of them, and of more of them.

    Telethon 1.45 counts an update as seen before it calls the handlers, one after another: a
    connection that ends in between leaves the others untold, and the stored state behind them.

    It also drops every edit and deletion that comes in a difference: while it fetches one for the
    account or a channel, it takes their updates for those it is about to fetch
    (``MessageBox.apply_pts_info``, called from ``apply_difference_type``).
    """

    on_update: Callable[[object], None] = staticmethod(lambda _: None)
    """Called with every update, before its number can be written down."""
    on_gap: Callable[[], None] = staticmethod(lambda: None)
    """Called when too much happened for a difference: the chats have to be read."""

    async def __call__(
        self, request: Any, ordered: bool = False, flood_sleep_threshold: int | None = None
    ) -> Any:
        """Call Telegram; Telethon's own loop of updates comes through here as well."""
        answer = await super().__call__(request, ordered, flood_sleep_threshold)
        if isinstance(request, _DIFFERENCES):
            self._read(answer)
        return answer

    async def _preprocess_updates(
        self, updates: Sequence[Any], users: Sequence[Any], chats: Sequence[Any]
    ) -> Any:
        """What Telethon does with updates it has just counted, before anything else may run."""
        self._tell(updates, [*users, *chats])
        return await super()._preprocess_updates(updates, users, chats)

    def _tell(self, updates: Sequence[Any], met: Sequence[Any]) -> None:
        entities = {utils.get_peer_id(entity): entity for entity in met}
        for update in updates:
            update._entities = entities
            self.on_update(update)

    def _read(self, answer: Any) -> None:
        if isinstance(answer, _TOO_LONG):
            self.on_gap()
            return
        missed = [
            u for u in getattr(answer, "other_updates", ()) if isinstance(u, EDITED + DELETED)
        ]
        if missed:
            self._tell(missed, [*answer.users, *answer.chats])
