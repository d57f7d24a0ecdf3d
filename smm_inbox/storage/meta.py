"""Small facts the program keeps about itself, each a text under a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .database import Database, Transaction


async def read(db: Database, names: Sequence[str]) -> dict[str, str]:
    """The texts under some names; absent ones are missing."""
    marks = ", ".join("?" * len(names))
    rows = await db.all(f"SELECT key, value FROM meta WHERE key IN ({marks})", names)
    return {row["key"]: row["value"] for row in rows}


async def write(tx: Transaction, facts: Mapping[str, str]) -> None:
    """Keep texts under their names, in place of former ones."""
    await tx.many(
        "INSERT INTO meta (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        list(facts.items()),
    )
