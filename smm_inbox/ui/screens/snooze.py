"""Asks until when a conversation is put aside, and says what it understood while one types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from smm_inbox.domain.conversation import UNTIL_ANSWER
from smm_inbox.domain.hours import BusinessHours
from smm_inbox.domain.snooze import Snooze, Trouble, parse
from smm_inbox.locale import tr

from .. import format as fmt
from .. import safe
from ..layout import retype
from ..widgets.painted import Line, PaintedLines, Span
from .inbox_pick import PickLines

_WORDS = 26


class SnoozeScreen(ModalScreen[datetime | None]):
    """Gives the moment, ``UNTIL_ANSWER`` until the customer writes, ``None`` for no change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("down,tab", "step(1)", show=False, priority=True),
        Binding("up,shift+tab", "step(-1)", show=False, priority=True),
    ]

    def __init__(
        self, now: Callable[[], datetime], hours: BusinessHours, *, many: int, waits: bool
    ) -> None:
        super().__init__()
        self._now = now
        self._hours = hours
        self._many = many
        self._waits = waits
        self._choices: list[tuple[str, Snooze]] = []

    def compose(self) -> ComposeResult:
        """Build the panel."""
        title = tr("Put aside until when?")
        if self._many > 1:
            title = tr("Put aside until when? {count} at once")
        with Vertical(classes="panel picker"):
            yield Static(safe.content(title.format(count=self._many)), classes="panel-title")
            yield Input(placeholder=tr("2h, tomorrow 10, mon, 15.12 14:00, until reply"), id="when")
            yield PaintedLines(id="understood")
            yield PickLines([], 0, id="moments")
            hint = tr("Write or choose ↓ ↑, Enter — put aside, Esc — back")
            yield Static(safe.content(hint), classes="panel-hint")

    def on_mount(self) -> None:
        """Offer the usual moments."""
        self.query_one(PickLines).can_focus = False
        self.query_one(Input).focus()
        self._offer()
        self._tell("")

    def _offer(self) -> None:
        words = (
            tr("in an hour"),
            tr("in 3 hours"),
            tr("in the evening"),
            tr("tomorrow morning"),
            tr("monday"),
            tr("in a week"),
            tr("until reply"),
        )
        now = self._now()
        found = ((one, parse(one, now, self._hours)) for one in words)
        self._choices = [(one, moment) for one, moment in found if isinstance(moment, Snooze)]
        lines = self.query_one(PickLines)
        lines.replace([(self._line(*choice), True) for choice in self._choices], 0)
        lines.styles.height = len(self._choices)

    def _line(self, words: str, moment: Snooze) -> Line:
        right = "" if moment.until >= UNTIL_ANSWER else self._when(moment)
        return Line(((safe.fit(words, _WORDS), "plain"),), ((right + " ", "quiet"),))

    def _when(self, moment: Snooze) -> str:
        return fmt.ahead(moment.until, self._now(), self._hours.zone)

    # What was typed

    def _understood(self, typed: str) -> Snooze | Trouble:
        """In words; typed in the wrong layout, read in the other one."""
        now = self._now()
        found = parse(typed, now, self._hours)
        if found is Trouble.UNKNOWN:
            again = parse(retype(typed), now, self._hours)
            return again if isinstance(again, Snooze) else found
        return found

    @on(Input.Changed, "#when")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._tell(event.value)

    def _tell(self, typed: str) -> None:
        found = self._understood(typed)
        lines = self.query_one(PickLines)
        lines.dimmed = found is not Trouble.EMPTY
        self.query_one("#understood", PaintedLines).show(Line(self._answer(found)))

    def _answer(self, found: Snooze | Trouble) -> tuple[Span, ...]:
        if isinstance(found, Trouble):
            words = {
                Trouble.EMPTY: tr("Comes back by itself at that moment, or when they write."),
                Trouble.UNKNOWN: tr("Not understood yet: for example “tomorrow 10” or “2h”."),
                Trouble.PAST: tr("That moment has passed already."),
                Trouble.FAR: tr("That is more than three years ahead."),
            }[found]
            return ((words, "quiet" if found is Trouble.EMPTY else "warn"),)
        if found.until >= UNTIL_ANSWER:
            spans: list[Span] = [("→ " + tr("until the customer writes"), "strong")]
            if self._waits:
                spans.append((" · " + tr("! they wait for you now"), "warn"))
            return tuple(spans)
        words = tr("until {when}").format(when=self._when(found))
        spans = [(f"→ {words}", "strong")]
        if found.closed:
            spans.append((" · " + tr("closed then"), "warn"))
        return tuple(spans)

    # Choosing

    def action_step(self, step: int) -> None:
        """Go through the offered moments; what was typed gives way."""
        field = self.query_one(Input)
        if field.value:
            field.value = ""
            return
        self.query_one(PickLines).move(step)

    @on(Input.Submitted, "#when")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        found = self._understood(event.value)
        if isinstance(found, Snooze):
            self.dismiss(found.until)
        elif found is Trouble.EMPTY:
            self._pick()

    def on_pick_lines_picked(self) -> None:
        """A line was clicked."""
        self._pick()

    def _pick(self) -> None:
        at = self.query_one(PickLines).cursor
        if 0 <= at < len(self._choices):
            # Counted anew: the question may have stood there for a while.
            found = parse(self._choices[at][0], self._now(), self._hours)
            self.dismiss(found.until if isinstance(found, Snooze) else None)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)
