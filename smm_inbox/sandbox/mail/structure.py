"""ENVELOPE, BODYSTRUCTURE and sections of a letter, as IMAP writes them."""

from __future__ import annotations

import re
from email.utils import getaddresses

from smm_inbox.sandbox.mail.mime import Part, parameters

_QUOTABLE = re.compile(rb'[^"\\\r\n\x00\x80-\xff]{0,900}')


def string(value: bytes | None) -> bytes:
    """NIL, a quoted string, or a literal where quoting cannot say it."""
    if value is None:
        return b"NIL"
    if _QUOTABLE.fullmatch(value):
        return b'"' + value + b'"'
    return b"{%d}\r\n" % len(value) + value


def envelope(part: Part) -> bytes:
    """The ENVELOPE of a message."""
    sender = part.header(b"From")
    people = [
        sender,
        part.header(b"Sender") or sender,
        part.header(b"Reply-To") or sender,
        part.header(b"To"),
        part.header(b"Cc"),
        part.header(b"Bcc"),
    ]
    fields = [string(part.header(b"Date")), string(part.header(b"Subject"))]
    fields += [_addresses(value) for value in people]
    fields += [string(part.header(b"In-Reply-To")), string(part.header(b"Message-ID"))]
    return b"(" + b" ".join(fields) + b")"


def bodystructure(raw: bytes, part: Part, *, extended: bool = True) -> bytes:
    """BODYSTRUCTURE, or BODY without the extension data."""
    if part.multipart:
        inner = b"".join(bodystructure(raw, child, extended=extended) for child in part.parts)
        tail = b""
        if extended:
            tail = b" " + b" ".join([_params(part.params), _disposition(part), b"NIL", b"NIL"])
        return b"(" + inner + b" " + string(part.subkind) + tail + b")"
    encoding = (part.header(b"Content-Transfer-Encoding") or b"7BIT").upper()
    kind, subkind, params = part.kind, part.subkind, part.params
    if kind == b"MULTIPART":
        kind, subkind, params = b"TEXT", b"PLAIN", {}
    fields = [
        string(kind),
        string(subkind),
        _params(params or ({b"charset": b"us-ascii"} if kind == b"TEXT" else {})),
        string(part.header(b"Content-ID")),
        string(part.header(b"Content-Description")),
        string(encoding),
        b"%d" % (part.end - part.body),
    ]
    if part.message:
        inner_part = part.parts[0]
        fields += [envelope(inner_part), bodystructure(raw, inner_part, extended=extended)]
    if part.message or kind == b"TEXT":
        fields.append(b"%d" % raw.count(b"\n", part.body, part.end))
    if extended:
        fields += [b"NIL", _disposition(part), b"NIL", b"NIL"]
    return b"(" + b" ".join(fields) + b")"


def section(raw: bytes, root: Part, spec: bytes) -> bytes | None:
    """What `BODY[spec]` names: ``None`` when the letter has no such part."""
    name, _, names = spec.partition(b" ")
    words = [word for word in name.upper().split(b".") if word]
    part = root
    whole = True
    while words and words[0].isdigit():
        found = _child(part, int(words.pop(0)), whole=whole)
        if found is None:
            return None
        part, whole = found, False
    match b".".join(words):
        case b"":
            return raw[part.start :] if part is root and whole else raw[part.body : part.end]
        case b"MIME":
            return raw[part.start : part.body]
        case b"TEXT" | b"HEADER" | b"HEADER.FIELDS" | b"HEADER.FIELDS.NOT" as what:
            if not whole:
                if not part.message:
                    return None
                part = part.parts[0]
            if what == b"TEXT":
                return raw[part.body : part.end]
            if what == b"HEADER":
                return raw[part.start : part.body]
            wanted = {word.lower() for word in names.strip(b"() ").split()}
            return _fields(part, wanted, keep=what == b"HEADER.FIELDS")
        case _:
            return None


def _child(part: Part, number: int, *, whole: bool) -> Part | None:
    if not whole and part.message:
        part = part.parts[0]
        whole = True
    if part.multipart:
        return part.parts[number - 1] if 1 <= number <= len(part.parts) else None
    return part if number == 1 and whole else None


def _fields(part: Part, wanted: set[bytes], *, keep: bool) -> bytes:
    lines = [
        key + b": " + value + b"\r\n"
        for key, value in part.headers
        if (key.lower() in wanted) is keep
    ]
    return b"".join(lines) + b"\r\n"


def _params(params: dict[bytes, bytes]) -> bytes:
    if not params:
        return b"NIL"
    return b"(" + b" ".join(string(item) for pair in params.items() for item in pair) + b")"


def _disposition(part: Part) -> bytes:
    value = part.header(b"Content-Disposition")
    if value is None:
        return b"NIL"
    word, params = parameters(value)
    return b"(" + string(word) + b" " + _params(params) + b")"


def _addresses(value: bytes | None) -> bytes:
    if not value:
        return b"NIL"
    found: list[bytes] = []
    for name, address in getaddresses([value.decode("latin-1")]):
        box, _, host = address.partition("@")
        found.append(
            b"("
            + b" ".join(
                [
                    string(name.encode("latin-1", "replace") or None),
                    b"NIL",
                    string(box.encode("latin-1", "replace")),
                    string(host.encode("latin-1", "replace")),
                ]
            )
            + b")"
        )
    return b"(" + b"".join(found) + b")" if found else b"NIL"
