"""The Instagram channel as the engine sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from smm_inbox.channels.base import ChannelContext, Check, ProgressReport
from smm_inbox.domain.channel import Attention, Capabilities, Identity, Limitation
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import Rejected, Unsupported
from smm_inbox.domain.ids import AccountId, Cursor, RemoteId
from smm_inbox.domain.message import LOST, Batch, Outgoing, SendReceipt
from smm_inbox.locale import tr

from . import powers, setup
from .account import Account
from .api import HOURLY, Api, Pause
from .client import Client
from .credentials import Credentials
from .mapping import comments, messages, people, raw
from .media import Media
from .moderation import Moderator
from .reader import Reader
from .search import Search
from .sender import Sender, tag_closed

_USUAL = 30
"""Seconds between two looks at private messages that the rhythms are written for."""


class InstagramChannel:
    """One professional account."""

    def __init__(self, context: ChannelContext, *, pause: Pause = asyncio.sleep) -> None:
        self.account: AccountId = context.account
        self._account = _account(context, pause)
        self._reader = Reader(self._account)
        self._sender = Sender(self._account)
        self._search = Search(self._account, self._sender)
        self._moderator = Moderator(self._account)
        self._media = Media(self._account)

    @property
    def capabilities(self) -> Capabilities:
        """What can be offered."""
        return powers.CAPABILITIES

    @property
    def limitations(self) -> tuple[Limitation, ...]:
        """What this account cannot do, and what would help."""
        return powers.limitations(self._account)

    async def connect(self) -> Identity:
        """Check the token and learn who we are."""
        return await setup.introduce(self._account)

    def updates(self, cursor: Cursor | None) -> AsyncIterator[Batch]:
        """Yield what happened since ``cursor``: one round of everything, then live, for ever."""
        return self._reader.run(cursor)

    async def send(self, message: Outgoing) -> SendReceipt:
        """Deliver one answer, once."""
        if LOST in message.extra and (found := await self._arrived(message)) is not None:
            return found
        return await self._sender.send(message)

    async def find_sent(self, message: Outgoing) -> SendReceipt | None:
        """Look whether an answer of unknown fate arrived; that it did not, nobody can tell."""
        return await self._search.find(message)

    async def _arrived(self, message: Outgoing) -> SendReceipt | None:
        """Whether an attempt before this one showed only now, after whatever was decided."""
        try:
            return await self._search.once(message)
        except Unsupported:
            return None  # it cannot be told, and somebody decided all the same

    async def hide(self, place: Place, remote_id: RemoteId, *, hidden: bool) -> None:
        """Hide a comment under an own post, or show it again."""
        await self._moderator.hide(place, remote_id, hidden=hidden)

    async def delete(self, place: Place, remote_id: RemoteId) -> None:
        """Delete a comment under an own post."""
        await self._moderator.delete(place, remote_id)

    async def react(self, place: Place, remote_id: RemoteId, emoji: str) -> None:
        """Put a heart on a customer's private message, or take it back."""
        await self._moderator.react(place, remote_id, emoji)

    async def mark_read(self, place: Place) -> None:
        """Show the customer that we read."""
        await self._moderator.mark_read(place)

    async def typing(self, place: Place) -> None:
        """Show "is typing" for a few seconds."""
        await self._moderator.typing(place)

    async def download(
        self, place: Place, remote_id: RemoteId, ref: str, target: Path, progress: ProgressReport
    ) -> Path:
        """Write a picture or file to ``target`` or beside it, through the account's proxy."""
        return await self._media.fetch(remote_id, ref, target, progress)

    def attend(self, attention: Attention) -> None:
        """Ask more often while a talk is on the screen, less often in the background."""
        if attention is not self._account.attention:
            self._account.attention = attention
            self._account.attended.set()

    def private_place(self, contact: RemoteId) -> Place:
        """The private conversation with the author of a comment."""
        if not people.has_id(contact):
            raise Rejected(
                tr("Instagram does not tell this person's number: they have to write first.")
            )
        return messages.place(str(contact))

    def reply_closed(self, place: Place) -> str:
        """Why an answer in a place is impossible; empty when it is possible."""
        tagged = place.kind is Kind.MENTION and place.conversation.startswith(comments.TAG)
        return tag_closed() if tagged else ""

    async def diagnose(self) -> list[Check]:
        """Examine the token, the rights and the app's access; changes nothing."""
        return await setup.diagnose(self._account)

    async def repair(self) -> list[Check]:
        """Nothing here can be put right from outside of Meta's dashboard; examine again."""
        return await self.diagnose()

    async def close(self) -> None:
        """Let go of everything at once."""
        await self._account.client.close()


def _account(context: ChannelContext, pause: Pause) -> Account:
    options = context.options
    token = _text(options.get("token"))
    if not token:
        raise Rejected(tr("The Instagram account needs token in the config file."))
    client = Client(
        base_url=_text(options.get("base_url")),
        version=_text(options.get("version")),
        proxy=_text(options.get("proxy")),
    )
    seconds = raw.count(options.get("poll_seconds"))
    hourly = raw.count(options.get("calls_per_hour"))
    credentials = Credentials(token, context.data_dir, context.clock)
    return Account(
        context=context,
        client=client,
        api=Api(client, credentials, context.clock, hourly=hourly or HOURLY, pause=pause),
        credentials=credentials,
        scale=(seconds or _USUAL) / _USUAL,
        human_agent=options.get("human_agent") is True,
        hooked=bool(_text(options.get("app_secret"))),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
