"""What a method knows about its caller, and how it finds the chats the caller names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smm_inbox.sandbox.telegram.errors import RpcError, unauthorised
from smm_inbox.sandbox.telegram.keys import AuthKey
from smm_inbox.sandbox.telegram.model import (
    Account,
    Message,
    User,
    channel_chat,
    group_chat,
    is_channel,
    number_of,
    private,
)
from smm_inbox.sandbox.telegram.pushing import Origin
from smm_inbox.sandbox.telegram.state import State
from smm_inbox.sandbox.telegram.tl import types


@dataclass(frozen=True, slots=True)
class Context:
    """One call's caller."""

    state: State
    key: AuthKey
    session: int
    account: Account | None

    @property
    def me(self) -> int:
        """User id of the caller."""
        if self.account is None:
            raise unauthorised()
        return self.account.user_id

    @property
    def own(self) -> Account:
        """The caller's account."""
        if self.account is None:
            raise unauthorised()
        return self.account

    @property
    def origin(self) -> Origin:
        """The caller's session, which is not pushed what its answer says."""
        return Origin(self.me, self.key.id, self.session)

    def chat(self, peer: Any) -> str:
        """The chat behind an InputPeer.

        Raises:
            RpcError: PEER_ID_INVALID, CHANNEL_INVALID, CHANNEL_PRIVATE or CHAT_ID_INVALID.
        """
        match peer:
            case types.InputPeerSelf():
                return private(self.me, self.me)
            case types.InputPeerChat():
                if peer.chat_id not in self.state.groups:
                    raise RpcError("CHAT_ID_INVALID")
                if self.me not in self.state.groups[peer.chat_id].members:
                    raise RpcError("PEER_ID_INVALID")
                return group_chat(peer.chat_id)
            case types.InputPeerChannel() | types.InputChannel():
                return self._channel(peer.channel_id, peer.access_hash)
            case types.InputPeerChannelFromMessage() | types.InputChannelFromMessage():
                return self._channel(peer.channel_id, None)
            case _:
                return private(self.me, self.user(peer).id)

    def user(self, peer: Any) -> User:
        """The person behind an InputPeer or InputUser.

        Raises:
            RpcError: PEER_ID_INVALID when the caller does not know the person.
        """
        match peer:
            case types.InputUserSelf() | types.InputPeerSelf():
                return self.state.users[self.me]
            case types.InputUser() | types.InputPeerUser():
                person = self.state.users.get(peer.user_id)
                expected = self.state.access_hash(self.me, "user", peer.user_id)
                bots = bool(self.own.bot_token) and peer.access_hash == 0
                if person is None or not (peer.access_hash == expected or bots):
                    raise RpcError("PEER_ID_INVALID")
                return person
            case types.InputUserFromMessage() | types.InputPeerUserFromMessage():
                found = self.state.found(self.chat(peer.peer), self.me, peer.msg_id)
                if found is None or found.author != peer.user_id:
                    raise RpcError("PEER_ID_INVALID")
                return self.state.users[peer.user_id]
            case _:
                raise RpcError("PEER_ID_INVALID")

    def _channel(self, number: int, access_hash: int | None) -> str:
        channel = self.state.channels.get(number)
        expected = self.state.access_hash(self.me, "channel", number)
        trusted = access_hash is None or (bool(self.own.bot_token) and access_hash == 0)
        if channel is None or not (trusted or access_hash == expected):
            raise RpcError("CHANNEL_INVALID")
        if self.me not in channel.members and not channel.username:
            raise RpcError("CHANNEL_PRIVATE")
        return channel_chat(number)

    def message(self, chat: str, msg_id: int) -> Message | None:
        """A living message by the caller's id."""
        return self.state.found(chat, self.me, msg_id)

    def any_message(self, msg_id: int) -> Message | None:
        """A message of a private chat or basic group by the caller's id alone."""
        uid = self.state.box(str(self.me)).messages.get(msg_id)
        return self.state.messages.get(uid) if uid is not None else None

    def id_of(self, message: Message) -> int:
        """The id a message has for the caller."""
        return message.ids.get(self.state.box_name(message.chat, self.me), 0)

    def is_admin(self, chat: str) -> bool:
        """Whether the caller runs this place."""
        return self.me in self.state.admins(chat)

    def broadcast(self, chat: str) -> bool:
        """Whether only admins write there, as posts."""
        return is_channel(chat) and self.state.channels[number_of(chat)].broadcast
