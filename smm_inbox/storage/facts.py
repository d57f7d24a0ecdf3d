"""Facts of the Today board."""

from __future__ import annotations

from datetime import datetime

from smm_inbox.domain.board import Fact
from smm_inbox.domain.text import SafeText, fold

from .database import Database, Transaction
from .rows import maybe_time, maybe_us, to_us

_COLUMNS = "name, value, expires_at"


async def current(db: Database) -> tuple[Fact, ...]:
    """Every fact, expired ones too: who uses one looks at its expiry. In the order of names."""
    rows = await db.all(f"SELECT {_COLUMNS} FROM facts ORDER BY folded")
    return tuple(
        Fact(SafeText(row["name"]), SafeText(row["value"]), maybe_time(row["expires_at"]))
        for row in rows
    )


async def get(tx: Transaction, name: str) -> Fact | None:
    """The fact of a name, however it is written."""
    row = await tx.one(f"SELECT {_COLUMNS} FROM facts WHERE folded = ?", (fold(name),))
    if row is None:
        return None
    return Fact(SafeText(row["name"]), SafeText(row["value"]), maybe_time(row["expires_at"]))


async def put(tx: Transaction, fact: Fact, now: datetime, operator: str) -> None:
    """Store a fact; one of the same name is replaced."""
    await tx.run(
        "INSERT INTO facts (name, folded, value, expires_at, updated_at, operator) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (folded) DO UPDATE SET name = excluded.name, "
        "value = excluded.value, expires_at = excluded.expires_at, "
        "updated_at = excluded.updated_at, operator = excluded.operator",
        (
            fact.name,
            fold(fact.name),
            fact.value,
            maybe_us(fact.expires_at),
            to_us(now),
            operator,
        ),
    )


async def remove(tx: Transaction, name: str) -> bool:
    """Take a fact off the board; whether it was there."""
    return bool(await tx.run("DELETE FROM facts WHERE folded = ?", (fold(name),)))
