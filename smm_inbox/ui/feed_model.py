"""The list behind the feed: a window of rows around the cursor, however long the list is."""

from __future__ import annotations

import asyncio
from collections.abc import Container

from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.listing import FeedKey, FeedPage, FeedQuery, FeedRow

from .feed_window import BEYOND, MARGIN, PAGE, FeedSource, Window, around


class FeedModel:
    """Cursor, visible part and loaded rows of one list.

    Moving is immediate inside the loaded window; ``wants_more`` says when ``load_more`` should be
    awaited. ``refresh`` asks everything again and keeps the conversation under the cursor on its
    line. The cursor belongs to a conversation, never to a position.
    """

    def __init__(self, source: FeedSource, query: FeedQuery | None = None) -> None:
        self._source = source
        self._query = query or FeedQuery()
        self._window = Window([], above=False, below=False, before=0)
        self._cursor = 0
        self._top = 0
        self._height = 1
        self._total = 0
        self._fresh = 0
        self._loaded = False
        self._generation = 0
        self._lock = asyncio.Lock()

    # What is shown

    @property
    def query(self) -> FeedQuery:
        """The list in force."""
        return self._query

    @property
    def loaded(self) -> bool:
        """False until the first answer for this list has come."""
        return self._loaded

    @property
    def height(self) -> int:
        """How many rows fit on the screen."""
        return self._height

    @property
    def total(self) -> int:
        """Length of the whole list."""
        return max(self._total, len(self._window.rows))

    @property
    def fresh(self) -> int:
        """Rows that arrived above the visible part and were not looked at yet."""
        return self._fresh

    @property
    def held(self) -> int:
        """Number of rows in memory."""
        return len(self._window.rows)

    @property
    def current(self) -> FeedRow | None:
        """The row under the cursor."""
        rows = self._window.rows
        return rows[self._cursor] if self._cursor < len(rows) else None

    @property
    def cursor_line(self) -> int:
        """Place of the cursor among the visible rows."""
        return self._cursor - self._top

    @property
    def position(self) -> int | None:
        """1-based place of the cursor in the whole list; ``None`` when it is not known."""
        window = self._window
        if not window.rows:
            return None
        if window.before is not None:
            return window.before + self._cursor + 1
        if not window.below:
            return self.total - (len(window.rows) - self._cursor) + 1
        return None

    def visible(self) -> list[FeedRow]:
        """The rows on the screen, top to bottom."""
        return self._window.rows[self._top : self._top + self._height]

    def neighbours(self) -> tuple[FeedRow | None, FeedRow | None]:
        """The rows before and after the cursor, as far as loaded."""
        rows, at = self._window.rows, self._cursor
        return (
            rows[at - 1] if 0 < at <= len(rows) else None,
            rows[at + 1] if at + 1 < len(rows) else None,
        )

    # Moving

    def resize(self, height: int) -> None:
        """Tell how many rows fit; the cursor stays visible."""
        self._height = max(1, height)
        self._show_cursor()

    def move(self, step: int) -> bool:
        """Move the cursor by ``step`` rows inside the window; tell whether it moved."""
        return self._put(self._cursor + step)

    def leave(self, rows: Container[ConversationId]) -> bool:
        """Go to the next row that is not one of ``rows``; tell whether there is one."""
        held = self._window.rows
        if self._cursor >= len(held) or held[self._cursor].id not in rows:
            return False
        for at in range(self._cursor + 1, len(held)):
            if held[at].id not in rows:
                return self._put(at)
        return False

    def point(self, line: int) -> bool:
        """Put the cursor on a visible line (mouse); tell whether a row is there."""
        at = self._top + line
        if not 0 <= at < len(self._window.rows) or line >= self._height:
            return False
        self._put(at)
        return True

    def scroll(self, step: int) -> bool:
        """Scroll by ``step`` rows (wheel); the cursor is pushed along at the edges."""
        most = max(0, len(self._window.rows) - self._height)
        top = min(max(0, self._top + step), most)
        if top == self._top:
            return False
        self._top = top
        self._cursor = min(max(self._cursor, top), top + self._height - 1)
        self._seen()
        return True

    @property
    def wants_more(self) -> bool:
        """Whether the cursor is near an end of the window behind which the list goes on."""
        return self._wants_above or self._wants_below

    @property
    def _wants_above(self) -> bool:
        return self._window.above and self._cursor < max(MARGIN, 2 * self._height)

    @property
    def _wants_below(self) -> bool:
        left = len(self._window.rows) - self._cursor
        return self._window.below and left <= max(MARGIN, 2 * self._height)

    # Loading

    async def show(self, query: FeedQuery) -> None:
        """Switch to another list and load its beginning."""
        self._query = query
        self._generation += 1
        self._loaded = False
        self._window = Window([], above=False, below=False, before=0)
        self._cursor = self._top = self._fresh = self._total = 0
        await self.home()

    async def come_back(self, query: FeedQuery, conversation: ConversationId, key: FeedKey) -> None:
        """Switch to another list, at a conversation; at the place it had when it has left."""
        self._query = query
        self._generation += 1
        generation = self._generation
        self._loaded = False
        self._cursor = self._top = self._fresh = self._total = 0
        async with self._lock:
            found = await self._source.rows([conversation], query)
            window, cursor = await around(self._source, query, found.get(conversation), key)
            total = await self._source.total(query)
            if generation != self._generation:
                return
            self._window, self._total, self._loaded = window, total, True
            self._cursor, self._top = cursor, max(0, cursor - self._height // 2)
            self._show_cursor()

    async def home(self) -> None:
        """Load the beginning of the list and go to its first row."""
        await self._home(keep_up_with=None)

    async def _home(self, keep_up_with: FeedRow | None) -> None:
        """Load the beginning; when the cursor has left ``keep_up_with`` meanwhile, follow it."""
        generation = self._generation
        async with self._lock:
            before = keep_up_with or self.current
            page = await self._source.page(self._query, limit=PAGE)
            total = await self._source.total(self._query)
            if generation != self._generation:
                return
            now = self.current
            # A key pressed while the database answered wins.
            moved = now is not None and before is not None and now.id != before.id
            self._window = Window(list(page.rows), above=False, below=page.more, before=0)
            self._total, self._loaded = total, True
            self._cursor = self._top = self._fresh = 0
            if now is not None and moved:
                self._aim(now.id)

    async def end(self) -> None:
        """Load the end of the list and go to its last row."""
        generation = self._generation
        async with self._lock:
            page = await self._source.page(self._query, before=BEYOND, limit=PAGE)
            total = await self._source.total(self._query)
            if generation != self._generation:
                return
            rows = list(page.rows)
            before = None if page.more else 0
            self._window = Window(rows, above=page.more, below=False, before=before)
            self._total, self._loaded = total, True
            self._cursor = max(0, len(rows) - 1)
            self._fresh = 0
            self._show_cursor()

    async def load_more(self) -> bool:
        """Load the page the cursor is coming to; tell whether anything changed."""
        generation = self._generation
        async with self._lock:
            if generation != self._generation or not self._window.rows:
                return False
            if self._wants_below:
                page = await self._source.page(
                    self._query, after=self._window.rows[-1].key, limit=PAGE
                )
                if generation != self._generation:
                    return False
                self._append(page)
                return True
            if self._wants_above:
                page = await self._source.page(
                    self._query, before=self._window.rows[0].key, limit=PAGE
                )
                if generation != self._generation:
                    return False
                self._prepend(page)
                return True
            return False

    async def refresh(self, *, follow_top: bool = False) -> None:
        """Ask again for the rows around the cursor.

        The conversation under the cursor stays on its line whatever arrived above it; when it left
        the list, the next row takes its place. ``follow_top`` stays at the beginning instead: for
        the first filling, before the operator has touched anything.
        """
        if self.current is None:
            # Whoever loads the list just now puts the cursor where it belongs.
            async with self._lock:
                pass
        current = self.current
        if current is None or follow_top:
            await self._home(keep_up_with=current)
            return
        generation = self._generation
        async with self._lock:
            current = self.current
            if current is None:
                return
            fresh = await self._source.rows([current.id], self._query)
            row = fresh.get(current.id)
            window, cursor = await around(self._source, self._query, row, current.key)
            total = await self._source.total(self._query)
            if generation != self._generation:
                return
            self._replace(window, cursor, total, current.id)

    async def select(self, conversation: ConversationId) -> bool:
        """Put the cursor on a conversation wherever it stands; False when it is not listed."""
        if self._aim(conversation):
            return True
        generation = self._generation
        async with self._lock:
            key = await self._source.key_of(conversation, self._query)
            found = await self._source.rows([conversation], self._query)
            row = found.get(conversation)
            if key is None or row is None or generation != self._generation:
                return False
            window, cursor = await around(self._source, self._query, row, key)
            total = await self._source.total(self._query)
            if generation != self._generation:
                return False
            self._window, self._total, self._loaded = window, total, True
            self._cursor, self._top = cursor, max(0, cursor - self._height // 2)
            self._show_cursor()
            return True

    # Inside

    def _replace(self, window: Window, cursor: int, total: int, anchor: ConversationId) -> None:
        """Take over fresh rows; ``anchor`` was under the cursor when they were asked for."""
        old = self._window.rows
        at = next((at for at, row in enumerate(old) if row.id == anchor), self._cursor)
        # A key pressed while the database answered wins over the anchor.
        pressed = None if at == self._cursor or self.current is None else self.current.id
        line, was_top = at - self._top, self._top_index()
        self._window, self._total, self._loaded = window, total, True
        self._cursor = cursor
        self._top = max(0, cursor - line)
        if pressed is not None:
            self._aim(pressed)
        self._show_cursor()
        now_top = self._top_index()
        if was_top is not None and now_top is not None:
            self._fresh += max(0, now_top - was_top)
        self._seen()

    def _top_index(self) -> int | None:
        return None if self._window.before is None else self._window.before + self._top

    def _append(self, page: FeedPage) -> None:
        gone = self._window.append(page, spare=self._top)
        self._cursor -= gone
        self._top -= gone

    def _prepend(self, page: FeedPage) -> None:
        came = self._window.prepend(page, keep=self._top + self._height)
        self._cursor += came
        self._top += came

    def _aim(self, conversation: ConversationId) -> bool:
        for at, row in enumerate(self._window.rows):
            if row.id == conversation:
                self._put(at)
                return True
        return False

    def _put(self, at: int) -> bool:
        at = min(max(0, at), len(self._window.rows) - 1)
        if at < 0 or at == self._cursor:
            return False
        self._cursor = at
        self._show_cursor()
        return True

    def _show_cursor(self) -> None:
        if self._cursor < self._top:
            self._top = self._cursor
        elif self._cursor >= self._top + self._height:
            self._top = self._cursor - self._height + 1
        self._seen()

    def _seen(self) -> None:
        hidden = self._top_index()
        if hidden is not None:
            self._fresh = min(self._fresh, hidden)
