"""The ground of panels that show a list to pick from and to change."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from smm_inbox.domain.errors import InboxError
from smm_inbox.locale import tr
from smm_inbox.services.undo import Undo

from .. import safe
from ..widgets.painted import Line, PaintedLines
from ..widgets.panel_keys import PanelKey, PanelKeys
from .inbox_pick import PickLines

Item = TypeVar("Item")
Result = TypeVar("Result")
Run = Callable[[Coroutine[object, object, None], str], None]
"""Runs a command to its end, whatever happens to the panel."""


class ListPanel(ModalScreen[Result | None], Generic[Item, Result]):
    """Lines with something behind them; changes are done at once and taken back with ``z``.

    Subclasses give the title, the keys, and ``read``; ``pick`` is what Enter does.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,u", "leave", show=False),
        Binding("j,down,tab", "step(1)", show=False),
        Binding("k,up,shift+tab", "step(-1)", show=False),
        Binding("pagedown", "step(10)", show=False),
        Binding("pageup", "step(-10)", show=False),
        Binding("enter,o,space", "pick", show=False),
        Binding("z", "undo", show=False),
    ]
    EMPTY_LINES: ClassVar[int] = 3
    """Lines kept free for what an empty list says."""

    def __init__(self, undo: Undo, run: Run) -> None:
        super().__init__()
        self._undo = undo
        self._run = run
        self._items: list[Item | None] = []

    # What a subclass gives

    def heading(self) -> str:
        """Title of the panel."""
        raise NotImplementedError

    def keys(self) -> Sequence[PanelKey]:
        """Keys of the panel besides those of every panel."""
        raise NotImplementedError

    async def read(self) -> list[tuple[Line, Item | None]]:
        """Lines and what stands behind them; a line without anything cannot be picked."""
        raise NotImplementedError

    def empty(self) -> str:
        """What an empty list would hold, and which key fills it."""
        raise NotImplementedError

    def pick(self, item: Item) -> None:
        """Enter, or a click on a line."""
        raise NotImplementedError

    # The panel

    def compose(self) -> ComposeResult:
        """Build the panel."""
        with Vertical(classes="panel picker listing"):
            yield Static(safe.content(self.heading()), classes="panel-title")
            yield PickLines([], 0, id="list-lines")
            yield PaintedLines(id="list-said")
            yield PanelKeys([*self.keys(), PanelKey("Esc", tr("back"), "leave")], id="list-keys")

    def on_mount(self) -> None:
        """Read the list."""
        self.query_one(PickLines).focus()
        self._fit(0)
        self.run_worker(self.reload(), exit_on_error=False)

    def on_resize(self, event: events.Resize) -> None:
        """Use the height there is."""
        self._fit(len(self._items))

    def _fit(self, count: int) -> None:
        room = max(3, self.app.size.height - 10)
        self.query_one(PickLines).styles.height = min(room, max(self.EMPTY_LINES, count))

    async def reload(self) -> None:
        """Read the list again; the cursor stays where it is."""
        try:
            found = await self.read()
        except InboxError as error:
            self.say(error.sentence, "warn")
            return
        if not self.is_mounted:
            return
        lines = self.query_one(PickLines)
        at = lines.cursor
        self._items = [item for _, item in found]
        shown = [(line, item is not None) for line, item in found]
        if not shown:
            width = max(20, lines.size.width - 2)
            shown = [(Line(((row, "quiet"),)), False) for row in safe.wrap(self.empty(), width)]
        self._fit(len(shown))
        last = max((n for n, item in enumerate(self._items) if item is not None), default=0)
        lines.replace(shown, min(max(at, 0), last))

    @property
    def current(self) -> Item | None:
        """What stands behind the line under the cursor."""
        at = self.query_one(PickLines).cursor
        return self._items[at] if 0 <= at < len(self._items) else None

    def say(self, sentence: str, ink: str = "good") -> None:
        """Say something short over the keys."""
        if self.is_mounted:
            self.query_one("#list-said", PaintedLines).show(Line(((sentence, ink),)))

    def do(self, work: Coroutine[object, object, object], said: str, name: str) -> None:
        """Run a change to its end, say ``said``, and read the list again."""
        self._run(self._told(work, said), name)

    async def _told(self, work: Coroutine[object, object, object], said: str) -> None:
        try:
            changed = await work
        except InboxError as error:
            self.say(error.sentence, "warn")
            return
        # The list first: who reads that it is done may press the next key at once.
        if self.is_mounted:
            await self.reload()
        if said and changed is not False:
            self.say(tr("{done} · {key} — undo").replace("{done}", said).replace("{key}", "z"))

    def action_leave(self) -> None:
        """Close the panel."""
        self.dismiss(None)

    def action_step(self, step: int) -> None:
        """Move the cursor."""
        self.query_one(PickLines).move(step)

    def action_pick(self) -> None:
        """Take the line under the cursor."""
        if (item := self.current) is not None:
            self.pick(item)

    def on_pick_lines_picked(self) -> None:
        """A line was clicked."""
        self.action_pick()

    def action_undo(self) -> None:
        """Take back the last thing done."""
        self._run(self._take_back(), "undo")

    async def _take_back(self) -> None:
        try:
            undone = await self._undo.last()
        except InboxError as error:
            self.say(error.sentence, "warn")
            return
        if self.is_mounted:
            await self.reload()
        self.say(undone.sentence if undone else tr("There is nothing to take back."))
