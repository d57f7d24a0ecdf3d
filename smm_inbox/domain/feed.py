"""What the screen asks for and what it gets: views, rows, pages, the open conversation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .channel import ReplyKind
from .contact import Contact
from .conversation import Kind, MessageType, Root, Status
from .found import SavedSearch
from .ids import AccountId, ContactId, ConversationId, MessageId, OutboxId, RemoteId, TagId
from .message import Attachment, Direction, InState, Revision
from .outgoing import OutAction, OutState
from .promise import Promise
from .tag import Tag, TagCount
from .text import SafeText


class View(StrEnum):
    """Lists of the sidebar."""

    AWAITING = "awaiting"
    OPEN = "open"
    DIRECT = "direct"
    COMMENTS = "comments"
    MENTIONS = "mentions"
    REVIEWS = "reviews"
    SNOOZED = "snoozed"
    STARRED = "starred"
    DRAFTS = "drafts"
    NOT_SENT = "not_sent"
    CLOSED = "closed"
    SPAM = "spam"


class Order(StrEnum):
    """Order of a list."""

    DEADLINE = "deadline"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class FeedQuery:
    """Which rows, in which order."""

    view: View = View.AWAITING
    account: AccountId | None = None
    order: Order = Order.DEADLINE
    tag: TagId | None = None
    """Only conversations with this tag."""
    search: str = ""
    """What is looked for (``domain.query``), in every box; empty: nothing, the view decides."""


@dataclass(frozen=True, slots=True, order=True)
class FeedKey:
    """Place of a row in its list: rows are sorted by it, pages start after it."""

    rank: int
    tie: int
    conversation: int


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One row of the feed."""

    id: ConversationId
    key: FeedKey
    account: AccountId
    kind: Kind
    public: bool
    name: SafeText
    """Author of the previewed message; empty when unknown."""
    handle: SafeText
    followers: int | None
    city: SafeText
    preview: SafeText
    """First line of the newest awaiting message, otherwise of the last message."""
    preview_out: bool
    """The previewed message is ours."""
    last_at: datetime
    status: Status
    type: MessageType | None
    awaiting: int
    """Awaiting messages not covered by an answer on its way."""
    awaiting_since: datetime | None
    amber_at: datetime | None
    red_at: datetime | None
    """Reply deadline."""
    pending: int
    """Our answers on their way."""
    unsent: int
    """Our answers that failed or whose fate is unknown."""
    draft: bool
    attachments: int
    """Number of attachments of the previewed message."""
    mention: bool
    """A message of the conversation mentions us."""
    snoozed_until: datetime | None
    tags: tuple[Tag, ...] = ()
    preview_deleted: bool = False
    """Everything in the conversation was deleted on the network; this is what the last one said."""
    title: SafeText = SafeText("")
    """Subject of a private conversation, where the network has subjects."""
    window_until: datetime | None = None
    """When the network stops taking answers."""
    source: str = ""
    """Where an entry made by hand came from, as ``domain.manual.Source``; otherwise empty."""
    starred: bool = False
    promise_due: datetime | None = None
    """When the earliest open promise of the conversation is due."""
    colleague: SafeText = SafeText("")
    """The colleague whose word is waited for; empty when nobody was asked."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A run of rows in list order."""

    rows: tuple[FeedRow, ...]
    more: bool
    """Whether the list goes on behind the last row (before the first one, when asked backwards)."""


@dataclass(frozen=True, slots=True)
class Count:
    """Numbers of a view."""

    awaiting: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything the sidebar and the status line count."""

    views: dict[View, Count] = field(default_factory=dict)
    accounts: dict[AccountId, Count] = field(default_factory=dict)
    tags: tuple[TagCount, ...] = ()
    """Every tag, by its name."""
    searches: tuple[SavedSearch, ...] = ()
    """Saved lists with their numbers."""
    awaiting: int = 0
    overdue: int = 0
    not_sent: int = 0
    pending: int = 0
    promised: int = 0
    """Open promises."""
    promises_due: int = 0
    """Those of them that are nearly due or late."""


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
