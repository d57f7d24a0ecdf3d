"""Changing what stands in Telegram already: edit, delete, mark as read, "is typing"."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions, types

from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import Rejected
from smm_inbox.domain.ids import RemoteId
from smm_inbox.locale import tr

from . import errors
from .account import Account
from .failures import Failure, Refused
from .mapping.keys import is_channel, message_number
from .targets import target_of
from .uploads import MAX_ALBUM


class Moderator:
    """Every act here may be repeated without harm."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def edit(self, place: Place, remote_id: RemoteId, text: str) -> None:
        """Replace the text of our own message, or the words under our pictures."""
        account, peer = self._account, target_of(place).peer
        request = functions.messages.EditMessageRequest(
            peer=await account.input_peer(peer), id=_number(remote_id), message=text
        )
        try:
            await account.attempt(lambda client: client(request))
        except Refused as failure:
            if not failure.is_a("MessageNotModifiedError"):
                raise account.remedy(failure, effect=True) from None
        except Failure as failure:
            raise account.remedy(failure, effect=True) from None

    async def delete(self, place: Place, remote_id: RemoteId) -> None:
        """Delete for everybody, an album whole; what is gone already is fine."""
        account, peer = self._account, target_of(place).peer
        numbers = await self._whole(peer, _number(remote_id))
        if not numbers:
            return
        try:
            if is_channel(peer):
                channel = await account.input_channel(peer)
                await account.call(
                    functions.channels.DeleteMessagesRequest(channel, numbers), effect=True
                )
                # Telethon counts the answer for the account: the next private message may be
                # taken for known. A look at the chats brings it back.
                account.arrivals.nudge()
            else:
                await account.call(
                    functions.messages.DeleteMessagesRequest(numbers, revoke=True), effect=True
                )
        except errors.Gone:
            return

    async def mark_read(self, place: Place) -> None:
        """Mark a private conversation as read; groups show nobody who read."""
        target = target_of(place)
        if place.kind is Kind.DIRECT and not target.suggestions:
            peer = await self._account.input_peer(target.peer)
            await self._account.call(functions.messages.ReadHistoryRequest(peer, max_id=0))

    async def typing(self, place: Place) -> None:
        """Show "is typing" for some seconds."""
        peer = await self._account.input_peer(target_of(place).peer)
        await self._account.call(
            functions.messages.SetTypingRequest(peer, types.SendMessageTypingAction())
        )

    async def _whole(self, peer: int, number: int) -> list[int]:
        """A message and, if it begins an album, the other parts."""
        if self._account.us.bot:
            return [number]
        near = await self._account.messages_by_number(peer, range(number, number + MAX_ALBUM))
        first = next((entry for entry in near if int(entry.id) == number), None)
        if first is None:
            return []
        album: Any = first.grouped_id
        return [int(e.id) for e in near if e is first or (album and e.grouped_id == album)]


def _number(remote_id: RemoteId) -> int:
    number = message_number(remote_id)
    if number is None:
        raise Rejected(tr("This cannot be changed from here: do it in Telegram itself."))
    return number
