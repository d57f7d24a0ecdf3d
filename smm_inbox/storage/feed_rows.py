"""A row of the feed: its columns, and what is made of them."""

from __future__ import annotations

import sqlite3

from smm_inbox.domain.conversation import Kind, MessageType, Status
from smm_inbox.domain.ids import AccountId, ConversationId
from smm_inbox.domain.listing import FeedKey, FeedRow, Order
from smm_inbox.domain.text import SafeText, one_line

from . import tags
from .times import from_us, maybe_time

_PREVIEW = 300
"""Characters of a message read for its preview."""

COLUMNS = f"""
    c.id, c.account, c.kind, c.public, c.status, c.type, c.awaiting, c.awaiting_since, c.amber_at,
    c.red_at, c.pending, c.unsent, c.draft, c.mention, c.snoozed_until, c.last_at, c.rank, c.tie,
    substr(m.text, 1, {_PREVIEW}) AS preview, m.direction = 'out' AS preview_out,
    m.deleted_at IS NOT NULL AS preview_deleted,
    coalesce(json_array_length(m.attachments), 0) AS attachments,
    coalesce(a.name, p.name, c.title, '') AS name, coalesce(a.handle, p.handle, '') AS handle,
    coalesce(a.followers, p.followers) AS followers, coalesce(a.city, p.city, '') AS city,
    iif(c.kind = 'direct', c.title, '') AS title, c.window_until, c.starred,
    {tags.OF_CONVERSATION},
    (SELECT min(promises.due_at) FROM promises
     WHERE promises.conversation_id = c.id AND promises.state = 'open') AS promise_due,
    coalesce((SELECT colleague FROM asks WHERE asks.conversation_id = c.id), '') AS colleague,
    coalesce((SELECT e.source FROM manual_entries e WHERE e.conversation_id = c.id), '') AS source
"""
JOINS = """
    LEFT JOIN messages m ON m.id = c.preview_id
    LEFT JOIN contacts a ON a.id = m.author_id AND m.direction = 'in' AND m.automatic = 0
    LEFT JOIN contacts p ON p.id = c.contact_id
"""


def feed_row(row: sqlite3.Row, order: Order) -> FeedRow:
    """One row of the feed from its columns."""
    preview = (row["preview"] or "").lstrip()
    return FeedRow(
        id=ConversationId(row["id"]),
        key=_key(row, order),
        account=AccountId(row["account"]),
        kind=Kind(row["kind"]),
        public=bool(row["public"]),
        name=SafeText(row["name"]),
        handle=SafeText(row["handle"]),
        followers=row["followers"],
        city=SafeText(row["city"]),
        preview=one_line(preview),
        preview_out=bool(row["preview_out"]),
        preview_deleted=bool(row["preview_deleted"]),
        last_at=from_us(row["last_at"]),
        status=Status(row["status"]),
        type=None if row["type"] is None else MessageType(row["type"]),
        awaiting=row["awaiting"],
        awaiting_since=maybe_time(row["awaiting_since"]),
        amber_at=maybe_time(row["amber_at"]),
        red_at=maybe_time(row["red_at"]),
        pending=row["pending"],
        unsent=row["unsent"],
        draft=bool(row["draft"]),
        attachments=row["attachments"],
        mention=bool(row["mention"]),
        snoozed_until=maybe_time(row["snoozed_until"]),
        title=SafeText(row["title"]),
        window_until=maybe_time(row["window_until"]),
        source=row["source"],
        starred=bool(row["starred"]),
        tags=tags.tags_of(row["tags"]),
        promise_due=maybe_time(row["promise_due"]),
        colleague=SafeText(row["colleague"]),
    )


def _key(row: sqlite3.Row, order: Order) -> FeedKey:
    if order is Order.DEADLINE:
        return FeedKey(row["rank"], row["tie"], row["id"])
    return FeedKey(-row["last_at"], 0, -row["id"])
