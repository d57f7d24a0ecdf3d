"""The first and the last line of the screen: how things stand, and which keys work now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from textual import events
from textual.message import Message
from textual.strip import Strip

from smm_inbox.domain.listing import Counts
from smm_inbox.locale import tr
from smm_inbox.ui import format as fmt
from smm_inbox.ui.commands import Command
from smm_inbox.ui.messages import KeyHint

from .painted import Line, Painted, PaintedLines, Span, span_cells


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What the status line tells."""

    business: str
    operator: str
    counts: Counts
    now: datetime
    zone: tzinfo
    trouble: str = ""
    """Accounts that need the operator, in words."""
    selected: int = 0
    """Selected conversations."""


class StatusLine(PaintedLines):
    """Business and operator at the left, what burns and the clock at the right."""

    def tell(self, facts: StatusFacts) -> None:
        """Show the facts."""
        width = self.size.width
        right = [*_numbers(facts.counts), ("  " + fmt.clock(facts.now, facts.zone) + " ", "quiet")]
        left: list[Span] = [(f" {facts.business or 'smm-inbox'}", "strong")]
        if facts.operator:
            words = tr("on shift: {name}").format(name=facts.operator)
            left.append((f" · {words}", "quiet"))
        if facts.selected:
            words = tr("selected {count}").format(count=fmt.number(facts.selected))
            left.append((f"  ✓ {words}", "key"))
        if facts.trouble:
            left.append((f"  ✕ {facts.trouble}", "alarm"))
        urgent = [span for span in left[1:] if span[1] != "quiet"]
        room = width - span_cells(right) - 1
        if urgent and span_cells(left) > room:
            # What needs the operator, and what the next key changes, is worth more than who is on
            # shift; than the name of the business as well.
            left = [left[0], *urgent]
            if span_cells(left) > room:
                left = urgent
        elif facts.operator and span_cells(left) > room:
            # A bare name says as much; half a word says nothing.
            left[1] = (f" · {facts.operator}", "quiet")
            if span_cells(left) > room:
                del left[1]
        self.show(Line(tuple(left), tuple(right)))


def _numbers(counts: Counts) -> list[Span]:
    found: list[Span] = [
        (
            tr("waiting {count}").format(count=counts.awaiting),
            "strong" if counts.awaiting else "quiet",
        )
    ]
    if counts.overdue:
        found.append((tr("! overdue {count}").format(count=counts.overdue), "alarm"))
    else:
        found.append((tr("overdue {count}").format(count=0), "quiet"))
    if counts.promises_due:
        found.append((tr("! promised {count}").format(count=counts.promised), "warn"))
    else:
        found.append((tr("promised {count}").format(count=counts.promised), "quiet"))
    if counts.not_sent:
        found.append((tr("✕ not sent {count}").format(count=counts.not_sent), "alarm"))
    else:
        found.append((tr("not sent {count}").format(count=0), "quiet"))
    if counts.pending:
        found.append((tr("↗ leaving {count}").format(count=counts.pending), "good"))
    return [part for span in found for part in (("  ", "plain"), span)]


class Hints(PaintedLines):
    """How a sequence of keys may go on, laid over the end of the screen while it is pending."""

    def tell(self, pressed: str, hints: tuple[KeyHint, ...]) -> None:
        """Show the hints in as many lines as they need; hide when there are none."""
        self.display = bool(hints)
        if not hints:
            return
        width = self.app.size.width
        rows: list[list[Span]] = [[(f" {pressed} … ", "strong")]]
        for hint in hints:
            spans: list[Span] = [(f" {hint.key}", "key"), (f" {hint.title} ", "plain")]
            if span_cells(rows[-1]) + span_cells(spans) > width:
                rows.append([(" " * (len(pressed) + 4), "plain")])
            rows[-1] += spans
        self.styles.height = len(rows)
        self.show(*(Line(tuple(row)) for row in rows))


_KEPT = 2
"""Help and the list of all commands: with them everything is in reach of the mouse too."""


class Footer(Painted):
    """Keys that work now; a short notice takes their place."""

    class Pressed(Message):
        """A command of the footer was clicked."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._commands: tuple[Command, ...] = ()
        self._notice = ""
        self._places: list[tuple[int, int, str]] = []

    def offer(self, commands: tuple[Command, ...]) -> None:
        """Show the keys of these commands."""
        if commands != self._commands:
            self._commands = commands
            self.refresh()

    def notice(self, text: str) -> None:
        """Show a short sentence in place of the keys; an empty one brings the keys back."""
        if text != self._notice:
            self._notice = text
            self.refresh()

    @property
    def text(self) -> str:
        """What the footer says."""
        return "".join(text for text, _ in self._spans(10_000))

    def on_click(self, event: events.Click) -> None:
        """Run the command under the pointer."""
        for start, end, command in self._places:
            if start <= event.x < end:
                self.post_message(self.Pressed(command))

    def paint(self, width: int, height: int) -> Sequence[Strip]:
        """Paint the line."""
        return [self.strip(self._spans(width), width)]

    def _spans(self, width: int) -> list[Span]:
        self._places = []
        if self._notice:
            return [(f" {self._notice}", "good")]
        return self._keys(width)

    def _keys(self, width: int) -> list[Span]:
        """Whole hints only; the last ones, which lead to all others, always have their place."""
        hints = [self._hint(command) for command in self._commands if command.first_key]
        kept = {name for name, _ in hints[-_KEPT:]}
        room = width - sum(span_cells(hint) for name, hint in hints if name in kept)
        spans: list[Span] = []
        at = 0
        for name, hint in hints:
            size = span_cells(hint)
            if name not in kept and at + size > room:
                continue
            self._places.append((at, at + size, name))
            spans += hint
            at += size
        return spans

    @staticmethod
    def _hint(command: Command) -> tuple[str, list[Span]]:
        return command.id, [
            (f" {command.first_key}", "key"),
            (f" {command.shown_title.lower()} ", "quiet"),
        ]
