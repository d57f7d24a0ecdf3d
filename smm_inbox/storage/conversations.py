"""Conversations: finding or creating them, their statuses, and their maintained columns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from smm_inbox.domain.conversation import Kind, MessageType, Place, Status
from smm_inbox.domain.hours import Deadline
from smm_inbox.domain.ids import AccountId, ContactId, ConversationId, RemoteId

from .database import Param, Transaction
from .times import from_us, maybe_us, to_us

DeadlineOf = Callable[[AccountId, Kind, datetime], Deadline]
"""Computes the reply deadline of a conversation awaiting since a moment."""

# Waiting conversations rank by the minute of their deadline, so that complaints and public threads
# stand ahead of equals; the rest follow, newest first.
_REST = 10**17
RANK_OF_REST = 10**16
"""Every rank above this belongs to a conversation nobody waits in."""
_MINUTE = 60 * 10**6


async def ensure(
    tx: Transaction,
    account: AccountId,
    place: Place,
    *,
    contact: ContactId | None,
    root: int | None,
) -> ConversationId:
    """Find or create the conversation of ``place``; what was unknown before is filled in."""
    row = await tx.one(
        """
        INSERT INTO conversations
            (account, kind, remote_id, contact_id, root_id, thread, title, url, public, mention)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (account, kind, remote_id) DO UPDATE SET
            contact_id = coalesce(contact_id, excluded.contact_id),
            root_id = coalesce(root_id, excluded.root_id),
            thread = coalesce(thread, excluded.thread),
            title = iif(excluded.title <> '', excluded.title, title),
            url = iif(excluded.url <> '', excluded.url, url)
        RETURNING id
        """,
        (
            account,
            place.kind,
            place.conversation,
            contact,
            root,
            place.thread,
            place.title,
            place.url,
            place.public,
            place.kind is Kind.MENTION,
        ),
    )
    return ConversationId(row["id"] if row is not None else 0)


async def set_blocked(
    tx: Transaction,
    account: AccountId,
    kind: Kind,
    remote_id: RemoteId,
    why: str,
    window_until: datetime | None = None,
) -> ConversationId | None:
    """Remember whether the conversation can be written to; ``None`` when it is not known here.

    A new end of the network's window makes the reply deadline stale: ``refresh`` computes it anew.
    """
    row = await tx.one(
        "UPDATE conversations SET blocked = ?, window_until = coalesce(?, window_until), "
        "red_at = iif(? IS NULL OR ? IS window_until, red_at, NULL) "
        "WHERE account = ? AND kind = ? AND remote_id = ? RETURNING id",
        (why, *[maybe_us(window_until)] * 3, account, kind, remote_id),
    )
    return None if row is None else ConversationId(row["id"])


async def reopen(tx: Transaction, conversations: Iterable[ConversationId]) -> None:
    """New customer messages: closed or snoozed conversations come back."""
    await tx.many(
        "UPDATE conversations SET status = iif(status = 'closed', 'new', status), "
        "snoozed_until = NULL WHERE id = ? AND (status = 'closed' OR snoozed_until IS NOT NULL)",
        [(conversation,) for conversation in conversations],
    )


async def mark_mention(tx: Transaction, conversation: ConversationId) -> None:
    """A message of the conversation mentions us."""
    await tx.run(
        "UPDATE conversations SET mention = 1 WHERE id = ? AND mention = 0", (conversation,)
    )


async def set_status(tx: Transaction, conversation: ConversationId, status: Status) -> None:
    """Set how far the work is; what is closed is not put aside any more."""
    await tx.run(
        "UPDATE conversations SET status = ?, "
        "snoozed_until = iif(? = 'closed', NULL, snoozed_until) WHERE id = ?",
        (status, status, conversation),
    )


async def wake(tx: Transaction, now: datetime) -> list[ConversationId]:
    """Bring back everything whose snooze has passed, even when it was closed before."""
    rows = await tx.all(
        "UPDATE conversations SET snoozed_until = NULL, "
        "status = iif(status = 'closed', 'new', status) WHERE snoozed_until <= ? RETURNING id",
        (to_us(now),),
    )
    return [ConversationId(row["id"]) for row in rows]


async def drop_if_empty(tx: Transaction, conversation: ConversationId) -> None:
    """Forget a conversation that was opened for an answer of ours only, now taken back."""
    await tx.run(
        """
        DELETE FROM conversations WHERE id = ?
            AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = conversations.id)
            AND NOT EXISTS (SELECT 1 FROM drafts d WHERE d.conversation_id = conversations.id)
            AND NOT EXISTS (SELECT 1 FROM notes n WHERE n.conversation_id = conversations.id)
            AND NOT EXISTS (SELECT 1 FROM note_drafts n WHERE n.conversation_id = conversations.id)
        """,
        (conversation,),
    )


async def account_of(tx: Transaction, conversation: ConversationId) -> AccountId | None:
    """The account a conversation belongs to; ``None`` when it is gone."""
    row = await tx.one("SELECT account FROM conversations WHERE id = ?", (conversation,))
    return None if row is None else AccountId(row["account"])


async def awaiting(tx: Transaction, conversation: ConversationId) -> int:
    """How many messages of a conversation wait, as last refreshed."""
    row = await tx.one("SELECT awaiting FROM conversations WHERE id = ?", (conversation,))
    return 0 if row is None else int(row["awaiting"])


async def exists(tx: Transaction, conversation: ConversationId) -> bool:
    """Whether the conversation is still there."""
    row = await tx.one("SELECT 1 FROM conversations WHERE id = ?", (conversation,))
    return row is not None


_MAINTAINED = (
    *("awaiting", "awaiting_since", "amber_at", "red_at", "pending", "unsent", "draft", "last_at"),
    *("preview_id", "rank", "tie"),
)
_PROMISED = "(SELECT e.due_at FROM manual_entries e WHERE e.conversation_id = c.id) AS due_at"
_FACTS = f"""
    SELECT c.id, c.account, c.kind, c.public, c.type, c.awaiting_since, c.red_at, c.amber_at,
        c.window_until, {", ".join(f"c.{one} AS old_{one}" for one in _MAINTAINED)}, c.status,
        {_PROMISED},
        (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id AND m.state = 'awaiting'
            AND m.answer_id IS NULL AND m.deleted_at IS NULL) AS awaiting,
        (SELECT m.sent_at FROM messages m WHERE m.conversation_id = c.id AND m.state = 'awaiting'
            AND m.answer_id IS NULL AND m.deleted_at IS NULL
            ORDER BY m.sent_at, m.id LIMIT 1) AS since,
        (SELECT m.id FROM messages m WHERE m.conversation_id = c.id AND m.state = 'awaiting'
            AND m.answer_id IS NULL AND m.deleted_at IS NULL
            ORDER BY m.sent_at DESC, m.id DESC LIMIT 1) AS newest,
        (SELECT m.id FROM messages m WHERE m.conversation_id = c.id AND m.deleted_at IS NULL
            ORDER BY m.sent_at DESC, m.id DESC LIMIT 1) AS last_id,
        (SELECT m.id FROM messages m WHERE m.conversation_id = c.id
            ORDER BY m.sent_at DESC, m.id DESC LIMIT 1) AS last_of_all,
        (SELECT max(m.sent_at) FROM messages m WHERE m.conversation_id = c.id) AS last_at,
        (SELECT count(*) FROM outbox o WHERE o.conversation_id = c.id
            AND o.state IN ('queued', 'sending', 'ambiguous')) AS pending,
        (SELECT count(*) FROM outbox o WHERE o.conversation_id = c.id
            AND (o.state IN ('failed', 'ambiguous')
                 OR (o.state = 'queued' AND o.attempts > 0))) AS unsent,
        EXISTS (SELECT 1 FROM drafts d WHERE d.conversation_id = c.id) AS draft
    FROM conversations c WHERE c.id IN (SELECT value FROM json_each(?))
"""


_MAINTAIN = f"""
    UPDATE conversations SET {", ".join(f"{one} = ?" for one in _MAINTAINED)}, status = ?
    WHERE id = ?
"""


async def refresh(
    tx: Transaction, conversations: Collection[ConversationId], deadline_of: DeadlineOf
) -> None:
    """Recompute the maintained columns; belongs into every transaction that touched messages.

    Nobody waits in a closed conversation: where somebody does (an answer failed after it was
    closed, a deleted question was restored) it is open again.
    """
    rows = await tx.all(_FACTS, (json.dumps(list(conversations)),))
    # Writing a row again costs a dozen indexes: what is true already is left alone.
    changed: list[Sequence[Param]] = []
    for row in rows:
        new = _maintained(row, deadline_of)
        reopened = row["awaiting"] > 0 and row["status"] == Status.CLOSED
        if reopened or new != tuple(row[f"old_{one}"] for one in _MAINTAINED):
            changed.append((*new, Status.NEW if reopened else row["status"], row["id"]))
    if changed:
        await tx.many(_MAINTAIN, changed)


def _maintained(row: sqlite3.Row, deadline_of: DeadlineOf) -> tuple[Param, ...]:
    """The columns ``_MAINTAINED`` from the facts about a conversation."""
    amber: int | None = None
    red: int | None = None
    rank = _REST - (row["last_at"] or 0)
    tie = 0
    if row["awaiting"]:
        if row["since"] == row["awaiting_since"] and row["red_at"] is not None:
            amber, red = row["amber_at"], row["red_at"]
        else:
            amber, red = _due(row, row["since"], deadline_of)
        rank = red // _MINUTE
        tie = -(2 * (row["type"] == MessageType.COMPLAINT) + row["public"])
    return (
        row["awaiting"],
        row["since"] if row["awaiting"] else None,
        amber,
        red,
        row["pending"],
        row["unsent"],
        row["draft"],
        row["last_at"] or 0,
        row["newest"] or row["last_id"] or row["last_of_all"],
        rank,
        tie,
    )


def _due(row: sqlite3.Row, since: int, deadline_of: DeadlineOf) -> tuple[int, int]:
    """Amber and red of a row awaiting ``since``; the network's own window bounds them."""
    due = deadline_of(AccountId(row["account"]), Kind(row["kind"]), from_us(since))
    amber, red = to_us(due.amber), to_us(due.red)
    if row["due_at"] is not None:
        # What was promised is the deadline; the warning comes as early as ever.
        amber, red = max(since, row["due_at"] - (red - amber)), row["due_at"]
    if row["window_until"] is not None:
        red = min(red, row["window_until"])
        amber = min(amber, red)
    return amber, red


async def renew_deadlines(
    tx: Transaction, deadline_of: DeadlineOf, *, after: int, limit: int
) -> list[ConversationId]:
    """Recompute the deadlines of at most ``limit`` waiting conversations (hours or limits changed).

    Goes by id, behind ``after``; fewer ids than ``limit`` mean that the end was reached.
    """
    rows = await tx.all(
        f"SELECT c.id, c.account, c.kind, c.awaiting_since, c.window_until, {_PROMISED} "
        "FROM conversations c WHERE c.id > ? AND c.awaiting > 0 ORDER BY c.id LIMIT ?",
        (after, limit),
    )
    changes: list[tuple[int, int, int, int]] = []
    for row in rows:
        amber, red = _due(row, row["awaiting_since"], deadline_of)
        changes.append((amber, red, red // _MINUTE, row["id"]))
    await tx.many(
        "UPDATE conversations SET amber_at = ?, red_at = ?, rank = ? WHERE id = ?", changes
    )
    return [ConversationId(row["id"]) for row in rows]
