"""Notes on conversations and people, and what is being written of them; nothing here is sent."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from smm_inbox.domain.ids import AccountId, ContactId, ConversationId
from smm_inbox.domain.note import Note, NoteId, Purpose
from smm_inbox.domain.text import SafeText

from . import conversations
from .database import Database, Transaction
from .rows import from_us, maybe_time, maybe_us, to_us

_MOST = 500
"""Notes shown of one conversation or person: the latest."""


async def insert(
    tx: Transaction,
    *,
    conversation: ConversationId | None,
    contact: ContactId | None,
    text: SafeText,
    operator: str,
    now: datetime,
) -> NoteId:
    """Write a note down."""
    return NoteId(
        await tx.insert(
            "INSERT INTO notes (conversation_id, contact_id, text, operator, written_at) "
            "VALUES (?, ?, ?, ?, ?)",
            (conversation, contact, text, operator, to_us(now)),
        )
    )


async def put_back(tx: Transaction, note: Note) -> None:
    """Write a deleted note down again as it was."""
    await tx.run(
        "INSERT OR IGNORE INTO notes "
        "(id, conversation_id, contact_id, text, operator, written_at, edited_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            note.id,
            note.conversation,
            note.contact,
            note.text,
            note.operator,
            to_us(note.written_at),
            maybe_us(note.edited_at),
        ),
    )


async def get(tx: Transaction | Database, note: NoteId) -> Note | None:
    """One note."""
    row = await tx.one("SELECT * FROM notes WHERE id = ?", (note,))
    return None if row is None else _note(row)


async def change(tx: Transaction, note: NoteId, text: SafeText, edited_at: datetime | None) -> None:
    """Replace the text."""
    await tx.run(
        "UPDATE notes SET text = ?, edited_at = ? WHERE id = ?", (text, maybe_us(edited_at), note)
    )


async def remove(tx: Transaction, note: NoteId) -> None:
    """Delete a note."""
    await tx.run("DELETE FROM notes WHERE id = ?", (note,))


async def on_conversation(db: Database, conversation: ConversationId) -> tuple[Note, ...]:
    """Notes on a conversation, oldest first."""
    rows = await db.all(
        "SELECT * FROM notes WHERE conversation_id = ? ORDER BY written_at DESC, id DESC LIMIT ?",
        (conversation, _MOST),
    )
    return tuple(_note(row) for row in reversed(rows))


async def on_person(db: Database, contact: ContactId) -> tuple[Note, ...]:
    """Notes on a contact and on everybody joined with it, oldest first."""
    rows = await db.all(
        """
        SELECT n.* FROM notes n WHERE n.contact_id IN (
            SELECT ? UNION SELECT o.id FROM contacts o JOIN contacts c ON c.person_id = o.person_id
            WHERE c.id = ?)
        ORDER BY n.written_at DESC, n.id DESC LIMIT ?
        """,
        (contact, contact, _MOST),
    )
    return tuple(_note(row) for row in reversed(rows))


async def account_of(tx: Transaction, note: Note) -> AccountId:
    """The account the conversation or the person belongs to."""
    if note.conversation is not None:
        return await conversations.account_of(tx, note.conversation) or AccountId("")
    row = await tx.one("SELECT account FROM contacts WHERE id = ?", (note.contact,))
    return AccountId("" if row is None else row["account"])


async def save_draft(
    tx: Transaction, conversation: ConversationId, purpose: Purpose, text: SafeText, now: datetime
) -> None:
    """Keep what is being written; an empty text forgets it."""
    if not text.strip():
        await tx.run(
            "DELETE FROM note_drafts WHERE conversation_id = ? AND purpose = ?",
            (conversation, purpose),
        )
        return
    await tx.run(
        "INSERT INTO note_drafts (conversation_id, purpose, text, updated_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (conversation_id, purpose) DO UPDATE SET text = excluded.text, "
        "updated_at = excluded.updated_at",
        (conversation, purpose, text, to_us(now)),
    )


async def draft(
    db: Database | Transaction, conversation: ConversationId, purpose: Purpose
) -> SafeText:
    """What was being written when it was left; empty when nothing was."""
    row = await db.one(
        "SELECT text FROM note_drafts WHERE conversation_id = ? AND purpose = ?",
        (conversation, purpose),
    )
    return SafeText("" if row is None else row["text"])


def _note(row: sqlite3.Row) -> Note:
    return Note(
        id=NoteId(row["id"]),
        conversation=None
        if row["conversation_id"] is None
        else ConversationId(row["conversation_id"]),
        contact=None if row["contact_id"] is None else ContactId(row["contact_id"]),
        text=SafeText(row["text"]),
        operator=SafeText(row["operator"]),
        written_at=from_us(row["written_at"]),
        edited_at=maybe_time(row["edited_at"]),
    )
