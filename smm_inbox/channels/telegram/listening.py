"""Telethon's client, made to tell of edits and deletions that happened while it was away."""

from __future__ import annotations

from collections.abc import Callable
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
    """Reads differences a second time.

    Telethon 1.45 drops every edit and deletion that comes in a difference: while it fetches one for
    the account or a channel, it takes their updates for those it is about to fetch
    (``MessageBox.apply_pts_info``, called from ``apply_difference_type``).
    """

    on_difference: Callable[[object], None] = staticmethod(lambda _: None)
    """Called with every such update, before Telethon moves past it."""
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

    def _read(self, answer: Any) -> None:
        if isinstance(answer, _TOO_LONG):
            self.on_gap()
            return
        missed = [
            u for u in getattr(answer, "other_updates", ()) if isinstance(u, EDITED + DELETED)
        ]
        if missed:
            met = [*answer.users, *answer.chats]
            entities = {utils.get_peer_id(entity): entity for entity in met}
            for update in missed:
                update._entities = entities
                self.on_difference(update)
