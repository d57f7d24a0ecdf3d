"""What can be done to messages besides answering: hide, delete, react, mark read, typing."""

from __future__ import annotations

import logging

from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import ChannelError, Unsupported
from smm_inbox.domain.ids import RemoteId
from smm_inbox.locale import tr

from . import errors
from .account import Account
from .mapping import raw

_log = logging.getLogger(__name__)


class Moderator:
    """Acts on comments under our own posts, and on private talks."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def hide(self, place: Place, remote_id: RemoteId, *, hidden: bool) -> None:
        """Hide a comment from everybody but its author, or show it again; repeats harmlessly."""
        _only_comments(place)
        body = {"hide": "true" if hidden else "false"}
        await self._account.api.write("POST", str(remote_id), body=body)

    async def delete(self, place: Place, remote_id: RemoteId) -> None:
        """Delete a comment; one that is gone already is fine."""
        _only_comments(place)
        try:
            await self._account.api.write("DELETE", str(remote_id))
        except errors.Gone:
            _log.info("a comment was gone before it was deleted")

    async def react(self, place: Place, remote_id: RemoteId, emoji: str) -> None:
        """Put the heart on a private message, or take it back; repeats harmlessly."""
        if place.kind is not Kind.DIRECT:
            raise Unsupported(tr("Instagram takes reactions only on private messages."))
        payload: raw.Raw = {"message_id": str(remote_id)}
        if emoji:
            payload["reaction"] = "love"
        body: raw.Raw = {
            "recipient": {"id": str(place.conversation)},
            "sender_action": "react" if emoji else "unreact",
            "payload": payload,
        }
        await self._account.api.write("POST", "me/messages", body=body)

    async def mark_read(self, place: Place) -> None:
        """Show the customer that we read; a courtesy, so a refusal is not passed on."""
        await self._courtesy(place, "mark_seen")

    async def typing(self, place: Place) -> None:
        """Show that somebody is writing."""
        await self._courtesy(place, "typing_on")

    async def _courtesy(self, place: Place, action: str) -> None:
        if place.kind is not Kind.DIRECT:
            return
        body = {"recipient": {"id": str(place.conversation)}, "sender_action": action}
        try:
            await self._account.api.write("POST", "me/messages", body=body)
        except ChannelError as error:
            _log.info("%s was not taken: %s", action, type(error).__name__)


def _only_comments(place: Place) -> None:
    if place.kind is not Kind.COMMENT:
        raise Unsupported(tr("Instagram lets only comments under your own posts be changed."))
