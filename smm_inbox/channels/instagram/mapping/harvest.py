"""What is collected from payloads on the way to a batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Root
from smm_inbox.domain.ids import Cursor, RemoteId
from smm_inbox.domain.message import Batch, Edit, Gap, NetworkMessage, Removal, WriteAccess


@dataclass(frozen=True, slots=True)
class Ourselves:
    """Who we are on Instagram."""

    user_id: str = ""
    """The professional id: the one in participants, ``from`` and ``to``."""
    app_id: str = ""
    """The app-scoped id; never in payloads so far, taken as ours all the same."""
    username: str = ""

    def is_us(self, who: str, username: str = "") -> bool:
        """Whether an author is us; replies sometimes name only the user name."""
        if who:
            return who in {self.user_id, self.app_id}
        return bool(username) and username.casefold() == self.username.casefold()


@dataclass(slots=True)
class Harvest:
    """A batch in the making."""

    messages: list[NetworkMessage] = field(default_factory=list)
    contacts: dict[RemoteId, Contact] = field(default_factory=dict)
    roots: dict[RemoteId, Root] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    access: list[WriteAccess] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

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
        return self.batch() == Batch()

    def take(self, other: Harvest) -> None:
        """Add what another one holds."""
        self.messages += other.messages
        self.contacts.update(other.contacts)
        self.roots.update(other.roots)
        self.edits += other.edits
        self.removals += other.removals
        self.access += other.access
        self.gaps += other.gaps


@dataclass(frozen=True, slots=True)
class Lens:
    """Through what a payload is looked at."""

    us: Ourselves
    now: datetime
    """Instagram's time: for payloads that carry none."""
