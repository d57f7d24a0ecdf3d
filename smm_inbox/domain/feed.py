"""What the screen asks for and what it gets: lists, and the open conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .channel import ReplyKind
from .contact import Contact
from .conversation import Kind, Root
from .ids import AccountId, ContactId, ConversationId, MessageId, OutboxId, RemoteId
from .listing import Count, Counts, FeedKey, FeedPage, FeedQuery, FeedRow, Order, View
from .message import Revision
from .outgoing import OutAction, OutState
from .parts import Attachment, Direction, InState
from .promise import Promise
from .text import SafeText


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message of the open conversation."""

    id: MessageId
    direction: Direction
    author: Contact | None
    operator: SafeText
    text: SafeText
    sent_at: datetime
    state: InState | OutState
    automatic: bool
    attachments: tuple[Attachment, ...]
    revisions: tuple[Revision, ...]
    deleted_at: datetime | None
    reply_to: SafeText
    """First line of the message it answers; empty when none."""
    reply_to_author: SafeText
    url: str
    outbox: OutboxId | None
    """The pending or failed outbox action of this message, if any."""
    action: OutAction | None
    not_before: datetime | None
    """When a queued answer leaves at the earliest: the end of the undo window or of a pause."""
    reason: SafeText
    """Why it was not sent, or why it waits."""
    reason_url: str
    """A page the operator must open first (captcha); usually empty."""
    mentions_us: bool
    can_edit: bool
    can_delete: bool
    folded: SafeText = SafeText("")
    """Quoted letters and signatures, shown on demand."""
    people: tuple[Contact, ...] = ()
    """Who else it was addressed to: an answer to all reaches them."""
    hidden_at: datetime | None = None
    """When we hid it on the network."""
    can_hide: bool = False
    """Whether it can be hidden on the network; when it is hidden, shown again."""
    reaction: SafeText = SafeText("")
    """The emoji we put on it."""
    reactions: tuple[str, ...] = ()
    """Emoji that can be put on it now."""
    is_reaction: bool = False
    """It is itself an emoji on another message."""
    action_state: OutState | None = None
    """State of ``action``; for an answer the same as ``state``."""
    by_hand: bool = False
    """Written down by hand: an answer of ours was given elsewhere, no network carried it."""


@dataclass(frozen=True, slots=True)
class OtherConversation:
    """Another conversation with the same author."""

    id: ConversationId
    account: AccountId
    kind: Kind
    preview: SafeText
    last_at: datetime
    awaiting: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An unsent answer in the composer, kept on every change."""

    text: str
    reply_kind: ReplyKind
    reply_to: MessageId | None
    files: tuple[str, ...] = ()
    """Paths."""
    reply_all: bool | None = None
    """Whether it goes to everybody the message was addressed to; ``None``: as the account does."""


@dataclass(frozen=True, slots=True)
class ReplyOption:
    """A way to answer the open conversation."""

    kind: ReplyKind
    max_text: int
    splits: bool
    max_files: int
    closed: SafeText = SafeText("")
    """Why this way is closed now; empty when it is open."""
    reply_all: bool | None = None
    """``Capabilities.reply_all`` of the account."""


@dataclass(frozen=True, slots=True)
class ConversationCard:
    """The open conversation without its messages."""

    row: FeedRow
    contact_id: ContactId | None
    contact: Contact | None
    title: SafeText
    url: str
    root: Root | None
    thread_root: MessageRow | None
    """The comment the thread hangs on."""
    others: tuple[OtherConversation, ...]
    options: tuple[ReplyOption, ...]
    draft: Draft | None
    reply_target: MessageId | None
    """Whom ``r`` answers: the newest awaiting message, otherwise the last inbound one."""
    remote_id: RemoteId
    promises: tuple[Promise, ...] = ()
    """What is promised here and still open, the most urgent first."""


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Messages in time order; ``earlier`` tells whether there are older ones."""

    messages: tuple[MessageRow, ...]
    earlier: bool


__all__ = [
    "ConversationCard",
    "Count",
    "Counts",
    "Draft",
    "FeedKey",
    "FeedPage",
    "FeedQuery",
    "FeedRow",
    "MessagePage",
    "MessageRow",
    "Order",
    "OtherConversation",
    "ReplyOption",
    "View",
]
