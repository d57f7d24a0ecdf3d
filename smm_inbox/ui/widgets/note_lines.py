"""A note of the operators among the messages: an ink and a word of its own."""

from __future__ import annotations

from smm_inbox.domain.note import Note
from smm_inbox.locale import ntr, tr
from smm_inbox.ui import format as fmt
from smm_inbox.ui.safe import wrap

from .message_lines import FOLD, MessageLook
from .painted import Line, Span

_KEPT = 16
BAR = "┆ "
"""Left of every line of a note: seen without colour."""


def note_lines(note: Note, look: MessageLook) -> tuple[Line, ...]:
    """Lines of a note, without the blank line that follows it."""
    spans: list[Span] = [
        (BAR, "note"),
        (fmt.moment(note.written_at, look.now, look.zone) + "  ", "quiet"),
        (tr("NOTE"), "note-word"),
    ]
    if note.operator:
        spans.append((f" · {note.operator}", "quiet"))
    if note.edited_at is not None:
        spans.append((" · " + tr("changed"), "quiet"))
    rows = wrap(note.text, max(8, look.width - len(BAR)))
    shown = rows if look.opened or len(rows) <= FOLD else rows[:_KEPT]
    lines = [Line(tuple(spans)), *(Line(((BAR, "note"), (row, "note"))) for row in shown)]
    if hidden := len(rows) - len(shown):
        more = ntr("… {count} more line", "… {count} more lines", hidden)
        words = more.format(count=fmt.number(hidden))
        key = tr("{key} — show").format(key=look.keys("message.unfold"))
        lines.append(Line(((BAR, "note"), (f"{words}, {key}", "key"))))
    return tuple(lines)
