"""How far a mailbox has been read: per folder, as the opaque text that is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from smm_inbox.domain.ids import Cursor


@dataclass(frozen=True, slots=True)
class Mark:
    """How far one folder has been read."""

    uidvalidity: int
    next_uid: int
    """Everything below was taken."""
    first: bool = False
    """The first reading is not over: letters older than the backfill are left out."""
    modseq: int | None = None
    """State of the folder when it was last looked at; ``None`` where the server counts none."""
    newest: int = 0
    """When the newest letter taken arrived, Unix time: where to go on after a renumbering."""


@dataclass(frozen=True, slots=True)
class Position:
    """A cursor, unpacked."""

    marks: Mapping[str, Mark] = field(default_factory=dict)

    def of(self, folder: str) -> Mark | None:
        """The mark of a folder."""
        return self.marks.get(folder)

    def moved(self, folder: str, mark: Mark) -> Position:
        """The position with one folder read further."""
        return replace(self, marks={**self.marks, folder: mark})

    def dump(self) -> Cursor:
        """The position as text."""
        rows = {
            name: [
                mark.uidvalidity,
                mark.next_uid,
                int(mark.first),
                mark.modseq,
                mark.newest,
            ]
            for name, mark in sorted(self.marks.items())
        }
        return Cursor(json.dumps({"f": rows}, separators=(",", ":"), ensure_ascii=False))


def load(cursor: Cursor | None) -> Position | None:
    """The position behind a stored cursor; ``None`` when there is none that can be used."""
    if not cursor:
        return None
    try:
        stored = json.loads(cursor)
    except (ValueError, RecursionError):
        return None
    rows = stored.get("f") if isinstance(stored, dict) else None
    if not isinstance(rows, dict):
        return None
    marks = {name: mark for name, row in rows.items() if (mark := _mark(row)) is not None}
    return Position(marks)


def _mark(row: object) -> Mark | None:
    match row:
        case [int(validity), int(next_uid), int(first), (int() | None) as modseq, int(newest)]:
            return Mark(validity, next_uid, bool(first), modseq, newest)
        case _:
            return None
