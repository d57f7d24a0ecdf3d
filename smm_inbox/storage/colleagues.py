"""Colleagues, and which conversations wait for one."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from smm_inbox.domain.colleague import Colleague
from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.text import SafeText

from .database import Database, Transaction
from .rows import to_us


async def all_of(db: Database) -> tuple[Colleague, ...]:
    """Every colleague in the order of the business."""
    rows = await db.all("SELECT * FROM colleagues ORDER BY place, id")
    return tuple(_colleague(row) for row in rows)


async def get(tx: Transaction, colleague: int) -> Colleague | None:
    """One colleague."""
    row = await tx.one("SELECT * FROM colleagues WHERE id = ?", (colleague,))
    return None if row is None else _colleague(row)


async def put(tx: Transaction, colleague: Colleague) -> int:
    """Store a colleague: a new one gets its id, a known one is replaced. Returns the id."""
    values = (colleague.name, colleague.topics, colleague.contact, colleague.phrase)
    if not colleague.id:
        return await tx.insert(
            "INSERT INTO colleagues (name, topics, contact, phrase, place) "
            "VALUES (?, ?, ?, ?, (SELECT coalesce(max(place), 0) + 1 FROM colleagues))",
            values,
        )
    await tx.run(
        "INSERT INTO colleagues (name, topics, contact, phrase, id, place) "
        "VALUES (?, ?, ?, ?, ?, (SELECT coalesce(max(place), 0) + 1 FROM colleagues)) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, topics = excluded.topics, "
        "contact = excluded.contact, phrase = excluded.phrase",
        (*values, colleague.id),
    )
    return colleague.id


async def remove(tx: Transaction, colleague: int) -> None:
    """Forget a colleague."""
    await tx.run("DELETE FROM colleagues WHERE id = ?", (colleague,))


async def ask(
    tx: Transaction, conversation: ConversationId, name: str, now: datetime, operator: str
) -> None:
    """A conversation waits for a colleague."""
    await tx.run(
        "INSERT INTO asks (conversation_id, colleague, asked_at, operator) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (conversation_id) DO UPDATE SET colleague = excluded.colleague, "
        "asked_at = excluded.asked_at, operator = excluded.operator",
        (conversation, name, to_us(now), operator),
    )
    await tx.run("UPDATE conversations SET waiting_colleague = 1 WHERE id = ?", (conversation,))


async def asked(tx: Transaction | Database, conversation: ConversationId) -> str:
    """Whom the conversation waits for; empty when for nobody."""
    row = await tx.one("SELECT colleague FROM asks WHERE conversation_id = ?", (conversation,))
    return "" if row is None else str(row["colleague"])


async def end_ask(tx: Transaction, conversation: ConversationId) -> None:
    """It does not wait for a colleague any more."""
    await tx.run("DELETE FROM asks WHERE conversation_id = ?", (conversation,))
    await tx.run("UPDATE conversations SET waiting_colleague = 0 WHERE id = ?", (conversation,))


async def waiting(db: Database, limit: int = 200) -> list[tuple[ConversationId, SafeText]]:
    """Conversations that wait for somebody, the oldest question first."""
    rows = await db.all(
        "SELECT conversation_id, colleague FROM asks ORDER BY asked_at LIMIT ?", (limit,)
    )
    return [(ConversationId(row["conversation_id"]), SafeText(row["colleague"])) for row in rows]


def _colleague(row: sqlite3.Row) -> Colleague:
    return Colleague(
        row["id"],
        SafeText(row["name"]),
        SafeText(row["topics"]),
        SafeText(row["contact"]),
        SafeText(row["phrase"]),
    )
