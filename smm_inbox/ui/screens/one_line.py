"""One line to type, with what it will mean below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from smm_inbox.domain.text import clean_line
from smm_inbox.locale import tr

from .. import safe
from ..widgets.painted import Line, PaintedLines

Preview = Callable[[str], Sequence[Line]]


class LineScreen(ModalScreen[str | None]):
    """Asks for a line; gives it clean, ``None`` when the operator changed their mind."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(
        self,
        title: str,
        *,
        start: str = "",
        placeholder: str = "",
        hint: str = "",
        preview: Preview | None = None,
        rows: int = 0,
        may_be_empty: bool = False,
        limit: int = 300,
        select: bool = False,
    ) -> None:
        """Prepare the question.

        Args:
            title: What is asked.
            start: What stands in the field at first.
            placeholder: An example, shown while the field is empty.
            hint: What else to know, in a line below.
            preview: Lines that say what the typed line means.
            rows: Lines the preview has room for; they are kept free, so that nothing jumps.
            may_be_empty: Whether an empty line is an answer.
            limit: Longest answer in code points.
            select: Whether what is typed takes the place of what stands there at first.
        """
        super().__init__()
        self._title = title
        self._start = start
        self._placeholder = placeholder
        self._hint = hint
        self._preview = preview
        self._rows = rows
        self._may_be_empty = may_be_empty
        self._limit = limit
        self._select = select

    def compose(self) -> ComposeResult:
        """Build the field and the preview."""
        with Vertical(classes="panel", id="one-line"):
            yield Static(safe.content(self._title), classes="panel-title")
            yield Input(
                safe.plain(self._start),
                placeholder=self._placeholder,
                id="one-line-field",
                select_on_focus=self._select,
            )
            yield PaintedLines(id="one-line-preview")
            words = [self._hint, tr("Enter — keep, Esc — cancel")]
            shown = "\n".join(word for word in words if word)
            yield Static(safe.content(shown), classes="panel-hint")

    def on_mount(self) -> None:
        """Keep the room of the preview free."""
        preview = self.query_one(PaintedLines)
        preview.display = bool(self._rows)
        preview.styles.height = max(1, self._rows)
        self._tell(self._start)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._tell(event.value)

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        event.stop()
        line = clean_line(event.value, limit=self._limit)
        if line or self._may_be_empty:
            self.dismiss(line)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)

    def _tell(self, line: str) -> None:
        if self._preview is not None:
            self.query_one(PaintedLines).show(*self._preview(line))
