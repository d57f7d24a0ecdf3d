"""Tags: their names and colours, and which conversations carry them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from smm_inbox.domain.ids import ConversationId, TagId
from smm_inbox.domain.tag import Colour, Tag, TagCount
from smm_inbox.domain.text import SafeText, fold

from .database import Database, Param, Transaction

OF_CONVERSATION = """
    (SELECT json_group_array(json_array(t.id, t.name, t.colour))
        FROM conversation_tags ct JOIN tags t ON t.id = ct.tag_id
        WHERE ct.conversation_id = c.id) AS tags
"""
"""Column with the tags of the conversation ``c``, for ``tags_of``."""

_COUNTS = """
    SELECT t.id, t.name, t.colour, t.uses,
        coalesce(n.awaiting, 0) AS awaiting, coalesce(n.total, 0) AS total
    FROM tags t LEFT JOIN (
        SELECT tag_id, sum(awaiting) AS awaiting, sum(total) AS total FROM tag_counters
        WHERE box = 'open' GROUP BY tag_id
    ) n ON n.tag_id = t.id
    ORDER BY t.folded
"""


_COLOURS = {colour.value: colour for colour in Colour}


def tags_of(column: str) -> tuple[Tag, ...]:
    """Tags from the column ``OF_CONVERSATION``, by their names."""
    if column == "[]":
        return ()
    found = [_tag(*one) for one in json.loads(column)]
    return tuple(sorted(found, key=lambda tag: fold(tag.name)))


def _tag(number: int, name: str, colour: str) -> Tag:
    return Tag(TagId(number), SafeText(name), _COLOURS.get(colour, Colour.NONE))


def _from(row: sqlite3.Row) -> Tag:
    return _tag(row["id"], row["name"], row["colour"])


async def counts(db: Database) -> tuple[TagCount, ...]:
    """Every tag by its name, with the maintained counts."""
    rows = await db.all(_COUNTS)
    return tuple(TagCount(_from(row), row["awaiting"], row["total"], row["uses"]) for row in rows)


async def get(db: Database | Transaction, tag: TagId) -> Tag | None:
    """A tag by its number."""
    row = await db.one("SELECT id, name, colour FROM tags WHERE id = ?", (tag,))
    return None if row is None else _from(row)


async def named(db: Database | Transaction, name: str) -> Tag | None:
    """A tag by its name, whatever its case."""
    row = await db.one("SELECT id, name, colour FROM tags WHERE folded = ?", (fold(name),))
    return None if row is None else _from(row)


async def create(tx: Transaction, name: SafeText, colour: Colour) -> Tag:
    """A new tag; its name must be free."""
    number = await tx.insert(
        "INSERT INTO tags (name, folded, colour) VALUES (?, ?, ?)", (name, fold(name), colour)
    )
    return Tag(TagId(number), name, colour)


async def put_back(tx: Transaction, tag: Tag) -> None:
    """A deleted tag again, with its number."""
    await tx.run(
        "INSERT INTO tags (id, name, folded, colour) VALUES (?, ?, ?, ?)",
        (tag.id, tag.name, fold(tag.name), tag.colour),
    )


async def change(tx: Transaction, tag: Tag) -> None:
    """Give a tag the name and colour of ``tag``."""
    await tx.run(
        "UPDATE tags SET name = ?, folded = ?, colour = ? WHERE id = ?",
        (tag.name, fold(tag.name), tag.colour, tag.id),
    )


async def delete(tx: Transaction, tag: TagId) -> list[ConversationId]:
    """Take a tag off everything and forget it; returns what carried it."""
    carried = await take_off(tx, tag, None)
    await tx.run("DELETE FROM tags WHERE id = ?", (tag,))
    return carried


async def put_on(
    tx: Transaction, tag: TagId, conversations: Collection[ConversationId]
) -> list[ConversationId]:
    """Put a tag on conversations; returns those that did not carry it."""
    rows = await tx.all(
        """
        INSERT OR IGNORE INTO conversation_tags
            (conversation_id, tag_id, box, awaiting, last_at, rank, tie)
        SELECT c.id, ?, c.box, c.awaiting, c.last_at, c.rank, c.tie
        FROM json_each(?) j CROSS JOIN conversations c ON c.id = j.value
        RETURNING conversation_id
        """,
        (tag, json.dumps(list(conversations))),
    )
    return [ConversationId(row["conversation_id"]) for row in rows]


async def take_off(
    tx: Transaction, tag: TagId, conversations: Collection[ConversationId] | None
) -> list[ConversationId]:
    """Take a tag off conversations (``None``: off all); returns those that carried it."""
    where, params = "tag_id = ?", list[Param]([tag])
    if conversations is not None:
        where += " AND conversation_id IN (SELECT value FROM json_each(?))"
        params.append(json.dumps(list(conversations)))
    rows = await tx.all(
        f"DELETE FROM conversation_tags WHERE {where} RETURNING conversation_id", params
    )
    return [ConversationId(row["conversation_id"]) for row in rows]


async def carried_by(db: Database, conversations: Collection[ConversationId]) -> dict[TagId, int]:
    """How many of the conversations carry each tag; tags on none of them are absent."""
    rows = await db.all(
        "SELECT ct.tag_id, count(*) AS n FROM json_each(?) j "
        "CROSS JOIN conversation_tags ct ON ct.conversation_id = j.value GROUP BY ct.tag_id",
        (json.dumps(list(conversations)),),
    )
    return {TagId(row["tag_id"]): row["n"] for row in rows}
