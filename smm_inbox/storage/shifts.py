"""Shifts, the playbook of the business, and what the journal says of a stretch of time."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.text import SafeText

from .database import Database, Transaction
from .rows import from_us, maybe_time, to_us


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's time on duty."""

    id: int
    operator: SafeText
    started_at: datetime
    ended_at: datetime | None
    handover: SafeText
    """What was left to the next one; empty when nothing was written."""


async def latest(db: Database, limit: int = 1) -> tuple[Shift, ...]:
    """The last shifts, the newest first."""
    rows = await db.all("SELECT * FROM shifts ORDER BY id DESC LIMIT ?", (limit,))
    return tuple(_shift(row) for row in rows)


async def last_of(db: Database, operator: str) -> Shift | None:
    """The last shift of an operator that has ended."""
    row = await db.one(
        "SELECT * FROM shifts WHERE operator = ? AND ended_at IS NOT NULL ORDER BY id DESC LIMIT 1",
        (operator,),
    )
    return None if row is None else _shift(row)


async def start(tx: Transaction, operator: str, now: datetime) -> int:
    """Begin a shift; one that is open ends."""
    await end(tx, now)
    return await tx.insert(
        "INSERT INTO shifts (operator, started_at) VALUES (?, ?)", (operator, to_us(now))
    )


async def end(tx: Transaction, now: datetime, handover: str = "") -> None:
    """End the open shift, if there is one."""
    await tx.run(
        "UPDATE shifts SET ended_at = ?, handover = iif(? = '', handover, ?) "
        "WHERE ended_at IS NULL",
        (to_us(now), handover, handover),
    )


async def drop(tx: Transaction, shift: int, before: int | None) -> None:
    """Take back the beginning of a shift; the one ``before`` it goes on."""
    await tx.run("DELETE FROM shifts WHERE id = ?", (shift,))
    if before is not None:
        await reopen(tx, before)


async def reopen(tx: Transaction, shift: int) -> None:
    """Take back the end of a shift and what was left with it."""
    await tx.run("UPDATE shifts SET ended_at = NULL, handover = '' WHERE id = ?", (shift,))


async def happened(db: Database, since: datetime) -> dict[str, int]:
    """Events of the journal since a moment, with how often each came."""
    rows = await db.all(
        "SELECT event, count(*) AS n FROM journal WHERE at >= ? GROUP BY event", (to_us(since),)
    )
    return {row["event"]: row["n"] for row in rows}


async def complaints(db: Database, limit: int) -> list[ConversationId]:
    """Open complaints, the most urgent first."""
    rows = await db.all(
        "SELECT id FROM conversations INDEXED BY open_complaints "
        "WHERE box = 'open' AND type = 'complaint' "
        "ORDER BY rank, tie, id LIMIT ?",
        (limit,),
    )
    return [ConversationId(row["id"]) for row in rows]


async def playbook(db: Database) -> str:
    """The text of the playbook as the business edited it; empty when it never did."""
    row = await db.one("SELECT text FROM playbook WHERE id = 1")
    return "" if row is None else str(row["text"])


async def put_playbook(tx: Transaction, text: str, now: datetime) -> None:
    """Store the playbook; an empty text brings the shipped one back."""
    await tx.run("DELETE FROM playbook")
    if text:
        await tx.run(
            "INSERT INTO playbook (id, text, updated_at) VALUES (1, ?, ?)", (text, to_us(now))
        )


def _shift(row: sqlite3.Row) -> Shift:
    return Shift(
        row["id"],
        SafeText(row["operator"]),
        from_us(row["started_at"]),
        maybe_time(row["ended_at"]),
        SafeText(row["handover"]),
    )
