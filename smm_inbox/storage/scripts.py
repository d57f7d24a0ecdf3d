"""Scripts in the database: kept, ordered, counted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from smm_inbox.domain.conversation import MessageType, Status
from smm_inbox.domain.fold import fold
from smm_inbox.domain.ids import ConversationId, MessageId, ScriptId
from smm_inbox.domain.prepared import Actions, Script, Wording
from smm_inbox.domain.ranking import script_words
from smm_inbox.domain.text import SafeText

from .database import Database, Transaction
from .rows import maybe_time, maybe_us, to_us

_STARTED = "scripts.started"


async def every(db: Database | Transaction) -> tuple[Script, ...]:
    """All scripts, folder by folder, in their order."""
    found = await db.all("SELECT * FROM scripts ORDER BY position, id")
    return tuple(map(_script, found))


async def stamp(db: Database) -> tuple[int, ...]:
    """Changes whenever a script comes, goes, is written anew or is used, also elsewhere."""
    row = await db.one(
        "SELECT count(*) AS n, total(uses) AS uses, coalesce(max(id), 0) AS newest, "
        "total(updated_at) AS written FROM scripts"
    )
    return () if row is None else tuple(int(value) for value in row)


async def one(db: Database | Transaction, script: ScriptId) -> Script | None:
    """One script."""
    row = await db.one("SELECT * FROM scripts WHERE id = ?", (script,))
    return None if row is None else _script(row)


async def named(db: Database | Transaction, name: str) -> Script | None:
    """The script of that name, whatever the case of its letters."""
    row = await db.one("SELECT * FROM scripts WHERE folded = ?", (fold(name),))
    return None if row is None else _script(row)


async def add(tx: Transaction, wording: Wording, now: datetime) -> ScriptId:
    """Add a script at the end of its folder."""
    return ScriptId(
        await tx.insert(
            """
            INSERT INTO scripts (folder, name, folded, body, asked, actions, words, position,
                updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (*_columns(wording), await _place(tx, wording.folder), to_us(now)),
        )
    )


async def _place(tx: Transaction, folder: str) -> int:
    """Where a new script of a folder stands: with its folder, a new folder at the end."""
    row = await tx.one("SELECT max(position) AS at FROM scripts WHERE folder = ?", (folder,))
    if row is None or row["at"] is None:
        row = await tx.one("SELECT coalesce(max(position), -1) + 1 AS at FROM scripts")
    return 0 if row is None else int(row["at"])


async def change(tx: Transaction, script: ScriptId, wording: Wording, now: datetime) -> None:
    """Write a script anew; its number and its history stay."""
    old = await one(tx, script)
    await tx.run(
        """
        UPDATE scripts SET folder = ?, name = ?, folded = ?, body = ?, asked = ?, actions = ?,
            words = ?, updated_at = ? WHERE id = ?
        """,
        (*_columns(wording), to_us(now), script),
    )
    if old is not None and old.folder != wording.folder:
        # Out of the way first: its own position would count as one of the new folder.
        await tx.run("UPDATE scripts SET position = -1 WHERE id = ?", (script,))
        place = await _place(tx, wording.folder)
        if place < 0:
            row = await tx.one("SELECT max(position) + 1 AS at FROM scripts")
            place = 0 if row is None else int(row["at"])
        await tx.run("UPDATE scripts SET position = ? WHERE id = ?", (place, script))


async def remove(tx: Transaction, script: ScriptId) -> list[tuple[str, tuple[int, ...]]]:
    """Delete a script; returns what ``bring_back`` needs: its rows elsewhere."""
    kept: list[tuple[str, tuple[int, ...]]] = []
    for table, columns in _LINKS.items():
        names = ", ".join(columns)
        for row in await tx.all(f"SELECT {names} FROM {table} WHERE script_id = ?", (script,)):
            kept.append((table, tuple(row)))
    await tx.run("DELETE FROM scripts WHERE id = ?", (script,))
    return kept


_LINKS = {
    "draft_scripts": ("conversation_id", "script_id"),
    "answer_scripts": ("message_id", "script_id", "conversation_id"),
}


async def bring_back(
    tx: Transaction, script: Script, place: int, links: Iterable[tuple[str, tuple[int, ...]]]
) -> None:
    """Undo ``remove``: the same number, the same history, the same place."""
    await tx.run(
        """
        INSERT INTO scripts (folder, name, folded, body, asked, actions, words, id, position, uses,
            used_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
        """,
        (
            *_columns(script.wording),
            script.id,
            place,
            script.uses,
            maybe_us(script.used_at),
        ),
    )
    for table, values in links:
        columns = _LINKS[table]
        marks = ", ".join("?" * len(columns))
        await tx.run(
            f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})", values
        )


async def place_of(db: Database | Transaction, script: ScriptId) -> int:
    """Position of a script, for ``bring_back``."""
    row = await db.one("SELECT position FROM scripts WHERE id = ?", (script,))
    return 0 if row is None else int(row["position"])


# Which answers are made from scripts


async def put_into_draft(tx: Transaction, conversation: ConversationId, script: ScriptId) -> None:
    """Note that a script stands in the draft of a conversation."""
    await tx.run(
        "INSERT OR IGNORE INTO draft_scripts (conversation_id, script_id) "
        "SELECT c.id, s.id FROM conversations c, scripts s WHERE c.id = ? AND s.id = ?",
        (conversation, script),
    )


async def in_draft(db: Database | Transaction, conversation: ConversationId) -> tuple[Script, ...]:
    """Scripts that were put into the draft of a conversation."""
    found = await db.all(
        "SELECT s.* FROM draft_scripts d JOIN scripts s ON s.id = d.script_id "
        "WHERE d.conversation_id = ? ORDER BY s.id",
        (conversation,),
    )
    return tuple(map(_script, found))


async def sent(
    tx: Transaction,
    conversation: ConversationId,
    answer: MessageId,
    used: Iterable[Script],
    now: datetime,
) -> None:
    """The draft became an answer, made from the scripts ``used``."""
    for script in used:
        await tx.run(
            "INSERT OR IGNORE INTO answer_scripts (message_id, script_id, conversation_id) "
            "VALUES (?, ?, ?)",
            (answer, script.id, conversation),
        )
        await tx.run(
            "UPDATE scripts SET uses = uses + 1, used_at = ? WHERE id = ?", (to_us(now), script.id)
        )
    await tx.run("DELETE FROM draft_scripts WHERE conversation_id = ?", (conversation,))


# The starter set


async def started(db: Database | Transaction) -> bool:
    """Whether the starter set was put in once; it does not come back when it is deleted."""
    row = await db.one("SELECT 1 FROM meta WHERE key = ?", (_STARTED,))
    return row is not None


async def start(tx: Transaction) -> None:
    """Remember that the starter set was put in."""
    await tx.run("INSERT OR IGNORE INTO meta (key, value) VALUES (?, '1')", (_STARTED,))


# Columns


def _columns(wording: Wording) -> tuple[str, str, str, str, str, str, str]:
    return (
        wording.folder,
        wording.name,
        fold(wording.name),
        wording.body,
        wording.asked,
        _dump(wording.actions),
        " ".join(script_words(wording)),
    )


def _dump(actions: Actions) -> str:
    fields: dict[str, object] = {
        "tags": list(actions.tags),
        "type": actions.type,
        "status": actions.status,
        "snooze": actions.snooze,
        "close": actions.close,
    }
    return json.dumps({k: v for k, v in fields.items() if v}, ensure_ascii=False)


def _load(text: str) -> Actions:
    raw = json.loads(text)
    return Actions(
        tags=tuple(SafeText(tag) for tag in raw.get("tags", ())),
        type=MessageType(raw["type"]) if raw.get("type") else None,
        status=Status(raw["status"]) if raw.get("status") else None,
        snooze=SafeText(raw.get("snooze", "")),
        close=bool(raw.get("close")),
    )


def _script(row: sqlite3.Row) -> Script:
    return Script(
        id=ScriptId(row["id"]),
        wording=Wording(
            folder=SafeText(row["folder"]),
            name=SafeText(row["name"]),
            body=SafeText(row["body"]),
            asked=SafeText(row["asked"]),
            actions=_load(row["actions"]),
        ),
        uses=row["uses"],
        used_at=maybe_time(row["used_at"]),
        words=tuple(row["words"].split()),
    )
