"""Looking for messages: pages by key over the index of words, in bounded steps."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from smm_inbox.domain.conversation import Kind, Status
from smm_inbox.domain.found import FoundKey, FoundPage, Hit, Ranking
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId
from smm_inbox.domain.message import Direction
from smm_inbox.domain.query import SearchQuery
from smm_inbox.domain.query_words import Wanted
from smm_inbox.domain.text import SafeText

from .database import Database, Param
from .rows import from_us, to_us
from .search_index import first_doc
from .search_match import expression, ranked

STEP = 2_000
"""Documents looked at in one statement: no question holds the reading connection for long."""
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
    """Hits behind ``after``."""
    if query.empty:
        return FoundPage()
    if not query.by_words:
        return await _conversations(db, query.wanted, after, limit)
    tiers = ranked(query) if ranking is Ranking.RELEVANCE else (expression(query),)
    hits: list[Hit] = []
    first = 0 if after is None else min(after.tier, len(tiers) - 1)
    below = _LAST_DOC if after is None else after.place
    for tier in range(first, len(tiers)):
        hits += await _messages(db, tiers[tier], query.wanted, tier, below, limit + 1 - len(hits))
        if len(hits) > limit:
            return FoundPage(tuple(hits[:limit]), more=True)
        below = _LAST_DOC
    return FoundPage(tuple(hits))


async def _messages(
    db: Database, match: str, wanted: Wanted, tier: int, below: int, limit: int
) -> list[Hit]:
    """Hits of one expression, newest first, in steps until there are ``limit`` of them."""
    where, params = _conditions(wanted)
    if wanted.before is not None:
        below = min(below, first_doc(to_us(wanted.before)))
    lowest = 0 if wanted.after is None else first_doc(to_us(wanted.after))
    hits: list[Hit] = []
    # The usual page needs few documents; what few conversations have needs many.
    step = max(4 * limit, 200)
    while len(hits) < limit:
        rows = await db.all(
            f"""
            SELECT f.doc, {_COLUMNS} FROM (
                SELECT rowid AS doc FROM found
                WHERE found MATCH ? AND rowid < ? AND rowid >= ?
                ORDER BY rowid DESC LIMIT ?
            ) f
            CROSS JOIN search_docs d ON d.doc = f.doc
            CROSS JOIN messages m ON m.id = d.message_id
            CROSS JOIN conversations c ON c.id = m.conversation_id
            {_PEOPLE} WHERE {where} ORDER BY f.doc DESC LIMIT ?
            """,
            (match, below, lowest, step, *params, limit - len(hits)),
        )
        hits += [_hit(row, FoundKey(tier, row["doc"])) for row in rows]
        if len(hits) >= limit:
            break
        last = await db.one(
            "SELECT min(doc) AS doc, count(*) AS n FROM (SELECT rowid AS doc FROM found "
            "WHERE found MATCH ? AND rowid < ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?)",
            (match, below, lowest, step),
        )
        if last is None or last["n"] < step:
            break
        below, step = last["doc"], STEP
    return hits


async def _conversations(
    db: Database, wanted: Wanted, after: FoundKey | None, limit: int
) -> FoundPage:
    """Conversations with some properties, the latest first, each through its last message."""
    where, params = _conditions(wanted, whole=True)
    if after is not None:
        where += " AND (c.last_at, c.id) < (?, ?)"
        params += [after.place, after.conversation]
    rows = await db.all(
        f"""
        SELECT {_COLUMNS}, c.last_at FROM (
            SELECT * FROM conversations c WHERE {where} ORDER BY c.last_at DESC, c.id DESC LIMIT ?
        ) c LEFT JOIN messages m ON m.id = c.preview_id {_PEOPLE}
        ORDER BY c.last_at DESC, c.id DESC
        """,
        (*params, limit + 1),
    )
    hits = [_hit(row, FoundKey(0, row["last_at"], row["conversation_id"])) for row in rows]
    return FoundPage(tuple(hits[:limit]), more=len(hits) > limit)


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


def _hit(row: sqlite3.Row, key: FoundKey) -> Hit:
    inbound = row["direction"] == Direction.IN
    name = row["author_name"] if inbound and row["author_name"] else row["with_name"]
    handle = row["author_handle"] if inbound and row["author_name"] else row["with_handle"]
    return Hit(
        key=key,
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
    if query.empty or among == []:
        return set()
    if not query.by_words:
        return await _all_conversations(db, query.wanted, among)
    facets = () if among is None else tuple(f"c{one}" for one in among)
    match = expression(query, facets=facets)
    where, params = _conditions(query.wanted)
    wanted = query.wanted
    below = _LAST_DOC if wanted.before is None else first_doc(to_us(wanted.before))
    lowest = 0 if wanted.after is None else first_doc(to_us(wanted.after))
    found: set[ConversationId] = set()
    while True:
        rows = await db.all(
            f"""
            SELECT f.doc, iif({where}, c.id, NULL) AS id FROM (
                SELECT rowid AS doc FROM found
                WHERE found MATCH ? AND rowid < ? AND rowid >= ? ORDER BY rowid DESC LIMIT {STEP}
            ) f
            LEFT JOIN search_docs d ON d.doc = f.doc
            LEFT JOIN messages m ON m.id = d.message_id
            LEFT JOIN conversations c ON c.id = m.conversation_id
            ORDER BY f.doc DESC
            """,
            (*params, match, below, lowest),
        )
        found |= {ConversationId(row["id"]) for row in rows if row["id"] is not None}
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


async def tag_names(db: Database) -> dict[str, int]:
    """Folded names of all tags."""
    if await db.one("SELECT 1 FROM sqlite_master WHERE name = 'tags'") is None:
        return {}
    rows = await db.all("SELECT id, folded FROM tags ORDER BY uses DESC, folded")
    return {row["folded"]: row["id"] for row in rows}
