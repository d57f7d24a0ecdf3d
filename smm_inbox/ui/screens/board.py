"""The Today board: facts of the shift, and until when they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import ClassVar

from textual.binding import Binding, BindingType

from smm_inbox.domain.board import Fact
from smm_inbox.domain.clock import Clock
from smm_inbox.locale import tr
from smm_inbox.services.board import Board
from smm_inbox.services.undo import Undo

from .. import format as fmt
from ..safe import clip
from ..widgets.painted import Line
from ..widgets.panel_keys import PanelKey
from .list_panel import ListPanel, Run
from .one_line import LineScreen

_NAME = 30
_VALUE = 30


class BoardScreen(ListPanel[Fact, None]):
    """Facts a line each; the scripts use them by name."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c,n,plus", "new", show=False),
        Binding("number_sign,delete,d", "remove", show=False),
    ]

    def __init__(self, board: Board, undo: Undo, run: Run, clock: Clock, zone: tzinfo) -> None:
        super().__init__(undo, run)
        self._board = board
        self._clock = clock
        self._zone = zone

    def heading(self) -> str:
        """Title of the panel."""
        return tr("Today")

    def keys(self) -> Sequence[PanelKey]:
        """Keys of the panel."""
        return (
            PanelKey("c", tr("new fact"), "new"),
            PanelKey("Enter", tr("change"), "pick"),
            PanelKey("#", tr("take off"), "remove"),
            PanelKey("z", tr("undo"), "undo"),
        )

    def empty(self) -> str:
        """What an empty board says."""
        return tr(
            "What is so today and changes: free tables, what has run out, how long cooking takes. "
            "Press c and write: “free tables 3 until 18:00”. Scripts take it by its name "
            "in curly brackets; what has expired stops a script that uses it."
        )

    async def read(self) -> list[tuple[Line, Fact | None]]:
        """A line each fact."""
        now = self._clock.now()
        return [(self._line(fact, now), fact) for fact in await self._board.facts()]

    def _line(self, fact: Fact, now: datetime) -> Line:
        left = (
            (clip(fact.name, _NAME), "strong"),
            ("  ", "plain"),
            (clip(fact.value, _VALUE), "plain"),
        )
        return Line(left, ((self._until(fact, now) + " ", self._ink(fact, now)),))

    def _until(self, fact: Fact, now: datetime) -> str:
        if fact.expires_at is None:
            return tr("always")
        if fact.is_current(now):
            return fmt.until(fact.expires_at, now, self._zone)
        return tr("! expired {when}").format(when=fmt.moment(fact.expires_at, now, self._zone))

    @staticmethod
    def _ink(fact: Fact, now: datetime) -> str:
        return "quiet" if fact.is_current(now) else "warn"

    def pick(self, item: Fact) -> None:
        """Change the fact."""
        now = self._clock.now()
        end = ""
        if item.expires_at is None:
            end = tr("always")
        elif item.is_current(now):
            # As the line is read again: a day with its number, not with its name.
            local = item.expires_at.astimezone(self._zone)
            today = local.date() == now.astimezone(self._zone).date()
            end = tr("until {when}").format(
                when=f"{local:%H:%M}" if today else f"{local:%d.%m %H:%M}"
            )
        self._ask(f"{item.name}: {item.value} {end}".strip(), item.name)

    def action_new(self) -> None:
        """Write a new fact."""
        self._ask("", "")

    def _ask(self, start: str, before: str) -> None:
        def done(line: str | None) -> None:
            if line is not None:
                self.do(self._board.put(line, instead_of=before), tr("Written down"), "put a fact")

        self.app.push_screen(
            LineScreen(
                tr("What is so today?"),
                start=start,
                placeholder=tr("free tables 3 until 18:00"),
                preview=self._preview,
                rows=1,
            ),
            done,
        )

    def _preview(self, line: str) -> Sequence[Line]:
        fact = self._board.read(line)
        if fact is None:
            return (Line(((tr("a name, then what is so"), "quiet"),)),)
        return (self._line(fact, self._clock.now()),)

    def action_remove(self) -> None:
        """Take the fact off the board."""
        if (fact := self.current) is not None:
            self.do(self._board.remove(fact.name), tr("Taken off"), "remove a fact")
