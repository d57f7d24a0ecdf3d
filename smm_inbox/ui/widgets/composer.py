"""The composer: writes an answer, never sends on Enter, keeps the draft on every change."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from smm_inbox.domain.blanks import BLANK, next_blank
from smm_inbox.domain.feed import Draft
from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.text import SafeText, clean
from smm_inbox.locale import tr
from smm_inbox.ui.commands import Context

from .composer_head import Target, draft_of, file_lines, head_line, people_lines, quote_lines
from .painted import Line, PaintedLines
from .plain_area import PlainArea

_SETTLE = 1.0
"""Seconds to wait for the text field at most."""


class DraftArea(PlainArea):
    """Text field of an answer."""

    KEY_CONTEXT = Context.COMPOSER


class Composer(Vertical):
    """Text field with its head; hidden until an answer is begun."""

    class AttachWanted(Message):
        """The operator wants to choose a file."""

    class Refused(Message):
        """Something cannot be done now; ``sentence`` says why."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    def __init__(
        self,
        changed: Callable[[ConversationId, Draft | None], None],
        *,
        id: str | None = None,
    ) -> None:
        """Prepare the composer.

        Args:
            changed: Told the draft after every change, at once: a message could arrive when another
                conversation is in the text field.
            id: Name for the style sheet.
        """
        super().__init__(id=id)
        self._changed = changed
        self.area = DraftArea("", soft_wrap=True, highlight_cursor_line=False, compact=True)
        self._head = PaintedLines(id="composer-head")
        self._quote = PaintedLines(id="composer-quote")
        self._attached = PaintedLines(id="composer-files")
        self._notes = PaintedLines(id="composer-notes")
        self.target: Target | None = None
        self.files: tuple[str, ...] = ()
        self.warnings: tuple[SafeText, ...] = ()
        self._offered: Selection | None = None
        """The blank that was selected by itself."""

    def compose(self) -> ComposeResult:
        """Head, quotation, text, files and warnings."""
        yield self._head
        yield self._quote
        yield self.area
        yield self._attached
        yield self._notes

    @property
    def draft(self) -> Draft | None:
        """The answer as it stands."""
        if self.target is None or self.target.editing is not None:
            return None
        return draft_of(self.target, self.area.text, self.files)

    @property
    def conversation(self) -> ConversationId | None:
        """Whose answer is in the text field."""
        return self.target.conversation if self.target else None

    @property
    def active(self) -> bool:
        """Whether an answer is being written."""
        return self.target is not None and self.display

    def open(self, target: Target, text: str = "", files: tuple[str, ...] = ()) -> None:
        """Begin or go on with an answer."""
        self.target, self.files, self.warnings = target, files, ()
        self.display = True
        self.set_class(target.public, "-public")
        area = self.area
        with self.prevent(TextArea.Changed):
            area.load_text(clean(text))
        area.move_cursor(area.document.end)
        area.frozen = bool(target.option.closed)
        # At once: a letter typed right after the key belongs into the answer.
        self.screen.set_focus(area, scroll_visible=False)
        self._show()

    def retarget(self, target: Target) -> None:
        """Answer another message or in another way; the text stays."""
        self.target = target
        self.set_class(target.public, "-public")
        self.area.frozen = bool(target.option.closed)
        self._tell()
        self._show()

    def busy(self, sending: bool) -> None:
        """While an answer is being queued nothing can be typed into it."""
        closed = self.target is not None and bool(self.target.option.closed)
        self.area.frozen = sending or closed

    def close(self) -> None:
        """Hide without telling anything: the draft has been saved or sent."""
        self.target = None
        self.files = ()
        self.display = False
        with self.prevent(TextArea.Changed):
            self.area.load_text("")

    def attach(self, path: str) -> None:
        """Add a file."""
        if path not in self.files:
            self.files = (*self.files, path)
            self._tell()
            self._show()

    def replace_text(self, text: str) -> None:
        """Put in what an external editor returned."""
        area = self.area
        area.replace(clean(text), (0, 0), area.document.end)
        area.move_cursor(area.document.end)

    def insert(self, text: str) -> None:
        """Put text in at the cursor and go to its first blank, else behind it."""
        area = self.area
        start = self._index(min(area.selection))
        before = area.text[:start]
        if before and not before[-1].isspace():
            text = f" {text}"
        area.replace(clean(text), *sorted(area.selection))
        found = next_blank(area.text, start)
        if found is not None and found[0] < start + len(text):
            self._select(found)
            self._offered = area.selection

    def to_next_blank(self) -> str | None:
        """Select the next blank behind the cursor and say it; what is typed takes its place.

        The blank that was selected as its text was put in is the next one for the first key: who
        has not seen the selection would fill in the second blank in place of the first.
        """
        offered, self._offered = self._offered, None
        if offered == self.area.selection and BLANK.fullmatch(self.area.selected_text):
            return self.area.selected_text
        found = next_blank(self.area.text, self._index(max(self.area.selection)))
        if found is None:
            return None
        self._select(found)
        return self.area.selected_text

    def _select(self, span: tuple[int, int]) -> None:
        start, end = (self._location(at) for at in span)
        self.area.selection = Selection(start, end)

    def _index(self, location: tuple[int, int]) -> int:
        row, column = location
        return sum(len(line) + 1 for line in self.area.document.lines[:row]) + column

    def _location(self, index: int) -> tuple[int, int]:
        before = self.area.text[:index]
        return before.count("\n"), index - (before.rfind("\n") + 1)

    async def settled(self) -> None:
        """Wait until every key pressed so far stands in the text.

        Keys wait in the queue of the text field while a command runs at once: without this, a quick
        hand would send an answer without its last letters.
        """
        if not self.active:
            return
        done = asyncio.Event()
        self.area.call_later(done.set)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _SETTLE)

    def ready(self) -> Draft | None:
        """The answer as it may leave; nothing can be typed any more. ``None``: told why not."""
        target = self.target
        if target is None or (self.area.frozen and not target.option.closed):
            return None
        text = self.area.text
        if target.option.closed:
            self._refuse(target.option.closed)
        elif not text.strip() and not self.files:
            self._refuse(tr("There is nothing to send yet: write a few words first."))
        elif target.too_long(text):
            limit = target.option.max_text
            self._refuse(
                tr("Too long: {limit} characters fit here. Shorten the answer.").format(limit=limit)
            )
        else:
            self.busy(True)
            return Draft(text, target.kind, target.reply_to, self.files, target.reply_all)
        return None

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can work now."""
        target = self.target
        if action == "composer_reply_all":
            return target is not None and target.may_choose
        if action == "composer_attach":
            return target is not None and not target.option.closed
        if action == "composer_detach":
            return bool(self.files)
        return True

    def action_composer_attach(self) -> None:
        """Choose a file."""
        if self.target is None:
            return
        most = 0 if self.target.editing is not None else self.target.option.max_files
        if len(self.files) < most:
            self.post_message(self.AttachWanted())
        elif most:
            self._refuse(tr("No more than {count} files fit into one answer.").format(count=most))
        else:
            self._refuse(tr("Files cannot be sent here: put a link into the text instead."))

    def action_composer_detach(self) -> None:
        """Remove the last file."""
        if self.files:
            self.files = self.files[:-1]
            self._tell()
            self._show()

    def action_composer_reply_all(self) -> None:
        """Everybody the letter was addressed to, or its author alone."""
        target = self.target
        if target is not None and target.may_choose:
            self.retarget(replace(target, reply_all=not target.reply_all))

    # Inside

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep the draft."""
        event.stop()
        self._tell()
        self._show()

    def on_resize(self) -> None:
        """Clip the lines anew."""
        self._show()

    def show_warnings(self, warnings: tuple[SafeText, ...]) -> None:
        """Show what the check before sending found; it forbids nothing."""
        if warnings != self.warnings:
            self.warnings = warnings
            self._show()

    def _refuse(self, sentence: str) -> None:
        self.post_message(self.Refused(sentence))

    def _tell(self) -> None:
        """Report the draft as it stands now."""
        if self.target is not None and self.target.editing is None:
            self._changed(self.target.conversation, self.draft)

    def _show(self) -> None:
        target = self.target
        if target is None:
            return
        width = self.size.width or 80
        files = file_lines(self.files, width)
        notes = [Line(((f" ! {warning}", "warn"),)) for warning in self.warnings[:3]]
        _set(self._head, [head_line(target, self.area.text, width)])
        _set(self._quote, [*quote_lines(target, width), *people_lines(target, width)])
        _set(self._attached, files)
        _set(self._notes, notes)


def _set(widget: PaintedLines, lines: list[Line]) -> None:
    """Show lines; a layout runs only when a line appears or goes, not on every letter."""
    widget.show(*lines)
    if widget.styles.height is None or widget.styles.height.value != len(lines):
        widget.styles.height = len(lines)
    widget.display = bool(lines)
