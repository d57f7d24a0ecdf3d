"""Looking for messages: pages by key over the index of words, in bounded steps."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence

from smm_inbox.domain.conversation import Kind, Status
from smm_inbox.domain.found import FoundKey, FoundPage, Hit, Ranking
from smm_inbox.domain.highlight import closeness
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId
from smm_inbox.domain.message import Direction
from smm_inbox.domain.query import SearchQuery
from smm_inbox.domain.query_words import Wanted
from smm_inbox.domain.text import SafeText

from .database import Database, Param, Transaction
from .rows import from_us, to_us
from .search_index import first_doc
from .search_match import expression

STEP = 2_000
"""Rows looked at in one statement: no question holds the reading connection for long."""
RANKED = 100
"""Hits ranked together: older ones come when these were shown."""
_MOMENT = 0.03
"""Seconds after which a page is given out as it is, to be gone on with."""
_LAST_DOC = 2**63 - 1
_TEXT = 20_000

_COLUMNS = f"""
    c.id AS conversation_id, c.account, c.kind, c.public, c.status, c.box, c.awaiting > 0 AS waits,
    iif(c.kind = 'direct', c.title, '') AS title, m.id AS message_id, m.direction, m.operator,
    coalesce(p.name, a.name, c.title, '') AS with_name, coalesce(a.name, '') AS author_name,
    coalesce(p.handle, '') AS with_handle, coalesce(a.handle, '') AS author_handle,
    substr(m.text, 1, {_TEXT}) AS text, substr(m.folded, 1, {_TEXT}) AS folded,
    coalesce(json_array_length(m.attachments), 0) AS attachments, m.sent_at
"""
_PEOPLE = """
    LEFT JOIN contacts a ON a.id = m.author_id
    LEFT JOIN contacts p ON p.id = c.contact_id
"""


async def page(
    db: Database,
    query: SearchQuery,
    ranking: Ranking,
    *,
    after: FoundKey | None = None,
    limit: int = 50,
) -> FoundPage:
    """Hits behind ``after``, as many as are found in a moment and at most ``limit``."""
    if query.empty or query.wanted.nothing:
        return FoundPage()
    until = time.monotonic() + _MOMENT
    if not query.by_words:
        return await _conversations(db, query.wanted, after, limit, until)
    key = after or FoundKey(_LAST_DOC)
    if ranking is Ranking.TIME:
        places, end = await _places(db, query, key.below, limit, until)
        return FoundPage(await _messages(db, places), None if end is None else FoundKey(end))
    places, end = await _places(db, query, key.below, max(RANKED, limit), until)
    ranked = sorted(
        await _messages(db, places), key=lambda hit: closeness(f"{hit.text} {hit.title}", query)
    )
    shown = tuple(ranked[key.skip : key.skip + limit])
    if key.skip + limit < len(ranked):
        return FoundPage(shown, FoundKey(key.below, key.skip + limit))
    return FoundPage(shown, None if end is None else FoundKey(end))


async def _places(
    db: Database, query: SearchQuery, below: int, limit: int, until: float
) -> tuple[list[int], int | None]:
    """The newest messages a query finds, and where to go on; ``None``: that was all."""
    found: list[int] = []
    match = expression(query)
    step = min(STEP, 2 * limit)
    while True:
        rows = await _step(db, query, match, below, step)
        for row in rows:
            if row["fits"]:
                found.append(row["message_id"])
                if len(found) == limit:
                    return found, row["doc"]
        if len(rows) < step:
            return found, None
        below, step = rows[-1]["doc"], STEP
        if time.monotonic() > until:
            return found, below


async def _step(
    db: Database, query: SearchQuery, match: str, below: int, step: int
) -> list[sqlite3.Row]:
    """The next documents of the index, each with whether its conversation is as wanted."""
    where, params = _conditions(query.wanted)
    newest, oldest = _span(query.wanted)
    return await db.all(
        f"""
        SELECT f.doc, d.message_id, c.id AS conversation_id, coalesce({where}, 0) AS fits FROM (
            SELECT rowid AS doc FROM found WHERE found MATCH ? AND rowid < ? AND rowid >= ?
            ORDER BY rowid DESC LIMIT ?
        ) f
        LEFT JOIN search_docs d ON d.doc = f.doc
        LEFT JOIN messages m ON m.id = d.message_id
        LEFT JOIN conversations c ON c.id = m.conversation_id
        ORDER BY f.doc DESC
        """,
        (*params, match, min(below, newest), oldest, step),
    )


def _span(wanted: Wanted) -> tuple[int, int]:
    """Documents of the time that is wanted: below the first one, from the second one on."""
    newest = _LAST_DOC if wanted.before is None else first_doc(to_us(wanted.before))
    return newest, 0 if wanted.after is None else first_doc(to_us(wanted.after))


async def _messages(db: Database, messages: Sequence[int]) -> tuple[Hit, ...]:
    marks = ", ".join("?" * len(messages))
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM messages m JOIN conversations c ON c.id = m.conversation_id "
        f"{_PEOPLE} WHERE m.id IN ({marks})",
        messages,
    )
    found = {row["message_id"]: _hit(row) for row in rows}
    return tuple(found[one] for one in messages if one in found)


async def _conversations(
    db: Database, wanted: Wanted, after: FoundKey | None, limit: int, until: float
) -> FoundPage:
    """Conversations with some properties, the latest first, each through its last message."""
    where, params = _conditions(wanted, whole=True)
    key = after or FoundKey(_LAST_DOC, conversation=_LAST_DOC)
    hits: list[Hit] = []
    while True:
        rows = await db.all(
            f"""
            SELECT c.id, c.last_at, ({where}) AS fits FROM (
                SELECT * FROM conversations INDEXED BY conversations_newest
                WHERE (last_at, id) < (?, ?) ORDER BY last_at DESC, id DESC LIMIT {STEP}
            ) c
            """,
            (*params, key.below, key.conversation),
        )
        fitting = [row for row in rows if row["fits"]][: limit - len(hits)]
        hits += await _through_last(db, [row["id"] for row in fitting])
        full = len(hits) >= limit
        if not full and len(rows) < STEP:
            return FoundPage(tuple(hits))
        last = fitting[-1] if full else rows[-1]
        key = FoundKey(last["last_at"], conversation=last["id"])
        if full or time.monotonic() > until:
            return FoundPage(tuple(hits), key)


async def _through_last(db: Database, conversations: Sequence[int]) -> list[Hit]:
    marks = ", ".join("?" * len(conversations))
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM conversations c LEFT JOIN messages m ON m.id = c.preview_id "
        f"{_PEOPLE} WHERE c.id IN ({marks})",
        conversations,
    )
    found = {row["conversation_id"]: _hit(row) for row in rows}
    return [found[one] for one in conversations if one in found]


def _conditions(wanted: Wanted, *, whole: bool = False) -> tuple[str, list[Param]]:
    """What the conversation ``c`` has to be like; ``whole``: where the index is not asked."""
    parts: list[str] = []
    params: list[Param] = []

    def among(column: str, values: Sequence[str | int]) -> str:
        params.extend(values)
        return f"{column} IN ({', '.join('?' * len(values))})" if values else "0"

    if whole and wanted.accounts is not None:
        parts.append(among("c.account", sorted(wanted.accounts)))
    if whole and wanted.kinds is not None:
        parts.append(among("c.kind", sorted(wanted.kinds)))
    if whole and wanted.before is not None:
        parts.append("c.last_at < ?")
        params.append(to_us(wanted.before))
    if whole and wanted.after is not None:
        parts.append("c.last_at >= ?")
        params.append(to_us(wanted.after))
    if wanted.types is not None:
        named = among("c.type", sorted(one for one in wanted.types if one is not None))
        parts.append(f"({named} OR c.type IS NULL)" if None in wanted.types else named)
    if wanted.statuses is not None:
        boxes = among("c.box", sorted(wanted.statuses & {"snoozed", "spam"}))
        named = among("c.status", sorted(wanted.statuses - {"snoozed", "spam"}))
        parts.append(f"({boxes} OR ({named} AND c.box IN ('open', 'closed')))")
    if wanted.waiting is not None:
        parts.append("c.awaiting > 0" if wanted.waiting else "c.awaiting = 0")
    for tags in wanted.tags:
        parts.append(
            f"c.id IN (SELECT conversation_id FROM conversation_tags WHERE "
            f"{among('tag_id', sorted(tags))})"
        )
    if wanted.not_tags:
        parts.append(
            "c.id NOT IN (SELECT conversation_id FROM conversation_tags WHERE "
            f"{among('tag_id', sorted(wanted.not_tags))})"
        )
    if wanted.statuses is None or "spam" not in wanted.statuses:
        parts.append("c.spam = 0")
    return " AND ".join(parts), params


def _hit(row: sqlite3.Row) -> Hit:
    inbound = row["direction"] == Direction.IN
    name = row["author_name"] if inbound and row["author_name"] else row["with_name"]
    handle = row["author_handle"] if inbound and row["author_name"] else row["with_handle"]
    return Hit(
        message=None if row["message_id"] is None else MessageId(row["message_id"]),
        conversation=ConversationId(row["conversation_id"]),
        account=AccountId(row["account"]),
        kind=Kind(row["kind"]),
        public=bool(row["public"]),
        status=Status(row["status"]),
        box=row["box"],
        waits=bool(row["waits"]),
        direction=None if row["direction"] is None else Direction(row["direction"]),
        name=SafeText(name),
        handle=SafeText(handle),
        operator=SafeText(row["operator"] or ""),
        title=SafeText(row["title"]),
        text=SafeText(row["text"] or ""),
        folded=SafeText(row["folded"] or ""),
        attachments=row["attachments"],
        sent_at=from_us(row["sent_at"] if row["sent_at"] is not None else 0),
    )


async def conversations_of(
    db: Database, query: SearchQuery, among: Sequence[ConversationId] | None = None
) -> set[ConversationId]:
    """Every conversation a query finds, or those of ``among`` that it finds."""
    if query.empty or query.wanted.nothing or among == []:
        return set()
    if not query.by_words:
        return await _all_conversations(db, query.wanted, among)
    facets = () if among is None else tuple(f"c{one}" for one in among)
    match = expression(query, facets=facets)
    found: set[ConversationId] = set()
    below = _LAST_DOC
    while True:
        rows = await _step(db, query, match, below, STEP)
        found |= {ConversationId(row["conversation_id"]) for row in rows if row["fits"]}
        if len(rows) < STEP:
            return found
        below = rows[-1]["doc"]


async def _all_conversations(
    db: Database, wanted: Wanted, among: Sequence[ConversationId] | None
) -> set[ConversationId]:
    where, params = _conditions(wanted, whole=True)
    if among is not None:
        marks = ", ".join("?" * len(among))
        where, params = f"c.id IN ({marks}) AND {where}", [*among, *params]
    rows = await db.all(f"SELECT c.id FROM conversations c WHERE {where}", params)
    return {ConversationId(row["id"]) for row in rows}


async def depth(db: Database, conversation: ConversationId, message: MessageId) -> int:
    """How many messages of a conversation stand at ``message`` or behind it."""
    row = await db.one(
        "SELECT count(*) AS n FROM messages m JOIN messages t ON t.id = ? "
        "WHERE m.conversation_id = ? AND (m.sent_at, m.id) >= (t.sent_at, t.id)",
        (message, conversation),
    )
    return 0 if row is None else int(row["n"])


async def tag_names(db: Database | Transaction) -> dict[str, int]:
    """Folded names of all tags."""
    rows = await db.all("SELECT id, folded FROM tags ORDER BY uses DESC, folded")
    return {row["folded"]: row["id"] for row in rows}
