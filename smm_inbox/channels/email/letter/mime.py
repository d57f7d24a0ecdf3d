"""Take a whole letter apart without copying it: where each part begins, ends and what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from smm_inbox.domain.text import SafeText, clean_line

from .headers import Head, message_ids, read_head
from .model import Container, PartBody, PartInfo
from .params import content_type, file_name, split_value, text_parameter

MOST_PARTS = 10_000
DEEPEST = 24
LONGEST_TEXT = 1024 * 1024
"""Bytes of a text part that are read; the rest of a longer one is not shown."""
_SCAN_BUDGET = 192 * 1024 * 1024
# Every level of nesting looks at its content once: hostile nesting of a huge letter ends here.
_GUESS = re.compile(rb"\A\s*--([^\r\n]{1,200}?)[ \t]*\r?\n")
_LONGEST_BOUNDARY = 300
_LONGEST_TAIL = 200
# White space allowed behind a boundary.
_OLD_MAC = 8 * 1024 * 1024
# Up to this size a letter whose lines end with a bare CR is understood.


@dataclass(slots=True)
class _Budget:
    parts: int = MOST_PARTS
    scan: int = _SCAN_BUDGET


@dataclass(slots=True)
class Anatomy:
    """A whole letter taken apart."""

    raw: bytes
    head: Head
    parts: list[PartInfo] = field(default_factory=list)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Part number to where its content stands in ``raw``."""

    def body(self, number: str) -> PartBody:
        """Content of a part, cut at 1 MiB."""
        start, end = self.places[number]
        return PartBody(number, self.raw[start : min(end, start + LONGEST_TEXT)])


def with_newlines(raw: bytes) -> bytes:
    """Give lines that end with a bare CR, as very old programs write them, an end we know."""
    if len(raw) <= _OLD_MAC and raw.find(b"\n") < 0:
        return raw.replace(b"\r", b"\n")
    return raw


def take_apart(raw: bytes) -> Anatomy:
    """Find the parts of a letter; 10 000 of them and 24 levels at most, further ones are left."""
    raw = with_newlines(raw)
    head, start = read_head(raw)
    anatomy = Anatomy(raw, head)
    _descend(anatomy, head, start, len(raw), "", (), _Budget())
    return anatomy


def _descend(
    anatomy: Anatomy,
    head: Head,
    start: int,
    end: int,
    number: str,
    within: tuple[Container, ...],
    budget: _Budget,
) -> None:
    value, parameters = split_value(head.raw("content-type"))
    kind = content_type(value)
    if kind.startswith("multipart/") and len(within) < DEEPEST:
        boundary = parameters.get("boundary") or text_parameter(parameters, "boundary").encode()
        boundary = boundary.rstrip()[:_LONGEST_BOUNDARY]
        ranges = _split(anatomy.raw, boundary, start, end, budget)
        inside = (*within, Container(number, kind.partition("/")[2]))
        count = 0
        for count, (first, last) in enumerate(ranges, 1):
            child = f"{number}.{count}" if number else str(count)
            child_head, body = read_head(anatomy.raw, first, last)
            _descend(anatomy, child_head, body, last, child, inside, budget)
        if count:
            return
        kind = "text/plain"  # promised parts that are not there: show what is
    budget.parts -= 1
    place = number or "1"
    anatomy.places[place] = (start, end)
    anatomy.parts.append(_leaf(anatomy.raw, head, kind, start, end, place, within))


def _split(
    raw: bytes, boundary: bytes, start: int, end: int, budget: _Budget
) -> Iterator[tuple[int, int]]:
    """Yield where the parts between ``boundary`` lines begin and end."""
    if budget.scan < end - start:
        return
    budget.scan -= end - start
    if not boundary or raw.find(b"--" + boundary, start, end) < 0:
        guess = _GUESS.match(raw[start : min(end, start + 500)])
        if guess is None:
            return
        boundary = guess[1]
    opened = -1
    for line, after, closing in _boundary_lines(raw, b"--" + boundary, start, end):
        if opened >= 0:
            yield opened, _before_newline(raw, opened, line)
        opened = after
        if closing or budget.parts <= 0:
            return
    if opened >= 0 and opened < end:
        yield opened, end


def _boundary_lines(
    raw: bytes, marker: bytes, start: int, end: int
) -> Iterator[tuple[int, int, bool]]:
    at = start
    while (at := raw.find(marker, at, end)) >= 0:
        behind = at + len(marker)
        if at == start or raw[at - 1 : at] == b"\n":
            tail = raw[behind : min(end, behind + _LONGEST_TAIL)]
            rest, newline, _ = tail.partition(b"\n")
            word = rest.strip()
            # A longer boundary that begins with this one belongs to another multipart.
            if word in {b"", b"--"} and (newline or len(tail) < _LONGEST_TAIL):
                behind += len(rest) + len(newline)
                yield at, behind, word == b"--"
        at = behind


def _before_newline(raw: bytes, start: int, end: int) -> int:
    """The line break before a boundary belongs to the boundary."""
    if end > start and raw[end - 1 : end] == b"\n":
        end -= 1
    if end > start and raw[end - 1 : end] == b"\r":
        end -= 1
    return max(start, end)


def _leaf(
    raw: bytes,
    head: Head,
    kind: str,
    start: int,
    end: int,
    number: str,
    within: tuple[Container, ...],
) -> PartInfo:
    _, parameters = split_value(head.raw("content-type"))
    disposition, more = split_value(head.raw("content-disposition"))
    name = file_name((text_parameter(more, "filename"), text_parameter(parameters, "name")))
    inner = read_head(raw, start, end)[0] if kind == "message/rfc822" else Head()
    if not name:
        name = letter_name(inner.text("subject"))
    return PartInfo(
        number=number,
        type=kind,
        within=within,
        charset=text_parameter(parameters, "charset").strip()[:60],
        encoding=head.word("content-transfer-encoding").partition(";")[0].strip(),
        size=end - start,
        disposition=disposition,
        name=name,
        content_id=content_id(head.raw("content-id")),
        inner_id=next(iter(message_ids(inner.raw("message-id"))), ""),
        flowed=parameters.get("format", b"").lower() == b"flowed",
        delsp=parameters.get("delsp", b"").lower() == b"yes",
    )


def letter_name(subject: SafeText) -> SafeText:
    """File name of a letter that came as an attachment."""
    return file_name((f"{subject}.eml",)) if subject else SafeText("")


def content_id(raw: bytes) -> str:
    """Content-ID as it is referred to by ``cid:`` links."""
    return clean_line(raw.decode("utf-8", "replace"), limit=400).strip("<> ")
