"""The outbox: what has yet to happen on the networks, with everything a repetition needs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId, OutboxId, RemoteId, Token
from smm_inbox.domain.message import LocalFile, Outgoing
from smm_inbox.domain.outgoing import OutAction, OutState, check_transition
from smm_inbox.domain.text import SafeText

from .database import Database, Transaction
from .rows import dump_files, from_us, load_files, maybe_time, to_us

_NEVER = 250_000_000_000_000_000
"""Microseconds of the year 9892: due only when a person decides."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One action on its way to a network."""

    id: OutboxId
    account: AccountId
    conversation: ConversationId
    message: MessageId
    action: OutAction
    state: OutState
    attempts: int
    created_at: datetime
    due_at: datetime
    close_after: bool
    remote_id: RemoteId | None
    outgoing: Outgoing
    reason: SafeText
    reason_url: str
    """Page that a person has to open first."""
    draft: str
    """The answer as written, as JSON of ``services.replies``."""


_SELECT = """
    SELECT o.*, m.remote_id, m.reply_to, m.addressee, c.kind, c.remote_id AS conversation_remote,
        c.thread, c.public, c.title, c.url AS conversation_url, r.remote_id AS root_remote,
        p.remote_id AS contact_remote
    FROM outbox o
    JOIN messages m ON m.id = o.message_id
    JOIN conversations c ON c.id = o.conversation_id
    LEFT JOIN roots r ON r.id = c.root_id
    LEFT JOIN contacts p ON p.id = c.contact_id
"""


async def put(
    tx: Transaction,
    *,
    account: AccountId,
    conversation: ConversationId,
    message: MessageId,
    action: OutAction,
    token: Token,
    text: str,
    now: datetime,
    due_at: datetime,
    files: tuple[LocalFile, ...] = (),
    after: OutboxId | None = None,
    close_after: bool = False,
    draft: str = "{}",
    extra: Mapping[str, str] | None = None,
) -> OutboxId:
    """Queue an action; ``after`` holds it back until that one is gone."""
    return OutboxId(
        await tx.insert(
            """
            INSERT INTO outbox (account, conversation_id, message_id, action, state, token, text,
                files, after_id, close_after, created_at, due_at, draft, extra)
            VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                account,
                conversation,
                message,
                action,
                token,
                text,
                dump_files(files),
                after,
                close_after,
                to_us(now),
                to_us(due_at),
                draft,
                json.dumps(dict(extra or {}), ensure_ascii=False),
            ),
        )
    )


async def get(source: Database | Transaction, outbox: OutboxId) -> OutboxRow | None:
    """One action, or ``None`` when it is settled and gone."""
    row = await source.one(_SELECT + " WHERE o.id = ?", (outbox,))
    return None if row is None else _row(row)


async def due(db: Database, account: AccountId, now: datetime, limit: int = 50) -> list[OutboxRow]:
    """Actions of ``account`` whose time has come: to attempt, or (ambiguous ones) to look for.

    An action waits for an earlier unfinished one of the same conversation, so that answers arrive
    in the order they were written; a failed or doubtful first part holds back the later parts.
    """
    rows = await db.all(
        _SELECT
        + """
        WHERE o.state IN ('queued', 'ambiguous') AND o.due_at <= ? AND o.after_id IS NULL
            AND o.account = ?
            AND NOT EXISTS (
                SELECT 1 FROM outbox e WHERE e.conversation_id = o.conversation_id
                    AND e.id < o.id AND e.state IN ('queued', 'sending'))
        ORDER BY o.due_at, o.id LIMIT ?
        """,
        (to_us(now), account, limit),
    )
    return [_row(row) for row in rows]


async def next_due(db: Database) -> datetime | None:
    """When the next action becomes due."""
    row = await db.one(
        "SELECT min(due_at) AS at FROM outbox WHERE state IN ('queued', 'ambiguous') "
        "AND due_at < ?",
        (_NEVER,),
    )
    return None if row is None else maybe_time(row["at"])


async def move(
    tx: Transaction,
    row: OutboxRow,
    state: OutState,
    *,
    due_at: datetime | None = None,
    reason: str = "",
    url: str = "",
) -> None:
    """One step of the state machine.

    Raises ``IllegalTransition`` on a step the machine does not have.
    """
    check_transition(row.state, state)
    await tx.run(
        "UPDATE outbox SET state = ?, due_at = coalesce(?, due_at), reason = ?, reason_url = ? "
        "WHERE id = ?",
        (state, None if due_at is None else to_us(due_at), reason, url, row.id),
    )


async def look_again(tx: Transaction, outbox: OutboxId, at: datetime | None, reason: str) -> None:
    """Look at ``at`` what became of a doubtful action; ``None``: only the operator can tell."""
    await tx.run(
        "UPDATE outbox SET due_at = ?, reason = ? WHERE id = ? AND state = 'ambiguous'",
        (_NEVER if at is None else to_us(at), reason, outbox),
    )


def only_operator_can_tell(row: OutboxRow) -> bool:
    """Whether nobody looks any more what became of a doubtful action."""
    return row.state is OutState.AMBIGUOUS and to_us(row.due_at) >= _NEVER


async def look_once_more(db: Database, now: datetime) -> None:
    """Look again also for what the network would not tell: it may have been given a new token."""
    row = await db.one("SELECT 1 FROM outbox WHERE state = 'ambiguous' AND due_at >= ?", (_NEVER,))
    if row is None:
        return
    async with db.transaction() as tx:
        await tx.run(
            "UPDATE outbox SET due_at = ? WHERE state = 'ambiguous' AND due_at >= ?",
            (to_us(now), _NEVER),
        )


async def begin_attempt(tx: Transaction, row: OutboxRow, now: datetime) -> None:
    """Commit, before the call, that it is about to be made."""
    check_transition(row.state, OutState.SENDING)
    await tx.run(
        "UPDATE outbox SET state = 'sending', attempts = attempts + 1, reason = '', "
        "first_attempt_at = coalesce(first_attempt_at, ?) WHERE id = ?",
        (to_us(now), row.id),
    )


async def save_notes(tx: Transaction, outbox: OutboxId, notes: dict[str, str]) -> None:
    """Keep a channel's notes for the next attempt; what was noted before stays."""
    await tx.run(
        "UPDATE outbox SET extra = json_patch(extra, ?) WHERE id = ?",
        (json.dumps(notes, ensure_ascii=False), outbox),
    )


async def renew_token(tx: Transaction, outbox: OutboxId, message: MessageId, token: Token) -> None:
    """Give an action a fresh token; only when the former attempt surely had no effect."""
    await tx.run(
        "UPDATE outbox SET token = ?, first_attempt_at = NULL, attempts = 0 WHERE id = ?",
        (token, outbox),
    )
    await tx.run("UPDATE messages SET token = ? WHERE id = ?", (token, message))


async def send_anew(tx: Transaction, row: OutboxRow, message: MessageId, token: Token) -> None:
    """From now on the action brings another message of ours to the network."""
    await tx.run(
        "UPDATE outbox SET message_id = ?, token = ?, first_attempt_at = NULL, attempts = 0 "
        "WHERE id = ?",
        (message, token, row.id),
    )


async def remove(tx: Transaction, outbox: OutboxId) -> None:
    """Forget a settled action; whoever waited for it may go."""
    await tx.run("UPDATE outbox SET after_id = NULL WHERE after_id = ?", (outbox,))
    await tx.run("DELETE FROM outbox WHERE id = ?", (outbox,))


async def of_message(
    tx: Transaction, message: MessageId, action: OutAction = OutAction.SEND
) -> OutboxRow | None:
    """The unsettled action of a message."""
    row = await tx.one(
        _SELECT + " WHERE o.message_id = ? AND o.action = ? ORDER BY o.id LIMIT 1",
        (message, action),
    )
    return None if row is None else _row(row)


async def of_conversation(
    tx: Transaction, conversation: ConversationId, actions: Iterable[OutAction]
) -> list[OutboxRow]:
    """Unsettled actions of these kinds in a conversation, in their order."""
    wanted = tuple(actions)
    marks = ", ".join("?" * len(wanted))
    rows = await tx.all(
        f"{_SELECT} WHERE o.conversation_id = ? AND o.action IN ({marks}) ORDER BY o.id",
        (conversation, *wanted),
    )
    return [_row(row) for row in rows]


async def first_part(tx: Transaction, outbox: OutboxId) -> OutboxId:
    """The first part that is still waiting of the answer ``outbox`` belongs to."""
    current = outbox
    while True:
        row = await tx.one("SELECT after_id FROM outbox WHERE id = ?", (current,))
        if row is None or row["after_id"] is None:
            return current
        current = OutboxId(row["after_id"])


async def followers(tx: Transaction, outbox: OutboxId) -> list[OutboxRow]:
    """Later parts of the same answer, in order."""
    found: list[OutboxRow] = []
    current: OutboxId | None = outbox
    while current is not None:
        row = await tx.one(_SELECT + " WHERE o.after_id = ?", (current,))
        current = None
        if row is not None:
            found.append(_row(row))
            current = found[-1].id
    return found


async def leftovers(tx: Transaction) -> list[OutboxRow]:
    """Rows a killed process left in ``sending``."""
    return [_row(row) for row in await tx.all(_SELECT + " WHERE o.state = 'sending'")]


async def on_the_wire(db: Database) -> set[OutboxId]:
    """Actions a call has been begun for and whose end is not written down."""
    return {
        OutboxId(row["id"]) for row in await db.all("SELECT id FROM outbox WHERE state = 'sending'")
    }


async def message_of(db: Database, outbox: OutboxId) -> MessageId | None:
    """The message of an action; of a settled one as the journal tells."""
    row = await db.one("SELECT message_id FROM outbox WHERE id = ?", (outbox,))
    if row is None:
        row = await db.one(
            "SELECT message_id FROM journal WHERE event = 'sent' "
            "AND json_extract(details, '$.outbox') = ? ORDER BY id DESC LIMIT 1",
            (outbox,),
        )
    return None if row is None else MessageId(row["message_id"])


async def count_pending(db: Database) -> int:
    """How many actions are not settled."""
    row = await db.one("SELECT count(*) AS n FROM outbox WHERE state <> 'failed'")
    return 0 if row is None else int(row["n"])


async def count_answers(db: Database) -> int:
    """How many answers are on their way, each with all its parts; none that a person decides on."""
    row = await db.one(
        "SELECT count(*) AS n FROM outbox WHERE action = 'send' AND after_id IS NULL "
        "AND state IN ('queued', 'sending', 'ambiguous') AND due_at < ?",
        (_NEVER,),
    )
    return 0 if row is None else int(row["n"])


async def end_undo_windows(tx: Transaction, now: datetime) -> None:
    """Everything that waits for a second thought only is due now."""
    await tx.run(
        "UPDATE outbox SET due_at = ? WHERE state = 'queued' AND attempts = 0 AND due_at > ?",
        (to_us(now), to_us(now)),
    )


def _row(row: sqlite3.Row) -> OutboxRow:
    def remote(name: str) -> RemoteId | None:
        return None if row[name] is None else RemoteId(row[name])

    place = Place(
        kind=Kind(row["kind"]),
        conversation=RemoteId(row["conversation_remote"]),
        contact=remote("contact_remote"),
        public=bool(row["public"]),
        root=remote("root_remote"),
        thread=remote("thread"),
        title=SafeText(row["title"]),
        url=row["conversation_url"],
    )
    return OutboxRow(
        id=OutboxId(row["id"]),
        account=AccountId(row["account"]),
        conversation=ConversationId(row["conversation_id"]),
        message=MessageId(row["message_id"]),
        action=OutAction(row["action"]),
        state=OutState(row["state"]),
        attempts=row["attempts"],
        created_at=from_us(row["created_at"]),
        due_at=from_us(row["due_at"]),
        close_after=bool(row["close_after"]),
        remote_id=remote("remote_id"),
        outgoing=Outgoing(
            place=place,
            text=SafeText(row["text"]),
            token=Token(row["token"]),
            reply_to=remote("reply_to"),
            addressee=remote("addressee"),
            files=load_files(row["files"]),
            first_attempt_at=maybe_time(row["first_attempt_at"]),
            extra=json.loads(row["extra"]),
        ),
        reason=SafeText(row["reason"]),
        reason_url=row["reason_url"],
        draft=row["draft"],
    )
