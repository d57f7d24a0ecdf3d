"""Answers on their way out, and finding out whether one arrived."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta

from smm_inbox.domain.errors import Ambiguous, ChannelError, Rejected, Unsupported
from smm_inbox.domain.ids import Token
from smm_inbox.domain.message import LOST, Outgoing, SendReceipt, WriteAccess
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr

from . import errors
from .account import Account
from .api import OPERATOR
from .failures import ApiFailure
from .mapping import messages, raw
from .mapping.harvest import Recent
from .mapping.keys import MessageKey, is_chat, parse_message
from .mapping.raw import Raw
from .search import find_comment, find_message
from .targets import CommentTarget, comment_target, peer_of
from .uploads import Uploader

_log = logging.getLogger(__name__)

TOKEN_LIFE = timedelta(hours=1)
"""How long VK swallows a repeated random_id; documented by the community, not by VK."""
_TRUSTED = timedelta(minutes=55)
"""After this a repetition is not trusted to be swallowed: we look first."""


class Sender:
    """Sends with the token stored beforehand, so that repeating is harmless."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._uploads = Uploader(account.api, account.us.group_id)
        self._lost: Recent[Token, None] = Recent(1_000)

    async def send(self, message: Outgoing) -> SendReceipt:
        """Deliver one answer."""
        peer = peer_of(message.place)
        if self._token_is_old(message):
            receipt = await self._look_first(message, peer)
            if receipt is not None:
                return receipt
        try:
            if peer is not None:
                return await self._message(message, peer)
            return await self._comment(message, comment_target(message))
        except (Ambiguous, asyncio.CancelledError):
            message.extra[LOST] = "1"
            self._lost.put(message.token, None)
            raise

    async def find_sent(self, message: Outgoing) -> SendReceipt | None:
        """Look for an answer whose fate is unknown."""
        peer = peer_of(message.place)
        if peer is not None:
            return await find_message(self._account, message, peer)
        target = comment_target(message)
        if target.can_look(self._account.api.rights):
            return await find_comment(
                self._account, message, target, await self._words(message, target)
            )
        if self._token_is_old(message):
            raise Unsupported(
                tr("VK does not show us the comments here: look whether the answer is there.")
            )
        # Within its lifetime the guid makes a repetition harmless.
        return None

    async def _look_first(self, message: Outgoing, peer: int | None) -> SendReceipt | None:
        if peer is not None:
            return await find_message(self._account, message, peer)
        target = comment_target(message)
        if target.can_look(self._account.api.rights):
            return await find_comment(
                self._account, message, target, await self._words(message, target)
            )
        if LOST in message.extra or message.token in self._lost:
            raise Ambiguous(
                tr("Too much time has passed to repeat this safely: look whether it is there.")
            )
        return None

    def _token_is_old(self, message: Outgoing) -> bool:
        first = message.first_attempt_at
        return first is not None and self._account.context.clock.now() - first > _TRUSTED

    async def _message(self, message: Outgoing, peer: int) -> SendReceipt:
        params: dict[str, object] = {
            "peer_id": peer,
            "random_id": _random_id(message),
            "message": str(message.text),
        }
        if (forward := _quote(message, peer)) is not None:
            params["forward"] = forward
        if message.files:
            params["attachment"] = await self._uploads.to_message(message, peer)
        try:
            answer = await self._account.api.act("messages.send", params)
        except Rejected as error:
            self._note_refusal(peer, error)
            raise
        return await self._receipt(answer, peer)

    async def _receipt(self, answer: object, peer: int) -> SendReceipt:
        number: int | None
        if isinstance(answer, list):
            entry = next(iter(raw.items(answer)), {})
            self._check_entry(entry, peer)
            number = raw.positive(entry.get("message_id"))
            cmid = raw.positive(entry.get("conversation_message_id"))
        else:
            number = raw.positive(raw.obj(answer).get("message_id", answer))
            cmid = raw.positive(raw.obj(answer).get("cmid"))
        place = messages.place(peer, self._account.us)
        if cmid is not None:
            return SendReceipt(MessageKey(peer, cmid).remote_id, url=place.url)
        if number is None:
            raise Ambiguous(
                tr("VK's answer is unreadable; we are checking whether the message arrived.")
            )
        return await self._by_number(number, peer, place.url)

    def _check_entry(self, entry: Raw, peer: int) -> None:
        """Several peers in one call answer with success and hide a refusal inside."""
        told = raw.obj(entry.get("error"))
        code = raw.integer(told.get("code"))
        if code is None:
            return
        description = told.get("description")
        failure = ApiFailure(code, description if isinstance(description, str) else "")
        error = errors.translate(failure, effect=True, now=self._account.context.clock.now())
        self._note_refusal(peer, error)
        raise error

    async def _by_number(self, number: int, peer: int, url: str) -> SendReceipt:
        """Turn the global number into the one that events and history speak of."""
        try:
            answer = await self._account.api.call(
                "messages.getById", {"message_ids": number}, lane=OPERATOR
            )
        except ChannelError as error:
            # It was sent, that is what counts; the echo brings the proper number.
            _log.info("the number of a sent message is not known yet: %s", type(error).__name__)
            answer = None
        for entry in raw.items(raw.obj(answer).get("items")):
            cmid = raw.positive(entry.get("conversation_message_id"))
            if cmid is not None and raw.integer(entry.get("peer_id")) == peer:
                return SendReceipt(
                    MessageKey(peer, cmid).remote_id, raw.moment(entry.get("date")), url
                )
        return SendReceipt(MessageKey(peer, None, number).remote_id, url=url)

    async def _comment(self, message: Outgoing, target: CommentTarget) -> SendReceipt:
        params = target.params(
            self._account.us.group_id, await self._words(message, target), str(message.token)
        )
        if message.files:
            params["attachments"] = await self._uploads.to_comment(message)
        answer = await self._account.api.act(target.method, params)
        number = raw.positive(raw.obj(answer).get("comment_id", answer))
        if number is None:
            raise Ambiguous(
                tr("VK's answer is unreadable; we are checking whether the comment arrived.")
            )
        subject = target.subject
        return SendReceipt(subject.comment(number), url=subject.comment_url(number, target.root))

    async def _words(self, message: Outgoing, target: CommentTarget) -> str:
        """The text as VK gets it: in discussions an answer names whom it answers."""
        text = str(message.text)
        whom = target.speaks_to
        if whom is None:
            return text
        await self._account.directory.learn([whom], within=3.0)
        name = self._account.directory.name(whom).split(" ")[0].translate(_NOT_IN_MARKUP)
        return f"[id{whom}|{name}], {text}" if name else text

    def _note_refusal(self, peer: int, error: ChannelError) -> None:
        if is_chat(peer) or not isinstance(error, errors.CannotWrite):
            return
        place = messages.place(peer, self._account.us)
        self._account.news.append(
            WriteAccess(place.kind, place.conversation, SafeText(error.sentence))
        )


_NOT_IN_MARKUP = {ord(char): None for char in "[]|\n"}


def _random_id(message: Outgoing) -> int:
    number = raw.integer(str(message.token))
    if not number or not -(2**31) <= number < 2**31:
        # VK wraps bigger numbers and takes 0 for "no protection": both would send twice some day.
        raise Rejected(tr("This answer has no usable number of its own: write it again."))
    return number


def _quote(message: Outgoing, peer: int) -> str | None:
    key = parse_message(message.reply_to) if message.reply_to else None
    if key is None or key.peer != peer:
        return None
    which = (
        {"conversation_message_ids": [key.cmid]}
        if key.cmid is not None
        else {"message_ids": [key.id]}
    )
    return json.dumps({"peer_id": peer, **which, "is_reply": 1})


__all__ = ["TOKEN_LIFE", "Sender"]
