"""Entries made by hand: what an ordinary conversation lacks, and taking one away again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smm_inbox.domain.ids import MANUAL, ContactId, ConversationId, MessageId
from smm_inbox.domain.manual import Source

from .database import Database, Transaction
from .rows import maybe_us


async def insert(
    tx: Transaction,
    conversation: ConversationId,
    *,
    source: Source,
    rating: int | None,
    due_at: datetime | None,
    digest: str | None,
) -> None:
    """Note what was entered besides the words."""
    await tx.run(
        "INSERT INTO manual_entries (conversation_id, source, rating, due_at, digest) "
        "VALUES (?, ?, ?, ?, ?)",
        (conversation, source, rating, maybe_us(due_at), digest),
    )


async def known(tx: Transaction, digest: str) -> bool:
    """Whether the same row of a table was imported before."""
    row = await tx.one("SELECT 1 FROM manual_entries WHERE digest = ?", (digest,))
    return row is not None


async def is_manual(db: Database | Transaction, conversation: ConversationId) -> bool:
    """Whether a conversation was entered by hand."""
    row = await db.one(
        "SELECT 1 FROM conversations WHERE id = ? AND account = ?", (conversation, MANUAL)
    )
    return row is not None


_OWN = frozenset({"messages", "manual_entries", "drafts", "note_drafts"})
"""Tables whose rows go with an entry that is taken back."""


async def touched(tx: Transaction, conversation: ConversationId, message: MessageId) -> bool:
    """Whether somebody worked on an entry after it was made: answered, noted, tagged, promised."""
    row = await tx.one(
        "SELECT 1 FROM messages WHERE conversation_id = ? AND id <> ?", (conversation, message)
    )
    if row is not None:
        return True
    # Whatever a later version lets point at a conversation is work on it.
    pointing = await tx.all(
        """
        SELECT t.name AS "table", f."from" AS "column"
        FROM sqlite_master t, pragma_foreign_key_list(t.name) f
        WHERE t.type = 'table' AND f."table" = 'conversations'
        """
    )
    for one in pointing:
        if one["table"] in _OWN:
            continue
        sql = f'SELECT 1 FROM "{one["table"]}" WHERE "{one["column"]}" = ? LIMIT 1'
        if await tx.one(sql, (conversation,)) is not None:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows one entry made."""

    conversation: ConversationId
    message: MessageId
    contact: ContactId | None
    """``None``: the author was known before."""
    root: int


async def remove(tx: Transaction, rows: Rows) -> None:
    """Take an entry away, its author too unless they were known before."""
    conversation = rows.conversation
    for table in ("note_drafts", "drafts", "manual_entries"):
        await tx.run(f"DELETE FROM {table} WHERE conversation_id = ?", (conversation,))
    await tx.run("UPDATE conversations SET preview_id = NULL WHERE id = ?", (conversation,))
    await tx.run("DELETE FROM messages WHERE id = ?", (rows.message,))
    await tx.run("DELETE FROM conversations WHERE id = ?", (conversation,))
    await tx.run("DELETE FROM roots WHERE id = ?", (rows.root,))
    if rows.contact is not None and await _alone(tx, rows.contact):
        for table in ("contact_ways", "contact_details"):
            await tx.run(f"DELETE FROM {table} WHERE contact_id = ?", (rows.contact,))
        await tx.run("DELETE FROM contacts WHERE id = ?", (rows.contact,))


async def _alone(tx: Transaction, contact: ContactId) -> bool:
    """Whether nothing else knows the author."""
    row = await tx.one(
        """
        SELECT EXISTS (SELECT 1 FROM conversations WHERE contact_id = ?)
            OR EXISTS (SELECT 1 FROM messages WHERE author_id = ?)
            OR EXISTS (SELECT 1 FROM notes WHERE contact_id = ?) AS known
        """,
        (contact, contact, contact),
    )
    return row is not None and not row["known"]


async def cover(tx: Transaction, conversation: ConversationId, answer: MessageId) -> None:
    """What waited is answered by ``answer``, which was given elsewhere."""
    await tx.run(
        "UPDATE messages SET state = 'answered', answer_id = ? WHERE conversation_id = ? "
        "AND state = 'awaiting' AND answer_id IS NULL",
        (answer, conversation),
    )


async def uncover(tx: Transaction, answer: MessageId) -> None:
    """What ``answer`` ended waits again; the answer itself is gone."""
    await tx.run(
        "UPDATE messages SET state = 'awaiting', answer_id = NULL WHERE answer_id = ?", (answer,)
    )
    await tx.run("UPDATE conversations SET preview_id = NULL WHERE preview_id = ?", (answer,))
    await tx.run("DELETE FROM messages WHERE id = ?", (answer,))
