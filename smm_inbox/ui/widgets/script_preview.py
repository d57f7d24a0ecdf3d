"""How a script will read: its text filled in, its blanks marked, what happens when it is sent."""

from __future__ import annotations

from smm_inbox.domain.prepared import Script
from smm_inbox.domain.script import Rendered
from smm_inbox.locale import ntr, tr
from smm_inbox.services.script_actions import actions_in_words
from smm_inbox.ui.safe import wrap

from .painted import Line, Span

_MARK = "{?"


def preview_lines(
    source: Script | str, filled: Rendered | None, width: int, height: int
) -> list[Line]:
    """The script in the room there is; without its values it is shown as it is written."""
    text = (
        filled.text if filled is not None else (source if isinstance(source, str) else source.body)
    )
    below = _below(source, width)
    rows = text_lines(str(text).strip("\n"), width)
    room = max(1, height - len(below))
    if len(rows) > room:
        rows = [*rows[: room - 1], Line((("…", "quiet"),))]
    return [*rows, *below]


def text_lines(text: str, width: int) -> list[Line]:
    """Text with its blanks marked, also those a line break has torn apart."""
    lines: list[Line] = []
    inside = False
    for row in wrap(text, max(10, width - 1)):
        spans: list[Span] = []
        rest = row
        while rest:
            mark = rest.find("}") + 1 if inside else rest.find(_MARK)
            end = len(rest) if mark < 0 or (inside and mark == 0) else mark
            if end:
                spans.append((rest[:end], "warn" if inside else "plain"))
            rest = rest[end:]
            if rest or (inside and mark > 0):
                inside = not inside
        lines.append(Line(tuple(spans)))
    return lines


def _below(source: Script | str, width: int) -> list[Line]:
    if isinstance(source, str):
        return [Line(), Line(((tr("You answered like this before."), "quiet"),))]
    notes: list[str] = []
    if actions := actions_in_words(source.actions):
        notes.append(tr("When sent: {actions}").replace("{actions}", actions))
    if source.uses:
        sentence = ntr("Sent {n} time", "Sent {n} times", source.uses)
        notes.append(sentence.format(n=source.uses))
    rows = [row for note in notes for row in wrap(note, max(10, width - 1))[:2]]
    return [Line(), *(Line(((row, "quiet"),)) for row in rows)] if rows else []
