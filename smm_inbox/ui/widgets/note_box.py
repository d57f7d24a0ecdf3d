"""Where notes and answers given elsewhere are written: a field nothing is sent from."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import TextArea

from smm_inbox.domain.ids import ContactId, ConversationId
from smm_inbox.domain.note import MAX_NOTE, NoteId, Purpose
from smm_inbox.domain.text import SafeText, clean
from smm_inbox.locale import tr
from smm_inbox.ui import format as fmt
from smm_inbox.ui.commands import Context
from smm_inbox.ui.safe import cells, clip

from .painted import Line, PaintedLines, Span, span_cells
from .plain_area import PlainArea

_SETTLE = 1.0
"""Seconds to wait for the text field at most."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is being written, and about whom."""

    conversation: ConversationId
    purpose: Purpose
    name: SafeText
    author: ContactId | None = None
    """For a note on the author."""
    editing: NoteId | None = None
    """The note that is being changed, instead of a new one."""

    @property
    def switches(self) -> bool:
        """Whether the key between answer and note works here."""
        return self.purpose is Purpose.CONVERSATION and self.editing is None


class NoteArea(PlainArea):
    """Text field of a note: its keys are not those of an answer."""

    KEY_CONTEXT = Context.NOTE


class NoteBox(Vertical):
    """Text field with its head; hidden until something is written down."""

    def __init__(self, changed: Callable[[Sheet, str], None], *, id: str | None = None) -> None:
        """Prepare the field.

        Args:
            changed: Told the text after every change, at once.
            id: Name for the style sheet.
        """
        super().__init__(id=id)
        self._changed = changed
        self.area = NoteArea("", soft_wrap=True, highlight_cursor_line=False, compact=True)
        self._head = PaintedLines(id="note-head")
        self.sheet: Sheet | None = None

    def compose(self) -> ComposeResult:
        """Head and text."""
        yield self._head
        yield self.area

    @property
    def active(self) -> bool:
        """Whether something is being written."""
        return self.sheet is not None and self.display

    @property
    def text(self) -> str:
        """What was written so far."""
        return self.area.text

    def open(self, sheet: Sheet, text: str = "") -> None:
        """Begin or go on."""
        self.sheet = sheet
        self.display = True
        area = self.area
        area.frozen = False
        with self.prevent(TextArea.Changed):
            area.load_text(clean(text))
        area.move_cursor(area.document.end)
        # At once: a letter typed right after the key belongs into the note.
        self.screen.set_focus(area, scroll_visible=False)
        self._show()

    def close(self) -> None:
        """Hide without telling anything: the text has been stored."""
        self.sheet = None
        self.display = False
        with self.prevent(TextArea.Changed):
            self.area.load_text("")

    async def settled(self) -> None:
        """Wait until every key pressed so far stands in the text."""
        if not self.active:
            return
        done = asyncio.Event()
        self.area.call_later(done.set)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _SETTLE)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep what is written."""
        event.stop()
        if self.sheet is not None:
            self._changed(self.sheet, self.area.text)
        self._show()

    def on_resize(self) -> None:
        """Clip the head anew."""
        self._show()

    def _show(self) -> None:
        if self.sheet is not None:
            self._head.show(head_line(self.sheet, self.area.text, self.size.width or 80))


def head_line(sheet: Sheet, text: str, width: int) -> Line:
    """What this is, in a word that stands out, and who will read it: nobody outside."""
    word, who = {
        Purpose.CONVERSATION: (tr("NOTE"), tr("only you see it")),
        Purpose.AUTHOR: (tr("NOTE ON THE AUTHOR"), tr("only you see it")),
        Purpose.ELSEWHERE: (tr("ANSWERED ELSEWHERE"), tr("nothing is sent")),
    }[sheet.purpose]
    if sheet.editing is not None:
        who = f"{who}, {tr('being changed')}"
    length = len(text)
    right: tuple[Span, ...] = ()
    if length > MAX_NOTE:
        shown = f"! {fmt.number(length)} / {fmt.number(MAX_NOTE)} "
        right = ((shown, "alarm"),)
    left: list[Span] = [(f" ✎ {word} ", "note-word"), (f" {who} ", "note")]
    room = width - span_cells(left) - span_cells(right) - 4
    if room >= 8 and cells(sheet.name):
        left.append((f"· {clip(sheet.name, room)}", "strong"))
    return Line(tuple(left), right, "head")
