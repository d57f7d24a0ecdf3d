"""Undo the transfer encoding of a part, however carelessly it was applied."""

from __future__ import annotations

import binascii
import re

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\r\n]{1,200}\r?$", re.MULTILINE)
_UU_NAMES = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})


def undo(raw: bytes, encoding: str) -> bytes:
    """Return the content of ``raw``; an unknown or false ``encoding`` leaves it as it is."""
    if encoding == "base64":
        return unbase64(raw)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(raw)
    if encoding in _UU_NAMES:
        return _unuu(raw)
    return raw


def unbase64(raw: bytes) -> bytes:
    """Decode base64 with stray characters, missing padding or padding in the middle."""
    head = raw[:400].strip()
    strange = sum(not (0x2B <= byte <= 0x7A or byte in b" \r\n\t") for byte in head)
    spaces = len(re.findall(rb"[^\s] [^\s]", head))
    if strange * 20 > len(head) or spaces * 20 > len(head):
        return raw  # plain text under a false label
    pieces = []
    for run in re.split(rb"=+", raw):
        letters = _NOT_BASE64.sub(b"", run)
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        pieces.append(binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)))
    return b"".join(pieces)


def _unuu(raw: bytes) -> bytes:
    begin = _UU_BEGIN.search(raw)
    if begin is None:
        return raw
    pieces = []
    for line in raw[begin.end() :].splitlines():
        if line.strip() == b"end":
            break
        try:
            pieces.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(pieces)
