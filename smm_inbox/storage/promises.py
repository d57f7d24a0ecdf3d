"""Promises given to customers, and what became of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime

from smm_inbox.domain.ids import ConversationId, MessageId
from smm_inbox.domain.promise import Promise, Promised, PromiseKind, PromiseState
from smm_inbox.domain.text import SafeText, clean_line

from .database import Database, Param, Transaction
from .times import from_us, to_us

_SELECT = """
    SELECT p.*, coalesce(nullif(x.name, ''), nullif(c.title, ''), '') AS customer, c.account
    FROM promises p JOIN conversations c ON c.id = p.conversation_id
    LEFT JOIN contacts x ON x.id = c.contact_id
"""
_LONGEST = 200


async def add(
    tx: Transaction,
    conversation: ConversationId,
    promised: Promised,
    *,
    remind_at: datetime,
    now: datetime,
    operator: str,
    message: MessageId | None = None,
    kind: PromiseKind = PromiseKind.PROMISE,
) -> int:
    """Write a promise down; with ``message`` it goes when that answer is taken back."""
    return await tx.insert(
        "INSERT INTO promises (conversation_id, message_id, kind, phrase, due_at, remind_at, "
        "created_at, operator) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            conversation,
            message,
            kind,
            clean_line(promised.phrase, limit=_LONGEST),
            to_us(promised.due),
            to_us(remind_at),
            to_us(now),
            operator,
        ),
    )


async def get(tx: Transaction, promise: int) -> Promise | None:
    """One promise."""
    row = await tx.one(f"{_SELECT} WHERE p.id = ?", (promise,))
    return None if row is None else _promise(row)


async def settle(tx: Transaction, promise: int, state: PromiseState, now: datetime | None) -> None:
    """Say what became of it; ``now`` is ``None`` when it is open again."""
    at = None if now is None else to_us(now)
    await tx.run("UPDATE promises SET state = ?, settled_at = ? WHERE id = ?", (state, at, promise))


async def move(tx: Transaction, promise: int, due: datetime, remind_at: datetime) -> None:
    """Another due time; the operator is told of it anew."""
    await tx.run(
        "UPDATE promises SET due_at = ?, remind_at = ?, reminded = 0 WHERE id = ?",
        (to_us(due), to_us(remind_at), promise),
    )


async def remove(tx: Transaction, promise: int) -> None:
    """Forget a promise that was never meant."""
    await tx.run("DELETE FROM promises WHERE id = ?", (promise,))


async def owing_reports(
    tx: Transaction, conversations: Collection[ConversationId]
) -> list[ConversationId]:
    """Which of them owe their thread the result: public complaints answered, never reported on."""
    rows = await tx.all(
        "SELECT c.id FROM json_each(?) given JOIN conversations c ON c.id = given.value "
        "WHERE c.public = 1 AND c.type = 'complaint' "
        "AND EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id "
        "AND m.direction = 'out' AND m.automatic = 0) "
        "AND NOT EXISTS (SELECT 1 FROM promises p WHERE p.conversation_id = c.id "
        "AND p.kind = 'report')",
        (json.dumps(list(conversations)),),
    )
    return [ConversationId(row["id"]) for row in rows]


async def take_reminders(tx: Transaction, now: datetime) -> list[Promise]:
    """Open promises the operator has to be told of now; each is given once."""
    rows = await tx.all(
        f"{_SELECT} WHERE p.state = 'open' AND p.reminded = 0 AND p.remind_at <= ? "
        "ORDER BY p.due_at LIMIT 100",
        (to_us(now),),
    )
    await tx.many("UPDATE promises SET reminded = 1 WHERE id = ?", [(row["id"],) for row in rows])
    return [_promise(row) for row in rows]


async def open_ones(db: Database, limit: int = 500) -> tuple[Promise, ...]:
    """Open promises, the most urgent first."""
    return await _listed(db, "WHERE p.state = 'open' ORDER BY p.due_at, p.id LIMIT ?", (limit,))


async def of_conversation(db: Database, conversation: ConversationId) -> tuple[Promise, ...]:
    """Open promises of one conversation, the most urgent first."""
    where = "WHERE p.conversation_id = ? AND p.state = 'open' ORDER BY p.due_at, p.id"
    return await _listed(db, where, (conversation,))


async def next_reminder(db: Database) -> int | None:
    """When the operator has to be told of something next, in microseconds."""
    row = await db.one(
        "SELECT min(remind_at) AS at FROM promises WHERE state = 'open' AND reminded = 0"
    )
    return None if row is None else row["at"]


async def _listed(db: Database, where: str, params: tuple[Param, ...]) -> tuple[Promise, ...]:
    return tuple(_promise(row) for row in await db.all(f"{_SELECT} {where}", params))


def _promise(row: sqlite3.Row) -> Promise:
    return Promise(
        id=row["id"],
        conversation=ConversationId(row["conversation_id"]),
        message=None if row["message_id"] is None else MessageId(row["message_id"]),
        kind=PromiseKind(row["kind"]),
        state=PromiseState(row["state"]),
        phrase=SafeText(row["phrase"]),
        due=from_us(row["due_at"]),
        remind_at=from_us(row["remind_at"]),
        operator=SafeText(row["operator"]),
        customer=SafeText(row["customer"]),
        account=row["account"],
    )
