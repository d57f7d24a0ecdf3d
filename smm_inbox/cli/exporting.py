"""``export``: all stored messages as JSON Lines or as a table for a spreadsheet."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from smm_inbox.config.reasons import why
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.text import clean
from smm_inbox.locale import tr

from .output import json_line, say_utf8

Row = Mapping[str, object]

COLUMNS = (
    "id",
    "account",
    "channel",
    "kind",
    "conversation",
    "thread",
    "direction",
    "remote_id",
    "author_remote_id",
    "author_name",
    "author_handle",
    "author_followers",
    "author_city",
    "author_url",
    "text",
    "sent_at",
    "edited",
    "deleted",
    "state",
    "automatic",
    "status",
    "tags",
    "attachments",
    "root_kind",
    "root_text",
    "root_url",
    "reply_to",
)
"""Columns of the table: fixed, so that a spreadsheet goes on working; new ones come last."""

_BYTE_ORDER_MARK = "\ufeff"
# Without it Excel takes UTF-8 for the code page of the machine.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_CHUNK = 500


def jsonl(row: Row) -> str:
    """One message as one line of JSON."""
    return json_line(dict(row)) + "\n"


class Table:
    """Turns messages into the lines of a table."""

    def __init__(self, delimiter: str = ",") -> None:
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer, delimiter=delimiter)

    @property
    def head(self) -> str:
        """The line of column names."""
        return _BYTE_ORDER_MARK + self._line(COLUMNS)

    def __call__(self, row: Row) -> str:
        """One message as one line of the table."""
        flat = dict(row)
        for group in ("author", "root"):
            inner = flat.pop(group, None)
            if isinstance(inner, Mapping):
                flat.update({f"{group}_{key}": value for key, value in inner.items()})
        return self._line(tuple(_cell(flat.get(column)) for column in COLUMNS))

    def _line(self, cells: tuple[str, ...]) -> str:
        self._writer.writerow(cells)
        line = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return line


def _cell(value: object) -> str:
    """A value as text that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        text = "; ".join(_words(item) for item in value)
    else:
        text = str(value)
    text = clean(text)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _words(item: object) -> str:
    if isinstance(item, Mapping):
        return " ".join(str(part) for part in item.values() if part)
    return str(item)


async def write(rows: AsyncIterator[Row], shape: Callable[[Row], str], head: str, to: str) -> int:
    """Write ``rows`` to the file ``to`` (``-``: standard output); return how many."""
    count = 0
    with opened(to) as put:
        pending = [head]
        async for row in rows:
            pending.append(shape(row))
            count += 1
            if len(pending) >= _CHUNK:
                put("".join(pending))
                pending.clear()
        put("".join(pending))
    return count


@contextmanager
def opened(to: str) -> Iterator[Callable[[str], None]]:
    """What writes into the file ``to`` (``-``: standard output): whole, private, or not at all.

    Raises ``InboxError`` with a sentence when it cannot be written.
    """
    if to == "-":
        yield say_utf8
        return
    target = Path(to).expanduser()
    try:
        if target.exists() and not target.is_file():  # a named pipe or /dev/stdout
            with target.open("w", encoding="utf-8", newline="") as file:
                yield lambda text: _ignore(file.write(text))
            return
        # Private from the first byte, and complete or absent: it holds customers' messages.
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with open(handle, "w", encoding="utf-8", newline="") as file:
                yield lambda text: _ignore(file.write(text))
            os.replace(name, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InboxError(
            tr("The file {file} cannot be written ({reason}).").format(
                file=target, reason=why(error)
            )
        ) from None


def _ignore(_: object) -> None:
    """Drop the number of characters that ``write`` returns."""
