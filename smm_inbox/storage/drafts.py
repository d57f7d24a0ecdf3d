"""Drafts: the unsent text of each conversation."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.feed import Draft
from smm_inbox.domain.ids import ConversationId, MessageId

from .database import Database, Transaction
from .times import to_us


async def save(tx: Transaction, conversation: ConversationId, draft: Draft, now: datetime) -> None:
    """Keep the draft; replaces the former one."""
    await tx.run(
        """
        INSERT INTO drafts (conversation_id, text, reply_kind, reply_to, files, reply_all,
            updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (conversation_id) DO UPDATE SET text = excluded.text,
            reply_kind = excluded.reply_kind, reply_to = excluded.reply_to,
            files = excluded.files, reply_all = excluded.reply_all,
            updated_at = excluded.updated_at
        """,
        (
            conversation,
            draft.text,
            draft.reply_kind,
            draft.reply_to,
            json.dumps(draft.files, ensure_ascii=False),
            draft.reply_all,
            to_us(now),
        ),
    )


async def drop(tx: Transaction, conversation: ConversationId) -> None:
    """Forget the draft."""
    await tx.run("DELETE FROM drafts WHERE conversation_id = ?", (conversation,))


async def read(db: Database | Transaction, conversation: ConversationId) -> Draft | None:
    """The draft of a conversation."""
    row = await db.one("SELECT * FROM drafts WHERE conversation_id = ?", (conversation,))
    return None if row is None else _draft(row)


def _draft(row: sqlite3.Row) -> Draft:
    return Draft(
        text=row["text"],
        reply_kind=ReplyKind(row["reply_kind"]),
        reply_to=None if row["reply_to"] is None else MessageId(row["reply_to"]),
        files=tuple(json.loads(row["files"])),
        reply_all=None if row["reply_all"] is None else bool(row["reply_all"]),
    )
