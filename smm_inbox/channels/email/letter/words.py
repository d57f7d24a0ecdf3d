"""Decode what headers are written in: encoded words (RFC 2047) and bare 8-bit text."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

from .charset import codec_name, decode
from .transfer import unbase64

_WORD = re.compile(
    # The payload may hold spaces where senders forgot to encode them. RFC 2231 adds "*language".
    rb"=\?([A-Za-z0-9_.:+()-]{1,60})(?:\*[A-Za-z-]{1,30})?\?([bBqQ])\?([^?]{0,20000})\?=",
)
_GAP = re.compile(rb"[ \t\r\n]*")
_MOST_WORDS = 2000


@dataclass(slots=True)
class _Run:
    """Neighbouring encoded words of one charset: their bytes belong together."""

    label: str
    kind: bytes
    payloads: list[bytes]

    def text(self) -> str:
        if self.kind == b"q":
            raw = b"".join(_unquote(payload) for payload in self.payloads)
        elif any(len(payload.rstrip(b"=")) % 4 == 1 for payload in self.payloads):
            # The base64 itself was cut at any place: only the joined letters make sense.
            raw = unbase64(b"".join(self.payloads))
        else:
            raw = b"".join(unbase64(payload) for payload in self.payloads)
        return decode(raw, self.label)


def decode_words(raw: bytes, hint: str = "") -> str:
    """Decode an unfolded header value.

    Encoded words that follow each other are joined before decoding, so a character split between
    two of them survives. ``hint`` is the charset to assume for bare 8-bit text.
    """
    out: list[str] = []
    run: _Run | None = None
    at = 0
    for number, match in enumerate(_WORD.finditer(raw)):
        if number >= _MOST_WORDS:
            break
        between = raw[at : match.start()]
        at = match.end()
        label = match[1].decode("ascii")
        kind = match[2].lower()
        if run is not None and _GAP.fullmatch(between):
            if codec_name(label) == codec_name(run.label) and kind == run.kind:
                run.payloads.append(match[3])
                continue
            out.append(run.text())
        else:
            if run is not None:
                out.append(run.text())
            out.append(decode(between, hint))
        run = _Run(label, kind, [match[3]])
    if run is not None:
        out.append(run.text())
    out.append(decode(raw[at:], hint))
    return "".join(out)


def _unquote(payload: bytes) -> bytes:
    return binascii.a2b_qp(payload.replace(b"\n", b""), header=True)
