"""Messages laid out in lines: what is in view, what is selected, and where scrolling leads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, TypeAlias

from smm_inbox.domain.ids import MessageId
from smm_inbox.domain.note import Note, NoteId
from smm_inbox.domain.parts import InState

from .message_lines import MessageLook, is_live, message_lines
from .note_lines import note_lines
from .painted import Line

if TYPE_CHECKING:
    from smm_inbox.domain.feed import MessageRow

Entry: TypeAlias = "MessageRow | Note"
"""What stands in the column: a message, or a note between messages."""
EntryId = MessageId | tuple[str, NoteId]
Anchor = tuple[EntryId, int]
"""An entry and how many of its lines are above the view."""
_Key = tuple[Entry, int, bool, datetime]


def entry_id(entry: Entry) -> EntryId:
    """What tells an entry from every other: notes and messages are numbered apart."""
    return ("note", entry.id) if isinstance(entry, Note) else entry.id


def written_at(entry: Entry) -> datetime:
    """When it was written."""
    return entry.written_at if isinstance(entry, Note) else entry.sent_at


class MessageFlow:
    """A scrollable column of messages; knows lines and places, paints nothing."""

    def __init__(self, zone: tzinfo, keys: Callable[[str], str]) -> None:
        self.entries: tuple[Entry, ...] = ()
        self.selected: EntryId | None = None
        self.unfolded: set[EntryId] = set()
        """Entries shown in full one by one."""
        self.offset = 0
        self._zone = zone
        self._keys = keys
        self._height = 1
        self._lines: list[tuple[int, Line]] = []
        self._tops: list[int] = []
        self._cache: dict[EntryId, tuple[_Key, tuple[Line, ...]]] = {}

    # What is there

    @property
    def live(self) -> bool:
        """Whether some message changes with every second."""
        return any(_moves(entry) for entry in self.entries)

    @property
    def at_end(self) -> bool:
        """Whether the newest line is in view."""
        return self.offset >= self._last_offset

    @property
    def selected_message(self) -> MessageRow | None:
        """The selected message; ``None`` when a note is selected."""
        chosen = self._selected
        return None if isinstance(chosen, Note) else chosen

    @property
    def selected_note(self) -> Note | None:
        """The selected note."""
        chosen = self._selected
        return chosen if isinstance(chosen, Note) else None

    @property
    def _selected(self) -> Entry | None:
        return next((one for one in self.entries if entry_id(one) == self.selected), None)

    def visible(self) -> Sequence[tuple[Entry, Line]]:
        """Lines in view with the entries they belong to."""
        return [
            (self.entries[index], line)
            for index, line in self._lines[self.offset : self.offset + self._height]
        ]

    def anchor(self) -> Anchor | None:
        """The place at the top of the view, to come back to after a new layout."""
        if self.offset >= len(self._lines):
            return None
        index = self._lines[self.offset][0]
        return entry_id(self.entries[index]), self.offset - self._tops[index]

    # Layout

    def lay(
        self, entries: Sequence[Entry], size: tuple[int, int], opened: bool, now: datetime
    ) -> None:
        """Lay ``entries`` out in ``size`` (width, height); unchanged ones come from a cache."""
        width, height = size
        minute = now.replace(second=0, microsecond=0)
        self.entries, self._height = tuple(entries), max(1, height)
        lines: list[tuple[int, Line]] = []
        tops: list[int] = []
        for index, entry in enumerate(self.entries):
            tops.append(len(lines))
            moment = now if _moves(entry) else minute
            lines.extend((index, line) for line in self._entry(entry, width, opened, moment))
            lines.append((index, Line()))
        self._lines, self._tops = lines, tops
        self.offset = min(self.offset, self._last_offset)

    def forget(self) -> None:
        """Drop the cache: another conversation follows."""
        self._cache = {}
        self.selected = None
        self.unfolded.clear()
        self.offset = 0

    def _entry(self, entry: Entry, width: int, opened: bool, moment: datetime) -> tuple[Line, ...]:
        number = entry_id(entry)
        opened = opened or number in self.unfolded
        key: _Key = (entry, width, opened, moment)
        cached = self._cache.get(number)
        if cached is None or cached[0] != key:
            look = MessageLook(width, moment, self._zone, opened, self._keys)
            lines = (
                note_lines(entry, look) if isinstance(entry, Note) else message_lines(entry, look)
            )
            cached = (key, lines)
            self._cache[number] = cached
        return cached[1]

    # Places

    def open_place(self) -> None:
        """Scroll to the first awaiting message, or to the newest one when nobody waits."""
        first = next(
            (
                at
                for at, one in enumerate(self.entries)
                if not isinstance(one, Note) and one.state is InState.AWAITING
            ),
            None,
        )
        self.offset = self._last_offset
        if first is not None:
            self.offset = min(self.offset, self._tops[first])

    def return_to(self, anchor: Anchor | None) -> None:
        """Scroll to a place remembered before a new layout."""
        if anchor is not None:
            for index, entry in enumerate(self.entries):
                if entry_id(entry) == anchor[0]:
                    self.offset = min(self._tops[index] + anchor[1], self._bottom(index))
        self._clamp()

    def to_the_end(self) -> None:
        """Scroll to the newest line."""
        self.offset = self._last_offset

    def scroll(self, lines: int) -> bool:
        """Scroll by lines; tell whether the top was asked for and is reached."""
        self.offset += lines
        self._clamp()
        return lines < 0 and self.offset == 0

    def page(self, pages: int) -> bool:
        """Scroll by pages with two lines in common."""
        return self.scroll(pages * max(1, self._height - 2))

    def pick(self, line: int) -> bool:
        """Select the message on a visible line."""
        at = self.offset + line
        if line < 0 or line >= self._height or at >= len(self._lines):
            return False
        self.selected = entry_id(self.entries[self._lines[at][0]])
        return True

    def pick_end(self, last: bool) -> None:
        """Select and show the first or the last loaded message."""
        if self.entries:
            self.selected = entry_id(self.entries[-1 if last else 0])
            self.scroll(len(self._lines) if last else -len(self._lines))

    def step(self, step: int) -> bool:
        """Select the next message; a message higher than the view is scrolled first.

        Returns True when the first message was reached from below.
        """
        if not self.entries:
            return False
        at = self._selected_index()
        if at is None or not self._in_view(at):
            inside = [one for one in range(len(self.entries)) if self._in_view(one)]
            at = inside[0 if step > 0 else -1] if inside else len(self.entries) - 1
            self.selected = entry_id(self.entries[at])
            if not inside:
                self.reveal()
        elif self._sticks_out(at, step):
            self.scroll(step * max(1, self._height // 2))
            return False
        else:
            at = min(max(0, at + step), len(self.entries) - 1)
            self.selected = entry_id(self.entries[at])
            self.reveal(from_below=step < 0)
        return at == 0 and step < 0

    def reveal(self, *, from_below: bool = False) -> None:
        """Bring the selected message into view."""
        at = self._selected_index()
        if at is None:
            return
        top, bottom = self._tops[at], self._bottom(at)
        if top < self.offset:
            # Coming from below, a message higher than the view shows its end first.
            self.offset = max(top, bottom - self._height) if from_below else top
        elif bottom > self.offset + self._height:
            self.offset = min(top, bottom - self._height)
        self._clamp()

    # Inside

    @property
    def _last_offset(self) -> int:
        return max(0, len(self._lines) - self._height)

    def _clamp(self) -> None:
        self.offset = min(max(0, self.offset), self._last_offset)

    def _selected_index(self) -> int | None:
        return next(
            (at for at, one in enumerate(self.entries) if entry_id(one) == self.selected), None
        )

    def _bottom(self, index: int) -> int:
        """Line after the last one of a message, the blank line left out."""
        end = self._tops[index + 1] if index + 1 < len(self._tops) else len(self._lines)
        return end - 1

    def _in_view(self, index: int) -> bool:
        end = self.offset + self._height
        return self._tops[index] < end and self._bottom(index) > self.offset

    def _sticks_out(self, index: int, step: int) -> bool:
        if step > 0:
            return self._bottom(index) > self.offset + self._height
        return self._tops[index] < self.offset


def _moves(entry: Entry) -> bool:
    """Whether the entry changes with every second."""
    return not isinstance(entry, Note) and is_live(entry)
