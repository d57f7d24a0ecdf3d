"""A run of the list's rows in memory: asked for in pages, grown at the ends, let go far away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Protocol

from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.listing import FeedKey, FeedPage, FeedQuery, FeedRow

PAGE: Final = 100
"""Rows asked for at a time."""
WINDOW: Final = 600
"""Most rows kept: beyond that the end farther from the cursor is let go."""
MARGIN: Final = 60
"""With fewer loaded rows than this beyond the cursor the next page is wanted."""
EXACT: Final = 1_000
"""``count_before`` is exact below this; above it positions are only known from an end."""
BEYOND: Final = FeedKey(2**62, 2**62, 2**62)
"""A place behind every row."""


class FeedSource(Protocol):
    """What the model asks of the service; ``services.feed.Feed`` has it."""

    async def page(
        self,
        query: FeedQuery,
        *,
        after: FeedKey | None = None,
        before: FeedKey | None = None,
        limit: int = 100,
    ) -> FeedPage:
        """A run of rows in list order."""
        ...

    async def rows(
        self, ids: Collection[ConversationId], query: FeedQuery
    ) -> dict[ConversationId, FeedRow]:
        """The named rows as far as they belong to the view."""
        ...

    async def key_of(self, conversation: ConversationId, query: FeedQuery) -> FeedKey | None:
        """Place of a conversation in the list, ``None`` when it is not there."""
        ...

    async def total(self, query: FeedQuery) -> int:
        """Length of the list."""
        ...

    async def count_before(self, query: FeedQuery, key: FeedKey) -> int:
        """How many rows stand before ``key``; exact up to 1 000."""
        ...


@dataclass(slots=True)
class Window:
    """A run of rows without holes, and what is known about the rows around it."""

    rows: list[FeedRow]
    above: bool
    below: bool
    before: int | None
    """How many rows stand above the run; ``None`` when too many to have been counted."""

    def append(self, page: FeedPage, *, spare: int) -> int:
        """Grow downwards; at most ``spare`` rows are let go above. Returns how many were."""
        known = {row.id for row in self.rows}
        self.rows.extend(row for row in page.rows if row.id not in known)
        self.below = page.more
        gone = min(max(0, len(self.rows) - WINDOW), spare)
        if gone:
            del self.rows[:gone]
            self.above = True
            if self.before is not None:
                self.before += gone
        return gone

    def prepend(self, page: FeedPage, *, keep: int) -> int:
        """Grow upwards; of the former rows at least ``keep`` stay. Returns how many came."""
        known = {row.id for row in self.rows}
        rows = [row for row in page.rows if row.id not in known]
        self.rows[:0] = rows
        self.above = page.more
        if not page.more:
            self.before = 0
        elif self.before is not None:
            self.before = max(0, self.before - len(rows))
        most = max(WINDOW, keep + len(rows))
        if len(self.rows) > most:
            self.below = True
            del self.rows[most:]
        return len(rows)


async def around(
    source: FeedSource, query: FeedQuery, row: FeedRow | None, key: FeedKey
) -> tuple[Window, int]:
    """Rows around ``row``, or around the place ``key`` where a row used to be, and where it is."""
    middle = row.key if row else key
    above = await source.page(query, before=middle, limit=PAGE)
    below = await source.page(query, after=middle, limit=PAGE)
    rows = [*above.rows, *([row] if row else []), *below.rows]
    before: int | None = None
    if not above.more:
        before = 0
    elif rows:
        counted = await source.count_before(query, rows[0].key)
        before = counted if counted < EXACT else None
    at = min(len(above.rows), max(0, len(rows) - 1))
    return Window(rows, above=above.more, below=below.more, before=before), at
