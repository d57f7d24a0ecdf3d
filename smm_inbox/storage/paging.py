"""Walking a list of conversations by key, along the index that has its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.listing import FeedKey, FeedPage, Order

from .database import Database, Param
from .feed_rows import COLUMNS, JOINS, feed_row

COUNT_LIMIT = 1000
"""Counting stops here: more is only said to be more."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where the rows of a list come from, in which order."""

    table: str
    where: str
    params: tuple[Param, ...]
    key: tuple[str, ...]
    """Columns of the order, as the index has them."""


def key_of(order: Order, table: str, number: str) -> tuple[str, ...]:
    """Columns of an order in a table that calls a conversation's number ``number``."""
    columns = ("rank", "tie", number) if order is Order.DEADLINE else ("last_at", number)
    return tuple(f"{table}.{column}" for column in columns)


async def page(
    db: Database,
    scope: Scope,
    order: Order,
    *,
    after: FeedKey | None,
    before: FeedKey | None,
    limit: int,
) -> FeedPage:
    """Rows behind ``after`` (or in front of ``before``), in list order.

    The cost depends on ``limit`` only, not on the place in the list or its length.
    """
    forwards = before is None
    key = after if forwards else before
    if key is not None:
        scope = _bound(key, order, scope, forwards=forwards)
    outer = key_of(order, "c", "id")
    # The inner select walks the index alone; texts and authors are joined to its few rows only.
    sql = f"""
        SELECT {COLUMNS} FROM (
            SELECT c.* FROM {scope.table}
            WHERE {scope.where}
            ORDER BY {_order_by(scope.key, order, forwards=forwards)} LIMIT ?
        ) c {JOINS}
        ORDER BY {_order_by(outer, order, forwards=True)}
    """
    rows = await db.all(sql, [*scope.params, limit + 1])
    has_more = len(rows) > limit
    if has_more:
        rows = rows[:limit] if forwards else rows[1:]
    return FeedPage(tuple(feed_row(row, order) for row in rows), has_more)


async def ids(db: Database, scope: Scope, order: Order) -> list[ConversationId]:
    """Every conversation of a list, in its order."""
    rows = await db.all(
        f"SELECT c.id FROM {scope.table} WHERE {scope.where} "
        f"ORDER BY {_order_by(scope.key, order, forwards=True)}",
        scope.params,
    )
    return [ConversationId(row["id"]) for row in rows]


async def count_before(db: Database, scope: Scope, order: Order, key: FeedKey) -> int:
    """How many rows stand before ``key``; never more than 1000 is counted."""
    scope = _bound(key, order, scope, forwards=False)
    row = await db.one(
        f"SELECT count(*) AS n FROM (SELECT 1 FROM {scope.table} "
        f"WHERE {scope.where} LIMIT {COUNT_LIMIT})",
        scope.params,
    )
    return 0 if row is None else int(row["n"])


def _bound(key: FeedKey, order: Order, scope: Scope, *, forwards: bool) -> Scope:
    """Only what stands behind ``key``, or in front of it."""
    values: tuple[Param, ...] = (key.rank, key.tie, key.conversation)
    sign = ">" if forwards else "<"
    if order is Order.NEWEST:
        values, sign = (-key.rank, -key.conversation), "<" if forwards else ">"
    marks = ", ".join("?" * len(values))
    where = f"{scope.where} AND ({', '.join(scope.key)}) {sign} ({marks})"
    return replace(scope, where=where, params=(*scope.params, *values))


def _order_by(key: Sequence[str], order: Order, *, forwards: bool) -> str:
    descending = (order is Order.DEADLINE) != forwards
    return ", ".join(f"{column} DESC" if descending else column for column in key)
