"""The feed of a search: pages of the conversations that were noted for it."""

from __future__ import annotations

from collections.abc import Collection

from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.listing import FeedKey, FeedPage, FeedQuery, FeedRow, Order

from . import paging
from .database import Database, Param
from .feed import TAGGED
from .feed_rows import COLUMNS, JOINS, feed_row
from .paging import Scope

_OF_SEARCH = "h.search_id = (SELECT id FROM searches WHERE query = ?)"


def _condition(query: FeedQuery) -> tuple[str, list[Param]]:
    where, params = _OF_SEARCH, list[Param]([query.search])
    if query.account is not None:
        where += " AND c.account = ?"
        params.append(query.account)
    if query.tag is not None:
        where += f" AND {TAGGED}"
        params.append(query.tag)
    return where, params


def _scope(query: FeedQuery) -> Scope:
    by_rank = query.order is Order.DEADLINE
    where, params = _condition(query)
    return Scope(
        f"search_hits h INDEXED BY {'hits_rank' if by_rank else 'hits_newest'} "
        "CROSS JOIN conversations c ON c.id = h.conversation_id",
        where,
        tuple(params),
        paging.key_of(query.order, "h", "conversation_id"),
    )


async def page(
    db: Database,
    query: FeedQuery,
    *,
    after: FeedKey | None = None,
    before: FeedKey | None = None,
    limit: int = 100,
) -> FeedPage:
    """Rows behind ``after`` (or in front of ``before``), in list order."""
    return await paging.page(
        db, _scope(query), query.order, after=after, before=before, limit=limit
    )


async def rows(
    db: Database, ids: Collection[ConversationId], query: FeedQuery
) -> dict[ConversationId, FeedRow]:
    """Fresh rows of some conversations; those that are not found any more are absent."""
    if not ids:
        return {}
    where, params = _condition(query)
    marks = ", ".join("?" * len(ids))
    sql = f"""
        SELECT {COLUMNS} FROM conversations c
        JOIN search_hits h ON h.conversation_id = c.id {JOINS} WHERE c.id IN ({marks}) AND {where}
    """
    found = await db.all(sql, [*ids, *params])
    return {ConversationId(row["id"]): feed_row(row, query.order) for row in found}


async def ids(db: Database, query: FeedQuery) -> list[ConversationId]:
    """Every conversation of the list, in its order."""
    return await paging.ids(db, _scope(query), query.order)


async def total(db: Database, query: FeedQuery) -> int:
    """Length of the list, from the maintained counters unless it is narrowed further."""
    if query.account is None and query.tag is None:
        row = await db.one("SELECT total AS n FROM searches WHERE query = ?", (query.search,))
    else:
        scope = _scope(query)
        row = await db.one(
            f"SELECT count(*) AS n FROM {scope.table} WHERE {scope.where}", scope.params
        )
    return 0 if row is None else int(row["n"])


async def count_before(db: Database, query: FeedQuery, key: FeedKey) -> int:
    """How many rows stand before ``key``; never more than 1000 is counted."""
    return await paging.count_before(db, _scope(query), query.order, key)
