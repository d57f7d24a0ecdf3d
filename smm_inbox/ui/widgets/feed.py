"""The feed: a list of any length, painted from cached strips."""

from __future__ import annotations

from collections.abc import Callable, Container, Coroutine, Mapping, Sequence
from datetime import datetime, tzinfo

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId, ConversationId
from smm_inbox.domain.listing import FeedKey, FeedQuery, FeedRow, Order
from smm_inbox.domain.tag import Tag
from smm_inbox.locale import ntr, tr
from smm_inbox.ui import format as fmt
from smm_inbox.ui.commands import Context
from smm_inbox.ui.feed_model import FeedModel
from smm_inbox.ui.feed_window import FeedSource
from smm_inbox.ui.safe import toast, wrap
from smm_inbox.ui.selection import Selection

from .empty import empty_words, found_nothing
from .feed_row import RowLook, row_height, row_lines, tag_span
from .painted import Line, Painted, Span

_HEAD = 1
_MARK = 2
"""A click into this many columns at the left end selects."""
_CACHE = 2_000

_Cached = tuple[FeedRow, RowLook, tuple[Strip, ...]]


class Feed(Painted, can_focus=True):
    """List of conversations with a head line of its own."""

    KEY_CONTEXT = Context.FEED

    class Moved(Message):
        """Another row is under the cursor, or the row itself has changed."""

    class Marked(Message):
        """The mark at the left end of a row was clicked."""

        def __init__(self, conversation: ConversationId) -> None:
            super().__init__()
            self.conversation = conversation

    class Opened(Message):
        """The row under the cursor was opened with the mouse."""

    def __init__(
        self,
        source: FeedSource,
        *,
        now: Callable[[], datetime],
        zone: tzinfo,
        channels: Mapping[AccountId, str],
        keys: Callable[[str], str],
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.model = FeedModel(source)
        self.touched = False
        """Whether the operator has used this list since it was shown."""
        self.account_title = ""
        self.tag: Tag | None = None
        """The tag of the list."""
        self.selection = Selection()
        self._search_title = ""
        self._now = now
        self._zone = zone
        self._channels = channels
        self._keys = keys
        self._cache: dict[tuple[ConversationId, bool], _Cached] = {}
        self._moment = self._this_moment()
        self._loading = False

    # Data

    async def show(self, query: FeedQuery) -> None:
        """Switch to another list."""
        self.touched = False
        await self.model.show(query)
        self._changed()

    async def come_back(self, query: FeedQuery, conversation: ConversationId, key: FeedKey) -> None:
        """Switch to another list, at a conversation in it."""
        # Somebody was here before: the first filling does not go back to the top.
        self.touched = True
        await self.model.come_back(query, conversation, key)
        self._changed()

    def call_search(self, title: str) -> None:
        """Say what the list of a search is called."""
        if title != self._search_title:
            self._search_title = title
            self.refresh()

    async def reload(self, *, follow_top: bool = False) -> None:
        """Ask for the visible rows again; the row under the cursor stays where it is."""
        await self.model.refresh(follow_top=follow_top and not self.touched)
        self._changed()

    async def select(self, conversation: ConversationId) -> bool:
        """Put the cursor on a conversation; False when the list does not have it."""
        found = await self.model.select(conversation)
        self._changed()
        return found

    @property
    def current(self) -> FeedRow | None:
        """The row under the cursor."""
        return self.model.current

    def tick(self) -> None:
        """Repaint now and then: times left are counted in minutes, deadlines pass."""
        if (moment := self._this_moment()) != self._moment:
            self._moment = moment
            self.refresh()

    def leave(self, rows: Container[ConversationId]) -> None:
        """Go to the next row that stays when ``rows`` are about to leave the list."""
        self._moved(self.model.leave(rows))

    def step(self, rows: int) -> None:
        """Move by some rows."""
        self._moved(self.model.move(rows))

    # Keys

    def action_move_down(self) -> None:
        """Next row."""
        self._moved(self.model.move(1))

    def action_move_up(self) -> None:
        """Row above."""
        self._moved(self.model.move(-1))

    def action_move_page_down(self) -> None:
        """One page down."""
        self._moved(self.model.move(self.model.height))

    def action_move_page_up(self) -> None:
        """One page up."""
        self._moved(self.model.move(-self.model.height))

    async def action_move_first(self) -> None:
        """First row of the list."""
        await self._jump(self.model.home())

    async def action_move_last(self) -> None:
        """Last row of the list."""
        await self._jump(self.model.end())

    # Mouse

    def on_click(self, event: events.Click) -> None:
        """Select a row; open the one that is selected already."""
        if self.model.current is None or event.y < _HEAD:
            return
        line = (event.y - _HEAD) // row_height(self.size.width)
        before = self.model.current.id
        self.touched = True
        if not self.model.point(line):
            return
        if event.x < _MARK:
            self.post_message(self.Marked(self.model.current.id))
            self._changed()
        elif self.model.current.id == before:
            self.post_message(self.Opened())
        else:
            self._changed()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Wheel down."""
        event.stop()
        self._moved(self.model.scroll(1))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Wheel up."""
        event.stop()
        self._moved(self.model.scroll(-1))

    # Painting

    def on_resize(self, event: events.Resize) -> None:
        """Fit the number of rows to the new size."""
        self.model.resize((event.size.height - _HEAD) // row_height(event.size.width))
        self.refresh()

    def restyled(self) -> None:
        """Drop strips in old colours."""
        self._cache = {}

    def paint(self, width: int, height: int) -> Sequence[Strip]:
        """Paint the head and the visible rows."""
        head = [self.strip_of(self._head(), width)]
        rows = self.model.visible()
        if not rows:
            return [*head, *self._empty(width, height - _HEAD)]
        focused = self.has_focus
        current = self.model.current
        strips = head
        for row in rows:
            strips.extend(self._row(row, width, row is current, focused))
        return strips

    def _row(self, row: FeedRow, width: int, selected: bool, focused: bool) -> tuple[Strip, ...]:
        look = RowLook(
            width=width,
            now=self._moment,
            zone=self._zone,
            channel=self._channels.get(row.account, ""),
            selected=selected,
            focused=focused and selected,
            marked=row.id in self.selection,
        )
        cached = self._cache.get((row.id, selected))
        if cached is not None and cached[0] is row and cached[1] == look:
            return cached[2]
        strips = tuple(self.strip_of(line, width) for line in row_lines(row, look))
        if len(self._cache) > _CACHE:
            self._cache = {}
        self._cache[row.id, selected] = (row, look, strips)
        return strips

    def _head(self) -> Line:
        query = self.model.query
        title = self._search_title if query.search else fmt.view_word(query.view)
        left: list[Span] = [(f" {title}", "strong")]
        if self.account_title:
            left.append((f" · {self.account_title}", "strong"))
        if query.tag is not None and self.tag is not None:
            left.append((" · ", "quiet"))
            left.append(tag_span(self.tag))
        newest = query.order is Order.NEWEST
        order = tr("newest first") if newest else tr("by deadline")
        left.append((f" · {order}", "quiet"))
        right: list[Span] = []
        if self.selection:
            right.append((f"✓ {fmt.number(len(self.selection))}  ", "key"))
        if fresh := self.model.fresh:
            news = ntr("↑ {count} new", "↑ {count} new", fresh).format(count=fresh)
            right.append((news + "  ", "key"))
        total = fmt.number(self.model.total)
        position = self.model.position
        if position is not None:
            shown = tr("{position} of {total}").format(position=fmt.number(position), total=total)
            right.append((f"{shown} ", "quiet"))
        elif self.model.current is not None:
            right.append((tr("of {total}").format(total=total) + " ", "quiet"))
        return Line(tuple(left), tuple(right), "head")

    def _empty(self, width: int, height: int) -> list[Strip]:
        if not self.model.loaded:
            return []
        query = self.model.query
        title, *rest = (
            found_nothing(self._keys) if query.search else empty_words(query.view, self._keys)
        )
        if query.tag is not None or query.account is not None:
            whole = tr("Only a part is shown: {key} takes the filter off.")
            rest.insert(0, whole.format(key=self._keys("move.back")))
        lines = [Line(((f"  {title}", "strong"),))]
        for sentence in rest:
            lines.extend(Line(((f"  {part}", "quiet"),)) for part in wrap(sentence, width - 4))
        pad = max(1, height // 3 - 1)
        return [self.strip((), width)] * pad + [self.strip_of(line, width) for line in lines]

    # Inside

    def _this_moment(self) -> datetime:
        """The present in steps of ten seconds: rows painted within one come from the cache."""
        now = self._now()
        return now.replace(second=now.second // 10 * 10, microsecond=0)

    def _moved(self, changed: bool) -> None:
        self.touched = True
        if changed:
            self._changed()

    def _changed(self) -> None:
        self.refresh(Region(0, 0, *self.size))
        self.post_message(self.Moved())
        if self.model.wants_more and not self._loading:
            self._loading = True
            self.run_worker(self._load_more(), group="feed-more", exit_on_error=False)

    async def _jump(self, loading: Coroutine[object, object, None]) -> None:
        self.touched = True
        try:
            await loading
        except InboxError as error:
            toast(self.app, error.sentence, severity="error")
        self._changed()

    async def _load_more(self) -> None:
        try:
            if await self.model.load_more():
                self.refresh(Region(0, 0, *self.size))
        except InboxError as error:
            toast(self.app, error.sentence, severity="error")
        finally:
            self._loading = False
