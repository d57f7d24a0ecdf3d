"""Lines of a letter with what is known about each: how deep it is quoted, how it is marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

LONGEST_BODY = 150_000
"""Code points of a body that are looked at; the inbox keeps fewer."""
_QUOTE = re.compile(r"(?:> ?)+")
_INITIALS = re.compile(r"[ \t]{0,2}[A-Za-zА-Яа-яЁё]{1,4}(?:>+ ?)+")
_BLANKS = re.compile(r"\n{3,}")


class Mark(StrEnum):
    """What the sender's program said about a line (in HTML, by class or id)."""

    NONE = "none"
    QUOTE = "quote"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a body."""

    text: str
    """Without the quote prefix and without white space at the end."""
    depth: int = 0
    """How many times it is quoted."""
    mark: Mark = Mark.NONE
    prefix: str = ""
    """The quote prefix as it was written."""

    @property
    def blank(self) -> bool:
        """Nothing to see."""
        return not self.text

    @property
    def quoted(self) -> bool:
        """Surely somebody else's words."""
        return self.depth > 0 or self.mark is Mark.QUOTE

    @property
    def shown(self) -> str:
        """The line as it is shown."""
        return (self.prefix + self.text).rstrip()


def plain_lines(text: str) -> list[Line]:
    """Split a plain-text body; ``>`` and The Bat!'s ``ОП>`` prefixes become depth."""
    rows = text[:LONGEST_BODY].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    initials = _initials_quote(rows)
    return [_plain_line(row, initials) for row in rows]


def _initials_quote(rows: list[str]) -> bool:
    """One ``a>b`` is a comparison; two such lines, or one below an introduction, are a quote."""
    found = sum(1 for row in rows if _INITIALS.match(row))
    return found >= 2 or (found == 1 and any("писали" in row or "wrote" in row for row in rows))


def _plain_line(row: str, initials: bool) -> Line:
    match = _QUOTE.match(row)
    if match is None and initials:
        match = _INITIALS.match(row)
    if match is None:
        return Line(_trim(row))
    prefix = match[0]
    return Line(_trim(row[match.end() :]), max(1, prefix.count(">")), prefix=prefix)


def _trim(row: str) -> str:
    # "-- " is the one line whose trailing space means something.
    return row if row == "-- " else row.replace("\xa0", " ").rstrip()


def flowed_lines(text: str, delsp: bool) -> list[Line]:
    """Split a ``format=flowed`` body (RFC 3676): soft line breaks joined, stuffing taken out."""
    lines: list[Line] = []
    open_depth = -1
    for row in text[:LONGEST_BODY].replace("\r\n", "\n").split("\n"):
        depth = len(row) - len(row.lstrip(">"))
        content = row[depth:].removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        kept = content[:-1] if soft and delsp else content
        if open_depth == depth and content != "-- ":
            kept = lines.pop().text + kept
        # Trailing space stays until the line is whole: it parts the words joined.
        lines.append(Line(kept, depth, prefix=">" * depth + " " if depth else ""))
        open_depth = depth if soft else -1
    return [replace(line, text=_trim(line.text)) for line in lines]


def join_lines(lines: Iterable[Line]) -> str:
    """Put lines together again; never more than one empty line in a row."""
    text = "\n".join(line.shown.rstrip() for line in lines)
    return _BLANKS.sub("\n\n", text).strip("\n").rstrip()
