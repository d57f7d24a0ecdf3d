"""An overlay to pick one line from: lists and accounts, or the conversations of an author."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Static

from smm_inbox.locale import tr

from .. import safe
from ..widgets.painted import Line, Painted

T = TypeVar("T")


class PickLines(Painted, can_focus=True):
    """Lines with a cursor that stands only on those that can be picked."""

    class Picked(Message):
        """Enter was pressed or a line was clicked."""

    def __init__(self, lines: Sequence[tuple[Line, bool]], start: int, *, id: str) -> None:
        super().__init__(id=id)
        self._lines = list(lines)
        self._stops = [at for at, (_, stop) in enumerate(self._lines) if stop]
        self.cursor = start if start in self._stops else next(iter(self._stops), -1)
        self._top = 0
        self._reading = False
        """What stands above the first choice is read: the view need not show the cursor."""
        self.dimmed = False
        """Whether something else than the line under the cursor would be taken."""

    def replace(self, lines: Sequence[tuple[Line, bool]], start: int) -> None:
        """Show other lines."""
        self._lines = list(lines)
        self._stops = [at for at, (_, stop) in enumerate(self._lines) if stop]
        self.cursor = start if start in self._stops else next(iter(self._stops), -1)
        self._top = 0
        self.refresh()

    def fill(self, lines: Sequence[tuple[Line, bool]], start: int) -> None:
        """Show other lines, the cursor at ``start`` or the first line that can be picked."""
        self._lines = list(lines)
        self._stops = [at for at, (_, stop) in enumerate(self._lines) if stop]
        self.cursor = start if start in self._stops else next(iter(self._stops), -1)
        self._top = min(self._top, max(0, len(self._lines) - 1))
        self.refresh()

    def move(self, step: int) -> None:
        """Go to the next line that can be picked; without one, scroll."""
        if self.cursor not in self._stops:
            self._top = min(max(0, self._top + step), max(0, len(self._lines) - self.size.height))
            self.refresh()
            return
        self._reading = step < 0 < self._top and self.cursor == self._stops[0]
        if self._reading:
            self._top = max(0, self._top + step)
            self.refresh()
            return
        at = self._stops.index(self.cursor) + step
        self.cursor = self._stops[min(max(0, at), len(self._stops) - 1)]
        if self.cursor == self._stops[0]:
            # Lines above the first choice are read by going up to it.
            self._top = 0
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Pick the line under the pointer."""
        at = self._top + event.y
        if at in self._stops:
            self.cursor = at
            self.post_message(self.Picked())

    def on_mouse_scroll_down(self) -> None:
        """Wheel down."""
        self.move(1)

    def on_mouse_scroll_up(self) -> None:
        """Wheel up."""
        self.move(-1)

    def paint(self, width: int, height: int) -> Sequence[Strip]:
        """Paint the visible lines."""
        if self._reading:
            pass
        elif self.cursor >= self._top + height:
            self._top = self.cursor - height + 1
        elif 0 <= self.cursor < self._top:
            self._top = self.cursor
        strips: list[Strip] = []
        for at, (line, _) in enumerate(self._lines[self._top : self._top + height], self._top):
            picked = at == self.cursor and not self.dimmed
            mark = ("▌" if picked else " ", "key")
            ground = "cursor" if picked else line.ground
            strips.append(self.strip_of(Line((mark, *line.left), line.right, ground), width))
        return strips


class PickScreen(ModalScreen[T | None], Generic[T]):
    """Shows lines; gives what stands behind the one picked, ``None`` when nothing was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,u,i,l", "leave", show=False),
        Binding("j,down,tab", "step(1)", show=False),
        Binding("k,up,shift+tab", "step(-1)", show=False),
        Binding("pagedown", "step(10)", show=False),
        Binding("pageup", "step(-10)", show=False),
        Binding("enter,o,space", "pick", show=False),
    ]

    def __init__(
        self, title: str, lines: Sequence[tuple[Line, T | None]], *, start: T | None = None
    ) -> None:
        super().__init__()
        self._title = title
        self._entries = list(lines)
        self._start = next((at for at, (_, value) in enumerate(self._entries) if value == start), 0)

    def compose(self) -> ComposeResult:
        """Build the panel."""
        lines = [(line, value is not None) for line, value in self._entries]
        with Vertical(classes="panel picker"):
            yield Static(safe.content(self._title), classes="panel-title")
            yield PickLines(lines, self._start, id="picker-lines")
            yield Static(safe.content(tr("Enter — choose, Esc — back")), classes="panel-hint")

    def on_mount(self) -> None:
        """As high as the lines, as far as the screen allows."""
        lines = self.query_one(PickLines)
        lines.styles.height = max(1, min(len(self._entries), self.app.size.height - 8))
        lines.focus()

    def action_leave(self) -> None:
        """Pick nothing."""
        self.dismiss(None)

    def action_step(self, step: int) -> None:
        """Move the cursor."""
        self.query_one(PickLines).move(step)

    def action_pick(self) -> None:
        """Take the line under the cursor."""
        at = self.query_one(PickLines).cursor
        if 0 <= at < len(self._entries):
            self.dismiss(self._entries[at][1])

    def on_pick_lines_picked(self) -> None:
        """A line was clicked."""
        self.action_pick()
