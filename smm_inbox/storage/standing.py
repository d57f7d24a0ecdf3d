"""How things stand when the program starts: what a crash left, who is on duty, what ends next."""

from __future__ import annotations

from .database import Database


async def left_on_the_wire(db: Database) -> bool:
    """Whether a killed process left an answer in the middle of sending."""
    return await db.one("SELECT 1 FROM outbox WHERE state = 'sending' LIMIT 1") is not None


async def snoozed_until_min(db: Database) -> int | None:
    """The next moment a snooze ends, in microseconds."""
    row = await db.one(
        "SELECT min(snoozed_until) AS at FROM conversations WHERE snoozed_until IS NOT NULL"
    )
    return None if row is None else row["at"]


async def on_duty(db: Database) -> str:
    """Who is on the shift that is going on; empty when nobody began one."""
    row = await db.one(
        "SELECT operator FROM shifts WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1"
    )
    return "" if row is None else str(row["operator"])
