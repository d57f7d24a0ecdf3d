"""The VK channel as the engine sees it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

from smm_inbox.channels.base import ChannelContext, Check
from smm_inbox.domain.channel import Capabilities, Identity, Limitation
from smm_inbox.domain.conversation import Place
from smm_inbox.domain.errors import Rejected
from smm_inbox.domain.ids import AccountId, Cursor, RemoteId
from smm_inbox.domain.message import Batch, Outgoing, SendReceipt
from smm_inbox.locale import tr

from . import errors, powers, setup
from .account import Account
from .api import Api
from .client import Client
from .directory import Directory
from .mapping import messages, raw
from .mapping.harvest import Memory
from .mapping.mentions import Ourselves
from .moderation import Moderator
from .reader import Reader
from .rights import Rights, Role
from .sender import Sender
from .snapshots import Snapshots
from .targets import peer_of, place_of_comments

_log = logging.getLogger(__name__)

_OPTION_OF = {Role.COMMUNITY: "token", Role.SERVICE: "service_key", Role.USER: "user_token"}


class VkChannel:
    """One VK community."""

    def __init__(self, context: ChannelContext) -> None:
        self.account: AccountId = context.account
        self._account = _account(context)
        self._reader = Reader(self._account)
        self._sender = Sender(self._account)
        self._moderator = Moderator(self._account)
        self._setup_limits: tuple[Limitation, ...] = ()

    @property
    def capabilities(self) -> Capabilities:
        """What can be offered now."""
        return powers.capabilities(self._account.api.rights)

    @property
    def limitations(self) -> tuple[Limitation, ...]:
        """What this account cannot do, and what would help."""
        return (*self._setup_limits, *powers.limitations(self._account.api.rights))

    async def connect(self) -> Identity:
        """Check the token and the settings; only a dead token or no network stops here."""
        self._account.api.rights.forget()
        identity = await setup.introduce(self._account)
        self._setup_limits = await setup.limitations(self._account)
        return identity

    def updates(self, cursor: Cursor | None) -> AsyncIterator[Batch]:
        """Yield what happened since ``cursor``: catch-up first, then live, for ever."""
        return self._reader.run(cursor)

    async def send(self, message: Outgoing) -> SendReceipt:
        """Deliver one answer; repeating it with the same token within an hour is harmless."""
        return await self._sender.send(message)

    async def find_sent(self, message: Outgoing) -> SendReceipt | None:
        """Look whether an answer of unknown fate arrived."""
        return await self._sender.find_sent(message)

    async def edit(self, place: Place, remote_id: RemoteId, text: str) -> None:
        """Replace the text of our own message."""
        await self._moderator.edit(place, remote_id, text)

    async def delete(self, place: Place, remote_id: RemoteId) -> None:
        """Delete for everybody."""
        await self._moderator.delete(place, remote_id)

    async def mark_read(self, place: Place) -> None:
        """Mark a private conversation as read."""
        await self._moderator.mark_read(place)

    async def typing(self, place: Place) -> None:
        """Show "is typing" for a few seconds."""
        await self._moderator.typing(place)

    def private_place(self, contact: RemoteId) -> Place:
        """The private conversation with the author of a public message."""
        number = raw.integer(str(contact))
        if not number:
            raise Rejected(tr("This author has no private messages on VK."))
        return messages.place(number, self._account.us)

    def reply_closed(self, place: Place) -> str:
        """Why no token of this account can answer in ``place``; empty when one can."""
        if peer_of(place) is not None:
            method = "messages.send"
        else:
            try:
                method = place_of_comments(place).method
            except Rejected as error:
                return error.sentence
        rights = self._account.api.rights
        return "" if rights.can(method) else errors.needs(rights.lacks(method))

    async def diagnose(self) -> list[Check]:
        """Examine tokens, rights and settings; changes nothing."""
        return await setup.diagnose(self._account)

    async def repair(self) -> list[Check]:
        """Set the community's event settings, then examine again."""
        return await setup.repair(self._account)

    async def close(self) -> None:
        """Let go of everything at once; threads that hang in a socket are left behind."""
        self._account.api.close()


def _account(context: ChannelContext) -> Account:
    options = context.options
    tokens = {
        role: token
        for role, name in _OPTION_OF.items()
        if isinstance(token := options.get(name), str) and token
    }
    group_id = raw.positive(options.get("group_id"))
    if group_id is None or Role.COMMUNITY not in tokens:
        raise Rejected(tr("The VK account needs group_id and token in the config file."))
    client = Client(
        tokens, api_url=_text(options.get("api_url")), proxy=_text(options.get("proxy"))
    )
    api = Api(client, Rights(tokens), context.clock)
    memory = Memory()
    us = Ourselves(group_id)
    return Account(
        context=context,
        api=api,
        us=us,
        memory=memory,
        directory=Directory(api, memory, us.owner),
        snapshots=Snapshots(api, context.backfill_since),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
