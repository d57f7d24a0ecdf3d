"""The read side of the feed: pages by key, counters, positions."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from smm_inbox.domain.conversation import Kind, MessageType, Status
from smm_inbox.domain.ids import AccountId, ConversationId
from smm_inbox.domain.listing import (
    Count,
    Counts,
    FeedKey,
    FeedPage,
    FeedQuery,
    FeedRow,
    Order,
    View,
)
from smm_inbox.domain.text import SafeText, one_line

from . import tags
from .conversations import RANK_OF_REST
from .database import Database, Param
from .times import from_us, maybe_time, to_us

_PREVIEW = 300
"""Characters of a message read for its preview."""
COUNT_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class _Source:
    """How a view is read: its condition, and the index that already has its order."""

    where: str
    index: str
    """Prefix of an index; ``_rank`` or ``_newest`` is added."""
    selective: bool = False
    """Few rows by nature: its own index serves a filter by account as well."""


_SOURCES: dict[View, _Source] = {
    View.AWAITING: _Source("c.box = 'open' AND c.awaiting > 0", "feed_awaiting", selective=True),
    View.OPEN: _Source("c.box = 'open'", "feed"),
    View.DIRECT: _Source("c.box = 'open' AND c.kind = 'direct'", "feed_kind"),
    View.COMMENTS: _Source("c.box = 'open' AND c.kind = 'comment'", "feed_kind"),
    View.MENTIONS: _Source("c.box = 'open' AND c.mention = 1", "feed_mention", selective=True),
    View.REVIEWS: _Source(
        "c.box = 'open' AND c.kind IN ('review', 'manual')", "feed_review", selective=True
    ),
    View.SNOOZED: _Source("c.box = 'snoozed'", "feed"),
    View.STARRED: _Source("c.starred = 1", "feed_starred", selective=True),
    View.DRAFTS: _Source("c.draft = 1", "feed_draft", selective=True),
    View.NOT_SENT: _Source("c.unsent > 0", "feed_unsent", selective=True),
    View.CLOSED: _Source("c.box = 'closed'", "feed"),
    View.SPAM: _Source("c.box = 'spam'", "feed"),
}

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


_BOXES: dict[View, str] = {
    View.SNOOZED: "snoozed",
    View.CLOSED: "closed",
    View.SPAM: "spam",
}
"""Lists outside of the open box that are one box as a whole."""
TAGGED = (
    "EXISTS (SELECT 1 FROM conversation_tags ct WHERE ct.conversation_id = c.id AND ct.tag_id = ?)"
)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where the rows of a list come from, in which order."""

    table: str
    where: str
    params: tuple[Param, ...]
    key: tuple[str, ...]
    """Columns of the order, as the index has them."""


def _condition(query: FeedQuery) -> tuple[str, list[Param]]:
    """What a conversation ``c`` has to be like."""
    where, params = _SOURCES[query.view].where, list[Param]()
    if query.account is not None:
        where += " AND c.account = ?"
        params.append(query.account)
    if query.tag is not None:
        where += f" AND {TAGGED}"
        params.append(query.tag)
    return where, params


def _scope(query: FeedQuery) -> _Scope:
    """The index that has the order of the list already, and what is left to be looked at."""
    source = _SOURCES[query.view]
    by_rank = query.order is Order.DEADLINE
    awaiting = query.view is View.AWAITING
    if query.tag is not None and (awaiting or not source.selective):
        return _scope_of_tag(query, query.tag)
    where, params = _condition(query)
    index = source.index
    if awaiting and by_rank:
        # The waiting ones are the head of the ranking: a bound on the rank keeps the scan there.
        where += f" AND c.rank < {RANK_OF_REST}"
        index = "feed" if query.account is None else "feed_account"
    elif query.account is not None and not source.selective:
        index = "feed_account"
    key = ("c.rank", "c.tie", "c.id") if by_rank else ("c.last_at", "c.id")
    index += "_rank" if by_rank else "_newest"
    return _Scope(f"conversations c INDEXED BY {index}", where, tuple(params), key)


def _scope_of_tag(query: FeedQuery, tag: int) -> _Scope:
    """The copies of the order beside the tags lead, conversations are looked up one by one."""
    by_rank = query.order is Order.DEADLINE
    awaiting = query.view is View.AWAITING
    where, params = _condition(replace(query, tag=None))
    where = f"ct.tag_id = ? AND ct.box = '{_BOXES.get(query.view, 'open')}' AND {where}"
    index = "tag_rank" if by_rank else "tag_awaiting_newest" if awaiting else "tag_newest"
    if awaiting:
        where += f" AND ct.rank < {RANK_OF_REST}" if by_rank else " AND ct.awaiting > 0"
    key = ("ct.rank", "ct.tie") if by_rank else ("ct.last_at",)
    return _Scope(
        f"conversation_tags ct INDEXED BY {index} "
        "CROSS JOIN conversations c ON c.id = ct.conversation_id",
        where,
        (tag, *params),
        (*key, "ct.conversation_id"),
    )


def _key(row: sqlite3.Row, order: Order) -> FeedKey:
    if order is Order.DEADLINE:
        return FeedKey(row["rank"], row["tie"], row["id"])
    return FeedKey(-row["last_at"], 0, -row["id"])


def _bound(key: FeedKey, query: FeedQuery, scope: _Scope, *, forwards: bool) -> _Scope:
    """Only what stands behind ``key``, or in front of it."""
    values: tuple[Param, ...] = (key.rank, key.tie, key.conversation)
    sign = ">" if forwards else "<"
    if query.order is Order.NEWEST:
        values, sign = (-key.rank, -key.conversation), "<" if forwards else ">"
    marks = ", ".join("?" * len(values))
    where = f"{scope.where} AND ({', '.join(scope.key)}) {sign} ({marks})"
    return replace(scope, where=where, params=(*scope.params, *values))


def _order_by(key: Sequence[str], order: Order, *, forwards: bool) -> str:
    descending = (order is Order.DEADLINE) != forwards
    return ", ".join(f"{column} DESC" if descending else column for column in key)


async def page(
    db: Database,
    query: FeedQuery,
    *,
    after: FeedKey | None = None,
    before: FeedKey | None = None,
    limit: int = 100,
) -> FeedPage:
    """Rows behind ``after`` (or in front of ``before``), in list order.

    The cost depends on ``limit`` only, not on the place in the list or its length.
    """
    scope = _scope(query)
    forwards = before is None
    key = after if forwards else before
    if key is not None:
        scope = _bound(key, query, scope, forwards=forwards)
    outer = ("c.rank", "c.tie", "c.id") if query.order is Order.DEADLINE else ("c.last_at", "c.id")
    # The inner select walks the index alone; texts and authors are joined to its few rows only.
    sql = f"""
        SELECT {COLUMNS} FROM (
            SELECT c.* FROM {scope.table}
            WHERE {scope.where}
            ORDER BY {_order_by(scope.key, query.order, forwards=forwards)} LIMIT ?
        ) c {JOINS}
        ORDER BY {_order_by(outer, query.order, forwards=True)}
    """
    rows = await db.all(sql, [*scope.params, limit + 1])
    has_more = len(rows) > limit
    if has_more:
        rows = rows[:limit] if forwards else rows[1:]
    return FeedPage(tuple(feed_row(row, query.order) for row in rows), has_more)


async def ids(db: Database, query: FeedQuery) -> list[ConversationId]:
    """Every conversation of a list, in its order."""
    scope = _scope(query)
    order = _order_by(scope.key, query.order, forwards=True)
    rows = await db.all(
        f"SELECT c.id FROM {scope.table} WHERE {scope.where} ORDER BY {order}", scope.params
    )
    return [ConversationId(row["id"]) for row in rows]


async def rows(
    db: Database, wanted: Collection[ConversationId], query: FeedQuery
) -> dict[ConversationId, FeedRow]:
    """Fresh rows of some conversations; those no longer in the view are absent."""
    if not wanted:
        return {}
    where, params = _condition(query)
    marks = ", ".join("?" * len(wanted))
    sql = f"SELECT {COLUMNS} FROM conversations c {JOINS} WHERE c.id IN ({marks}) AND {where}"
    found = await db.all(sql, [*wanted, *params])
    return {ConversationId(row["id"]): feed_row(row, query.order) for row in found}


async def any_row(db: Database, conversation: ConversationId) -> FeedRow | None:
    """The row of a conversation whatever the view."""
    row = await db.one(
        f"SELECT {COLUMNS} FROM conversations c {JOINS} WHERE c.id = ?",
        (conversation,),
    )
    return None if row is None else feed_row(row, Order.DEADLINE)


async def count_before(db: Database, query: FeedQuery, key: FeedKey) -> int:
    """How many rows stand before ``key``; never more than 1000 is counted."""
    scope = _bound(key, query, _scope(query), forwards=False)
    row = await db.one(
        f"SELECT count(*) AS n FROM (SELECT 1 FROM {scope.table} "
        f"WHERE {scope.where} LIMIT {COUNT_LIMIT})",
        scope.params,
    )
    return 0 if row is None else int(row["n"])


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


_KINDS = {View.DIRECT: {"direct"}, View.COMMENTS: {"comment"}, View.REVIEWS: {"review", "manual"}}


def _in_view(row: sqlite3.Row, view: View) -> tuple[int, int]:
    """What one line of the counters adds to a view: (awaiting, total)."""
    box: str = row["box"]
    if view is View.DRAFTS:
        return 0, row["drafts"]
    if view is View.NOT_SENT:
        return 0, row["unsent"]
    if view is View.STARRED:
        return 0, row["starred"]
    if view in {View.SNOOZED, View.CLOSED, View.SPAM}:
        return (row["awaiting"], row["total"]) if box == str(view) else (0, 0)
    if box != "open":
        return 0, 0
    if view is View.AWAITING:
        return row["awaiting"], row["awaiting"]
    if view is View.MENTIONS:
        return (row["awaiting"], row["total"]) if row["mention"] else (0, 0)
    if view is View.OPEN or row["kind"] in _KINDS[view]:
        return row["awaiting"], row["total"]
    return 0, 0


async def counts(db: Database, now: datetime) -> Counts:
    """Everything the sidebar counts, from the maintained counters."""
    lines = await db.all("SELECT * FROM counters")
    overdue = await db.one(
        "SELECT count(*) AS n FROM (SELECT 1 FROM conversations INDEXED BY overdue "
        f"WHERE box = 'open' AND awaiting > 0 AND red_at <= ? LIMIT {COUNT_LIMIT})",
        (to_us(now),),
    )
    promised = await db.one(
        "SELECT count(*) AS n, coalesce(sum(remind_at <= ?), 0) AS due FROM ("
        f"SELECT remind_at FROM promises WHERE state = 'open' ORDER BY due_at LIMIT {COUNT_LIMIT})",
        (to_us(now),),
    )
    views = {view: _sum(lines, view) for view in View}
    accounts: dict[AccountId, Count] = {}
    for row in lines:
        account = AccountId(row["account"])
        awaiting, total = _in_view(row, View.OPEN)
        old = accounts.get(account, Count())
        accounts[account] = Count(old.awaiting + awaiting, old.total + total)
    return Counts(
        views=views,
        accounts=accounts,
        tags=await tags.counts(db),
        awaiting=views[View.AWAITING].total,
        overdue=0 if overdue is None else int(overdue["n"]),
        not_sent=views[View.NOT_SENT].total,
        pending=sum(row["pending"] for row in lines),
        promised=0 if promised is None else int(promised["n"]),
        promises_due=0 if promised is None else int(promised["due"]),
    )


def _sum(lines: list[sqlite3.Row], view: View, account: AccountId | None = None) -> Count:
    parts = [_in_view(row, view) for row in lines if account in {None, row["account"]}]
    return Count(sum(part[0] for part in parts), sum(part[1] for part in parts))


async def total(db: Database, query: FeedQuery) -> int:
    """Length of a list, from the maintained counters."""
    if query.tag is None:
        lines = await db.all("SELECT * FROM counters")
    else:
        lines = await db.all("SELECT * FROM tag_counters WHERE tag_id = ?", (query.tag,))
    return _sum(lines, query.view, query.account).total
