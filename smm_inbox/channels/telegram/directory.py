"""What has to be asked before messages can be placed: authors, discussion groups, threads."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from telethon import utils
from telethon.tl import functions, types

from smm_inbox.domain.errors import ChannelError, RateLimited, Rejected, Unsupported

from .account import Account
from .mapping import people, places
from .mapping.harvest import Harvest, Where
from .mapping.keys import channel_peer, is_channel, is_person, marked, person

_log = logging.getLogger(__name__)

_ROUNDS = 12
"""Steps up a chain of replies; a longer one begins a conversation of its own."""
_AT_ONCE = 100


class Directory:
    """Completes what updates leave out. What Telegram does not give is done without."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def prepare(self, messages: Sequence[Any], *, within: float) -> None:
        """Learn what ``messages`` need before they are mapped.

        Where they belong has to be known: without a connection that raises ``Retry``, and they come
        again. For the names of their authors they wait ``within`` seconds at most.
        """
        try:
            await self._discover(_groups_in(messages))
            await self._trace(messages)
        except RateLimited as error:
            # A message is shown in a conversation of its own rather than some minutes late.
            _log.info("threads of messages are not known: %s", error)
        try:
            async with asyncio.timeout(within):
                await self._meet(_people_in(messages))
                await self._measure(messages)
        except (TimeoutError, ChannelError) as error:
            _log.info("authors of messages are not known yet: %s", type(error).__name__)

    def introduce(self, into: Harvest) -> None:
        """Add the contacts of a harvest's authors."""
        for number in into.people:
            known = self._account.memory.people.get(number)
            if known is not None:
                into.contacts[person(number)] = known

    async def _meet(self, numbers: Iterable[int]) -> None:
        memory = self._account.memory
        unknown = [n for n in numbers if is_person(n) and n not in memory.people]
        wanted = []
        for number in unknown[:_AT_ONCE]:
            try:
                peer = await self._account.input_peer(number)
            except Rejected:
                continue
            wanted.append(utils.get_input_user(peer))
        if wanted:
            found = await self._account.ask(functions.users.GetUsersRequest(wanted))
            self._account.learn(types.contacts.ResolvedPeer(types.PeerUser(0), [], found))

    async def _measure(self, messages: Iterable[Any]) -> None:
        """Ask once how many subscribers a channel has in whose name somebody writes."""
        memory = self._account.memory
        for peer in {marked(message.from_id) for message in messages}:
            chat = memory.chats.get(peer) if peer is not None else None
            if chat is None or chat.ours or not chat.broadcast or chat.subscribers is not None:
                continue
            if chat.peer in memory.measured:
                continue
            memory.measured.put(chat.peer, None)
            channel = await self._account.input_channel(chat.peer)
            answer = await self._account.ask(functions.channels.GetFullChannelRequest(channel))
            count = getattr(getattr(answer, "full_chat", None), "participants_count", None)
            if isinstance(count, int):
                people.measure(memory, chat.peer, count)

    # --- discussion groups ------------------------------------------------------------------------

    async def _discover(self, groups: Iterable[int]) -> None:
        """Find out which of ``groups`` discuss a channel of ours."""
        memory = self._account.memory
        for group in groups:
            chat = memory.chats.get(group)
            looked_at = group in memory.links or group in memory.unlinked
            if chat is None or looked_at or not chat.has_link or chat.broadcast:
                continue
            channel = await self.linked(group)
            known = memory.chats.get(channel) if channel is not None else None
            ours = self._account.us.bot or (known is not None and known.ours)
            if channel is not None and ours:
                await self.adopt(group, channel)
            else:
                memory.unlinked.put(group, None)

    async def linked(self, peer: int) -> int | None:
        """The discussion group of a channel, or the channel of a discussion group."""
        account = self._account
        try:
            channel = await account.input_channel(peer)
            answer = await account.ask(functions.channels.GetFullChannelRequest(channel))
        except (Rejected, Unsupported) as error:
            _log.info("a channel does not tell its discussion group: %s", type(error).__name__)
            return None
        account.learn(answer)
        full = getattr(answer, "full_chat", None)
        number = getattr(full, "linked_chat_id", None)
        return channel_peer(int(number)) if number else None

    async def adopt(self, group: int, channel: int) -> None:
        """Treat ``group`` as the place where ``channel`` is discussed, and learn its staff."""
        account = self._account
        account.memory.links[group] = channel
        try:
            answer = await account.ask(
                functions.channels.GetParticipantsRequest(
                    await account.input_channel(group), types.ChannelParticipantsAdmins(), 0, 100, 0
                )
            )
        except (Rejected, Unsupported) as error:
            _log.info("the administrators of a group are not known: %s", type(error).__name__)
            return
        account.learn(answer)
        staff = [int(user.id) for user in getattr(answer, "users", ())]
        account.memory.staff[group] = frozenset(staff) - {account.us.user}

    # --- threads ----------------------------------------------------------------------------------

    async def _trace(self, messages: Sequence[Any]) -> None:
        """Follow replies up to the root comments and posts they hang on."""
        lens, memory = self._account.lens(), self._account.memory
        pending = list(messages)
        for _ in range(_ROUNDS):
            at_hand = {_where(message) for message in pending}
            left: list[Any] = []
            wanted: set[Where] = set()
            # Answers have higher numbers than what they answer: one pass places whole chains.
            for message in sorted(pending, key=lambda entry: int(entry.id)):
                needed = {w for w in places.missing(message, lens) if w not in memory.absent}
                if needed:
                    left.append(message)
                    wanted |= needed - at_hand
                else:
                    places.note(message, lens)
            if not wanted:
                return
            pending = left + await self._fetch(wanted)

    async def _fetch(self, wanted: Iterable[Where]) -> list[Any]:
        by_peer: dict[int, list[int]] = defaultdict(list)
        for peer, number in wanted:
            by_peer[peer].append(number)
        found: list[Any] = []
        for peer, numbers in by_peer.items():
            came: list[Any] = []
            try:
                came = await self._account.messages_by_number(peer, sorted(numbers)[:_AT_ONCE])
            except (Rejected, Unsupported) as error:
                _log.info("answered messages cannot be read: %s", type(error).__name__)
            here = {_where(message) for message in came}
            for number in numbers:
                if (peer, number) not in here:
                    self._account.memory.absent.put((peer, number), None)
            found += came
        return found


def _where(message: Any) -> Where:
    return (marked(message.peer_id) or 0, int(message.id))


def _people_in(messages: Iterable[Any]) -> list[int]:
    found: dict[int, None] = {}
    for message in messages:
        for peer in (marked(message.from_id), marked(message.peer_id)):
            if peer is not None and is_person(peer):
                found[peer] = None
    return list(found)


def _groups_in(messages: Iterable[Any]) -> list[int]:
    peers = (marked(message.peer_id) for message in messages)
    return list(dict.fromkeys(peer for peer in peers if peer is not None and is_channel(peer)))
