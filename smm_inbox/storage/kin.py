"""Contacts that are one person, and the conversations of that person on every channel."""

from __future__ import annotations

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.feed import OtherConversation
from smm_inbox.domain.ids import AccountId, ContactId, ConversationId
from smm_inbox.domain.text import one_line

from .database import Database
from .times import from_us

WHO = """
    SELECT ? AS id UNION
    SELECT o.id FROM contacts c JOIN contacts o ON o.person_id = c.person_id WHERE c.id = ?
"""
"""Everybody who is the same person as a contact, given twice; that contact included."""

THEIRS = f"""
    WITH who AS ({WHO}),
    theirs AS (
        SELECT c.id FROM who JOIN conversations c ON c.contact_id = who.id
        UNION SELECT m.conversation_id FROM who JOIN messages m ON m.author_id = who.id)
"""
"""Conversations of that person, as ``theirs``; the contact is given twice."""


async def conversations(
    db: Database,
    contact: ContactId,
    *,
    besides: ConversationId | None = None,
    limit: int,
) -> tuple[OtherConversation, ...]:
    """Conversations the person wrote in, on every channel, newest first."""
    # Texts are joined to the few rows that are shown only.
    found = await db.all(
        f"""
        SELECT c.*, substr(m.text, 1, 200) AS preview FROM (
            {THEIRS}
            SELECT c.id, c.account, c.kind, c.last_at, c.awaiting, c.preview_id
            FROM theirs JOIN conversations c ON c.id = theirs.id WHERE c.id <> ?
            ORDER BY c.last_at DESC, c.id DESC LIMIT ?) c
        LEFT JOIN messages m ON m.id = c.preview_id
        ORDER BY c.last_at DESC, c.id DESC
        """,
        (contact, contact, besides or 0, limit),
    )
    return tuple(
        OtherConversation(
            id=ConversationId(row["id"]),
            account=AccountId(row["account"]),
            kind=Kind(row["kind"]),
            preview=one_line(row["preview"] or ""),
            last_at=from_us(row["last_at"]),
            awaiting=row["awaiting"],
        )
        for row in found
    )
