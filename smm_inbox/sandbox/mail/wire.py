"""IMAP's words: reading commands with literals and lists, and names in modified UTF-7."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Value = bytes | list["Value"]
"""An atom or string, or a parenthesised list."""

MAX_LINE = 65_536
MAX_LITERAL = 64 * 2**20

_LITERAL = re.compile(rb"\{(\d+)(\+?)\}\Z")
_TOKEN = re.compile(
    rb'\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<paren>[()])'
    rb"|(?P<atom>(?:[^\s()\"\[]|\[[^\]]*\])+))"
)


class Syntax(Exception):
    """A line that is not IMAP."""


@dataclass(slots=True)
class Command:
    """One command as the client sent it."""

    tag: str
    name: str
    """Upper case; `UID FETCH` and its like are one name."""
    args: list[Value]


async def read_command(
    reader: asyncio.StreamReader, go_on: Callable[[], Awaitable[None]]
) -> Command | None:
    """Read one command; `go_on` asks for a literal. ``None`` at the end of the stream."""
    flat: list[bytes | str] = []
    while True:
        line = await reader.readline()
        if not line.endswith(b"\n"):
            return None
        line = line.rstrip(b"\r\n")
        literal = _LITERAL.search(line)
        flat += _tokens(line[: literal.start()] if literal else line)
        if literal is None:
            break
        size = int(literal[1])
        if size > MAX_LITERAL:
            raise Syntax("literal too big")
        if not literal[2]:
            await go_on()
        flat.append(await reader.readexactly(size))
    return _command(flat)


def _command(flat: list[bytes | str]) -> Command:
    values = _nest(flat)
    if len(values) < 2 or isinstance(values[0], list) or isinstance(values[1], list):
        raise Syntax("no command")
    tag, name, args = values[0].decode("latin-1"), values[1].decode("latin-1").upper(), values[2:]
    if name == "UID" and args and isinstance(args[0], bytes):
        name, args = f"UID {args[0].decode('latin-1').upper()}", args[1:]
    return Command(tag, name, args)


def _tokens(line: bytes) -> list[bytes | str]:
    """Strings and atoms as bytes, parentheses as text."""
    found: list[bytes | str] = []
    at = 0
    while at < len(line):
        match = _TOKEN.match(line, at)
        if match is None:
            if line[at:].strip():
                raise Syntax(f"cannot read {line[at : at + 20]!r}")
            break
        at = match.end()
        if match["quoted"] is not None:
            found.append(re.sub(rb"\\(.)", rb"\1", match["quoted"][1:-1]))
        elif match["paren"] is not None:
            found.append(match["paren"].decode())
        else:
            found.append(match["atom"])
    return found


def _nest(flat: list[bytes | str]) -> list[Value]:
    stack: list[list[Value]] = [[]]
    for item in flat:
        if item == "(":
            inner: list[Value] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif item == ")":
            if len(stack) == 1:
                raise Syntax("a closing parenthesis too many")
            stack.pop()
        elif isinstance(item, bytes):
            stack[-1].append(item)
    if len(stack) != 1:
        raise Syntax("a closing parenthesis is missing")
    return stack[0]


def text(value: Value) -> str:
    """An atom or string as text."""
    if isinstance(value, list):
        raise Syntax("a list where a word belongs")
    return value.decode("utf-8", "replace")


def words(value: Value) -> list[str]:
    """A list of words; a single word stands for a list of one."""
    return [text(item) for item in value] if isinstance(value, list) else [text(value)]


def encode_name(name: str) -> bytes:
    """A folder name in modified UTF-7 (RFC 3501, 5.1.3)."""
    out = bytearray()
    for run in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name):
        if run.isascii() and run.isprintable():
            out += run.replace("&", "&-").encode()
        else:
            packed = base64.b64encode(run.encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
            out += b"&" + packed + b"-"
    return bytes(out)


def decode_name(raw: bytes) -> str:
    """A folder name out of modified UTF-7; raw UTF-8 is taken as well."""

    def unpack(match: re.Match[bytes]) -> bytes:
        packed = match[1].replace(b",", b"/")
        if not packed:
            return b"&"
        padded = packed + b"=" * (-len(packed) % 4)
        return base64.b64decode(padded).decode("utf-16-be", "replace").encode()

    return re.sub(rb"&([A-Za-z0-9+,]*)-", unpack, raw).decode("utf-8", "replace")


def number_set(value: Value, biggest: int) -> list[tuple[int, int]]:
    """A sequence set as ranges; `*` is the biggest number there is."""
    ranges: list[tuple[int, int]] = []
    for piece in text(value).split(","):
        ends = [biggest if end == "*" else int(end) for end in piece.split(":")]
        if len(ends) > 2 or not ends:
            raise Syntax("not a set of numbers")
        low, high = min(ends), max(ends)
        ranges.append((low, high))
    return ranges


def within(ranges: list[tuple[int, int]], number: int) -> bool:
    """Whether a number belongs to the set."""
    return any(low <= number <= high for low, high in ranges)
