"""Filling the index of words: messages wait in a backlog that their own transaction wrote."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from typing import Final

from smm_inbox.domain.fold import stem, words
from smm_inbox.domain.ids import AccountId, ConversationId

from .database import Database, Transaction

CHUNK: Final = 200
"""Messages indexed in one transaction: a few hundredths of a second."""
_MOST_WORDS: Final = 10_000
_MILLISECOND: Final = 1000
_BITS: Final = 20
_LATEST: Final = 2**42
_PHONE = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){9,14}")
_NUMBER: Final = 10
"""Digits of a phone that count: whether it begins with +7 or 8 is a matter of taste."""


async def backlog(db: Database) -> int:
    """How many messages are not in the index yet."""
    row = await db.one("SELECT count(*) AS n FROM search_backlog")
    return 0 if row is None else int(row["n"])


async def fill(db: Database, limit: int = CHUNK) -> tuple[int, set[ConversationId]]:
    """Index up to ``limit`` messages, the newest first; how many, and of which conversations.

    The backlog shrinks in the same transaction: after a crash nothing is missing and nothing is
    there twice.
    """
    if not await db.all("SELECT 1 FROM search_backlog LIMIT 1"):
        return 0, set()
    async with db.transaction() as tx:
        rows = await tx.all(
            """
            SELECT b.message_id, m.id, m.conversation_id, m.account, m.kind, m.direction, m.text,
                m.folded, m.attachments, m.sent_at, m.operator, c.title, a.name, a.handle, d.doc
            FROM (SELECT message_id FROM search_backlog ORDER BY message_id DESC LIMIT ?) b
            LEFT JOIN messages m ON m.id = b.message_id
            LEFT JOIN conversations c ON c.id = m.conversation_id
            LEFT JOIN contacts a ON a.id = m.author_id
            LEFT JOIN search_docs d ON d.message_id = m.id
            """,
            (limit,),
        )
        known = [row for row in rows if row["id"] is not None]
        await _forget(tx, [row["id"] for row in known if row["doc"] is not None])
        # FTS5 writes a segment whenever the row numbers go back: they are handed over in order.
        docs = sorted([(await _number(tx, row), row) for row in known], key=lambda pair: pair[0])
        await tx.many(
            "INSERT INTO found (rowid, text, stems, who, facet) VALUES (?, ?, ?, ?, ?)",
            # Long letters take their time: not on the loop that draws the screen.
            await asyncio.to_thread(lambda: [(doc, *document(row)) for doc, row in docs]),
        )
        await tx.many(
            "DELETE FROM search_backlog WHERE message_id = ?",
            [(row["message_id"],) for row in rows],
        )
    return len(rows), {ConversationId(row["conversation_id"]) for row in known}


async def _forget(tx: Transaction, messages: list[int]) -> None:
    await tx.many(
        "UPDATE search_docs SET message_id = NULL WHERE message_id = ?",
        [(message,) for message in messages],
    )


async def _number(tx: Transaction, row: sqlite3.Row) -> int:
    """A row number that no document ever had, in the order of time."""
    doc: int = first_doc(row["sent_at"]) | (row["id"] & (2**_BITS - 1))
    while True:
        taken = await tx.run(
            "INSERT OR IGNORE INTO search_docs (doc, message_id) VALUES (?, ?)", (doc, row["id"])
        )
        if taken == 1:
            return doc
        doc += 1


def first_doc(sent_at: int) -> int:
    """The lowest row number of a document of that moment (microseconds) or later."""
    return min(max(0, sent_at // _MILLISECOND), _LATEST) << _BITS


def document(row: sqlite3.Row) -> tuple[str, str, str, str]:
    """What the index is told about a message: words, stems, who wrote it, its properties."""
    attachments = json.loads(row["attachments"])
    parts = [row["text"], row["folded"], row["title"] or ""]
    parts += [f"{one.get('name', '')} {one.get('text', '')}" for one in attachments]
    text = "\n".join(parts)
    found = words(text)[:_MOST_WORDS]
    who = words(f"{row['name'] or ''} {row['handle'] or ''} {row['operator']}")
    facets = [
        conversation_facet(row["conversation_id"]),
        kind_facet(row["kind"]),
        account_facet(AccountId(row["account"])),
        str(row["direction"]),
    ]
    if attachments:
        facets.append(ATTACHMENT)
    return (
        " ".join([*found, *phones(text)]),
        " ".join(stem(word) for word in found),
        " ".join(dict.fromkeys([*who, *(stem(word) for word in who)])),
        " ".join(facets),
    )


ATTACHMENT: Final = "file"
EVERY: Final = ("in", "out")
"""One of these stands in every document."""


def conversation_facet(conversation: int) -> str:
    """The word every message of a conversation is found by."""
    return f"c{conversation}"


def kind_facet(kind: str) -> str:
    """The word every message of a kind is found by."""
    return f"k{kind}"


def account_facet(account: AccountId) -> str:
    """The word every message of an account is found by."""
    return "a" + account.encode().hex()


def phones(text: str) -> list[str]:
    """Phone numbers in a text as their last ten digits, however they are written."""
    found = ("".join(filter(str.isdecimal, one)) for one in _PHONE.findall(text))
    return [digits[-_NUMBER:] for digits in found if len(digits) >= _NUMBER and digits.isascii()]
