"""Read Content-Type and Content-Disposition with their parameters, RFC 2231 ones included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote_to_bytes

from smm_inbox.domain.text import SafeText, clean_line

from .charset import decode
from .words import decode_words

_PARAMETER = re.compile(
    rb";[ \t\r\n]*([^\s;=\"]{1,80})[ \t\r\n]*=[ \t\r\n]*"
    rb'("(?:[^"\\]|\\.){0,8000}"?|[^;]{0,8000})',
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,80}")
_MOST_PARAMETERS = 100

_UNSAFE_NAME = re.compile(r'[/\\:*?"<>|\x00-\x1f]+')
_LONGEST_NAME = 120
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def split_value(raw: bytes) -> tuple[str, Mapping[str, bytes]]:
    """Split a header into its value (lower case) and its raw parameters."""
    value, _, _ = raw.partition(b";")
    parameters: dict[str, bytes] = {}
    for number, match in enumerate(_PARAMETER.finditer(raw)):
        if number >= _MOST_PARAMETERS:
            break
        name = match[1].decode("ascii", "ignore").lower()
        parameters.setdefault(name, _bare(match[2]))
    return value.decode("ascii", "ignore").strip().lower(), parameters


def content_type(value: str) -> str:
    """A well-formed content type; letters without one, or with a broken one, are plain text."""
    if value in {"", "text"}:
        return "text/plain"
    return value if _TYPE.fullmatch(value) else "application/octet-stream"


def _bare(raw: bytes) -> bytes:
    raw = raw.strip()
    if raw.startswith(b'"'):
        raw = raw[1:].removesuffix(b'"')
        return _ESCAPE.sub(rb"\1", raw)
    return raw


def text_parameter(parameters: Mapping[str, bytes], name: str, hint: str = "") -> str:
    """Decode a parameter: RFC 2231 with continuations first, else encoded words or bare text."""
    extended = _extended(parameters, name)
    if extended is not None:
        return extended
    raw = parameters.get(name)
    return "" if raw is None else decode_words(raw, hint)


def _extended(parameters: Mapping[str, bytes], name: str) -> str | None:
    sections: list[tuple[int, bool, bytes]] = []
    for key, raw in parameters.items():
        match = _SECTION.fullmatch(key)
        if match is None or match[1] != name or (match[2] is None and match[3] is None):
            continue
        sections.append((int(match[2] or 0), match[3] is not None, raw))
    if not sections:
        return None
    sections.sort(key=lambda section: section[0])
    label = ""
    pieces: list[bytes] = []
    for place, (_, encoded, raw) in enumerate(sections):
        piece = raw
        if encoded:
            if place == 0 and raw.count(b"'") >= 2:
                charset, _, piece = raw.split(b"'", 2)
                label = charset.decode("ascii", "ignore")
            piece = unquote_to_bytes(piece)
        pieces.append(piece)
    whole = b"".join(pieces)
    if b"=?" in whole and not label:
        return decode_words(whole)  # continuations of an encoded word: Outlook does that
    return decode(whole, label)


def file_name(candidates: Iterable[str]) -> SafeText:
    """First usable candidate as a name that is safe to show and to save under.

    No folders, no control or shell characters, no leading dots, at most 120 characters with the
    ending kept.
    """
    for candidate in candidates:
        name = safe_name(candidate)
        if name:
            return name
    return SafeText("")


def safe_name(raw: str) -> SafeText:
    """Make ``raw`` a file name; empty when nothing usable remains."""
    name = clean_line(raw, limit=1000)
    if re.match(r"[A-Za-z]:\\", name) or name.startswith("\\\\"):
        name = SafeText(name.rpartition("\\")[2])  # some programs send the sender's whole path
    name = SafeText(_UNSAFE_NAME.sub("_", name).strip(" ").lstrip(". ").rstrip(". "))
    if name.strip("_") == "":
        return SafeText("")
    if _RESERVED.fullmatch(name):
        name = SafeText("_" + name)
    if len(name) > _LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        if dot and len(ending) <= 10:
            name = SafeText(stem[: _LONGEST_NAME - len(ending) - 2] + "…." + ending)
        else:
            name = SafeText(name[: _LONGEST_NAME - 1] + "…")
    return name
