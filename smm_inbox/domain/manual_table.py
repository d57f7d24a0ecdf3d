"""Reviews and leads out of a table: every broken row is named by its number."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import TypeVar

from .due import due_at_end
from .hours import BusinessHours
from .manual import ManualEntry, Source, rating_of, source_of, source_of_link
from .text import SafeText, clean, clean_line, fold
from .ways import WayKind, find_ways, phone_number

MAX_BYTES = 32 * 2**20
_NAMES = {
    "source": "source источник откуда площадка",
    "name": "name имя автор клиент фио author customer",
    "phone": "phone телефон тел",
    "email": "email e-mail почта",
    "rating": "rating оценка звезды stars балл",
    "text": "text текст отзыв сообщение комментарий review comment message",
    "date": "date дата когда",
    "due": "due срок deadline",
    "link": "link ссылка url",
    "id": "id",
}
_COLUMNS = {fold(word): column for column, words in _NAMES.items() for word in words.split()}
_DELIMITERS = (",", ";", "\t")
_DATES = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d.%m.%y", "%d.%m.%y %H:%M")
T = TypeVar("T")


class Problem(StrEnum):
    """What is wrong with a row or with the whole file."""

    NO_TABLE = "no table"
    ENCODING = "encoding"
    NO_COLUMNS = "no columns"
    SAME_COLUMNS = "same columns"
    QUOTES = "quotes"
    CELLS = "cells"
    LINK = "link"
    SOURCE = "source"
    PHONE = "phone"
    EMAIL = "email"
    RATING = "rating"
    DUE = "due"
    DATE = "date"
    FUTURE = "future"
    EMPTY = "empty"


class TableRefused(Exception):
    """The file cannot be read as a table at all."""

    def __init__(self, problem: Problem, *, row: int = 0, column: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.row = row
        self.column = column


class _Broken(Exception):
    """A row cannot be taken as it is."""

    def __init__(self, problem: Problem, cell: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.cell = clean_line(cell, limit=40)


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that cannot be taken, and why."""

    number: int
    """As a spreadsheet counts: the line of column names is 1."""
    problem: Problem
    cell: SafeText = SafeText("")
    """What stands where something else is expected."""


@dataclass(frozen=True, slots=True)
class ManualTable:
    """What a file holds."""

    entries: tuple[tuple[ManualEntry, str], ...]
    """Entries, each with a digest that is the same when the row is read again."""
    broken: tuple[BrokenRow, ...]


def read_table(raw: bytes, now: datetime, hours: BusinessHours) -> ManualTable:
    """Read a CSV file: UTF-8 or Windows-1251, columns apart by comma, semicolon or tab.

    Raises ``TableRefused`` when it is no table, or where a row ends cannot be told.
    """
    text = _decoded(raw)
    delimiter, rows = _layout(text)
    entries: list[tuple[ManualEntry, str]] = []
    broken: list[BrokenRow] = []
    names: list[str] = []
    for number, cells in _records(rows, delimiter):
        if not names:
            names = [_COLUMNS.get(_folded(cell), "") for cell in cells]
        elif any(cell.strip() for cell in cells):
            try:
                row = _named(names, cells)
                entry = _entry(row, now, hours)
            except _Broken as error:
                broken.append(BrokenRow(number, error.problem, error.cell))
            else:
                entries.append((entry, _digest(entry, row.get("id", ""))))
    return ManualTable(tuple(entries), tuple(broken))


def _decoded(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tries = ["utf-16"]
    else:
        tries = ["utf-8-sig", "cp1251"]
    if raw.startswith(b"PK\x03\x04") or (b"\0" in raw and tries[0] != "utf-16"):
        raise TableRefused(Problem.NO_TABLE)
    for encoding in tries:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableRefused(Problem.ENCODING)


def _layout(text: str) -> tuple[str, str]:
    """The delimiter the column names are apart by, and the table."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        text, first = rest, rest.partition("\n")[0]  # Excel's own line
    known = {
        delimiter: [_COLUMNS.get(_folded(cell), "") for cell in cells]
        for delimiter in _DELIMITERS
        for cells in [_cells(first, delimiter)]
    }
    best = max(_DELIMITERS, key=lambda one: sum(1 for name in known[one] if name))
    names = [name for name in known[best] if name]
    if not {"text", "phone", "rating", "name"}.intersection(names):
        raise TableRefused(Problem.NO_COLUMNS)
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise TableRefused(Problem.SAME_COLUMNS, column=twice)
    return best, text


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _folded(cell: str) -> str:
    return fold(clean_line(cell).strip("'\" :."))


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers, as a spreadsheet counts them."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_BYTES))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise TableRefused(Problem.QUOTES, row=number) from None
        yield number, cells


def _named(names: list[str], cells: list[str]) -> dict[str, str]:
    if any(cell.strip() for cell in cells[len(names) :]):
        raise _Broken(Problem.CELLS)
    return {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}


def _entry(row: Mapping[str, str], now: datetime, hours: BusinessHours) -> ManualEntry:
    def read(column: str, how: Callable[[str], T | None], why: Problem) -> T | None:
        cell = row.get(column, "")
        found = how(cell) if cell else None
        if cell and found is None:
            raise _Broken(why, cell)
        return found

    link = read("link", partial(_way, WayKind.LINK), Problem.LINK) or ""
    source = read("source", source_of, Problem.SOURCE)
    entry = ManualEntry(
        source=source or source_of_link(link) or Source.OTHER,
        name=clean_line(row.get("name", ""), limit=120),
        phone=read("phone", phone_number, Problem.PHONE) or "",
        email=SafeText(read("email", partial(_way, WayKind.EMAIL), Problem.EMAIL) or ""),
        rating=read("rating", _rating, Problem.RATING),
        text=SafeText(clean(row.get("text", "")).strip()),
        due_at=read("due", lambda cell: _due(cell, now, hours), Problem.DUE),
        link=SafeText(link),
        written_at=read("date", lambda cell: _moment(cell, hours), Problem.DATE),
    )
    if entry.empty:
        raise _Broken(Problem.EMPTY)
    if entry.written_at is not None and entry.written_at > now + timedelta(days=1):
        raise _Broken(Problem.FUTURE)
    return entry


def _way(kind: WayKind, cell: str) -> str | None:
    found = [way for way in find_ways(cell) if way.kind is kind]
    whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(cell))
    return found[0].shown if whole else None


def _rating(cell: str) -> int | None:
    return rating_of(cell.removesuffix(".0").removesuffix(",0"))


def _moment(cell: str, hours: BusinessHours) -> datetime | None:
    try:
        found = datetime.fromisoformat(cell)
    except ValueError:
        found = None
    for shape in () if found else _DATES:
        try:
            found = datetime.strptime(cell, shape).replace(tzinfo=hours.zone)
        except ValueError:
            continue
        break
    if found is None:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=hours.zone)
    try:
        return aware.astimezone(UTC)
    except OverflowError:  # the year 1 in a zone east of Greenwich
        return None


def _due(cell: str, now: datetime, hours: BusinessHours) -> datetime | None:
    if (moment := _moment(cell, hours)) is not None:
        return moment
    for phrase in (cell, f"до {cell}"):
        found = due_at_end(phrase, now, hours)
        if found is not None and found.start == 0:
            return found.at.astimezone(UTC)
    return None


def _digest(entry: ManualEntry, number: str) -> str:
    """The same for the same row of a later file: its own id, otherwise everything it says."""
    said = (
        (str(entry.source), "id", fold(number))
        if number
        else (
            str(entry.source),
            fold(entry.name),
            entry.phone,
            fold(entry.email),
            str(entry.rating or ""),
            fold(entry.text),
            entry.link,
            "" if entry.written_at is None else entry.written_at.isoformat(),
        )
    )
    return hashlib.sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()
