"""Search: a field, what is found while it is typed, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.found import FoundKey, FoundPage, Ranking
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId
from smm_inbox.domain.query import MAX_QUERY, SearchQuery
from smm_inbox.locale import ntr, tr

from .. import format as fmt
from .. import safe
from ..widgets.found_list import FoundList
from ..widgets.painted import Line, PaintedLines
from ..widgets.panel_keys import PanelKey, PanelKeys

if TYPE_CHECKING:
    from smm_inbox.services.container import Services

_PAUSE = 0.08
"""Seconds without a key before the search begins."""
_PAGE = 50


@dataclass(frozen=True, slots=True)
class SearchChoice:
    """How the search was left: a hit to open, a list to show, or nothing."""

    text: str
    ranking: Ranking
    conversation: ConversationId | None = None
    message: MessageId | None = None
    as_list: bool = False


class SearchScreen(ModalScreen[SearchChoice]):
    """Looks through the whole archive; the keys move in the list while the field is typed in."""

    CSS = """
    SearchScreen { align: center top; }
    #search { width: 100%; height: 100%; padding: 0 1; }
    #search-field { border: none; height: 1; padding: 0 1; background: $surface; }
    #search-said { height: 1; margin: 0; }
    #search-found { height: 1fr; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("down", "step(1)", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("tab", "ranking", show=False, priority=True),
        Binding("f3", "as_list", show=False, priority=True),
        Binding("ctrl+s", "save", show=False, priority=True),
    ]

    def __init__(
        self,
        services: Services,
        channels: Mapping[AccountId, str],
        *,
        text: str = "",
        ranking: Ranking = Ranking.RELEVANCE,
    ) -> None:
        super().__init__()
        self._search = services.search
        self._text = text
        self._ranking = ranking
        self._query = SearchQuery()
        self._next: FoundKey | None = None
        self._pending = 0
        self._problems: tuple[str, ...] = ()
        self._rest: Timer | None = None
        self._loading = False
        self._shown: str | None = None
        """The text whose hits are on the screen; ``None`` while they are looked for."""
        self.found = FoundList(
            channels=channels,
            now=services.clock.now,
            zone=services.settings.hours.zone,
            id="search-found",
        )

    def compose(self) -> ComposeResult:
        """Build the panel."""
        with Vertical(id="search", classes="panel"):
            yield Input(
                self._text,
                placeholder=tr("What to look for?"),
                id="search-field",
                max_length=MAX_QUERY,
            )
            yield PaintedLines(id="search-said")
            yield self.found
            yield PanelKeys(self._keys(), id="search-keys")

    def _keys(self) -> list[PanelKey]:
        return [
            PanelKey("Enter", tr("open"), "open"),
            PanelKey("Tab", self._order_words(), "ranking"),
            PanelKey("F3", tr("as a list"), "as_list"),
            PanelKey("Ctrl+S", tr("save"), "save"),
            PanelKey("Esc", tr("back"), "leave"),
        ]

    def on_mount(self) -> None:
        """Begin to type at once; what was looked for last is found again."""
        self.query_one(Input).focus()
        self._look()

    # The field

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look when the hand rests."""
        event.stop()
        self._shown = None
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(_PAUSE, self._look)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open the hit under the cursor, when it belongs to what stands in the field."""
        event.stop()
        if self._shown == event.value:
            self.action_open()
        else:
            # Typed faster than looked for: what is under the cursor was not seen yet.
            self._look()

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.query_one(Input).value

    # Looking

    @work(group="search", exclusive=True, exit_on_error=False)
    async def _look(self) -> None:
        text = self.text
        try:
            query = await self._search.read(text)
            page = await self._search.page(query, self._ranking, limit=_PAGE)
            self.found.show(query, page.hits)
            self._query = query
            self._take(page)
            while self._next is not None and len(self.found.hits) < self.found.room:
                self._say(looking=True)
                page = await self._search.page(query, self._ranking, after=self._next, limit=_PAGE)
                self.found.add(page.hits)
                self._take(page)
        except InboxError as error:
            safe.toast(self.app, error.sentence, severity="error")
            return
        self._shown = text
        self._say()

    def _take(self, page: FoundPage) -> None:
        self._next, self._pending, self._problems = page.next, page.pending, page.problems

    def on_found_list_wanted(self) -> None:
        """Load more before the end is reached."""
        if self._next is not None and not self._loading and self._shown == self.text:
            self._loading = True
            self._load_more()

    @work(group="search-more", exit_on_error=False)
    async def _load_more(self) -> None:
        query, key = self._query, self._next
        try:
            before = len(self.found.hits)
            while key is not None and len(self.found.hits) == before:
                page = await self._search.page(query, self._ranking, after=key, limit=_PAGE)
                if query is not self._query or key != self._next:
                    return
                self.found.add(page.hits)
                self._take(page)
                key = self._next
            self._say()
        except InboxError as error:
            safe.toast(self.app, error.sentence, severity="error")
        finally:
            self._loading = False

    # What is said

    def _say(self, *, looking: bool = False) -> None:
        said = self.query_one("#search-said", PaintedLines)
        count = len(self.found.hits)
        if not count and self._query.empty and not self._problems:
            self.found.say(*_how())
        elif not count and not looking:
            self.found.say(tr("Nothing found."), tr("Try fewer words, or the beginning of a word."))
        more = "+" if self._next is not None else ""
        words = ntr("{count} found", "{count} found", count)
        left = f" {words.format(count=fmt.number(count) + more)}" if count else " "
        if looking:
            left += " · " + tr("looking further…")
        if self._pending:
            waiting = tr("{count} messages are still being read in: look again in a minute")
            left += " · " + waiting.format(count=fmt.number(self._pending))
        spans = [(left, "quiet")]
        if self._problems:
            spans = [(f" {self._problems[0]}", "warn")]
        said.show(Line(tuple(spans)))

    def _order_words(self) -> str:
        if self._ranking is Ranking.RELEVANCE:
            return tr("by time")
        return tr("closest first")

    # Keys

    def action_step(self, step: int) -> None:
        """Move in the list."""
        self.found.move(step)

    def action_page(self, pages: int) -> None:
        """Move by a page."""
        self.found.move(pages * self.found.room)

    def action_ranking(self) -> None:
        """The closest first, or the newest first."""
        by_time = self._ranking is Ranking.RELEVANCE
        self._ranking = Ranking.TIME if by_time else Ranking.RELEVANCE
        self.query_one("#search-keys", PanelKeys).offer(self._keys())
        self._look()

    def action_open(self) -> None:
        """Open the conversation at the message."""
        hit = self.found.current
        if hit is not None:
            self.dismiss(SearchChoice(self.text, self._ranking, hit.conversation, hit.message))

    def on_found_list_opened(self) -> None:
        """A hit was clicked."""
        self.action_open()

    def action_as_list(self) -> None:
        """Show the conversations in the feed."""
        if not self._query.empty:
            self.dismiss(SearchChoice(self.text, self._ranking, as_list=True))

    def action_save(self) -> None:
        """Keep the query as a list in the sidebar."""
        if self._query.empty:
            return
        from .one_line import LineScreen  # noqa: PLC0415 - when it is first shown

        title = tr("Name of the list")
        self.app.push_screen(
            LineScreen(title, start=self.text[:40], limit=40, select=True), self._named
        )

    def _named(self, name: str | None) -> None:
        if name is not None:
            self._save(name)

    @work(group="save", exit_on_error=False)
    async def _save(self, name: str) -> None:
        text = self.text
        try:
            await self._search.save(name, text)
        except InboxError as error:
            safe.toast(self.app, error.sentence, severity="error")
            return
        self.dismiss(SearchChoice(text, self._ranking, as_list=True))

    def action_leave(self) -> None:
        """Go back; the text is kept for the next time."""
        self.dismiss(SearchChoice(self.text, self._ranking))


def _how() -> tuple[str, ...]:
    """What can be typed, for an empty field."""
    return (
        "",
        tr("Any form of a word, in either keyboard layout, in the whole archive."),
        "",
        tr("“two words” — exactly so · -word — without it"),
        tr("channel:vk · kind:comment · type:complaint · status:closed · tag:booking"),
        tr("author:Maria · before:20.11 · after:yesterday · has:attachment · waiting"),
    )
