"""Lists of conversations as the screen asks for them and gets them: queries, rows, counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from .text import SafeText

if TYPE_CHECKING:
    from .conversation import Kind, MessageType, Status
    from .ids import AccountId, ConversationId, SearchId, TagId
    from .tag import Tag, TagCount


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


class Ranking(StrEnum):
    """Order of what is found."""

    RELEVANCE = "relevance"
    """Of the newest hits the very words in a row first, then the very words, then other forms;
    then the same of older ones."""
    TIME = "time"
    """Newest first."""


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
class SavedSearch:
    """A query kept as a list of its own."""

    id: SearchId
    name: SafeText
    query: str
    total: int = 0
    awaiting: int = 0


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
