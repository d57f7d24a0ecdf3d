"""What is collected from payloads on the way to a batch, and what was learnt along the way."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Root
from smm_inbox.domain.ids import Cursor, RemoteId
from smm_inbox.domain.message import Batch, Edit, Gap, NetworkMessage, Removal, WriteAccess
from smm_inbox.domain.text import SafeText

from .keys import Subject
from .mentions import Ourselves

K = TypeVar("K")
V = TypeVar("V")


class Malformed(ValueError):
    """A payload lacks what makes it a message; it is skipped with a log line."""


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


class Memory:
    """Facts of earlier payloads that later ones do not repeat."""

    def __init__(self) -> None:
        self.thread_of: Recent[RemoteId, int] = Recent(5_000)
        """Comment → root comment of its thread; in discussions, whose conversation it is in."""
        self.untold: Recent[RemoteId, None] = Recent(5_000)
        """Root comments that were read and left out, being old: the inbox does not have them."""
        self.opened_by: Recent[RemoteId, RemoteId] = Recent(5_000)
        """Conversation → author of its root comment."""
        self.asking: Recent[RemoteId, frozenset[int]] = Recent(200)
        """Discussion → who wrote there since our last answer to them."""
        self.mention_posts: Recent[RemoteId, None] = Recent(200)
        """Posts that are conversations themselves: by visitors, or mentioning us."""
        self.names: Recent[int, SafeText] = Recent(5_000)
        """User or community → name."""


@dataclass(frozen=True, slots=True)
class Lens:
    """Through what a payload is looked at."""

    us: Ourselves
    now: datetime
    """VK's time at arrival: for payloads that carry none."""
    memory: Memory = field(default_factory=Memory)


@dataclass(slots=True)
class Harvest:
    """A batch in the making, and what should be asked of VK to complete it."""

    messages: list[NetworkMessage] = field(default_factory=list)
    contacts: dict[RemoteId, Contact] = field(default_factory=dict)
    roots: dict[RemoteId, Root] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    access: list[WriteAccess] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    people: set[int] = field(default_factory=set)
    """Users and communities whose profile is wanted."""
    subjects: set[Subject] = field(default_factory=set)
    """Posts, photos … whose snapshot is wanted."""
    chats: set[int] = field(default_factory=set)
    """Group chats whose title is wanted."""
    threads: set[tuple[Subject, int]] = field(default_factory=set)
    """Threads whose root comment was never seen."""

    def batch(self, cursor: Cursor | None = None, *, caught_up: bool = False) -> Batch:
        """The collected things as one batch."""
        return Batch(
            messages=tuple(self.messages),
            contacts=tuple(self.contacts.values()),
            roots=tuple(self.roots.values()),
            edits=tuple(self.edits),
            removals=tuple(self.removals),
            access=tuple(self.access),
            gaps=tuple(self.gaps),
            cursor=cursor,
            caught_up=caught_up,
        )

    @property
    def empty(self) -> bool:
        """Whether there is nothing to store."""
        return not (
            self.messages
            or self.contacts
            or self.roots
            or self.edits
            or self.removals
            or self.access
            or self.gaps
        )

    def without_awaiting(self) -> None:
        """Keep the messages as history only: nobody waits for an answer to them."""
        self.messages = [replace(message, needs_answer=False) for message in self.messages]
