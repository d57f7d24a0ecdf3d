"""``add``: what reached the business outside the networks, one line or a whole table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from smm_inbox.config.reasons import why
from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.manual import ManualEntry
from smm_inbox.domain.manual_table import MAX_BYTES, BrokenRow
from smm_inbox.domain.ways import phone_shown
from smm_inbox.locale import ntr, tr
from smm_inbox.services.manual import EntryRefused
from smm_inbox.services.manual_words import reason, source_word

from .exits import Exit, UsageError
from .output import say, say_json

if TYPE_CHECKING:
    from smm_inbox.services.container import Services

_MOST_TOLD = 50
"""Broken rows that are told one by one to a person."""


@dataclass(frozen=True, slots=True)
class AddWishes:
    """Options of the command."""

    skip_broken: bool
    dry_run: bool
    as_json: bool


async def add_line(services: Services, line: str, wishes: AddWishes) -> Exit:
    """Write one line down and say how it was understood."""
    manual = services.manual
    entry = manual.parse(line)
    if entry.empty:
        raise UsageError(tr("There is nothing to write down yet: who, and what about?"))
    number = None if wishes.dry_run else await manual.add(entry)
    if wishes.as_json:
        say_json({"conversation": number, **_fields(entry)})
        return Exit.FINE
    for title, value in _shown(entry, services.settings.hours.zone):
        if value:
            say(f"{title}: {value}")
    say(_told(number))
    return Exit.FINE


def _told(number: ConversationId | None) -> str:
    if number is None:
        return tr("Nothing was written down: this was a trial.")
    return tr("Written down as conversation {number}.").format(number=number)


def _fields(entry: ManualEntry) -> dict[str, object]:
    return {
        "kind": entry.kind,
        "source": entry.source,
        "name": entry.name or None,
        "phone": entry.phone or None,
        "email": entry.email or None,
        "rating": entry.rating,
        "text": entry.text or None,
        "due_at": None if entry.due_at is None else entry.due_at.isoformat(),
        "link": entry.link or None,
    }


def _shown(entry: ManualEntry, zone: tzinfo) -> tuple[tuple[str, str], ...]:
    due = "" if entry.due_at is None else f"{entry.due_at.astimezone(zone):%d.%m.%Y %H:%M}"
    contact = ", ".join(filter(None, (entry.phone and phone_shown(entry.phone), entry.email)))
    return (
        (tr("Source"), source_word(entry.source)),
        (tr("Name"), entry.name),
        (tr("Contact"), contact),
        (tr("Rating"), entry.stars),
        (tr("Words"), entry.text),
        (tr("Answer by"), due),
        (tr("Link"), entry.link),
    )


def read_file(name: str) -> bytes:
    """The bytes of the table.

    Raises:
        UsageError: it cannot be read or is too large.
    """
    path = Path(name).expanduser()
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(
            tr("The file {file} cannot be read ({reason}).").format(file=path, reason=why(error))
        ) from None
    if len(raw) > MAX_BYTES:
        raise UsageError(tr("The file {file} is too large for one table.").format(file=path))
    return raw


async def add_table(services: Services, raw: bytes, wishes: AddWishes) -> Exit:
    """Import a table: everything, exactly the rows that are whole, or nothing."""
    try:
        table = services.manual.read_table(raw)
    except EntryRefused as error:
        raise UsageError(error.sentence) from None
    refused = bool(table.broken) and not wishes.skip_broken
    added = known = 0
    if not refused and not wishes.dry_run:
        done = await services.manual.add_all(table.entries)
        added, known = done.added, done.known
    if wishes.as_json:
        say_json(
            {
                "ok": not refused,
                "rows": len(table.entries),
                "added": added,
                "known": known,
                "broken": [{"row": one.number, "reason": reason(one)} for one in table.broken],
            }
        )
    else:
        _tell_broken(table.broken)
        say(_summary(len(table.entries), added, known, refused=refused, trial=wishes.dry_run))
    return Exit.USAGE if refused else Exit.FINE


def _tell_broken(broken: tuple[BrokenRow, ...]) -> None:
    for one in broken[:_MOST_TOLD]:
        say(tr("Row {number}: {reason}.").format(number=one.number, reason=reason(one)))
    if (left := len(broken) - _MOST_TOLD) > 0:
        say(tr("… {count} more").format(count=left))


def _summary(rows: int, added: int, known: int, *, refused: bool, trial: bool) -> str:
    if refused:
        return tr(
            "Nothing was imported: put these rows right, or import the others with --skip-broken."
        )
    if trial:
        words = ntr("{count} row can be imported.", "{count} rows can be imported.", rows)
        return f"{words.format(count=rows)} {tr('Nothing was written down: this was a trial.')}"
    words = ntr("{count} row imported.", "{count} rows imported.", added).format(count=added)
    if known:
        same = ntr("{count} was there already.", "{count} were there already.", known)
        words = f"{words} {same.format(count=known)}"
    return words
