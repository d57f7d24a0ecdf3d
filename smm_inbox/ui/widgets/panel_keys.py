"""The keys of a panel in its last lines; a click presses them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events

from smm_inbox.ui.safe import cells

from .painted import Line, PaintedLines, Span


@dataclass(frozen=True, slots=True)
class PanelKey:
    """A key of a panel: how it is written, what it does, the action of the screen it runs."""

    key: str
    word: str
    action: str


class PanelKeys(PaintedLines):
    """As many lines as the keys need in the width there is."""

    def __init__(self, keys: Sequence[PanelKey], *, id: str | None = None) -> None:
        super().__init__(id=id, classes="panel-keys")
        self._keys = tuple(keys)
        self._places: list[tuple[int, int, int, str]] = []

    @property
    def keys(self) -> tuple[PanelKey, ...]:
        """What the panel offers now; the list of all commands shows it too."""
        return self._keys

    def offer(self, keys: Sequence[PanelKey]) -> None:
        """Show other keys."""
        self._keys = tuple(keys)
        self._write()

    def on_resize(self) -> None:
        """Break the lines for the new width."""
        self._write()

    def _write(self) -> None:
        width = self.size.width
        if not width:
            return
        self._places = []
        rows: list[list[Span]] = [[]]
        at = 0
        for one in self._keys:
            size = cells(one.key) + cells(one.word) + 4
            if at and at + size - 3 > width:
                rows.append([])
                at = 0
            self._places.append((len(rows) - 1, at, at + size - 3, one.action))
            # No blanks behind the last one: where they do not fit they would be cut off with a "…".
            between = [("   ", "quiet")] if rows[-1] else []
            rows[-1] += [*between, (one.key, "key"), (f" {one.word}", "quiet")]
            at += size
        self.styles.height = len(rows)
        self.show(*(Line(tuple(row)) for row in rows))

    async def on_click(self, event: events.Click) -> None:
        """Press the key under the pointer."""
        for y, start, end, action in self._places:
            if event.y == y and start <= event.x < end:
                await self.screen.run_action(action)
