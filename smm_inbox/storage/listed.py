"""The feed of a search: pages of the conversations that were noted for it."""

from __future__ import annotations

from collections.abc import Collection

from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.listing import FeedKey, FeedPage, FeedQuery, FeedRow, Order

from .database import Database, Param
from .feed import COLUMNS, COUNT_LIMIT, JOINS, TAGGED, feed_row

_OF_SEARCH = "h.search_id = (SELECT id FROM searches WHERE query = ?)"


def _scope(query: FeedQuery) -> tuple[str, list[Param]]:
    where, params = _OF_SEARCH, list[Param]([query.search])
    if query.account is not None:
        where += " AND c.account = ?"
        params.append(query.account)
    if query.tag is not None:
        where += f" AND {TAGGED}"
        params.append(query.tag)
    return where, params


def _table(query: FeedQuery) -> str:
    index = "hits_rank" if query.order is Order.DEADLINE else "hits_newest"
    return (
        f"search_hits h INDEXED BY {index} CROSS JOIN conversations c ON c.id = h.conversation_id"
    )


def _bound(key: FeedKey, order: Order, *, forwards: bool) -> tuple[str, list[Param]]:
    if order is Order.DEADLINE:
        sign, values = ">" if forwards else "<", [key.rank, key.tie, key.conversation]
        return f" AND (h.rank, h.tie, h.conversation_id) {sign} (?, ?, ?)", [*values]
    sign = "<" if forwards else ">"
    return f" AND (h.last_at, h.conversation_id) {sign} (?, ?)", [-key.rank, -key.conversation]


def _order_by(order: Order, alias: str, *, forwards: bool) -> str:
    number = "id" if alias == "c" else "conversation_id"
    columns = ("rank", "tie", number) if order is Order.DEADLINE else ("last_at", number)
    descending = (order is Order.DEADLINE) != forwards
    return ", ".join(f"{alias}.{one}{' DESC' if descending else ''}" for one in columns)


async def page(
    db: Database,
    query: FeedQuery,
    *,
    after: FeedKey | None = None,
    before: FeedKey | None = None,
    limit: int = 100,
) -> FeedPage:
    """Rows behind ``after`` (or in front of ``before``), in list order."""
    where, params = _scope(query)
    forwards = before is None
    key = after if forwards else before
    if key is not None:
        bound, more = _bound(key, query.order, forwards=forwards)
        where, params = where + bound, params + more
    sql = f"""
        SELECT {COLUMNS} FROM (
            SELECT c.* FROM {_table(query)} WHERE {where}
            ORDER BY {_order_by(query.order, "h", forwards=forwards)} LIMIT ?
        ) c {JOINS} ORDER BY {_order_by(query.order, "c", forwards=True)}
    """
    rows = await db.all(sql, [*params, limit + 1])
    has_more = len(rows) > limit
    if has_more:
        rows = rows[:limit] if forwards else rows[1:]
    return FeedPage(tuple(feed_row(row, query.order) for row in rows), has_more)


async def rows(
    db: Database, ids: Collection[ConversationId], query: FeedQuery
) -> dict[ConversationId, FeedRow]:
    """Fresh rows of some conversations; those that are not found any more are absent."""
    if not ids:
        return {}
    where, params = _scope(query)
    marks = ", ".join("?" * len(ids))
    sql = f"""
        SELECT {COLUMNS} FROM conversations c
        JOIN search_hits h ON h.conversation_id = c.id {JOINS} WHERE c.id IN ({marks}) AND {where}
    """
    found = await db.all(sql, [*ids, *params])
    return {ConversationId(row["id"]): feed_row(row, query.order) for row in found}


async def ids(db: Database, query: FeedQuery) -> list[ConversationId]:
    """Every conversation of the list, in its order."""
    where, params = _scope(query)
    rows = await db.all(
        f"SELECT h.conversation_id AS id FROM {_table(query)} WHERE {where} "
        f"ORDER BY {_order_by(query.order, 'h', forwards=True)}",
        params,
    )
    return [ConversationId(row["id"]) for row in rows]


async def total(db: Database, query: FeedQuery) -> int:
    """Length of the list, from the maintained counters unless it is narrowed further."""
    if query.account is None and query.tag is None:
        row = await db.one("SELECT total AS n FROM searches WHERE query = ?", (query.search,))
    else:
        where, params = _scope(query)
        row = await db.one(f"SELECT count(*) AS n FROM {_table(query)} WHERE {where}", params)
    return 0 if row is None else int(row["n"])


async def count_before(db: Database, query: FeedQuery, key: FeedKey) -> int:
    """How many rows stand before ``key``; never more than 1000 is counted."""
    where, params = _scope(query)
    bound, more = _bound(key, query.order, forwards=False)
    row = await db.one(
        f"SELECT count(*) AS n FROM (SELECT 1 FROM {_table(query)} "
        f"WHERE {where}{bound} LIMIT {COUNT_LIMIT})",
        [*params, *more],
    )
    return 0 if row is None else int(row["n"])
