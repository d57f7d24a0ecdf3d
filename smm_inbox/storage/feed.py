"""The read side of the feed: pages by key, counters, positions."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

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

from . import paging, tags
from .conversations import RANK_OF_REST
from .database import Database, Param
from .feed_rows import COLUMNS, JOINS, feed_row
from .paging import COUNT_LIMIT, Scope
from .times import to_us


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

_BOXES: dict[View, str] = {
    View.SNOOZED: "snoozed",
    View.CLOSED: "closed",
    View.SPAM: "spam",
}
"""Lists outside of the open box that are one box as a whole."""
TAGGED = (
    "EXISTS (SELECT 1 FROM conversation_tags ct WHERE ct.conversation_id = c.id AND ct.tag_id = ?)"
)


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


def _scope(query: FeedQuery) -> Scope:
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
    index += "_rank" if by_rank else "_newest"
    return Scope(
        f"conversations c INDEXED BY {index}",
        where,
        tuple(params),
        paging.key_of(query.order, "c", "id"),
    )


def _scope_of_tag(query: FeedQuery, tag: int) -> Scope:
    """The copies of the order beside the tags lead, conversations are looked up one by one."""
    by_rank = query.order is Order.DEADLINE
    awaiting = query.view is View.AWAITING
    where, params = _condition(replace(query, tag=None))
    where = f"ct.tag_id = ? AND ct.box = '{_BOXES.get(query.view, 'open')}' AND {where}"
    index = "tag_rank" if by_rank else "tag_awaiting_newest" if awaiting else "tag_newest"
    if awaiting:
        where += f" AND ct.rank < {RANK_OF_REST}" if by_rank else " AND ct.awaiting > 0"
    return Scope(
        f"conversation_tags ct INDEXED BY {index} "
        "CROSS JOIN conversations c ON c.id = ct.conversation_id",
        where,
        (tag, *params),
        paging.key_of(query.order, "ct", "conversation_id"),
    )


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
    return await paging.page(
        db, _scope(query), query.order, after=after, before=before, limit=limit
    )


async def ids(db: Database, query: FeedQuery) -> list[ConversationId]:
    """Every conversation of a list, in its order."""
    return await paging.ids(db, _scope(query), query.order)


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
    return await paging.count_before(db, _scope(query), query.order, key)


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
