"""Questions the screen asks: lists, counts, the open conversation. Reading changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from smm_inbox.domain.listing import Counts, FeedKey, FeedPage, FeedQuery, FeedRow
from smm_inbox.storage import feed as lists
from smm_inbox.storage import listed, searches

from .accounts import Accounts

if TYPE_CHECKING:
    from smm_inbox.domain.clock import Clock
    from smm_inbox.domain.feed import ConversationCard, MessagePage, MessageRow
    from smm_inbox.domain.ids import ConversationId, MessageId
    from smm_inbox.storage.database import Database

    from .opened import Opened


class Feed:
    """The read side of the inbox."""

    def __init__(self, db: Database, clock: Clock, accounts: Accounts) -> None:
        self._db = db
        self._clock = clock
        self._accounts = accounts

    async def page(
        self,
        query: FeedQuery,
        *,
        after: FeedKey | None = None,
        before: FeedKey | None = None,
        limit: int = 100,
    ) -> FeedPage:
        """Rows behind ``after`` or in front of ``before``, always in list order."""
        page = listed.page if query.search else lists.page
        return await page(self._db, query, after=after, before=before, limit=limit)

    async def rows(
        self, ids: Collection[ConversationId], query: FeedQuery
    ) -> dict[ConversationId, FeedRow]:
        """Fresh rows; a conversation that is absent is not in that view any more."""
        return await (listed.rows if query.search else lists.rows)(self._db, ids, query)

    async def key_of(self, conversation: ConversationId, query: FeedQuery) -> FeedKey | None:
        """Where a conversation stands in a list."""
        row = (await self.rows([conversation], query)).get(conversation)
        return None if row is None else row.key

    async def counts(self) -> Counts:
        """Everything the sidebar and the status line count."""
        counts = await lists.counts(self._db, self._clock.now())
        return replace(counts, searches=await searches.saved(self._db))

    async def total(self, query: FeedQuery) -> int:
        """Length of a list, from maintained counters."""
        return await (listed.total if query.search else lists.total)(self._db, query)

    async def ids(self, query: FeedQuery) -> list[ConversationId]:
        """Every conversation of a list, in its order."""
        return await (listed.ids if query.search else lists.ids)(self._db, query)

    async def count_before(self, query: FeedQuery, key: FeedKey) -> int:
        """Rows in front of ``key``, counted up to 1000."""
        count = listed.count_before if query.search else lists.count_before
        return await count(self._db, query, key)

    async def card(self, conversation: ConversationId) -> ConversationCard | None:
        """The conversation without its messages; ``None`` when there is no such one."""
        return await self._opened.card(conversation)

    async def messages(
        self, conversation: ConversationId, *, before: MessageId | None = None, limit: int = 50
    ) -> MessagePage:
        """The latest ``limit`` messages before ``before``, in time order."""
        return await self._opened.messages(conversation, before=before, limit=limit)

    async def message(self, message: MessageId) -> MessageRow | None:
        """One message."""
        return await self._opened.message(message)

    @cached_property
    def _opened(self) -> Opened:
        from .opened import Opened  # noqa: PLC0415 - the list comes first

        return Opened(self._db, self._clock, self._accounts)
