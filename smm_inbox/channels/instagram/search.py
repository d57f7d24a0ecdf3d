"""Looking for an answer of unknown fate before anything is repeated."""

from __future__ import annotations

from datetime import datetime, timedelta

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import Unsupported
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import Outgoing, SendReceipt
from smm_inbox.domain.text import clean, one_line
from smm_inbox.locale import tr

from . import errors, selection, setup
from .account import Account
from .mapping import attachments, comments, raw
from .sender import Sender, comment_of

LOOKS = (3.0, 27.0)
"""Seconds before a second and a third look: most answers that arrived show by then.

An answer that none of the looks found may still have arrived: nobody documents how late one shows,
and nothing makes a repetition harmless here. So absence is never proof; a person decides.
"""
_SKEW = timedelta(seconds=10)
_UNKNOWN = timedelta(hours=1)
_PAGES = 6


class Search:
    """Finds answers of ours among what Instagram shows."""

    def __init__(self, account: Account, sender: Sender) -> None:
        self._account = account
        self._sender = sender

    async def find(self, message: Outgoing) -> SendReceipt:
        """The receipt of an answer that arrived.

        Raises:
            Unsupported: no look over half a minute found it; the operator has to look and decide.
            Retry: a look came to nothing; all of them have to be made anew.
        """
        found = await self.once(message)
        for pause in LOOKS:
            if found is not None:
                return found
            await self._account.api.pause(pause)
            found = await self.once(message)
        if found is None:
            raise Unsupported(_not_seen())
        return found

    async def once(self, message: Outgoing) -> SendReceipt | None:
        """A single look: enough to stop a repetition, not to begin one."""
        for key, token in self._sender.receipts.items():
            if token == message.token:
                # It had its id and could not be noted: the disk was full.
                return SendReceipt(key, url=message.place.url)
        found = await self._look(message)
        if found is not None:
            self._sender.note(found, message.token)
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
        if not ours or not key or key in self._sender.receipts or at is None:
            return None
        if at < self._since(message):
            return None
        return key if one_line(clean(text)) == one_line(message.text) else None

    async def _in_talk(self, message: Outgoing) -> SendReceipt | None:
        found: list[tuple[datetime, RemoteId]] = []
        complete = True
        talks = await self._talks(str(message.place.conversation))
        for talk in talks:
            matches, whole = self._among(talk, message)
            found += matches
            complete = complete and whole
        if found:
            at, key = min(found)
            return SendReceipt(key, at, attachments.INBOX)
        # The talk must be there, but for one that a private answer to a comment opens.
        if not complete or not (talks or comment_of(message)):
            raise Unsupported(_look_yourself())
        return None

    async def _talks(self, person: str) -> list[raw.Raw]:
        """The talk with a person, in a list; with its messages, however they are told."""
        page = await self._account.api.read(
            "me/conversations",
            ("id", "participants", selection.messages()),
            direct=True,
            urgent=True,
            platform="instagram",
            user_id=person,
        )
        found: list[raw.Raw] = []
        for talk in raw.data(page):
            told = raw.data(talk.get("participants"))
            if told and person not in {raw.identifier(someone.get("id")) for someone in told}:
                continue  # a flavour that does not know the filter lists everybody
            found.append(await self._with_messages(talk))
        return found

    async def _with_messages(self, talk: raw.Raw) -> raw.Raw:
        key = raw.identifier(talk.get("id"))
        if "messages" in talk or not key:
            return talk
        page = await self._account.api.read(
            f"{key}/messages", selection.MESSAGE, direct=True, urgent=True, limit=20
        )
        return {**talk, "messages": page}

    def _among(
        self, talk: raw.Raw, message: Outgoing
    ) -> tuple[list[tuple[datetime, RemoteId]], bool]:
        """Matches, and whether everything since the first attempt is shown with its details."""
        since = self._since(message)
        found: list[tuple[datetime, RemoteId]] = []
        listed = raw.data(talk.get("messages"))
        detailed, oldest = bool(listed), since
        for number, entry in enumerate(listed):
            at = raw.moment(entry.get("created_time"))
            author = raw.obj(entry.get("from"))
            if at is None or (not author and at >= since):
                detailed = False
            if at is not None:
                oldest = at if not number else min(oldest, at)
            who, username = raw.identifier(author.get("id")), str(author.get("username") or "")
            ours = self._account.us.is_us(who, username)
            key = self._is_it(entry, message, ours=ours, text=entry.get("message"), at=at)
            if key is not None and at is not None:
                found.append((at, key))
        reaches = not raw.after(talk.get("messages")) or oldest <= since
        return found, detailed and reaches

    async def _in_thread(self, message: Outgoing) -> SendReceipt | None:
        top = message.place.thread or message.place.conversation
        after, listed = "", 0
        for _ in range(_PAGES):
            try:
                page = await self._account.api.read(
                    f"{top}/replies", selection.COMMENT, urgent=True, limit=50, after=after
                )
            except errors.Gone:
                raise Unsupported(_look_yourself()) from None
            listed += len(raw.data(page))
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
                await self._believe(listed)
                return None
        raise Unsupported(_look_yourself())

    async def _believe(self, listed: int) -> None:
        """An empty list may be all that an app without access is shown."""
        if not listed:
            counted, shown = await setup.comments_shown(self._account)
            if counted and not shown:
                raise Unsupported(_look_yourself())


def _not_seen() -> str:
    return tr(
        "The answer does not show in Instagram so far. Look there before it is repeated: then "
        "choose “it did arrive” or “send again”."
    )


def _look_yourself() -> str:
    return tr(
        "Instagram does not show whether the answer arrived: look in Instagram, then choose "
        "“it did arrive” or “send again”."
    )
