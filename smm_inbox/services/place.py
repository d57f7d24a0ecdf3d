"""Where the operator was: the list, the cursor and the selection, kept over a restart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from smm_inbox.domain.ids import AccountId, ConversationId, TagId
from smm_inbox.domain.listing import FeedKey, FeedQuery, Order, View
from smm_inbox.domain.tag import Tag
from smm_inbox.storage import meta, tags
from smm_inbox.storage.database import Database

from .accounts import Accounts

_PLACE = "place"
_SELECTION = "selection"


@dataclass(frozen=True, slots=True)
class Place:
    """A list, what is under the cursor in it, and what is selected."""

    query: FeedQuery = field(default_factory=FeedQuery)
    cursor: ConversationId | None = None
    key: FeedKey | None = None
    """Where the cursor stood: the next row takes its place when the conversation has left."""
    selection: tuple[ConversationId, ...] = ()
    tag: Tag | None = None
    """The tag of the list."""


class Places:
    """Remembers one place."""

    def __init__(self, db: Database, accounts: Accounts) -> None:
        self._db = db
        self._accounts = accounts
        self._kept = Place()

    async def last(self) -> Place:
        """The place kept last. Accounts and tags that are gone by now filter nothing."""
        stored = await meta.read(self._db, (_PLACE, _SELECTION))
        place = _read(stored)
        query = place.query
        if query.account not in {None, *(one.id for one in self._accounts.list())}:
            query = replace(query, account=None)
        tag = None if query.tag is None else await tags.get(self._db, query.tag)
        if tag is None:
            query = replace(query, tag=None)
        if query != place.query:
            place = Place(query)  # another list has other rows
        self._kept = replace(place, tag=tag)
        return self._kept

    async def keep(self, place: Place) -> None:
        """Remember a place; what is the same as before is not written again."""
        old, self._kept = self._kept, place
        changed: dict[str, str] = {}
        if (old.query, old.cursor, old.key) != (place.query, place.cursor, place.key):
            changed[_PLACE] = _written(place)
        if old.selection != place.selection:
            changed[_SELECTION] = json.dumps(place.selection)
        if not changed:
            return
        try:
            async with self._db.transaction() as tx:
                await meta.write(tx, changed)
        except BaseException:
            self._kept = old
            raise


def _written(place: Place) -> str:
    query, key = place.query, place.key
    return json.dumps(
        {
            "view": query.view,
            "account": query.account,
            "order": query.order,
            "tag": query.tag,
            "search": query.search,
            "cursor": place.cursor,
            "key": None if key is None else [key.rank, key.tie, key.conversation],
        }
    )


def _read(stored: Mapping[str, str]) -> Place:
    """The place, or the start of the program where a line cannot be read (a later version's)."""
    try:
        facts = json.loads(stored.get(_PLACE, "{}"))
        query = FeedQuery(
            view=View(facts.get("view", View.AWAITING)),
            account=None if facts.get("account") is None else AccountId(facts["account"]),
            order=Order(facts.get("order", Order.DEADLINE)),
            tag=None if facts.get("tag") is None else TagId(int(facts["tag"])),
            search=str(facts.get("search", "")),
        )
        cursor = facts.get("cursor")
        key = facts.get("key")
        return Place(
            query,
            None if cursor is None else ConversationId(int(cursor)),
            None if key is None else FeedKey(*(int(part) for part in key)),
            tuple(ConversationId(int(one)) for one in json.loads(stored.get(_SELECTION, "[]"))),
        )
    except (ValueError, TypeError, AttributeError, KeyError):
        return Place()
