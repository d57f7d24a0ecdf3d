"""The tree of a letter by byte offsets: as large as the letter has parts, not bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_DEPTH = 100
"""Deeper parts are taken as one piece."""

_PARAM = re.compile(rb';\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))')
_FOLD = re.compile(rb"\r\n(?=[ \t])")


@dataclass(slots=True)
class Part:
    """A message or one of its parts: `raw[start:body]` is its head, `raw[body:end]` its body."""

    start: int
    body: int
    end: int
    headers: list[tuple[bytes, bytes]]
    kind: bytes = b"TEXT"
    subkind: bytes = b"PLAIN"
    params: dict[bytes, bytes] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    """Children of a multipart; the one message inside a message/rfc822."""

    @property
    def multipart(self) -> bool:
        """Whether it is a container that could be taken apart."""
        return self.kind == b"MULTIPART" and bool(self.parts)

    @property
    def message(self) -> bool:
        """Whether it is a whole letter inside this one."""
        return self.kind == b"MESSAGE" and bool(self.parts)

    def header(self, name: bytes) -> bytes | None:
        """The first header of that name, unfolded."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


def parse(raw: bytes) -> Part:
    """Take a letter with CRLF line ends apart."""
    return _part(raw, 0, len(raw), 0, b"TEXT/PLAIN")


def parameters(value: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """A structured header: its word and its parameters."""
    word = value.split(b";", 1)[0].strip()
    found: dict[bytes, bytes] = {}
    for match in _PARAM.finditer(value):
        quoted = match[2]
        text = re.sub(rb"\\(.)", rb"\1", quoted) if quoted is not None else match[3]
        found.setdefault(match[1].lower(), text)
    return word, found


def _part(raw: bytes, start: int, end: int, depth: int, default: bytes) -> Part:
    headers, body = _headers(raw, start, end)
    part = Part(start, body, end, headers)
    word, params = parameters(part.header(b"Content-Type") or default)
    kind, _, subkind = word.upper().partition(b"/")
    if kind and subkind:
        part.kind, part.subkind, part.params = kind, subkind, params
    if depth >= MAX_DEPTH:
        return part
    if part.kind == b"MULTIPART" and params.get(b"boundary"):
        inner = b"MESSAGE/RFC822" if part.subkind == b"DIGEST" else b"TEXT/PLAIN"
        part.parts = [
            _part(raw, low, high, depth + 1, inner)
            for low, high in _between(raw, body, end, params[b"boundary"])
        ]
    elif part.kind == b"MESSAGE" and part.subkind == b"RFC822":
        part.parts = [_part(raw, body, end, depth + 1, b"TEXT/PLAIN")]
    return part


def _headers(raw: bytes, start: int, end: int) -> tuple[list[tuple[bytes, bytes]], int]:
    if raw.startswith(b"\r\n", start):
        return [], min(start + 2, end)
    stop = raw.find(b"\r\n\r\n", start, end)
    body = end if stop < 0 else stop + 4
    head = raw[start : end if stop < 0 else stop]
    found: list[tuple[bytes, bytes]] = []
    for line in _FOLD.sub(b"", head).split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if colon and name and b" " not in name.strip():
            found.append((name.strip(), value.strip()))
    return found, body


def _between(raw: bytes, body: int, end: int, boundary: bytes) -> list[tuple[int, int]]:
    """Start and end of each piece between the boundary lines."""
    mark = b"--" + boundary
    pieces: list[tuple[int, int]] = []
    opened: int | None = None
    at = body if raw.startswith(mark, body, end) else _next(raw, mark, body, end)
    while at >= 0:
        after = at + len(mark)
        line_end = raw.find(b"\r\n", after, end)
        rest = raw[after : end if line_end < 0 else line_end]
        last = rest.startswith(b"--")
        if last or not rest.strip():
            if opened is not None:
                pieces.append((opened, max(opened, at - 2)))
            opened = None if last or line_end < 0 else line_end + 2
            if last:
                break
        at = _next(raw, mark, after, end)
    if opened is not None:
        pieces.append((opened, end))
    return pieces


def _next(raw: bytes, mark: bytes, start: int, end: int) -> int:
    found = raw.find(b"\r\n" + mark, max(start - 2, 0), end)
    return found + 2 if found >= 0 else -1
