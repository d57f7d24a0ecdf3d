"""Messages of the networks: inserting once, editing with revisions, removing with marks."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import datetime

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.ids import AccountId, ContactId, ConversationId, MessageId, RemoteId
from smm_inbox.domain.message import Attachment, InState, NetworkMessage
from smm_inbox.domain.outgoing import OutState
from smm_inbox.domain.text import SafeText

from .database import Transaction
from .rows import dump_attachments, dump_people, maybe_us, to_us

_CHUNK = 500


async def find(
    tx: Transaction, account: AccountId, kind: Kind, remote_id: RemoteId
) -> sqlite3.Row | None:
    """The stored row of a network message."""
    return await tx.one(
        "SELECT * FROM messages WHERE account = ? AND kind = ? AND remote_id = ?",
        (account, kind, remote_id),
    )


async def get(tx: Transaction, message: MessageId) -> sqlite3.Row | None:
    """The stored row by its id."""
    return await tx.one("SELECT * FROM messages WHERE id = ?", (message,))


async def insert(
    tx: Transaction,
    account: AccountId,
    conversation: ConversationId,
    message: NetworkMessage,
    *,
    author: ContactId | None,
    state: InState | OutState,
    deleted_at: int | None,
    now: datetime,
) -> MessageId:
    """Store a message that is not there yet."""
    return MessageId(
        await tx.insert(
            """
            INSERT INTO messages (conversation_id, account, kind, remote_id, direction, author_id,
                operator, text, sent_at, stored_at, state, automatic, mentions_us, reply_to,
                addressee, attachments, token, edited_at, deleted_at, url, folded, people,
                is_reaction)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                conversation,
                account,
                message.place.kind,
                message.remote_id,
                message.direction,
                author,
                message.operator,
                message.text,
                to_us(message.sent_at),
                to_us(now),
                state,
                message.automatic,
                message.mentions_us,
                message.reply_to,
                message.addressee,
                dump_attachments(message.attachments),
                message.token,
                maybe_us(message.edited_at),
                deleted_at,
                message.url,
                message.folded,
                dump_people(message.people),
                message.reaction,
            ),
        )
    )


async def change_text(
    tx: Transaction,
    message: MessageId,
    old: str,
    text: SafeText,
    attachments: tuple[Attachment, ...] | None,
    at: datetime,
) -> None:
    """Replace the text, keeping the former one as a revision when it differs."""
    if old != text:
        await tx.run(
            "INSERT INTO revisions (message_id, text, replaced_at) VALUES (?, ?, ?)",
            (message, old, to_us(at)),
        )
    await tx.run(
        "UPDATE messages SET text = ?, edited_at = ?, attachments = coalesce(?, attachments) "
        "WHERE id = ?",
        (text, to_us(at), None if attachments is None else dump_attachments(attachments), message),
    )


async def set_deleted(tx: Transaction, message: MessageId, at: datetime | None) -> None:
    """Mark as deleted on the network, or as restored."""
    await tx.run("UPDATE messages SET deleted_at = ? WHERE id = ?", (maybe_us(at), message))


async def set_hidden(tx: Transaction, message: MessageId, at: datetime | None) -> None:
    """Mark as hidden by us on the network, or as shown again."""
    await tx.run("UPDATE messages SET hidden_at = ? WHERE id = ?", (maybe_us(at), message))


async def set_reaction(tx: Transaction, message: MessageId, emoji: str) -> None:
    """Note the emoji we put on a message; empty when it was taken back."""
    await tx.run("UPDATE messages SET reaction = ? WHERE id = ?", (emoji, message))


async def newest_inbound(tx: Transaction, conversation: ConversationId) -> MessageId | None:
    """The newest message of a customer."""
    row = await tx.one(
        "SELECT id FROM messages WHERE conversation_id = ? AND direction = 'in' "
        "AND remote_id IS NOT NULL ORDER BY sent_at DESC, id DESC LIMIT 1",
        (conversation,),
    )
    return None if row is None else MessageId(row["id"])


async def bury(
    tx: Transaction, account: AccountId, kind: Kind, remote_id: RemoteId, at: datetime
) -> None:
    """Remember the deletion of a message we have not seen: it may still arrive late."""
    await tx.run(
        "INSERT OR IGNORE INTO tombstones (account, kind, remote_id, at) VALUES (?, ?, ?, ?)",
        (account, kind, remote_id, to_us(at)),
    )


async def exhume(tx: Transaction, account: AccountId, kind: Kind, remote_id: RemoteId) -> None:
    """Forget a remembered deletion."""
    await tx.run(
        "DELETE FROM tombstones WHERE account = ? AND kind = ? AND remote_id = ?",
        (account, kind, remote_id),
    )


Key = tuple[str, str]
"""Kind and remote id: unique within an account."""


async def known(tx: Transaction, account: AccountId, keys: Collection[Key]) -> set[Key]:
    """Which of these network messages are stored."""
    rows = await _by_keys(tx, "SELECT kind, remote_id FROM messages", account, keys)
    return {(row["kind"], row["remote_id"]) for row in rows}


async def buried(tx: Transaction, account: AccountId, keys: Collection[Key]) -> dict[Key, int]:
    """Which of these were deleted before they arrived, and when, in microseconds."""
    rows = await _by_keys(tx, "SELECT kind, remote_id, at FROM tombstones", account, keys)
    return {(row["kind"], row["remote_id"]): row["at"] for row in rows}


async def _by_keys(
    tx: Transaction, select: str, account: AccountId, keys: Collection[Key]
) -> list[sqlite3.Row]:
    found: list[sqlite3.Row] = []
    for kind in {key[0] for key in keys}:
        ids = [key[1] for key in keys if key[0] == kind]
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            marks = ", ".join("?" * len(chunk))
            found += await tx.all(
                f"{select} WHERE account = ? AND kind = ? AND remote_id IN ({marks})",
                (account, kind, *chunk),
            )
    return found
