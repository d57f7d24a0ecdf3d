"""What is collected on the way to a batch, and what was learnt along the way."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Kind, Root
from smm_inbox.domain.ids import Cursor, RemoteId
from smm_inbox.domain.message import Batch, Edit, Gap, NetworkMessage, Removal
from smm_inbox.domain.text import SafeText

K = TypeVar("K")
V = TypeVar("V")

HIDDEN = 50
"""An answer with a long text and files leaves as two messages; this many are remembered."""

Where = tuple[int, int]
"""A message: its peer and its number there."""


class Recent(Generic[K, V]):
    """A dictionary that forgets its oldest entries: memory stays bounded over months."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The entry, if it is still remembered."""
        return self._entries.get(key)

    def put(self, key: K, value: V) -> None:
        """Remember an entry as the newest."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        while len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def __contains__(self, key: K) -> bool:
        return key in self._entries

    def keys(self) -> list[K]:
        """All remembered keys, oldest first."""
        return list(self._entries)


@dataclass(frozen=True, slots=True)
class Chat:
    """What is known of a group or channel."""

    peer: int
    title: SafeText = SafeText("")
    handle: SafeText = SafeText("")
    broadcast: bool = False
    monoforum: bool = False
    """The messages people send to a channel: suggested posts."""
    has_link: bool = False
    """A channel with a discussion group, or the group of one."""
    ours: bool = False
    """We are its creator or one of its administrators."""
    may_delete: bool = False
    """We may delete what others write in it."""
    outside: bool = False
    """We are not a member."""
    subscribers: int | None = None


@dataclass(frozen=True, slots=True)
class Ourselves:
    """Who we are, and in whose name we are seen to write."""

    user: int
    bot: bool = False
    handle: SafeText = SafeText("")


class Memory:
    """Facts that later payloads do not repeat."""

    def __init__(self) -> None:
        self.people: Recent[int, Contact] = Recent(5_000)
        """Marked number → contact."""
        self.bots: Recent[int, None] = Recent(1_000)
        self.chats: Recent[int, Chat] = Recent(2_000)
        self.links: dict[int, int] = {}
        """Discussion group → its channel; only channels of ours."""
        self.unlinked: Recent[int, None] = Recent(1_000)
        """Groups that were looked at and belong to nobody we care about."""
        self.measured: Recent[int, None] = Recent(1_000)
        """Channels that were asked for the number of their subscribers."""
        self.staff: dict[int, frozenset[int]] = {}
        """Discussion group → people who administer it."""
        self.thread_of: Recent[Where, int] = Recent(20_000)
        """Comment → root comment of its thread."""
        self.copies: Recent[Where, RemoteId] = Recent(2_000)
        """Copy of a post in the discussion group → the post's snapshot."""
        self.top_of: Recent[Where, int] = Recent(20_000)
        """Comment → the message its thread hangs on."""
        self.authors: Recent[Where, int] = Recent(20_000)
        """Message → who wrote it."""
        self.albums: Recent[int, Where] = Recent(2_000)
        """Album → its first message."""
        self.seen_in: Recent[int, Where] = Recent(5_000)
        """Person → a message of theirs in a group, through which they can be written to."""
        self.kinds: Recent[int, Kind] = Recent(20_000)
        """Number of a message in a private chat or basic group → kind of its conversation."""
        self.opened_by: Recent[Where, int] = Recent(5_000)
        """Root comment → its author."""
        self.mentioned: Recent[Where, None] = Recent(5_000)
        """Messages in groups that mention us or answer us."""
        self.roots: Recent[RemoteId, Root] = Recent(2_000)
        """Snapshots of posts."""
        self.absent: Recent[Where, None] = Recent(5_000)
        """Messages that were asked for and are no more."""
        self.hidden: Recent[RemoteId, None] = Recent(HIDDEN)
        """Our own messages that are shown as a part of another one."""

    def ours_in(self, peer: int) -> frozenset[int]:
        """Names under which our business writes in a discussion group, besides our own account."""
        channel = self.links.get(peer)
        if channel is None:
            return frozenset()
        return self.staff.get(peer, frozenset()) | {peer, channel}


@dataclass(frozen=True, slots=True)
class Lens:
    """Through what a payload is looked at."""

    us: Ourselves
    now: datetime
    memory: Memory


@dataclass(slots=True)
class Harvest:
    """A batch in the making."""

    messages: list[NetworkMessage] = field(default_factory=list)
    contacts: dict[RemoteId, Contact] = field(default_factory=dict)
    roots: dict[RemoteId, Root] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    people: set[int] = field(default_factory=set)
    """Authors whose contact belongs into the batch."""

    def batch(self, cursor: Cursor | None = None, *, caught_up: bool = False) -> Batch:
        """The collected things as one batch."""
        return Batch(
            messages=tuple(self.messages),
            contacts=tuple(self.contacts.values()),
            roots=tuple(self.roots.values()),
            edits=tuple(self.edits),
            removals=tuple(self.removals),
            gaps=tuple(self.gaps),
            cursor=cursor,
            caught_up=caught_up,
        )

    @property
    def empty(self) -> bool:
        """Whether there is nothing to store."""
        return not (
            self.messages or self.roots or self.edits or self.removals or self.gaps or self.people
        )
