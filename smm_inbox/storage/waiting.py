"""Who awaits an answer, and what ends the waiting."""

from __future__ import annotations

from datetime import datetime

from smm_inbox.domain.ids import ContactId, ConversationId, MessageId, RemoteId

from .database import Transaction
from .rows import maybe_us, to_us

_OPEN = "state = 'awaiting' AND answer_id IS NULL AND deleted_at IS NULL"


async def authors(tx: Transaction, conversation: ConversationId) -> list[int | None]:
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


async def wait_again(tx: Transaction, answer: MessageId) -> set[ConversationId]:
    """An answer came back: what it answered awaits again, unless a later answer arrived.

    Of an answer given elsewhere it is only known that it came after the customer's last words.
    """
    rows = await tx.all(
        """
        SELECT m.id, m.conversation_id FROM messages m JOIN messages a
            ON m.answer_id = a.id OR (a.own = 0 AND m.conversation_id = a.conversation_id)
        WHERE a.id = ? AND m.direction = 'in' AND m.state = 'answered'
            AND (m.answer_id = a.id OR (a.own = 0 AND m.id = (
                SELECT l.id FROM messages l
                WHERE l.conversation_id = a.conversation_id AND l.direction = 'in'
                    AND l.automatic = 0 AND l.deleted_at IS NULL AND l.sent_at <= a.sent_at
                ORDER BY l.sent_at DESC, l.id DESC LIMIT 1)))
            AND NOT EXISTS (
                SELECT 1 FROM messages o
                WHERE o.conversation_id = m.conversation_id AND o.direction = 'out'
                    AND o.state = 'sent' AND o.automatic = 0 AND o.deleted_at IS NULL
                    AND o.id <> a.id AND o.sent_at >= a.sent_at)
        """,
        (answer,),
    )
    await tx.many(
        "UPDATE messages SET state = 'awaiting', answer_id = NULL WHERE id = ?",
        [(row["id"],) for row in rows],
    )
    return {ConversationId(row["conversation_id"]) for row in rows}


async def covered_in(tx: Transaction, answer: MessageId) -> set[ConversationId]:
    """Conversations in which something waits under this answer (a private one covers another)."""
    rows = await tx.all(
        "SELECT DISTINCT conversation_id FROM messages WHERE answer_id = ?", (answer,)
    )
    return {ConversationId(row["conversation_id"]) for row in rows}


async def we_wrote(tx: Transaction, conversation: ConversationId) -> bool:
    """Whether the business has ever answered in this conversation."""
    row = await tx.one(
        "SELECT 1 FROM messages WHERE conversation_id = ? AND direction = 'out' "
        "AND automatic = 0 LIMIT 1",
        (conversation,),
    )
    return row is not None
