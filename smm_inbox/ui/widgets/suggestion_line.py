"""The scripts that fit the selected message, in one line; a click takes one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message
from textual.strip import Strip

from smm_inbox.domain.ids import ConversationId, MessageId
from smm_inbox.locale import tr
from smm_inbox.ui.safe import cells, clip

from .painted import Painted, Span

if TYPE_CHECKING:
    from smm_inbox.services.suggest import Suggestion

_SHORTEST = 8
_ROOMY = 60
"""Width from which there is room for what the line is."""


class SuggestionLine(Painted):
    """Always one line high: what comes and goes in it never runs a layout."""

    class Taken(Message):
        """A suggestion was clicked."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.about: tuple[ConversationId, MessageId | None] | None = None
        """What the suggestions are for."""
        self.suggestions: tuple[Suggestion, ...] = ()
        self._key = ""
        self._places: list[tuple[int, int, int]] = []

    def show(
        self,
        about: tuple[ConversationId, MessageId | None] | None,
        suggestions: tuple[Suggestion, ...],
    ) -> None:
        """Show the suggestions for a message."""
        self.about = about
        if suggestions != self.suggestions:
            self.suggestions = suggestions
            self.refresh()

    def behind(self, key: str) -> None:
        """The key that stands in front of the digits from now on."""
        if key != self._key:
            self._key = key
            self.refresh()

    @property
    def text(self) -> str:
        """What the line says."""
        return "".join(text for text, _ in self._spans(self.size.width or 80))

    def on_click(self, event: events.Click) -> None:
        """Take the suggestion under the pointer."""
        for start, end, number in self._places:
            if start <= event.x < end:
                self.post_message(self.Taken(number))

    def paint(self, width: int, height: int) -> Sequence[Strip]:
        """Paint the line."""
        return [self.strip(self._spans(width), width)]

    def _spans(self, width: int) -> list[Span]:
        self._places = []
        if not self.suggestions:
            return []
        head = f"  {tr('Suggestions')} " if width >= _ROOMY else "  "
        spans: list[Span] = [(head, "quiet"), (f"{self._key} ", "key")]
        at = cells(head) + cells(self._key) + 1
        sizes = _shares([cells(one.name) for one in self.suggestions], width - at - 1)
        for number, (one, room) in enumerate(zip(self.suggestions, sizes, strict=False), start=1):
            name = clip(one.name, room)
            gap = "  " if number < len(sizes) else ""
            self._places.append((at, at + cells(name) + 2, number))
            spans += [(f"{number} ", "key"), (f"{name}{gap}", "plain")]
            at += cells(name) + 4
        return spans


def _shares(wanted: list[int], room: int) -> list[int]:
    """Cells for each name: the shorter ones leave theirs to the longer; too many are left out."""
    while wanted and sum(min(one, _SHORTEST) + 4 for one in wanted) > room + 2:
        wanted = wanted[:-1]
    shares = [0] * len(wanted)
    left = room + 2 - 4 * len(wanted)
    rest = len(wanted)
    for at in sorted(range(len(wanted)), key=wanted.__getitem__):
        shares[at] = min(wanted[at], left // rest)
        left -= shares[at]
        rest -= 1
    return shares
