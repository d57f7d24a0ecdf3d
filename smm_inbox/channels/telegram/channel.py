"""The Telegram channel as the engine sees it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from pathlib import Path

from telethon.tl import functions, types

from smm_inbox.channels.base import ChannelContext, ProgressReport
from smm_inbox.domain.channel import Capabilities, Identity, Limitation
from smm_inbox.domain.conversation import Place
from smm_inbox.domain.errors import Rejected
from smm_inbox.domain.ids import AccountId, Cursor, RemoteId
from smm_inbox.domain.message import Batch, Outgoing, SendReceipt
from smm_inbox.locale import tr

from . import errors, powers, settings
from .account import Account
from .client import Wire
from .download import Downloads
from .failures import Failure
from .login import TelegramLogin
from .mapping import people
from .mapping.harvest import Ourselves
from .mapping.keys import SITE, parse_person
from .mapping.places import direct_place
from .moderation import Moderator
from .reader import Reader
from .sender import Sender
from .session import forget

_log = logging.getLogger(__name__)


class TelegramChannel:
    """One Telegram account or bot."""

    def __init__(self, context: ChannelContext) -> None:
        self.account: AccountId = context.account
        self._account = Account(context, settings.read(context.options))
        self._reader = Reader(self._account)
        self._sender = Sender(self._account)
        self._moderator = Moderator(self._account)
        self._downloads = Downloads(self._account)
        self._closed = False

    @property
    def capabilities(self) -> Capabilities:
        """What can be offered now."""
        return powers.capabilities(self._account)

    @property
    def limitations(self) -> tuple[Limitation, ...]:
        """What this account cannot do, and what would help."""
        return powers.limitations(self._account)

    async def connect(self) -> Identity:
        """Connect with a client of its own and learn who we are."""
        account = self._account
        await self._hang_up()
        if self._closed:
            raise account.remedy(Failure(), effect=False)
        account.arrivals.unstored = False
        try:
            await self._dial()
            try:
                return await self._introduce()
            except errors.NeedsLogin as error:
                if not account.settings.is_bot:
                    fresh = isinstance(error, errors.NotLoggedIn)
                    raise (errors.not_logged_in(self.account) if fresh else error) from None
            # A bot needs no person to log in.
            await self.login().start()
            await self._dial()
            return await self._introduce()
        except Failure as failure:
            await self._hang_up()
            raise account.remedy(failure, effect=False) from None
        except BaseException:
            await self._hang_up()
            raise

    def updates(self, cursor: Cursor | None) -> AsyncIterator[Batch]:
        """Yield what happened since ``cursor``: catch-up first, then live, for ever."""
        return self._reader.run(cursor)

    async def send(self, message: Outgoing) -> SendReceipt:
        """Deliver one answer; repeating it with the same token is harmless."""
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
        """Show "is typing" for some seconds."""
        await self._moderator.typing(place)

    def private_place(self, contact: RemoteId) -> Place:
        """The private conversation with the author of a public message."""
        number = parse_person(contact)
        if number is None or number <= 0:
            raise Rejected(tr("This author writes in the name of a channel: answer in place."))
        return direct_place(number, self._account.memory)

    async def download(
        self, place: Place, remote_id: RemoteId, ref: str, target: Path, progress: ProgressReport
    ) -> Path:
        """Write an attachment to ``target``, or beside it when that name is taken."""
        return await self._downloads.fetch(ref, target, progress)

    def login(self) -> TelegramLogin:
        """Begin to log in, or to log in as somebody else."""
        return TelegramLogin(self._account, self._hang_up)

    async def log_out(self) -> None:
        """End the session on Telegram's side and forget it here."""
        if self._account.wire is None or not self._account.wire.alive:
            await self.connect()
        await self._account.call(functions.auth.LogOutRequest())
        await self._hang_up()
        forget(self._account.context.data_dir)

    async def close(self) -> None:
        """Hang up, in under a second."""
        self._closed = True
        await self._hang_up()

    async def _hang_up(self) -> None:
        wire, self._account.wire = self._account.wire, None
        if wire is not None:
            await wire.close()

    async def _dial(self) -> None:
        account = self._account
        wire = Wire(
            account.settings,
            account.context.data_dir,
            account.arrivals.put,
            on_end=account.arrivals.wake,
            on_gap=account.arrivals.nudge,
            may_advance=lambda: account.arrivals.settled,
        )
        account.wire = wire
        await wire.open()

    async def _introduce(self) -> Identity:
        account = self._account
        found = await account.call(functions.users.GetUsersRequest([types.InputUserSelf()]))
        me = next((user for user in found if isinstance(user, types.User)), None)
        if me is None:
            raise errors.not_logged_in(self.account)
        account.us = Ourselves(int(me.id), bot=bool(me.bot), handle=people.username(me))
        people.learn(account.memory, [me])
        await self._learn_limits()
        known = people.contact(me)
        return Identity(
            str(me.id),
            known.name or known.handle,
            known.handle,
            f"{SITE}/{known.handle}" if known.handle else "",
        )

    async def _learn_limits(self) -> None:
        """Telegram's clock and limits; without them the usual ones hold."""
        account = self._account
        config = await account.call(functions.help.GetConfigRequest())
        if not isinstance(config, types.Config):
            return
        account.ahead = config.date.astimezone(UTC) - account.context.clock.now()
        if config.caption_length_max > 0:
            account.caption_limit = int(config.caption_length_max)
        if config.edit_time_limit > 0:
            account.edit_window = timedelta(seconds=int(config.edit_time_limit))
