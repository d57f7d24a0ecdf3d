"""Ready-made rows and an in-memory feed for the tests of the screen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from smm_inbox.domain.conversation import Kind, MessageType, Status
from smm_inbox.domain.feed import FeedKey, FeedPage, FeedQuery, FeedRow
from smm_inbox.domain.ids import AccountId, ConversationId
from smm_inbox.domain.text import SafeText

NOW = datetime(2026, 11, 23, 11, 32, tzinfo=UTC)


def make_row(
    number: int,
    *,
    rank: int | None = None,
    name: str = "",
    handle: str = "",
    city: str = "Казань",
    followers: int | None = 1200,
    preview: str = "Суп принесли холодный, ждали сорок минут",
    kind: Kind = Kind.DIRECT,
    red_in: int | None = 30,
    mtype: MessageType | None = None,
    awaiting: int = 1,
    **more: object,
) -> FeedRow:
    values: dict[str, object] = {
        "id": ConversationId(number),
        "key": FeedKey(number * 10 if rank is None else rank, 0, number),
        "account": AccountId("cafe-vk"),
        "kind": kind,
        "public": kind in {Kind.COMMENT, Kind.MENTION, Kind.REVIEW},
        "name": SafeText(name or f"Гость {number}"),
        "handle": SafeText(handle or f"guest{number}"),
        "followers": followers,
        "city": SafeText(city),
        "preview": SafeText(preview),
        "preview_out": False,
        "last_at": NOW - timedelta(minutes=number % 500),
        "status": Status.NEW,
        "type": mtype,
        "awaiting": awaiting,
        "awaiting_since": NOW - timedelta(minutes=40) if awaiting else None,
        "amber_at": None if red_in is None else NOW + timedelta(minutes=red_in - 60),
        "red_at": None if red_in is None else NOW + timedelta(minutes=red_in),
        "pending": 0,
        "unsent": 0,
        "draft": False,
        "attachments": 0,
        "mention": False,
        "snoozed_until": None,
        "tags": (),
    }
    values.update(more)
    return FeedRow(**values)  # type: ignore[arg-type]


class ListFeed:
    """A feed over a plain list; remembers what it was asked."""

    def __init__(self, rows: Collection[FeedRow] = ()) -> None:
        self.all = {row.id: row for row in rows}
        self.pages_asked = 0

    def put(self, *rows: FeedRow) -> None:
        self.all.update({row.id: row for row in rows})

    def drop(self, *ids: int) -> None:
        for number in ids:
            del self.all[ConversationId(number)]

    def _sorted(self) -> list[FeedRow]:
        return sorted(self.all.values(), key=lambda row: row.key)

    async def page(
        self,
        query: FeedQuery,
        *,
        after: FeedKey | None = None,
        before: FeedKey | None = None,
        limit: int = 100,
    ) -> FeedPage:
        self.pages_asked += 1
        rows = self._sorted()
        if before is not None:
            rows = [row for row in rows if row.key < before]
            return FeedPage(tuple(rows[-limit:]), len(rows) > limit)
        if after is not None:
            rows = [row for row in rows if row.key > after]
        return FeedPage(tuple(rows[:limit]), len(rows) > limit)

    async def rows(
        self, ids: Collection[ConversationId], query: FeedQuery
    ) -> dict[ConversationId, FeedRow]:
        return {one: self.all[one] for one in ids if one in self.all}

    async def key_of(self, conversation: ConversationId, query: FeedQuery) -> FeedKey | None:
        row = self.all.get(conversation)
        return row.key if row else None

    async def total(self, query: FeedQuery) -> int:
        return len(self.all)

    async def count_before(self, query: FeedQuery, key: FeedKey) -> int:
        return min(1000, sum(1 for row in self.all.values() if row.key < key))
