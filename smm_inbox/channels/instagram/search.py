"""Looking for an answer of unknown fate before anything is repeated."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import Unsupported
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import Outgoing, SendReceipt
from smm_inbox.domain.text import clean, one_line
from smm_inbox.locale import tr

from . import errors, selection
from .account import Account
from .mapping import attachments, comments, raw
from .sender import comment_of

SETTLE = 3.0
"""Seconds between two looks: a message may show a moment after it was taken."""
_SKEW = timedelta(seconds=10)
_UNKNOWN = timedelta(hours=1)
_PAGES = 6


class Search:
    """Finds answers of ours among what Instagram shows."""

    def __init__(self, account: Account, taken: Collection[RemoteId]) -> None:
        self._account = account
        self._taken = taken
        """Answers that are known: a second one with the same words is not this one."""

    async def find(self, message: Outgoing) -> SendReceipt | None:
        """The receipt of an answer; ``None`` when two complete looks did not find it.

        Raises:
            Unsupported: Instagram does not show enough to tell; the operator has to look.
        """
        found = await self._look(message)
        if found is None:
            await self._account.api.pause(SETTLE)
            found = await self._look(message)
        return found

    async def _look(self, message: Outgoing) -> SendReceipt | None:
        match message.place.kind:
            case Kind.DIRECT:
                return await self._in_talk(message)
            case Kind.COMMENT:
                return await self._in_thread(message)
            case _:
                raise Unsupported(_look_yourself())

    def _since(self, message: Outgoing) -> datetime:
        api = self._account.api
        if message.first_attempt_at is None:
            return api.now() - _UNKNOWN
        return message.first_attempt_at + api.skew - _SKEW

    def _is_it(
        self, entry: raw.Raw, message: Outgoing, *, ours: bool, text: object, at: datetime | None
    ) -> RemoteId | None:
        key = RemoteId(raw.identifier(entry.get("id")))
        if not ours or not key or key in self._taken or at is None:
            return None
        if at < self._since(message):
            return None
        return key if one_line(clean(text)) == one_line(message.text) else None

    async def _in_talk(self, message: Outgoing) -> SendReceipt | None:
        page = await self._account.api.read(
            "me/conversations",
            ("id", selection.messages()),
            direct=True,
            urgent=True,
            platform="instagram",
            user_id=str(message.place.conversation),
        )
        talks = raw.data(page)
        if not talks and not comment_of(message):
            raise Unsupported(_look_yourself())  # the talk must be there, and it is not shown
        found: list[tuple[datetime, RemoteId]] = []
        for talk in talks:
            listed = raw.data(talk.get("messages"))
            oldest: datetime | None = None
            for entry in listed:
                at = raw.moment(entry.get("created_time"))
                oldest = at if oldest is None or (at is not None and at < oldest) else oldest
                author = raw.obj(entry.get("from"))
                who = raw.identifier(author.get("id"))
                key = self._is_it(
                    entry,
                    message,
                    ours=self._account.us.is_us(who, str(author.get("username") or "")),
                    text=entry.get("message"),
                    at=at,
                )
                if key is not None and at is not None:
                    found.append((at, key))
            whole = not raw.after(talk.get("messages"))
            if not found and not whole and (oldest is None or oldest > self._since(message)):
                raise Unsupported(_look_yourself())  # the talk went on, details are gone
        if not found:
            return None
        at, key = min(found)
        return SendReceipt(key, at, attachments.INBOX)

    async def _in_thread(self, message: Outgoing) -> SendReceipt | None:
        top = message.place.thread or message.place.conversation
        after = ""
        for _ in range(_PAGES):
            try:
                page = await self._account.api.read(
                    f"{top}/replies", selection.COMMENT, urgent=True, limit=50, after=after
                )
            except errors.Gone:
                raise Unsupported(_look_yourself()) from None
            for entry in raw.data(page):
                who, username = comments.author_of(entry)
                at = raw.moment(entry.get("timestamp"))
                key = self._is_it(
                    entry,
                    message,
                    ours=self._account.us.is_us(who, username),
                    text=entry.get("text"),
                    at=at,
                )
                if key is not None:
                    return SendReceipt(key, at, message.place.url)
            after = raw.after(page)
            if not after:
                return None
        raise Unsupported(_look_yourself())


def _look_yourself() -> str:
    return tr(
        "Instagram does not show whether the answer arrived: look in Instagram, then choose "
        "“sent” or “send again”."
    )
