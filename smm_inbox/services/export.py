"""Export: every message as one flat record, the same fields for every channel."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from smm_inbox.domain.message import InState
from smm_inbox.storage.rows import from_us, load_attachments

from .container import Services

FIELDS = (
    "id",
    "account",
    "channel",
    "kind",
    "conversation",
    "thread",
    "direction",
    "remote_id",
    "author",
    "text",
    "sent_at",
    "edited",
    "deleted",
    "state",
    "automatic",
    "status",
    "tags",
    "attachments",
    "root",
    "reply_to",
)
"""Fields of a record, in order."""

_PAGE = 500

_SELECT = """
    SELECT m.*, c.remote_id AS conversation_remote, c.thread, c.status, a.channel,
        p.remote_id AS p_remote_id, p.name AS p_name, p.handle AS p_handle,
        p.followers AS p_followers, p.city AS p_city, p.url AS p_url,
        (SELECT json_group_array(t.name) FROM conversation_tags ct JOIN tags t
            ON t.id = ct.tag_id WHERE ct.conversation_id = c.id) AS tags,
        r.kind AS r_kind, r.text AS r_text, r.url AS r_url
    FROM messages m
    JOIN conversations c ON c.id = m.conversation_id
    LEFT JOIN accounts a ON a.id = m.account
    LEFT JOIN contacts p ON p.id = m.author_id
    LEFT JOIN roots r ON r.id = c.root_id
    WHERE m.id > ? ORDER BY m.id LIMIT ?
"""


async def export_messages(services: Services) -> AsyncIterator[dict[str, object]]:
    """Yield every stored message, oldest row first, as a record with the keys ``FIELDS``.

    ``conversation`` is the local number that ``send --conversation`` takes.
    """
    last = 0
    while True:
        rows = await services.db.all(_SELECT, (last, _PAGE))
        for row in rows:
            yield _record(row)
        if len(rows) < _PAGE:
            return
        last = rows[-1]["id"]


def _record(row: sqlite3.Row) -> dict[str, object]:
    author = None
    if row["p_remote_id"] is not None:
        author = {
            "remote_id": row["p_remote_id"],
            "name": row["p_name"],
            "handle": row["p_handle"],
            "followers": row["p_followers"],
            "city": row["p_city"],
            "url": row["p_url"],
        }
    root = None
    if row["r_kind"] is not None:
        root = {"kind": row["r_kind"], "text": row["r_text"], "url": row["r_url"]}
    attachments = load_attachments(row["attachments"])
    return {
        "id": row["id"],
        "account": row["account"],
        "channel": row["channel"],
        "kind": row["kind"],
        "conversation": row["conversation_id"],
        "thread": row["thread"],
        "direction": row["direction"],
        "remote_id": row["remote_id"],
        "author": author,
        "text": row["text"],
        "sent_at": _iso(from_us(row["sent_at"])),
        "edited": row["edited_at"] is not None,
        "deleted": row["deleted_at"] is not None,
        "state": _state(row),
        "automatic": bool(row["automatic"]),
        "status": row["status"],
        "tags": sorted(json.loads(row["tags"])),
        "attachments": [
            {"kind": str(item.kind), "name": item.name, "url": item.url} for item in attachments
        ],
        "root": root,
        "reply_to": row["reply_to"],
    }


def _state(row: sqlite3.Row) -> str:
    """The state as it counts: a deleted question waits for nobody while it stays deleted."""
    state = str(row["state"])
    gone = row["deleted_at"] is not None and state == InState.AWAITING
    return InState.DISMISSED if gone else state


def _iso(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
