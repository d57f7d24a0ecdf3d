"""Write headers, file names and flowed text so that they survive every server on the way."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from smm_inbox.domain.text import clean_line

from .letter.model import Address
from .letter.params import safe_name

_ATOM_TEXT = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_WORD_BYTES = 39
# "Subject: =?utf-8?B?" + 52 base64 letters + "?=" stays under the 76 characters of RFC 2047.
_SHORT_WORD_BYTES = 36
# For words that share their line with the name of a parameter.
_LONGEST_LINE = 76
_FLOW_WIDTH = 72
_CHUNK = 57 * 1024
_LONGEST_NAME = 200
_PARAMETER_PIECE = 52


def text_header(name: str, value: str) -> Iterator[str]:
    """Lines of an unstructured header; control characters and line breaks are gone."""
    text = clean_line(value, limit=_LONGEST_NAME + 100)
    if text.isascii() and "=?" not in text:
        yield from _fold(name, text.split(" "))
    else:
        yield from _fold(name, encoded_words(text))


def address_header(name: str, addresses: Iterable[Address]) -> Iterator[str]:
    """Lines of a header with mailboxes; names are quoted or encoded as they need."""
    tokens: list[str] = []
    for address in addresses:
        if tokens:
            tokens[-1] += ","
        tokens += _mailbox(address)
    yield from _fold(name, tokens)


def date_header(name: str, moment: datetime) -> Iterator[str]:
    """The line of a date header."""
    yield f"{name}: {format_datetime(moment)}"


def ids_header(name: str, ids: Sequence[str]) -> Iterator[str]:
    """Lines of a header with Message-IDs; each on a line of its own."""
    yield from _fold(name, ids)


def _mailbox(address: Address) -> list[str]:
    where = f"<{ascii_address(address.address)}>"
    name = clean_line(address.name, limit=_LONGEST_NAME)
    if not name:
        return [where]
    if not name.isascii() or "=?" in name:
        return [*encoded_words(name), where]
    if _ATOM_TEXT.fullmatch(name):
        return [*name.split(" "), where]
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return [f'"{escaped}"', where]


def ascii_address(address: str) -> str:
    """The address with a Cyrillic domain in its ASCII form; a name part stays as it is.

    Raises ``ValueError`` for an address that cannot be written in ASCII.
    """
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise ValueError("the name part of the address is not ASCII")
    if not domain.isascii():
        domain = domain.encode("idna").decode("ascii")
    return f"{local}@{domain}"


def encoded_words(text: str, longest: int = _WORD_BYTES) -> list[str]:
    """RFC 2047 words of at most 75 characters, never cut inside a character.

    ``longest`` is the number of bytes one word carries.
    """
    words: list[str] = []
    chunk = b""
    for char in text:
        raw = char.encode("utf-8")
        if len(chunk) + len(raw) > longest:
            words.append(_word(chunk))
            chunk = b""
        chunk += raw
    if chunk or not words:
        words.append(_word(chunk))
    return words


def _word(chunk: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(chunk).decode('ascii')}?="


def _fold(name: str, tokens: Sequence[str]) -> Iterator[str]:
    line = f"{name}:"
    for token in tokens:
        if not token:
            continue
        if len(line) + 1 + len(token) > _LONGEST_LINE and line.strip() != f"{name}:":
            yield line
            line = ""
        line += " " + token
    yield line


def file_parameters(name: str) -> tuple[str, str]:
    """Parameters of a file name: ``name=`` for old programs and ``filename=`` as RFC 2231 has it.

    Both are already folded and pure ASCII.
    """
    shown = safe_name(name) or "file"
    if shown.isascii():
        quoted = shown.replace("\\", "_").replace('"', "_")
        return f'name="{quoted}"', f'filename="{quoted}"'
    legacy = "\r\n ".join(encoded_words(shown, _SHORT_WORD_BYTES))
    return f'name="{legacy}"', _extended("filename", shown)


def _extended(name: str, value: str) -> str:
    pieces: list[str] = []
    current = ""
    for char in value:
        encoded = quote(char, safe="")
        if len(current) + len(encoded) > _PARAMETER_PIECE:
            pieces.append(current)
            current = ""
        current += encoded
    pieces.append(current)
    if len(pieces) == 1:
        return f"{name}*=utf-8''{pieces[0]}"
    rows = [f"{name}*0*=utf-8''{pieces[0]}"]
    rows += [f"{name}*{number}*={piece}" for number, piece in enumerate(pieces[1:], 1)]
    return ";\r\n ".join(rows)


def base64_lines(data: bytes) -> bytes:
    """Base64 in lines of 76 characters that end with CR LF."""
    rows: list[bytes] = []
    for start in range(0, len(data), _CHUNK):
        chunk = data[start : start + _CHUNK]
        rows += [
            binascii.b2a_base64(chunk[at : at + 57], newline=False)
            for at in range(0, len(chunk), 57)
        ]
    return b"\r\n".join(rows) + b"\r\n"


def flow(text: str) -> str:
    """Lay ``text`` out as ``format=flowed`` (RFC 3676) with CR LF line ends.

    Lines are broken at spaces near 72 characters; quoted lines keep their ">" on every piece.
    """
    rows: list[str] = []
    for line in text.split("\n"):
        if line.rstrip() == "--":
            rows.append("-- ")
            continue
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ").rstrip() if depth else line.rstrip()
        prefix = ">" * depth + " " if depth and content else ">" * depth
        rows += [prefix + _stuff(piece, prefix) for piece in _wrap(content)]
    return "\r\n".join(rows)


def _stuff(piece: str, prefix: str) -> str:
    """Lines that would look quoted or like an mbox separator get a space in front."""
    stuffed = not prefix and piece.startswith((" ", ">", "From "))
    return " " + piece if stuffed else piece


def _wrap(line: str) -> list[str]:
    pieces: list[str] = []
    while len(line) > _FLOW_WIDTH:
        cut = line.rfind(" ", 1, _FLOW_WIDTH)
        if cut <= 0:
            cut = line.find(" ", _FLOW_WIDTH)
        if cut <= 0 or not line[:cut].strip():
            break
        pieces.append(line[: cut + 1])
        line = line[cut + 1 :]
    pieces.append(line)
    return pieces
