"""FETCH: the items of a letter as the client asked for them."""

from __future__ import annotations

import re
from datetime import datetime

from smm_inbox.sandbox.mail import structure
from smm_inbox.sandbox.mail.model import Folder, Stored
from smm_inbox.sandbox.mail.wire import Syntax, Value, text

_MACROS = {
    "ALL": ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"],
    "FAST": ["FLAGS", "INTERNALDATE", "RFC822.SIZE"],
    "FULL": ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"],
}
_BODY = re.compile(r"BODY(\.PEEK)?\[(.*)\](?:<(\d+)\.(\d+)>)?", re.IGNORECASE | re.DOTALL)
_OLD = {"RFC822": "", "RFC822.HEADER": "HEADER", "RFC822.TEXT": "TEXT"}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def items_of(value: Value) -> list[str]:
    """The items of a FETCH command, macros unfolded."""
    names = [text(item) for item in value] if isinstance(value, list) else [text(value)]
    if len(names) == 1 and names[0].upper() in _MACROS:
        return _MACROS[names[0].upper()]
    return names


def reads(items: list[str]) -> bool:
    """Whether these items mark a letter as seen."""
    return any(
        (match and not match[1]) or item.upper() in {"RFC822", "RFC822.TEXT"}
        for item in items
        for match in (_BODY.fullmatch(item),)
    )


def render(number: int, stored: Stored, items: list[str]) -> list[bytes]:
    """One `* n FETCH (…)` line in pieces, so that a large body is not copied."""
    out: list[bytes] = [b"* %d FETCH (" % number]
    for index, item in enumerate(items):
        if index:
            out.append(b" ")
        out += _item(stored, item)
    out.append(b")\r\n")
    return out


def flags_line(number: int, stored: Stored, *, modseq: bool) -> bytes:
    """An unsolicited FETCH: somebody changed the flags."""
    items = ["UID", "FLAGS", "MODSEQ"] if modseq else ["UID", "FLAGS"]
    return b"".join(render(number, stored, items))


def flags_list(flags: frozenset[str]) -> bytes:
    """Flags in parentheses, in a stable order."""
    return b"(" + " ".join(sorted(flags)).encode() + b")"


def internal_date(moment: datetime) -> bytes:
    """INTERNALDATE, with English months in any locale."""
    month = _MONTHS[moment.month - 1]
    text = f'"{moment.day:2d}-{month}-{moment.year} {moment:%H:%M:%S} {moment:%z}"'
    return text.encode()


def highest(folder: Folder) -> int:
    """HIGHESTMODSEQ of a folder."""
    return folder.modseq


def _item(stored: Stored, item: str) -> list[bytes]:
    name = item.upper()
    match name:
        case "UID":
            return [b"UID %d" % stored.uid]
        case "FLAGS":
            return [b"FLAGS " + flags_list(stored.flags)]
        case "MODSEQ":
            return [b"MODSEQ (%d)" % stored.modseq]
        case "INTERNALDATE":
            return [b"INTERNALDATE " + internal_date(stored.at)]
        case "RFC822.SIZE":
            return [b"RFC822.SIZE %d" % len(stored.raw)]
        case "ENVELOPE":
            return [b"ENVELOPE " + structure.envelope(stored.tree)]
        case "BODYSTRUCTURE":
            return [b"BODYSTRUCTURE " + structure.bodystructure(stored.raw, stored.tree)]
        case "BODY":
            inner = structure.bodystructure(stored.raw, stored.tree, extended=False)
            return [b"BODY " + inner]
        case _ if name in _OLD:
            found = structure.section(stored.raw, stored.tree, _OLD[name].encode())
            return [name.encode() + b" ", *_literal(found)]
    match = _BODY.fullmatch(item)
    if match is None:
        raise Syntax(f"unknown item {item}")
    return _section(stored, match)


def _section(stored: Stored, match: re.Match[str]) -> list[bytes]:
    spec = match[2]
    found = structure.section(stored.raw, stored.tree, spec.encode("latin-1", "replace"))
    head = f"BODY[{spec}]"
    if match[3] is not None:
        start, size = int(match[3]), int(match[4])
        head += f"<{start}>"
        found = None if found is None else found[start : start + size]
    return [head.encode("latin-1", "replace") + b" ", *_literal(found)]


def _literal(value: bytes | None) -> list[bytes]:
    if value is None:
        return [b"NIL"]
    return [b"{%d}\r\n" % len(value), value]
