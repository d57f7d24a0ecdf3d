"""Messages as they cross the border between a network and the inbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from .contact import Contact
from .conversation import Kind, Place, Root
from .ids import Cursor, RemoteId, Token
from .parts import Attachment, AttachmentKind, Direction, InState
from .text import SafeText


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file on this machine that goes out with an answer."""

    path: Path
    kind: AttachmentKind
    name: SafeText
    size: int


@dataclass(frozen=True, slots=True)
class NetworkMessage:
    """One message as a channel reports it, inbound or outbound (answered elsewhere, own echo)."""

    place: Place
    remote_id: RemoteId
    """Unique within (account, kind of the conversation)."""
    direction: Direction
    text: SafeText
    sent_at: datetime
    """Aware, UTC."""
    author: RemoteId | None = None
    attachments: tuple[Attachment, ...] = ()
    reply_to: RemoteId | None = None
    """The message this one answers."""
    addressee: RemoteId | None = None
    """Contact an outbound message speaks to, where the network tells (``[id1|Анна], …``)."""
    token: Token | None = None
    """Idempotency token that the network echoes with our own messages."""
    automatic: bool = False
    """Autoresponders and bots: shown, never stops the clock, never queues."""
    needs_answer: bool = True
    """False: stored and shown, but nobody waits (a repost, a reaction, a service message)."""
    reaction: bool = False
    """An emoji that somebody put on the message ``reply_to``."""
    mentions_us: bool = False
    operator: SafeText = SafeText("")
    """Who of the business wrote it, where the network tells."""
    edited_at: datetime | None = None
    url: str = ""
    folded: SafeText = SafeText("")
    """What belongs to the message but is not news: quoted letters, signatures. Shown on demand."""
    people: tuple[Contact, ...] = ()
    """Who else it was addressed to, besides us and its author: an answer to all reaches them."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The text of a known message changed on the network."""

    kind: Kind
    remote_id: RemoteId
    text: SafeText
    edited_at: datetime
    attachments: tuple[Attachment, ...] | None = None
    """``None`` leaves the attachments as they are."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A known message was deleted on the network, or restored."""

    kind: Kind
    remote_id: RemoteId
    at: datetime
    restored: bool = False


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message of ours that left, but did not reach its addressee, as the network tells later."""

    kind: Kind
    remote_id: RemoteId
    reason: SafeText
    """A sentence for the operator."""
    at: datetime
    token: Token | None = None
    """Idempotency token, where the network echoes it."""


@dataclass(frozen=True, slots=True)
class WriteAccess:
    """Whether a conversation can be written to, as the network last said."""

    kind: Kind
    conversation: RemoteId
    blocked: SafeText
    """Why not, as a sentence for the operator; empty when writing is allowed."""
    window_until: datetime | None = None
    """When the network stops taking answers; ``None``: not told, what is known stays."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of time whose messages may be missing and cannot be fetched again."""

    since: datetime
    until: datetime
    what: SafeText
    """A sentence: which messages, and what would bring them."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a channel has read, to be stored in one transaction together with ``cursor``.

    Order inside a batch does not matter: an edit may name a message of the same batch. Everything
    may be delivered again; the unique keys swallow it.
    """

    messages: tuple[NetworkMessage, ...] = ()
    contacts: tuple[Contact, ...] = ()
    roots: tuple[Root, ...] = ()
    edits: tuple[Edit, ...] = ()
    removals: tuple[Removal, ...] = ()
    undelivered: tuple[Undelivered, ...] = ()
    access: tuple[WriteAccess, ...] = ()
    gaps: tuple[Gap, ...] = ()
    cursor: Cursor | None = None
    """Where to go on after this batch; ``None`` leaves the stored cursor as it is."""
    caught_up: bool = False
    """True when nothing older is left to fetch: from here on the channel is live."""


EMPTY_BATCH = Batch()


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier text of an edited message."""

    text: SafeText
    replaced_at: datetime


REPLY_ALL = "reply_all"
"""Note in ``Outgoing.extra``: ``1`` answers everybody the message was addressed to, ``0`` does
not; absent where the network has no such choice."""

NEW_LETTER = "new_letter"
"""Note in ``Outgoing.extra``: ``1`` for a letter that answers nobody, such as a question to a
colleague: its subject and its text go out as they are."""

LOST = "lost"
"""Note in ``Outgoing.extra``: the answer to an earlier attempt was lost, so it may have arrived."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a channel is asked to deliver, with the token that makes a repetition harmless."""

    place: Place
    text: SafeText
    token: Token
    reply_to: RemoteId | None = None
    addressee: RemoteId | None = None
    """Contact the answer speaks to."""
    files: tuple[LocalFile, ...] = ()
    first_attempt_at: datetime | None = None
    """When this token was first used; networks forget tokens (VK: after an hour)."""
    extra: dict[str, str] = field(default_factory=dict)
    """Notes kept with the outbox row between attempts: the channel's own (uploaded file ids), and
    ``LOST``, which the engine sets."""


@dataclass(frozen=True, slots=True)
class SendReceipt:
    """Proof of delivery: the network gave an id."""

    remote_id: RemoteId
    sent_at: datetime | None = None
    url: str = ""


__all__ = [
    "EMPTY_BATCH",
    "LOST",
    "NEW_LETTER",
    "REPLY_ALL",
    "Attachment",
    "AttachmentKind",
    "Batch",
    "Direction",
    "Edit",
    "Gap",
    "InState",
    "LocalFile",
    "NetworkMessage",
    "Outgoing",
    "Removal",
    "Revision",
    "SendReceipt",
    "Undelivered",
    "WriteAccess",
]
