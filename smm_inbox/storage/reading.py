"""The read side of an open conversation: its card and its messages."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Kind, Place, Root
from smm_inbox.domain.feed import MessageRow, OtherConversation
from smm_inbox.domain.ids import (
    MANUAL,
    AccountId,
    ContactId,
    ConversationId,
    MessageId,
    OutboxId,
    RemoteId,
)
from smm_inbox.domain.message import Direction, InState, Revision
from smm_inbox.domain.outgoing import OutAction, OutState
from smm_inbox.domain.text import SafeText, one_line

from . import kin
from .database import Database
from .rows import contact_from, from_us, load_attachments, load_people, maybe_time, root_from

_OTHERS = 20

_MESSAGE = """
    SELECT m.*, a.remote_id AS a_remote_id, a.name AS a_name, a.handle AS a_handle,
        a.followers AS a_followers, a.city AS a_city, a.url AS a_url, a.photo_url AS a_photo_url,
        a.note AS a_note, substr(t.text, 1, 200) AS target_text, ta.name AS target_author,
        o.id AS o_id, o.action AS o_action, o.state AS o_state, o.due_at AS o_due,
        o.reason AS o_reason, o.reason_url AS o_url
    FROM messages m
    LEFT JOIN contacts a ON a.id = m.author_id
    LEFT JOIN messages t ON t.account = m.account AND t.kind = m.kind AND t.remote_id = m.reply_to
    LEFT JOIN contacts ta ON ta.id = t.author_id
    LEFT JOIN outbox o ON o.id = (
        SELECT max(x.id) FROM outbox x WHERE x.message_id = m.id)
"""


@dataclass(frozen=True, slots=True)
class ConversationFacts:
    """Columns of a conversation that its card needs."""

    account: AccountId
    kind: Kind
    remote_id: RemoteId
    title: SafeText
    url: str
    thread: RemoteId | None
    blocked: SafeText
    window_until: datetime | None
    contact_id: ContactId | None
    contact: Contact | None
    root: Root | None

    @property
    def place(self) -> Place:
        """Where the conversation stands on its network."""
        return Place(
            kind=self.kind,
            conversation=self.remote_id,
            contact=None if self.contact is None else self.contact.remote_id,
            root=None if self.root is None else self.root.remote_id,
            thread=self.thread,
            title=self.title,
            url=self.url,
        )


async def facts(db: Database, conversation: ConversationId) -> ConversationFacts | None:
    """What is known of a conversation besides its feed row."""
    row = await db.one("SELECT * FROM conversations WHERE id = ?", (conversation,))
    if row is None:
        return None
    root = await db.one("SELECT * FROM roots WHERE id = ?", (row["root_id"],))
    contact = await db.one("SELECT * FROM contacts WHERE id = ?", (row["contact_id"],))
    return ConversationFacts(
        account=AccountId(row["account"]),
        kind=Kind(row["kind"]),
        remote_id=RemoteId(row["remote_id"]),
        title=SafeText(row["title"]),
        url=row["url"],
        thread=None if row["thread"] is None else RemoteId(row["thread"]),
        blocked=SafeText(row["blocked"]),
        window_until=maybe_time(row["window_until"]),
        contact_id=None if row["contact_id"] is None else ContactId(row["contact_id"]),
        contact=None if contact is None else contact_from(contact),
        root=None if root is None else root_from(root),
    )


async def contact_of(db: Database, contact: ContactId) -> Contact | None:
    """One contact."""
    row = await db.one("SELECT * FROM contacts WHERE id = ?", (contact,))
    return None if row is None else contact_from(row)


async def target(db: Database, conversation: ConversationId) -> tuple[MessageId, ContactId] | None:
    """Whom an answer goes to: the newest awaiting message, otherwise the last inbound one."""
    row = await db.one(
        """
        SELECT id, author_id FROM messages
        WHERE conversation_id = ? AND direction = 'in' AND deleted_at IS NULL
        ORDER BY state = 'awaiting' AND answer_id IS NULL DESC, sent_at DESC, id DESC LIMIT 1
        """,
        (conversation,),
    )
    return None if row is None else (MessageId(row["id"]), ContactId(row["author_id"] or 0))


async def others(
    db: Database, contact: ContactId, besides: ConversationId
) -> tuple[OtherConversation, ...]:
    """Other conversations the person wrote in, on every channel, newest first."""
    return await kin.conversations(db, contact, besides=besides, limit=_OTHERS)


async def messages(
    db: Database,
    conversation: ConversationId,
    *,
    before: MessageId | None,
    limit: int,
) -> tuple[list[MessageRow], bool]:
    """Messages in time order, the latest ``limit`` before ``before``, and whether more exist."""
    bound, params = "", list[str | int | float | None]([conversation])
    if before is not None:
        anchor = await db.one("SELECT sent_at FROM messages WHERE id = ?", (before,))
        if anchor is not None:
            bound = " AND (m.sent_at, m.id) < (?, ?)"
            params += [anchor["sent_at"], before]
    found = await db.all(
        _MESSAGE + f" WHERE m.conversation_id = ?{bound} "
        "ORDER BY m.sent_at DESC, m.id DESC LIMIT ?",
        [*params, limit + 1],
    )
    more = len(found) > limit
    revised = await _revisions(db, [row["id"] for row in found[:limit] if row["edited_at"]])
    result = [_message(row, revised.get(row["id"], ())) for row in reversed(found[:limit])]
    return result, more


async def message(db: Database, message_id: MessageId) -> MessageRow | None:
    """One message."""
    row = await db.one(_MESSAGE + " WHERE m.id = ?", (message_id,))
    if row is None:
        return None
    return _message(row, (await _revisions(db, [row["id"]])).get(row["id"], ()))


async def thread_root(
    db: Database, account: AccountId, kind: Kind, remote_id: RemoteId
) -> MessageRow | None:
    """The comment a thread hangs on, when it is stored."""
    row = await db.one(
        _MESSAGE + " WHERE m.account = ? AND m.kind = ? AND m.remote_id = ?",
        (account, kind, remote_id),
    )
    return None if row is None else _message(row, ())


async def _revisions(db: Database, ids: list[int]) -> dict[int, tuple[Revision, ...]]:
    if not ids:
        return {}
    marks = ", ".join("?" * len(ids))
    found = await db.all(
        f"SELECT * FROM revisions WHERE message_id IN ({marks}) ORDER BY id",
        ids,
    )
    result: dict[int, tuple[Revision, ...]] = {}
    for row in found:
        revision = Revision(SafeText(row["text"]), from_us(row["replaced_at"]))
        result[row["message_id"]] = (*result.get(row["message_id"], ()), revision)
    return result


def _message(row: sqlite3.Row, revisions: tuple[Revision, ...]) -> MessageRow:
    direction = Direction(row["direction"])
    return MessageRow(
        id=MessageId(row["id"]),
        direction=direction,
        author=None if row["a_remote_id"] is None else contact_from(row, "a_"),
        operator=SafeText(row["operator"]),
        text=SafeText(row["text"]),
        sent_at=from_us(row["sent_at"]),
        state=InState(row["state"]) if direction is Direction.IN else OutState(row["state"]),
        automatic=bool(row["automatic"]),
        attachments=load_attachments(row["attachments"]),
        revisions=revisions,
        deleted_at=maybe_time(row["deleted_at"]),
        reply_to=one_line(row["target_text"] or ""),
        reply_to_author=SafeText(row["target_author"] or ""),
        url=row["url"],
        outbox=None if row["o_id"] is None else OutboxId(row["o_id"]),
        action=None if row["o_action"] is None else OutAction(row["o_action"]),
        not_before=maybe_time(row["o_due"]),
        reason=SafeText(row["o_reason"] or ""),
        reason_url=row["o_url"] or "",
        mentions_us=bool(row["mentions_us"]),
        can_edit=False,
        can_delete=False,
        folded=SafeText(row["folded"]),
        people=load_people(row["people"]),
        hidden_at=maybe_time(row["hidden_at"]),
        reaction=SafeText(row["reaction"]),
        is_reaction=bool(row["is_reaction"]),
        action_state=None if row["o_state"] is None else OutState(row["o_state"]),
        by_hand=row["account"] == MANUAL,
    )


__all__ = [
    "ConversationFacts",
    "contact_of",
    "facts",
    "message",
    "messages",
    "others",
    "target",
    "thread_root",
]
