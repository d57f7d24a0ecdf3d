"""Accounts as the database knows them: identity, cursor, gaps."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from smm_inbox.domain.channel import Identity
from smm_inbox.domain.ids import AccountId, Cursor
from smm_inbox.domain.text import SafeText

from .database import Database, Transaction
from .times import from_us, maybe_time, to_us

if TYPE_CHECKING:
    from smm_inbox.domain.message import Gap

_KEEP_GAPS = 20


async def ensure(tx: Transaction, account: AccountId, channel: str) -> None:
    """Make sure the account has its row."""
    await tx.run(
        "INSERT INTO accounts (id, channel) VALUES (?, ?) "
        "ON CONFLICT (id) DO UPDATE SET channel = excluded.channel",
        (account, channel),
    )


async def save_identity(tx: Transaction, account: AccountId, who: Identity) -> None:
    """Remember who we are on the network, for the next start without one."""
    await tx.run(
        "UPDATE accounts SET remote_id = ?, name = ?, handle = ?, url = ? WHERE id = ?",
        (who.remote_id, who.name, who.handle, who.url, account),
    )


async def identity(db: Database, account: AccountId) -> Identity | None:
    """Who we were at the last successful connect."""
    row = await db.one("SELECT * FROM accounts WHERE id = ?", (account,))
    if row is None or not row["remote_id"]:
        return None
    return Identity(row["remote_id"], SafeText(row["name"]), SafeText(row["handle"]), row["url"])


async def cursor(db: Database, account: AccountId) -> Cursor | None:
    """How far the account was read."""
    row = await db.one("SELECT cursor FROM accounts WHERE id = ?", (account,))
    return Cursor(row["cursor"]) if row is not None and row["cursor"] is not None else None


async def save_cursor(tx: Transaction, account: AccountId, value: Cursor, now: datetime) -> None:
    """Move the cursor; belongs into the transaction that stores what was read."""
    await tx.run(
        "UPDATE accounts SET cursor = ?, cursor_saved_at = ? WHERE id = ?",
        (value, to_us(now), account),
    )


async def save_success(tx: Transaction, account: AccountId, now: datetime) -> None:
    """Remember when the network last answered."""
    await tx.run("UPDATE accounts SET last_success = ? WHERE id = ?", (to_us(now), account))


async def last_success(db: Database, account: AccountId) -> datetime | None:
    """When the network last answered, over restarts."""
    row = await db.one("SELECT last_success FROM accounts WHERE id = ?", (account,))
    return maybe_time(row["last_success"]) if row is not None else None


async def add_gaps(tx: Transaction, account: AccountId, gaps: tuple[Gap, ...]) -> None:
    """Remember stretches of time that cannot be fetched again."""
    for gap in gaps:
        await tx.run(
            "INSERT INTO gaps (account, since, until, what) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (account, since) DO UPDATE SET until = excluded.until, "
            "what = excluded.what",
            (account, to_us(gap.since), to_us(gap.until), gap.what),
        )


async def gaps(db: Database, account: AccountId) -> tuple[Gap, ...]:
    """The latest gaps, newest first."""
    rows = await db.all(
        "SELECT * FROM gaps WHERE account = ? ORDER BY until DESC LIMIT ?", (account, _KEEP_GAPS)
    )
    if not rows:
        return ()
    from smm_inbox.domain.message import Gap  # noqa: PLC0415 - hardly ever before the first frame

    return tuple(Gap(from_us(r["since"]), from_us(r["until"]), SafeText(r["what"])) for r in rows)
