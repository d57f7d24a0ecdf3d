"""The fields of an entry made by hand, shown below the line while it is typed."""

from __future__ import annotations

from datetime import datetime, tzinfo

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.manual import ManualEntry, source_of
from smm_inbox.domain.ways import phone_shown
from smm_inbox.locale import tr
from smm_inbox.services.manual_words import source_word

from .. import format as fmt
from ..layout import retype
from ..widgets.painted import Line

ROWS = 8
_TITLE = 12


def in_layout(line: str) -> str:
    """The line as it was meant: one that names a source only in the other layout is typed anew."""
    first = line.split(" ", 1)[0]
    other = retype(line)
    if source_of(first) is None and source_of(other.split(" ", 1)[0]) is not None:
        return other
    return line


def field_lines(entry: ManualEntry, now: datetime, zone: tzinfo, *, anew: bool) -> list[Line]:
    """One line a field; what was not said is a dash. ``anew``: the layout was put right."""
    source = source_word(entry.source)
    if entry.kind is Kind.REVIEW:
        source += f" · {tr('everybody reads it')}"
    if anew:
        source += f" · {tr('typed in the other layout')}"
    contact = ", ".join(filter(None, (entry.phone and phone_shown(entry.phone), entry.email)))
    due = fmt.moment(entry.due_at, now, zone) if entry.due_at else tr("by the usual limits")
    rows = (
        (tr("Source"), source),
        (tr("Name"), entry.name),
        (tr("Contact"), contact),
        (tr("Rating"), f"{entry.stars} {entry.rating}" if entry.rating else ""),
        (tr("Words"), entry.text),
        (tr("Answer by"), due),
        (tr("Link"), entry.link),
    )
    return [
        Line(
            (
                (f" {title:<{_TITLE}}", "quiet"),
                (value or fmt.UNKNOWN, "plain" if value else "quiet"),
            )
        )
        for title, value in rows
    ]
