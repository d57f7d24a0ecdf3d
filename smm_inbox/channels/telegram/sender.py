"""Answers on their way out, delivered once however often they are repeated."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from telethon.tl import functions, types

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import Ambiguous, Unsupported
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import LOST, Outgoing, SendReceipt
from smm_inbox.domain.text import LengthUnit, length_in
from smm_inbox.locale import tr

from . import errors, uploads
from .account import Account
from .client import ANSWER
from .failures import Failure, Refused
from .mapping.harvest import Recent
from .mapping.keys import is_channel, is_person, message_name
from .mapping.places import url_of
from .search import Found, find
from .targets import Address, address_of, random_id

_log = logging.getLogger(__name__)

PATIENCE = ANSWER
"""Seconds until the fate of an answer counts as unknown; never as "not sent"."""
_TRUSTED = timedelta(minutes=10)
"""How long Telegram surely knows a random_id; its documentation does not say. Later we look."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """Numbers Telegram gave, the first one first."""

    numbers: tuple[int, ...]
    at: datetime | None = None
    known: bool = False
    """Telegram has it, but does not say under which number."""


class Sender:
    """Sends with numbers derived from the stored token, so that repeating is harmless."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._claimed: Recent[str, str] = Recent(5_000)
        """Messages that are known to be a certain answer: name → token."""

    async def send(self, message: Outgoing) -> SendReceipt:
        """Deliver one answer."""
        if self._is_late(message):
            receipt = await self._look_first(message)
            if receipt is not None:
                return receipt
        address = address_of(message)
        try:
            return await self._send(message, address)
        except (Ambiguous, asyncio.CancelledError):
            message.extra[LOST] = "1"
            raise

    async def find_sent(self, message: Outgoing) -> SendReceipt | None:
        """Look for an answer whose fate is unknown.

        ``None`` also when only a part of it arrived: repeating completes it.
        """
        address = address_of(message)
        if self._account.us.bot:
            # A bot cannot look. Telegram itself swallows a repetition that is not too old.
            if self._is_late(message):
                raise errors.cannot_look()
            return None
        wanted = [(text, len(files)) for text, files in self._letters(message)]
        names = await find(self._account, message, address, wanted, self._taken(message))
        if names is None:
            return None
        return self._receipt(message, address, names)

    def _taken(self, message: Outgoing) -> set[str]:
        """Messages that are known to be other answers, perhaps with the same words."""
        names = self._claimed.keys()
        return {name for name in names if self._claimed.get(name) != message.token}

    def _is_late(self, message: Outgoing) -> bool:
        first = message.first_attempt_at
        return first is not None and self._account.context.clock.now() - first > _TRUSTED

    async def _look_first(self, message: Outgoing) -> SendReceipt | None:
        if self._account.us.bot and LOST not in message.extra:
            return None
        try:
            return await self.find_sent(message)
        except Unsupported as error:
            raise Ambiguous(error.sentence) from None

    # --- one attempt ------------------------------------------------------------------------------

    def _letters(self, message: Outgoing) -> list[tuple[str, tuple[Any, ...]]]:
        """What leaves one after another: albums, a text that is short enough with the first."""
        text = str(message.text)
        groups = uploads.groups(message.files)
        if not groups:
            return [(text, ())]
        fits = length_in(text, LengthUnit.UTF16) <= self._account.caption_limit
        letters: list[tuple[str, tuple[Any, ...]]] = []
        if not fits:
            letters.append((text, ()))
        for number, group in enumerate(groups):
            letters.append((text if fits and not number else "", group.files))
        return letters

    async def _send(self, message: Outgoing, address: Address) -> SendReceipt:
        peer = await self._account.input_peer(address.peer)
        common = await self._common(message, address)
        found: list[Found] = []
        for number, (text, files) in enumerate(self._letters(message)):
            sent = await self._letter(message, peer, common, number, text, files)
            found.append(Found(sent.numbers[0] if sent.numbers else 0, sent.numbers, sent.at))
        return self._receipt(message, address, found)

    async def _letter(
        self,
        message: Outgoing,
        peer: Any,
        common: dict[str, Any],
        number: int,
        text: str,
        files: Sequence[Any],
    ) -> _Sent:
        def numbered(part: int) -> int:
            return random_id(self._account.context.account, message, f"{number}.{part}")

        if not files:
            request = functions.messages.SendMessageRequest(
                peer=peer, message=text, random_id=numbered(0), **common
            )
            return await self._request(message, request, [numbered(0)], text, 0)
        media = [await uploads.upload(self._account, file) for file in files]
        if len(media) == 1:
            single = functions.messages.SendMediaRequest(
                peer=peer, media=media[0], message=text, random_id=numbered(0), **common
            )
            return await self._request(message, single, [numbered(0)], text, 1)
        items = [
            types.InputSingleMedia(
                media=await self._settled(peer, entry),
                message="" if part else text,
                random_id=numbered(part),
            )
            for part, entry in enumerate(media)
        ]
        album = functions.messages.SendMultiMediaRequest(peer=peer, multi_media=items, **common)
        ids = [numbered(part) for part in range(len(items))]
        return await self._request(message, album, ids, text, len(items))

    async def _common(self, message: Outgoing, address: Address) -> dict[str, Any]:
        """What every request of an answer carries: whom it answers, in whose name."""
        common: dict[str, Any] = {}
        if address.suggester is not None:
            person = await self._account.input_peer(address.suggester)
            common["reply_to"] = (
                types.InputReplyToMessage(address.reply_to, monoforum_peer_id=person)
                if address.reply_to
                else types.InputReplyToMonoForum(person)
            )
        elif address.reply_to is not None:
            common["reply_to"] = types.InputReplyToMessage(address.reply_to)
        channel = self._account.memory.links.get(address.peer)
        in_its_name = self._account.settings.as_channel and message.place.kind is Kind.COMMENT
        if in_its_name and channel is not None:
            common["send_as"] = await self._account.input_peer(channel)
        return common

    async def _settled(self, peer: Any, media: Any) -> Any:
        """Media of an album has to be Telegram's own before it is sent."""
        answer = await self._account.call(
            functions.messages.UploadMediaRequest(peer, media), within=60.0
        )
        if isinstance(answer, types.MessageMediaPhoto) and answer.photo is not None:
            photo = answer.photo
            return types.InputMediaPhoto(
                types.InputPhoto(photo.id, photo.access_hash, photo.file_reference)
            )
        document = getattr(answer, "document", None)
        if document is None:
            raise errors.bad_file()
        return types.InputMediaDocument(
            types.InputDocument(document.id, document.access_hash, document.file_reference)
        )

    async def _request(
        self, message: Outgoing, request: Any, ids: list[int], text: str, files: int
    ) -> _Sent:
        account = self._account
        try:
            answer = await account.attempt(lambda client: client(request), within=PATIENCE)
        except Refused as failure:
            if failure.is_a("RandomIdDuplicateError"):
                found = await self._delivered_before(message, text, files)
                return found or _Sent((), None, known=True)
            raise account.remedy(failure, effect=True) from None
        except Failure as failure:
            raise account.remedy(failure, effect=True) from None
        account.learn(answer)
        sent = _numbers(answer, ids)
        if not sent.numbers:
            raise Ambiguous(
                tr("Telegram's answer is unreadable; we are checking whether the message arrived.")
            )
        return sent

    async def _delivered_before(self, message: Outgoing, text: str, files: int) -> _Sent | None:
        """An earlier attempt arrived: Telegram says so, but not under which number."""
        if self._account.us.bot:
            return None
        account, address, wanted = self._account, address_of(message), [(text, files)]
        try:
            found = await find(account, message, address, wanted, self._taken(message))
            if found is None:
                taken = self._taken(message)
                found = await find(account, message, address, wanted, taken, anew=True)
        except Unsupported:
            return None
        return None if found is None else _Sent(found[0].numbers, found[0].at)

    def _receipt(self, message: Outgoing, address: Address, found: Sequence[Found]) -> SendReceipt:
        account = self._account
        first = found[0]
        if not first.number:
            # Delivered all the same; deleting or editing it from here is not possible.
            return SendReceipt(RemoteId(f"sent{random_id(account.context.account, message)}"))
        name = message_name(address.peer, first.number)
        self._claimed.put(name, message.token)
        for other in (entry for entry in found[1:] if entry.number):
            extra = message_name(address.peer, other.number)
            self._claimed.put(extra, message.token)
            account.hide(extra)
        memory = account.memory
        if not is_person(address.peer):
            memory.authors.put((address.peer, first.number), account.us.user)
        if not is_channel(address.peer):  # those count for themselves: a letter may have the number
            memory.kinds.put(first.number, message.place.kind)
        return SendReceipt(name, first.at, url_of(message.place, first.number, memory))


def _numbers(answer: Any, ids: Sequence[int]) -> _Sent:
    """The numbers of what was sent, in the order of ``ids``."""
    if isinstance(answer, types.UpdateShortSentMessage):
        return _Sent((int(answer.id),), _moment(answer.date))
    updates = getattr(answer, "updates", None)
    if updates is None and isinstance(answer, types.UpdateShort):
        updates = [answer.update]
    given: dict[int, int] = {}
    at: datetime | None = None
    for update in updates or ():
        if isinstance(update, types.UpdateMessageID):
            given[int(update.random_id)] = int(update.id)
        elif isinstance(update, types.UpdateNewMessage | types.UpdateNewChannelMessage):
            at = at or _moment(getattr(update.message, "date", None))
    return _Sent(tuple(given[wanted] for wanted in ids if wanted in given), at)


def _moment(value: object) -> datetime | None:
    return value.astimezone(UTC) if isinstance(value, datetime) else None
