"""Saved searches follow the tags they name: a list must not become empty behind one's back."""

from __future__ import annotations

from smm_inbox.domain.ids import SearchId, TagId
from smm_inbox.domain.query import renamed
from smm_inbox.domain.query_words import Vocabulary
from smm_inbox.storage import search, searches
from smm_inbox.storage.database import Transaction

Former = tuple[tuple[SearchId, str, str], ...]
"""Searches with what they looked for and what they look for now."""


async def follow(tx: Transaction, tag: TagId, name: str) -> Former:
    """Let searches that name ``tag`` name it as it will be called; it has its old name yet."""
    vocabulary = Vocabulary(tags=await search.tag_names(tx))
    changed: list[tuple[SearchId, str, str]] = []
    for one, query, _ in await searches.every(tx):
        new = renamed(query, tag, name, vocabulary)
        if new != query:
            changed.append((one, query, await searches.change(tx, one, new)))
    return tuple(changed)


async def go_back(tx: Transaction, former: Former) -> None:
    """Take that back, but for searches that look for something else meanwhile."""
    for search_id, before, after in former:
        if await searches.query_of(tx, search_id) == after:
            await searches.change(tx, search_id, before)
