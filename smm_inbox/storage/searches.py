"""Saved searches and the conversations each of them finds at this moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from smm_inbox.domain.ids import ConversationId, SearchId
from smm_inbox.domain.listing import SavedSearch
from smm_inbox.domain.text import SafeText, fold

from .database import Database, Transaction

_CHUNK = 500


async def saved(db: Database) -> tuple[SavedSearch, ...]:
    """Saved searches in the order they were saved."""
    rows = await db.all("SELECT * FROM searches WHERE name <> '' ORDER BY id")
    return tuple(
        SavedSearch(
            SearchId(row["id"]),
            SafeText(row["name"]),
            row["query"],
            row["total"],
            row["awaiting"],
        )
        for row in rows
    )


async def every(db: Database | Transaction) -> list[tuple[SearchId, str, bool]]:
    """Number, query and whether its conversations were looked for; of the unsaved ones too."""
    rows = await db.all("SELECT id, query, ready FROM searches ORDER BY id")
    return [(SearchId(row["id"]), row["query"], bool(row["ready"])) for row in rows]


async def named(tx: Transaction, name: str) -> SearchId | None:
    """The saved search of that name, whatever its case."""
    row = await tx.one("SELECT id FROM searches WHERE name <> '' AND folded = ?", (fold(name),))
    return None if row is None else SearchId(row["id"])


async def open_for(tx: Transaction, query: str) -> SearchId:
    """The search of that query; a new one stays unsaved and takes the place of former ones."""
    row = await tx.one("SELECT id FROM searches WHERE query = ?", (query,))
    if row is not None:
        return SearchId(row["id"])
    for old in await tx.all("SELECT id FROM searches WHERE name = ''"):
        await remove(tx, SearchId(old["id"]))
    return SearchId(await tx.insert("INSERT INTO searches (query) VALUES (?)", (query,)))


async def rename(tx: Transaction, search: SearchId, name: str) -> str:
    """Give a name, or take it away with an empty one; the former name."""
    row = await tx.one("SELECT name FROM searches WHERE id = ?", (search,))
    await tx.run(
        "UPDATE searches SET name = ?, folded = ? WHERE id = ?", (name, fold(name), search)
    )
    return "" if row is None else str(row["name"])


async def bring_back(tx: Transaction, search: SearchId, query: str, name: str) -> None:
    """Name a search as before; one that is forgotten meanwhile is made anew."""
    await tx.run("INSERT OR IGNORE INTO searches (id, query) VALUES (?, ?)", (search, query))
    await rename(tx, search, name)


async def query_of(tx: Transaction, search: SearchId) -> str:
    """What a search looks for; empty when it is forgotten."""
    row = await tx.one("SELECT query FROM searches WHERE id = ?", (search,))
    return "" if row is None else str(row["query"])


async def change(tx: Transaction, search: SearchId, query: str) -> str:
    """Let a search look for something else from now on; returns its query as it is stored.

    Where another saved one looks for that already, a space at the end tells the two apart.
    """
    others = "SELECT id, name FROM searches WHERE query = ? AND id <> ?"
    while (twin := await tx.one(others, (query, search))) is not None:
        if twin["name"]:
            query += " "
        else:
            await remove(tx, SearchId(twin["id"]))
    await tx.run("UPDATE searches SET query = ?, ready = 0 WHERE id = ?", (query, search))
    return query


async def remove(tx: Transaction, search: SearchId) -> None:
    """Forget a search."""
    await tx.run("DELETE FROM search_hits WHERE search_id = ?", (search,))
    await tx.run("DELETE FROM searches WHERE id = ?", (search,))


async def hits(db: Database, search: SearchId) -> set[ConversationId]:
    """Conversations noted for a search."""
    rows = await db.all("SELECT conversation_id FROM search_hits WHERE search_id = ?", (search,))
    return {ConversationId(row["conversation_id"]) for row in rows}


async def note(
    db: Database,
    search: SearchId,
    found: Collection[ConversationId],
    gone: Collection[ConversationId],
) -> bool:
    """Note what a search finds now and does not find any more; whether that is news."""
    changed = 0
    for chunk in _chunks(sorted(found)):
        marks = ", ".join("?" * len(chunk))
        async with db.transaction() as tx:
            changed += await tx.run(
                f"""
                INSERT OR IGNORE INTO search_hits
                SELECT s.id, c.id, c.awaiting > 0, c.last_at, c.rank, c.tie
                FROM searches s CROSS JOIN conversations c WHERE s.id = ? AND c.id IN ({marks})
                """,
                (search, *chunk),
            )
    for chunk in _chunks(sorted(gone)):
        marks = ", ".join("?" * len(chunk))
        async with db.transaction() as tx:
            changed += await tx.run(
                f"DELETE FROM search_hits WHERE search_id = ? AND conversation_id IN ({marks})",
                (search, *chunk),
            )
    return changed > 0


async def set_ready(db: Database, search: SearchId) -> None:
    """All its conversations are noted."""
    async with db.transaction() as tx:
        await tx.run("UPDATE searches SET ready = 1 WHERE id = ?", (search,))


def _chunks(ids: Sequence[ConversationId]) -> Iterator[Sequence[ConversationId]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
