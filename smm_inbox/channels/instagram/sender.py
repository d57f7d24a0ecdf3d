"""Answers on their way out. There is no key against repetition: what is in doubt is looked for."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import Ambiguous, Rejected, Unsupported
from smm_inbox.domain.ids import RemoteId, Token
from smm_inbox.domain.message import Outgoing, SendReceipt, WriteAccess
from smm_inbox.domain.text import LengthUnit, SafeText, length_in
from smm_inbox.locale import tr

from . import errors, setup
from .account import WINDOW, Account
from .mapping import attachments, comments, people, raw
from .memory import moment
from .powers import MAX_COMMENT, MAX_MESSAGE

_log = logging.getLogger(__name__)

_EDGE = timedelta(minutes=5)
"""This close to the end of the window a refusal is what it says."""
_HUMAN_AGENT: raw.Raw = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}


class Sender:
    """Sends each answer once."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.receipts: dict[RemoteId, Token] = {}
        """Answers that are known to have arrived, and whose they are."""

    async def send(self, message: Outgoing) -> SendReceipt:
        """Deliver one answer."""
        if message.files:
            raise Rejected(
                tr("Instagram takes no files from this program: send the file from the phone.")
            )
        match message.place.kind:
            case Kind.DIRECT:
                receipt = await self._direct(message)
            case Kind.COMMENT:
                receipt = await self._comment(message)
            case Kind.MENTION:
                receipt = await self._mention(message)
            case _:
                raise Unsupported(tr("This cannot be answered on Instagram."))
        self.note(receipt, message.token)
        return receipt

    def note(self, receipt: SendReceipt, token: Token) -> None:
        """An answer is known to have arrived: a search for another one must not take it."""
        self.receipts[receipt.remote_id] = token
        while len(self.receipts) > 1000:
            del self.receipts[next(iter(self.receipts))]

    # --- private ----------------------------------------------------------------------------------

    async def _direct(self, message: Outgoing) -> SendReceipt:
        person = message.place.conversation
        over = length_in(message.text, LengthUnit.BYTES) - MAX_MESSAGE
        if over > 0:
            raise Rejected(
                tr("The text is too long for an Instagram message (500 Russian letters): shorten.")
            )
        if not people.has_id(person):
            raise Rejected(
                tr("Instagram does not tell this person's number: they have to write first.")
            )
        heard = self._heard(person)
        source = comment_of(message)
        body: raw.Raw = {"message": {"text": str(message.text)}}
        passed = None if heard is None else self._account.api.now() - heard
        if source and (passed is None or passed > WINDOW):
            body["recipient"] = {"comment_id": source}
        else:
            body["recipient"] = {"id": str(person)}
            if self._account.human_agent and passed is not None and passed > WINDOW:
                body |= _HUMAN_AGENT
        try:
            answer = await self._account.api.write("POST", "me/messages", body=body)
        except errors.WindowClosed as error:
            refusal = self._window(person, error, passed)
        except errors.CannotWrite as error:
            self._note(person, error.sentence)
            raise
        else:
            self._account.sending_withheld = False
            return _receipt(answer.get("message_id"), attachments.INBOX)
        raise refusal

    def _window(
        self, person: RemoteId, error: errors.WindowClosed, passed: timedelta | None
    ) -> Rejected:
        """The same error tells that the time is over, and that the app lacks access."""
        if passed is not None and passed < WINDOW - _EDGE:
            self._account.sending_withheld = True
            return Rejected(setup.sending_withheld())
        self._note(person, error.sentence)
        return error

    def _heard(self, person: RemoteId) -> datetime | None:
        thread = self._account.memory.talks.get(str(person))
        return moment(thread.heard) if thread is not None and thread.heard else None

    def _note(self, person: RemoteId, sentence: str) -> None:
        self._account.news.append(WriteAccess(Kind.DIRECT, person, SafeText(sentence)))

    # --- public -----------------------------------------------------------------------------------

    async def _comment(self, message: Outgoing) -> SendReceipt:
        _check_comment(message)
        target = message.reply_to or message.place.thread or message.place.conversation
        answer = await self._account.api.write(
            "POST", f"{target}/replies", body={"message": str(message.text)}
        )
        return _receipt(answer.get("id"), message.place.url)

    async def _mention(self, message: Outgoing) -> SendReceipt:
        _check_comment(message)
        place = str(message.place.conversation)
        if not place.startswith(comments.AT):
            raise Rejected(tag_closed())
        media, _, comment = place.removeprefix(comments.AT).partition(":")
        body: raw.Raw = {"media_id": media, "message": str(message.text)}
        if comment:
            body["comment_id"] = comment
        answer = await self._account.api.write(
            "POST", f"{self._account.us.user_id}/mentions", body=body
        )
        return _receipt(answer.get("id"), message.place.url)


def comment_of(message: Outgoing) -> str:
    """The comment a private answer is about; empty for an ordinary message."""
    source = str(message.reply_to or "")
    return source if source.isascii() and source.isdigit() else ""


def tag_closed() -> str:
    """Why there is no answering under somebody's photo."""
    return tr(
        "Instagram lets nobody answer under a photo you are tagged in from a program: open it in "
        "Instagram."
    )


def _check_comment(message: Outgoing) -> None:
    if length_in(message.text, LengthUnit.CODE_POINTS) > MAX_COMMENT:
        raise Rejected(
            tr("The text is too long for an Instagram comment ({n} characters): shorten.").format(
                n=MAX_COMMENT
            )
        )


def _receipt(value: object, url: str) -> SendReceipt:
    key = raw.identifier(value)
    if not key:
        raise Ambiguous(
            tr("Instagram's answer is unreadable; we are checking whether the answer arrived.")
        )
    return SendReceipt(RemoteId(key), url=url)
