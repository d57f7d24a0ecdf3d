"""Messages: inserting once, editing with revisions, removing with marks, and who awaits."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import datetime

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.ids import AccountId, ContactId, ConversationId, MessageId, RemoteId, Token
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
                addressee, attachments, token, edited_at, deleted_at, url, folded, people)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
            ),
        )
    )


async def insert_own(
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


async def was_text(tx: Transaction, message: MessageId, text: str) -> bool:
    """Whether the message had this text before an edit."""
    row = await tx.one(
        "SELECT 1 FROM revisions WHERE message_id = ? AND text = ? LIMIT 1", (message, text)
    )
    return row is not None


async def set_deleted(tx: Transaction, message: MessageId, at: datetime | None) -> None:
    """Mark as deleted on the network, or as restored."""
    await tx.run("UPDATE messages SET deleted_at = ? WHERE id = ?", (maybe_us(at), message))


async def set_hidden(tx: Transaction, message: MessageId, at: datetime | None) -> None:
    """Mark as hidden by us on the network, or as shown again."""
    await tx.run("UPDATE messages SET hidden_at = ? WHERE id = ?", (maybe_us(at), message))


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


# --- Who awaits -----------------------------------------------------------------------------------

_OPEN = "state = 'awaiting' AND answer_id IS NULL AND deleted_at IS NULL"


async def awaiting_authors(tx: Transaction, conversation: ConversationId) -> list[int | None]:
    """Authors somebody still owes an answer to, the longest waiting first."""
    rows = await tx.all(
        f"SELECT author_id, min(sent_at) FROM messages WHERE conversation_id = ? AND {_OPEN} "
        "GROUP BY author_id ORDER BY 2",
        (conversation,),
    )
    return [row["author_id"] for row in rows]


async def mark_answered(
    tx: Transaction, conversation: ConversationId, *, author: int | None, until: datetime
) -> int:
    """An answer given elsewhere at ``until`` ends the waiting of ``author`` (``None``: of all).

    Also of what waits under an answer of ours: when that one fails, nobody waits any more.
    """
    return await tx.run(
        "UPDATE messages SET state = 'answered' WHERE conversation_id = ? AND state = 'awaiting' "
        "AND sent_at <= ? AND (? IS NULL OR author_id = ?)",
        (conversation, to_us(until), author, author),
    )


async def last_answer_elsewhere(tx: Transaction, conversation: ConversationId) -> int | None:
    """When somebody of the business last answered outside this program, in microseconds."""
    row = await tx.one(
        "SELECT max(sent_at) AS at FROM messages WHERE conversation_id = ? AND direction = 'out' "
        "AND state = 'sent' AND automatic = 0 AND deleted_at IS NULL AND own = 0",
        (conversation,),
    )
    return None if row is None else row["at"]


async def answered_later(
    tx: Transaction,
    conversation: ConversationId,
    *,
    author: ContactId | None,
    author_remote: RemoteId | None,
    direct: bool,
    opener: bool,
    remote_id: RemoteId,
    sent_at: datetime,
) -> bool:
    """Whether an answer given elsewhere, later than ``sent_at``, is already stored.

    Our own answers from here are left out: they cover exactly what was on the screen. Networks
    count in seconds: of two messages of one second the one that arrives later is the later one,
    so that a customer is asked about once too often rather than forgotten. An answer to nobody in
    particular speaks to the ``opener`` of a thread.
    """
    row = await tx.one(
        """
        SELECT 1 FROM messages o
        LEFT JOIN messages t ON t.account = o.account AND t.kind = o.kind
            AND t.remote_id = o.reply_to
        WHERE o.conversation_id = ? AND o.direction = 'out' AND o.state = 'sent'
            AND o.automatic = 0 AND o.deleted_at IS NULL AND o.own = 0
            AND o.sent_at > ?
            AND (? OR o.reply_to = ? OR o.addressee = ? OR t.author_id = ?
                 OR (? AND o.reply_to IS NULL AND o.addressee IS NULL))
        LIMIT 1
        """,
        (conversation, to_us(sent_at), direct, remote_id, author_remote, author, opener),
    )
    return row is not None


async def cover(
    tx: Transaction,
    conversation: ConversationId,
    answer: MessageId,
    *,
    author: int | None,
    until: datetime | None = None,
) -> int:
    """Put everything awaiting (of ``author``, ``None``: of all) under an answer on its way.

    ``until`` leaves out what was stored here later.
    """
    stored = maybe_us(until)
    return await tx.run(
        f"UPDATE messages SET answer_id = ? WHERE conversation_id = ? AND {_OPEN} "
        "AND (? IS NULL OR author_id = ?) AND (? IS NULL OR stored_at <= ?)",
        (answer, conversation, author, author, stored, stored),
    )


async def uncover(tx: Transaction, answer: MessageId) -> None:
    """The answer did not leave: what it covered awaits again."""
    await tx.run("UPDATE messages SET answer_id = NULL WHERE answer_id = ?", (answer,))


async def settle_covered(tx: Transaction, answer: MessageId) -> None:
    """The answer arrived: what it covered is answered. ``answer_id`` stays as a trace."""
    await tx.run(
        "UPDATE messages SET state = 'answered' WHERE answer_id = ? AND state = 'awaiting'",
        (answer,),
    )


async def covered_in(tx: Transaction, answer: MessageId) -> set[ConversationId]:
    """Conversations in which something waits under this answer (a private one covers another)."""
    rows = await tx.all(
        "SELECT DISTINCT conversation_id FROM messages WHERE answer_id = ?", (answer,)
    )
    return {ConversationId(row["conversation_id"]) for row in rows}


async def dismiss(tx: Transaction, conversation: ConversationId) -> list[MessageId]:
    """No answer needed: nothing of the conversation awaits any more. Returns what did."""
    rows = await tx.all(
        f"UPDATE messages SET state = 'dismissed' WHERE conversation_id = ? AND {_OPEN} "
        "RETURNING id",
        (conversation,),
    )
    return [MessageId(row["id"]) for row in rows]


async def await_again(tx: Transaction, messages: list[MessageId]) -> None:
    """Undo of ``dismiss``."""
    await tx.many(
        "UPDATE messages SET state = 'awaiting' WHERE id = ? AND state = 'dismissed'",
        [(message,) for message in messages],
    )


async def we_wrote(tx: Transaction, conversation: ConversationId) -> bool:
    """Whether the business has ever answered in this conversation."""
    row = await tx.one(
        "SELECT 1 FROM messages WHERE conversation_id = ? AND direction = 'out' "
        "AND automatic = 0 LIMIT 1",
        (conversation,),
    )
    return row is not None


# --- Our own messages -----------------------------------------------------------------------------


async def set_out_state(tx: Transaction, message: MessageId, state: OutState) -> None:
    """State of one of our messages."""
    await tx.run("UPDATE messages SET state = ? WHERE id = ?", (state, message))


async def set_delivered(
    tx: Transaction, message: MessageId, remote_id: RemoteId, sent_at: datetime | None, url: str
) -> None:
    """The network gave an id. A copy of the message that arrived by itself is merged into it."""
    row = await get(tx, message)
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


async def own_by_token(
    tx: Transaction, account: AccountId, conversation: ConversationId, token: Token
) -> sqlite3.Row | None:
    """Our message with this idempotency token."""
    return await tx.one(
        "SELECT * FROM messages WHERE account = ? AND token = ? AND conversation_id = ? "
        "AND direction = 'out'",
        (account, token, conversation),
    )


async def own_in_doubt(
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
