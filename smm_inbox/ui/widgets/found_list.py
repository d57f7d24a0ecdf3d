"""What a search found: two lines a hit, with the words that were looked for marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo

from textual import events
from textual.message import Message
from textual.strip import Strip

from smm_inbox.domain.found import Hit
from smm_inbox.domain.highlight import Span as Place
from smm_inbox.domain.highlight import excerpt, spans
from smm_inbox.domain.ids import AccountId, MessageId
from smm_inbox.domain.message import Direction
from smm_inbox.domain.query import SearchQuery
from smm_inbox.locale import tr
from smm_inbox.ui import format as fmt
from smm_inbox.ui.safe import cells, steady, wrap

from .painted import Line, Painted, Span

ROW = 2
"""Lines of a hit."""
_NEAR = 10
"""With fewer hits than this below the cursor more are wanted."""


class FoundList(Painted):
    """Hits with a cursor; the field above keeps the focus."""

    class Opened(Message):
        """A hit was clicked."""

    class Wanted(Message):
        """The cursor comes near the end of what is loaded."""

    def __init__(
        self,
        *,
        channels: Mapping[AccountId, str],
        now: Callable[[], datetime],
        zone: tzinfo,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._channels = channels
        self._now = now
        self._zone = zone
        self._query = SearchQuery()
        self._hits: list[Hit] = []
        self._known: set[tuple[MessageId | None, int]] = set()
        self._words: tuple[str, ...] = ()
        self._cache: dict[tuple[int, bool], tuple[Strip, ...]] = {}
        self._top = 0
        self.cursor = 0

    # What is there

    @property
    def hits(self) -> Sequence[Hit]:
        """Everything loaded."""
        return self._hits

    @property
    def current(self) -> Hit | None:
        """The hit under the cursor."""
        return self._hits[self.cursor] if self.cursor < len(self._hits) else None

    @property
    def room(self) -> int:
        """How many hits fit."""
        return max(1, self.size.height // ROW)

    def show(self, query: SearchQuery, hits: Sequence[Hit]) -> None:
        """Replace everything; the cursor goes to the first hit."""
        self._query = query
        self._hits, self._known, self._words = [], set(), ()
        self._cache = {}
        self.cursor = self._top = 0
        self.add(hits)

    def add(self, hits: Sequence[Hit]) -> None:
        """Add further hits below."""
        for hit in hits:
            key = (hit.message, hit.conversation)
            if key not in self._known:
                self._known.add(key)
                self._hits.append(hit)
        self.refresh()

    def say(self, *sentences: str) -> None:
        """Show sentences instead of hits."""
        self._hits, self._known, self._words = [], set(), sentences
        self.refresh()

    # Moving

    def move(self, step: int) -> None:
        """Move the cursor."""
        if not self._hits:
            return
        self.cursor = min(max(0, self.cursor + step), len(self._hits) - 1)
        if len(self._hits) - self.cursor < _NEAR:
            self.post_message(self.Wanted())
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Open the hit under the pointer."""
        at = self._top + event.y // ROW
        if at < len(self._hits):
            self.cursor = at
            self.refresh()
            self.post_message(self.Opened())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Wheel down."""
        event.stop()
        self.move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Wheel up."""
        event.stop()
        self.move(-1)

    # Painting

    def on_resize(self) -> None:
        """Cut the texts anew."""
        self._cache = {}

    def restyled(self) -> None:
        """Drop strips in old colours."""
        self._cache = {}

    def paint(self, width: int, height: int) -> Sequence[Strip]:
        """Paint the hits in view."""
        if not self._hits:
            rows = [row for text in self._words for row in wrap(text, max(8, width - 4))]
            return [self.strip(((f"  {row}", "quiet"),), width) for row in rows]
        fits = max(1, height // ROW)
        if self.cursor >= self._top + fits:
            self._top = self.cursor - fits + 1
        self._top = max(0, min(self._top, self.cursor))
        strips: list[Strip] = []
        for at in range(self._top, min(self._top + fits, len(self._hits))):
            strips.extend(self._row(at, width))
        return strips

    def _row(self, at: int, width: int) -> tuple[Strip, ...]:
        picked = at == self.cursor
        cached = self._cache.get((at, picked))
        if cached is None:
            lines = self._lines(self._hits[at], width, picked)
            cached = self._cache[at, picked] = tuple(self.strip_of(line, width) for line in lines)
        return cached

    def _lines(self, hit: Hit, width: int, picked: bool) -> list[Line]:
        ground = "cursor" if picked else ""
        mark: Span = ("▌" if picked else " ", "key")
        where = f"{self._channels.get(hit.account, '')} {fmt.kind_word(hit.kind)}".strip()
        right: list[Span] = [(f"{where} · ", "quiet")]
        if hit.waits:
            right.insert(0, (tr("waiting") + " · ", "warn"))
        right.append((fmt.moment(hit.sent_at, self._now(), self._zone) + " ", "quiet"))
        first = Line((mark, *self._who(hit)), tuple(right), ground)
        room = max(10, width - 5)
        text, found = self._excerpt(hit, room)
        return [first, Line((mark, ("  ", "plain"), *marked(text, found)), (), ground)]

    def _who(self, hit: Hit) -> list[Span]:
        name = hit.name or hit.handle or tr("No name")
        found = spans(name, self._query, author=True)
        shown = marked(name, found, ink="strong")
        if hit.handle and hit.handle != name:
            handle = f" {fmt.handle(hit.handle)}"
            shown += marked(handle, spans(handle, self._query, author=True), ink="quiet")
        return shown

    def _excerpt(self, hit: Hit, room: int) -> tuple[str, list[Place]]:
        """Text, subject or quote, whichever has the words; with who said it when it was us."""
        texts = [steady(text) for text in (hit.text, hit.title, hit.folded) if text]
        best, found = (texts[0] if texts else ""), list[Place]()
        for text in texts:
            if places := spans(text, self._query):
                best, found = text, places
                break
        if not best:
            best = tr("attachment") if hit.attachments else tr("no text")
        shown, kept = excerpt(best, found, room)
        if hit.direction is Direction.OUT:
            us = f"{hit.operator or tr('We')}: "
            return us + shown, [(start + len(us), end + len(us)) for start, end in kept]
        return shown, kept


def marked(text: str, found: Sequence[Place], ink: str = "plain") -> list[Span]:
    """``text`` as spans with its matches marked."""
    parts: list[Span] = []
    at = 0
    for start, end in found:
        if start > at:
            parts.append((text[at:start], ink))
        parts.append((text[start:end], "found"))
        at = end
    if at < len(text) or not parts:
        parts.append((text[at:], ink))
    return [part for part in parts if cells(part[0])]
