"""An answer as it was written: kept with its outbox rows, brought back whole, covering whom."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime

from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.feed import Draft
from smm_inbox.domain.ids import ConversationId, MessageId, Token
from smm_inbox.storage import contacts, outbox, waiting
from smm_inbox.storage.database import Transaction
from smm_inbox.storage.outbox import OutboxRow


def draw_token() -> Token:
    """A positive 31-bit number: fits VK's int32 ``random_id``, where zero means no protection."""
    return Token(str(secrets.randbelow(2**31 - 1) + 1))


def dump(where: ConversationId, draft: Draft, part: int) -> str:
    """Text of a draft for the outbox row of its ``part`` (from 0), written in ``where``."""
    return json.dumps(
        {
            "where": where,
            "part": part,
            "text": draft.text,
            "kind": str(draft.reply_kind),
            "reply_to": draft.reply_to,
            "files": list(draft.files),
            "reply_all": draft.reply_all,
        },
        ensure_ascii=False,
    )


def written_in(row: OutboxRow) -> ConversationId:
    """Where the answer was written: a private one stands in another conversation."""
    return ConversationId(json.loads(row.draft).get("where", row.conversation))


def unsent(parts: Sequence[OutboxRow]) -> Draft:
    """The draft of an answer, of which only ``parts`` have not left: what is gone is left out."""
    raw = json.loads(parts[0].draft)
    text: str = raw.get("text", parts[0].outgoing.text)
    if raw.get("part", 0):
        text = _tail(text, sum(len("".join(part.outgoing.text.split())) for part in parts))
    return Draft(
        text=text,
        reply_kind=ReplyKind(raw.get("kind", "in_place")),
        reply_to=raw.get("reply_to"),
        files=tuple(raw.get("files", ())),
        reply_all=raw.get("reply_all"),
    )


def join(back: Draft, existing: Draft | None) -> Draft:
    """An answer taken back, in front of what was begun since."""
    if existing is None:
        return back
    texts = [text for text in (back.text, existing.text) if text.strip()]
    return Draft(
        text="\n\n".join(texts),
        reply_kind=back.reply_kind,
        reply_to=back.reply_to,
        files=tuple(dict.fromkeys((*back.files, *existing.files))),
        reply_all=back.reply_all,
    )


async def cover(
    tx: Transaction,
    where: ConversationId,
    answer: MessageId,
    *,
    kind: Kind,
    author: int | None,
    until: datetime | None = None,
) -> None:
    """Put whom an answer speaks to under it: everybody in a private talk, one person in a thread.

    ``until`` leaves out what was stored here later.
    """
    if kind is not Kind.DIRECT and author is None:
        authors = await waiting.authors(tx, where)
        if len(authors) != 1:
            return  # nobody was named: the others in the thread go on waiting
        author = authors[0]
    await waiting.cover(tx, where, answer, author=author, until=until)


async def cover_again(tx: Transaction, last: OutboxRow, now: datetime) -> ConversationId:
    """Cover once more what an answer covered before it failed; ``last`` is its last part.

    What came after it was written goes on waiting. Returns the conversation that changed.
    """
    where = written_in(last)
    if await outbox.followers(tx, last.id):
        return where
    row = await tx.one("SELECT kind FROM conversations WHERE id = ?", (where,))
    kind = Kind.DIRECT if row is None else Kind(row["kind"])
    author: int | None = None
    if kind is not Kind.DIRECT and last.outgoing.addressee is not None:
        author = await contacts.ensure(tx, last.account, last.outgoing.addressee, now)
    await cover(tx, where, last.message, kind=kind, author=author, until=last.created_at)
    return where


def _tail(text: str, letters: int) -> str:
    """The end of ``text`` that holds ``letters`` characters that are not white space."""
    for index in range(len(text) - 1, -1, -1):
        letters -= not text[index].isspace()
        if letters <= 0:
            return text[index:]
    return text
