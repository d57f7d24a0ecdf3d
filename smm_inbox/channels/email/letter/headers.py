"""Cut a letter's head into headers without trusting its size or shape."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import mktime_tz, parsedate_tz

from smm_inbox.domain.text import SafeText, clean_line

from .words import decode_words

MOST_HEADERS = 2000
_MOST_LINES = 50_000
LONGEST_HEADER = 64 * 1024
_NAME = re.compile(rb"[\x21-\x39\x3b-\x7e]{1,100}[ \t]*:")
_MESSAGE_ID = re.compile(r"<([^<>\s\x00-\x1f]{1,900})>")
_BARE_ID = re.compile(r"[^<>\s,;\x00-\x1f]{1,400}@[^<>\s,;\x00-\x1f]{1,400}")
_MONTHS = {
    "янв": "Jan", "фев": "Feb", "мар": "Mar", "апр": "Apr", "май": "May", "мая": "May",
    "июн": "Jun", "июл": "Jul", "авг": "Aug", "сен": "Sep", "окт": "Oct", "ноя": "Nov",
    "дек": "Dec",
}  # fmt: skip
_RUSSIAN_MONTH = re.compile(r"\b([а-я]{3})[а-я]*\.?", re.IGNORECASE)
_WEEKDAY = re.compile(r"^\s*[^\W\d]{2,12}\.?,?\s+(?=\d)")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?")


@dataclass(frozen=True, slots=True)
class Head:
    """The headers of a letter or part: lower-case names, unfolded raw values, in their order."""

    items: tuple[tuple[str, bytes], ...] = ()
    hint: str = field(default="")
    """Charset assumed for bare 8-bit header text."""

    def raw(self, name: str) -> bytes:
        """Value of the first header ``name`` (lower case), or nothing."""
        return next((value for key, value in self.items if key == name), b"")

    def all(self, name: str) -> list[bytes]:
        """Values of every header ``name``, in order."""
        return [value for key, value in self.items if key == name]

    def has(self, name: str) -> bool:
        """Whether there is a header ``name`` at all, be it empty."""
        return any(key == name for key, _ in self.items)

    def text(self, name: str, limit: int = 300) -> SafeText:
        """Decoded value on one line, safe to show."""
        return clean_line(decode_words(self.raw(name), self.hint), limit=limit)

    def word(self, name: str) -> str:
        """Value as lower-case ASCII, for headers that hold a keyword."""
        return self.raw(name)[:500].decode("ascii", "ignore").strip().lower()


def read_head(raw: bytes, start: int = 0, end: int | None = None) -> tuple[Head, int]:
    """Read headers from ``start``; return them and where the body begins.

    Looks at 50 000 lines and keeps 64 KiB of a header and 2 000 headers at most, whatever comes.
    """
    stop = len(raw) if end is None else end
    items: list[tuple[str, bytes]] = []
    pieces: list[bytes] = []
    name = ""
    size = 0
    at = start
    for _ in range(_MOST_LINES):
        if at >= stop:
            break
        newline = raw.find(b"\n", at, stop)
        after = stop if newline < 0 else newline + 1
        line = raw[at : min(after, at + LONGEST_HEADER)].rstrip(b"\r\n")
        if not line:
            at = after
            break
        if line[:1] in b" \t" and name:
            size += len(line)
            if size <= LONGEST_HEADER:
                pieces.append(line)
        elif match := _NAME.match(line):
            if name and len(items) < MOST_HEADERS:
                items.append((name, _join(pieces)))
            name = match[0][:-1].strip().decode("ascii").lower()
            pieces = [line[match.end() :]]
            size = len(line)
        elif not name and not _is_envelope(line):
            break  # no headers at all: everything is the body
        at = after
    else:
        at = _behind_blank_line(raw, at, stop)
    if name and len(items) < MOST_HEADERS:
        items.append((name, _join(pieces)))
    return Head(tuple(items)), at


def _behind_blank_line(raw: bytes, at: int, stop: int) -> int:
    """Where the body begins when the head is too long to be read."""
    ends = [
        found + len(mark)
        for mark in (b"\n\r\n", b"\n\n")
        if (found := raw.find(mark, at, stop)) >= 0
    ]
    return min(ends, default=stop)


def _is_envelope(line: bytes) -> bool:
    return line.startswith((b"From ", b">From ")) or not line.strip()


def _join(pieces: list[bytes]) -> bytes:
    return b"".join(pieces).replace(b"\r", b"").strip()


def message_ids(raw: bytes) -> tuple[str, ...]:
    """Message-IDs in a header, with angle brackets, in order, without repetitions.

    Encoded and bare ones are understood; a broken References loses only its broken entries.
    """
    text = decode_words(raw[:LONGEST_HEADER])
    found = [f"<{match}>" for match in _MESSAGE_ID.findall(text)]
    if not found:
        found = [f"<{match}>" for match in _BARE_ID.findall(text)]
    safe = (item for item in found if item.isprintable())
    return tuple(dict.fromkeys(safe))


def sent_time(head: Head, arrived: datetime | None) -> datetime | None:
    """When the letter was sent: ``Date``, else the last hop, else ``arrived``.

    A date more than a day later than ``arrived`` is a wrong clock and not believed.
    """
    stamps = [head.raw("date").decode("utf-8", "replace")]
    stamps += [
        value.decode("utf-8", "replace").rpartition(";")[2] for value in head.all("received")[:1]
    ]
    for stamp in stamps:
        moment = _moment(stamp[:120])
        if moment is None or moment.year < 1990:
            continue
        if arrived is not None and moment > arrived + timedelta(days=1):
            return arrived
        return moment
    return arrived


def _moment(text: str) -> datetime | None:
    text = text.strip()
    if match := _ISO_DATE.match(text):
        moment = datetime.fromisoformat(match[0])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    if not text.isascii():
        text = _WEEKDAY.sub("", text)
        text = _RUSSIAN_MONTH.sub(lambda m: _MONTHS.get(m[1].lower(), m[0]), text)
    try:
        parsed = parsedate_tz(text)
        if parsed is None or not (1 <= parsed[2] <= 31 and parsed[3] < 24 and parsed[4] < 60):
            return None
        return datetime.fromtimestamp(mktime_tz(parsed), UTC)
    except (ValueError, OverflowError, IndexError, TypeError, OSError):
        return None
