"""Our own messages: from the outbox to the network's id, and away again when taken back."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId, RemoteId, Token
from smm_inbox.domain.message import Attachment
from smm_inbox.domain.outgoing import OutState

from . import messages
from .database import Transaction
from .rows import dump_attachments, maybe_us, to_us


async def insert(
    tx: Transaction,
    account: AccountId,
    conversation: ConversationId,
    *,
    kind: Kind,
    text: str,
    token: Token,
    reply_to: RemoteId | None,
    addressee: RemoteId | None,
    attachments: tuple[Attachment, ...],
    operator: str,
    now: datetime,
) -> MessageId:
    """Store an answer of ours that has yet to be delivered."""
    return MessageId(
        await tx.insert(
            """
            INSERT INTO messages (conversation_id, account, kind, direction, operator, text,
                sent_at, stored_at, state, own, reply_to, addressee, attachments, token)
            VALUES (?, ?, ?, 'out', ?, ?, ?, ?, 'queued', 1, ?, ?, ?, ?)
            """,
            (
                conversation,
                account,
                kind,
                operator,
                text,
                to_us(now),
                to_us(now),
                reply_to,
                addressee,
                dump_attachments(attachments),
                token,
            ),
        )
    )


async def set_state(tx: Transaction, message: MessageId, state: OutState) -> None:
    """State of one of our messages."""
    await tx.run("UPDATE messages SET state = ? WHERE id = ?", (state, message))


async def set_delivered(
    tx: Transaction, message: MessageId, remote_id: RemoteId, sent_at: datetime | None, url: str
) -> None:
    """The network gave an id. A copy of the message that arrived by itself is merged into it."""
    row = await messages.get(tx, message)
    if row is None:
        return
    twin = await tx.one(
        "SELECT id FROM messages WHERE account = ? AND kind = ? AND remote_id = ? AND id <> ?",
        (row["account"], row["kind"], remote_id, message),
    )
    if twin is not None:
        await erase(tx, MessageId(twin["id"]), into=message)
    await tx.run(
        "UPDATE messages SET state = 'sent', remote_id = ?, sent_at = coalesce(?, sent_at), "
        "url = iif(? <> '', ?, url) WHERE id = ?",
        (remote_id, maybe_us(sent_at), url, url, message),
    )


async def erase(tx: Transaction, message: MessageId, *, into: MessageId | None = None) -> None:
    """Delete a row for good: an answer taken back, or a double merged ``into`` another row."""
    await tx.run("UPDATE messages SET answer_id = ? WHERE answer_id = ?", (into, message))
    await tx.run("UPDATE conversations SET preview_id = NULL WHERE preview_id = ?", (message,))
    await tx.run("DELETE FROM revisions WHERE message_id = ?", (message,))
    await tx.run("DELETE FROM outbox WHERE message_id = ?", (message,))
    await tx.run("DELETE FROM messages WHERE id = ?", (message,))


async def by_token(
    tx: Transaction, account: AccountId, conversation: ConversationId, token: Token
) -> sqlite3.Row | None:
    """Our message with this idempotency token."""
    return await tx.one(
        "SELECT * FROM messages WHERE account = ? AND token = ? AND conversation_id = ? "
        "AND direction = 'out'",
        (account, token, conversation),
    )


async def of_token(tx: Transaction, account: AccountId, token: Token) -> sqlite3.Row | None:
    """Our message with this idempotency token, wherever it stands."""
    return await tx.one(
        "SELECT * FROM messages WHERE account = ? AND token = ? AND direction = 'out'",
        (account, token),
    )


async def send_anew(tx: Transaction, message: MessageId, token: Token, now: datetime) -> MessageId:
    """Another copy of an answer that came back; the first stays in the conversation as it ended."""
    return MessageId(
        await tx.insert(
            """
            INSERT INTO messages (conversation_id, account, kind, direction, operator, text,
                sent_at, stored_at, state, own, reply_to, addressee, attachments, token)
            SELECT conversation_id, account, kind, direction, operator, text,
                ?, ?, 'queued', 1, reply_to, addressee, attachments, ?
            FROM messages WHERE id = ?
            """,
            (to_us(now), to_us(now), token, message),
        )
    )


async def in_doubt(
    tx: Transaction, conversation: ConversationId, text: str, not_before: datetime
) -> sqlite3.Row | None:
    """Our message with this text that was attempted but has no id yet, the oldest first.

    One that the operator saw arrive is settled already and has no row in the outbox any more.
    """
    return await tx.one(
        """
        SELECT m.* FROM messages m
        LEFT JOIN outbox o ON o.message_id = m.id AND o.action = 'send'
        WHERE m.conversation_id = ? AND m.text = ? AND m.remote_id IS NULL AND m.own = 1
            AND iif(o.id IS NULL, m.state = 'sent',
                    o.attempts > 0 AND o.first_attempt_at <= ?)
        ORDER BY m.id LIMIT 1
        """,
        (conversation, text, to_us(not_before)),
    )
