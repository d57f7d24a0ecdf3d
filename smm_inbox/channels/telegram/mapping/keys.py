"""Remote ids: how Telegram's numbers become the opaque names of the inbox, and back.

Peers are "marked" numbers: people as they are, basic groups below zero, channels and supergroups
below minus a million million.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from telethon.tl import types

from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.ids import RemoteId

SITE = "https://t.me"

SERVICE_USERS = frozenset({777000, 42777, 333000})
"""Telegram itself: it sends login codes, which nothing may store."""

_CHANNEL_BASE = -1_000_000_000_000
_NUMBER = re.compile(r"-?\d{1,19}")
_IN_CHANNEL = re.compile(r"(-\d{1,19})_(\d{1,19})")
_WITH_AUTHOR = re.compile(r"(-\d{1,19}):(-?\d{1,19})")
_POST = re.compile(r"post(-\d{1,19})_(\d{1,19})")


def marked(peer: object) -> int | None:
    """The marked number of a peer; ``None`` for anything else."""
    if isinstance(peer, types.PeerUser):
        return int(peer.user_id)
    if isinstance(peer, types.PeerChat):
        return -int(peer.chat_id)
    if isinstance(peer, types.PeerChannel):
        return channel_peer(peer.channel_id)
    return None


def channel_peer(number: int) -> int:
    """The marked number of a channel or supergroup."""
    return _CHANNEL_BASE - number


def channel_number(peer: int) -> int:
    """The bare number of a channel or supergroup."""
    return _CHANNEL_BASE - peer


def is_channel(peer: int) -> bool:
    """Whether messages of ``peer`` have numbers of their own, as in channels and supergroups."""
    return peer < _CHANNEL_BASE


def is_person(peer: int) -> bool:
    """Whether ``peer`` is a user."""
    return peer > 0


def peer_object(peer: int) -> object:
    """Telethon's object for a marked number."""
    if is_person(peer):
        return types.PeerUser(peer)
    if is_channel(peer):
        return types.PeerChannel(channel_number(peer))
    return types.PeerChat(-peer)


def person(peer: int) -> RemoteId:
    """Name of a contact: a user, a channel or a group that writes in its own name."""
    return RemoteId(str(peer))


def parse_person(name: str) -> int | None:
    """The peer behind a contact's name."""
    return int(name) if _NUMBER.fullmatch(name) else None


def message_name(peer: int, number: int) -> RemoteId:
    """Name of a message.

    Private chats and basic groups share one numbering per account, and their deletions come
    without a chat: so the number alone is the name.
    """
    return RemoteId(f"{peer}_{number}" if is_channel(peer) else str(number))


def message_number(name: str) -> int | None:
    """The number of a message within its peer."""
    if _NUMBER.fullmatch(name):
        return int(name)
    found = _IN_CHANNEL.fullmatch(name)
    return int(found[2]) if found else None


def post_name(channel: int, post: int) -> RemoteId:
    """Name of a post's snapshot."""
    return RemoteId(f"post{channel}_{post}")


def parse_post(name: str) -> tuple[int, int] | None:
    """Channel and number of a post."""
    found = _POST.fullmatch(name)
    return (int(found[1]), int(found[2])) if found else None


def chat_name(peer: int) -> RemoteId:
    """Name of a group's snapshot."""
    return RemoteId(f"chat{peer}")


def direct_name(peer: int) -> RemoteId:
    """Name of a private conversation."""
    return RemoteId(str(peer))


def suggestions_name(peer: int, author: int) -> RemoteId:
    """Name of a conversation in the messages of a channel (suggested posts)."""
    return RemoteId(f"{peer}:{author}")


def thread_name(group: int, root: int) -> RemoteId:
    """Name of the conversation under the comment ``root``."""
    return RemoteId(f"{group}_{root}")


def mention_name(peer: int, author: int) -> RemoteId:
    """Name of the conversation with ``author`` in a group."""
    return RemoteId(f"{peer}:{author}")


@dataclass(frozen=True, slots=True)
class Target:
    """Where an answer goes."""

    peer: int
    root: int | None = None
    """Root comment of the thread."""
    author: int | None = None
    """The person a conversation in a group is with."""
    suggestions: bool = False
    """The messages of a channel: answers name the person."""


def parse_place(place: Place) -> Target | None:
    """Where a conversation stands; ``None`` for a place that is not one of Telegram's."""
    name = str(place.conversation)
    if _NUMBER.fullmatch(name):
        return Target(int(name))
    if found := _IN_CHANNEL.fullmatch(name):
        return Target(int(found[1]), root=int(found[2]))
    if found := _WITH_AUTHOR.fullmatch(name):
        return Target(int(found[1]), author=int(found[2]), suggestions=place.kind is Kind.DIRECT)
    return None
