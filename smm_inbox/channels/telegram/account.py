"""What the parts of one Telegram account share."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from telethon import TelegramClient, utils
from telethon.tl import functions, types

from smm_inbox.channels.base import ChannelContext
from smm_inbox.channels.pacing import TokenBucket
from smm_inbox.domain.errors import ChannelError
from smm_inbox.domain.ids import RemoteId

from . import errors
from .arrivals import Arrivals
from .client import ANSWER, Wire
from .failures import Failure, Lost, Trouble
from .mapping import people
from .mapping.harvest import Lens, Memory, Ourselves
from .mapping.keys import is_channel, is_person, peer_object
from .settings import TelegramSettings

T = TypeVar("T")

PACE = (5.0, 30)
"""Calls a second and at once of our own accord; Telegram does not publish its limits."""


class Account:
    """One account: its connection, its memory, and what waits to be told."""

    def __init__(self, context: ChannelContext, settings: TelegramSettings) -> None:
        self.context = context
        self.settings = settings
        self.memory = Memory()
        self.us = Ourselves(0, bot=settings.is_bot)
        self.arrivals = Arrivals()
        self.wire: Wire | None = None
        self.caught_up = False
        """All chats have been looked at since we connected."""
        self.ahead = timedelta()
        """Telegram's clock minus ours."""
        self.caption_limit = 1024
        self.edit_window = timedelta(hours=48)
        self._pace = TokenBucket(*PACE)

    def now(self) -> datetime:
        """Telegram's time."""
        return self.context.clock.now() + self.ahead

    def lens(self) -> Lens:
        """How payloads that arrive now are looked at."""
        return Lens(self.us, self.now(), self.memory)

    async def ask(self, request: object) -> Any:
        """Call for our own purposes: paced, without effect. Raises ``ChannelError``."""
        await self._pace.acquire()
        return await self.call(request)

    async def call(self, request: object, *, effect: bool = False, within: float = ANSWER) -> Any:
        """Call at once. Raises ``ChannelError``: ``Ambiguous`` only with ``effect``."""
        return await self.run(lambda client: client(request), effect=effect, within=within)

    async def run(
        self,
        act: Callable[[TelegramClient], Awaitable[T]],
        *,
        effect: bool = False,
        within: float = ANSWER,
    ) -> T:
        """Do something with the client. Raises ``ChannelError``."""
        try:
            return await self.attempt(act, within=within)
        except Failure as failure:
            raise self.remedy(failure, effect=effect) from None

    async def attempt(
        self, act: Callable[[TelegramClient], Awaitable[T]], *, within: float = ANSWER
    ) -> T:
        """Do something with the client. Raises ``Failure``."""
        if self.wire is None:
            raise Lost(Trouble.OFFLINE)
        try:
            return await self.wire.run(act, within)
        except Lost:
            self.arrivals.wake()
            raise

    def remedy(self, failure: Failure, *, effect: bool) -> ChannelError:
        """What to do about a failure."""
        return errors.translate(failure, effect=effect, now=self.context.clock.now())

    def learn(self, answer: object) -> None:
        """Remember the people and chats that came along with an answer."""
        people.learn(self.memory, entities_in(answer))

    async def input_peer(self, peer: int) -> Any:
        """A peer as requests name it.

        Raises ``Rejected`` for one Telegram never showed us, ``Retry`` before that is certain.
        """
        if not is_person(peer) and not is_channel(peer):
            return types.InputPeerChat(-peer)
        if self.wire is not None:
            # Not through the client: it mixes up a person and a channel with the same number.
            with contextlib.suppress(ValueError):
                return self.wire.client.session.get_input_entity(peer_object(peer))
        if is_person(peer) and self.us.bot:
            return types.InputPeerUser(peer, 0)
        seen = self.memory.seen_in.get(peer) if is_person(peer) else None
        if seen is not None:
            return types.InputPeerUserFromMessage(await self.input_peer(seen[0]), seen[1], peer)
        if self.wire is None or not self.caught_up:
            # Between two connections, or the session lost it when the program was killed: the next
            # connection or the list of chats brings it back.
            raise errors.not_yet()
        raise errors.stranger() if is_person(peer) else errors.not_a_member()

    async def input_channel(self, peer: int) -> Any:
        """A channel or supergroup as requests name it."""
        return utils.get_input_channel(await self.input_peer(peer))

    async def messages_by_number(self, peer: int, numbers: Iterable[int]) -> list[Any]:
        """Messages of one chat by their numbers; those that are gone are left out."""
        wanted: list[Any] = [types.InputMessageID(number) for number in numbers]
        if is_channel(peer):
            channel = await self.input_channel(peer)
            answer = await self.ask(functions.channels.GetMessagesRequest(channel, wanted))
        else:
            answer = await self.ask(functions.messages.GetMessagesRequest(wanted))
        self.learn(answer)
        return [
            entry
            for entry in getattr(answer, "messages", ())
            if isinstance(entry, types.Message | types.MessageService)
        ]

    def hide(self, name: RemoteId) -> None:
        """Remember that a message of ours is shown as a part of another one."""
        self.memory.hidden.put(name, None)


def entities_in(answer: object) -> list[object]:
    """Users and chats of an answer."""
    return [*(getattr(answer, "users", None) or ()), *(getattr(answer, "chats", None) or ())]
