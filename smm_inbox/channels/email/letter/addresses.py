"""Read the mailboxes of From, To, Cc and Reply-To, in whatever way they are written."""

from __future__ import annotations

import re

from smm_inbox.domain.text import SafeText, clean_line

from .headers import LONGEST_HEADER, Head
from .model import Address
from .words import decode_words

MOST_ADDRESSES = 200
ADDRESS = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[^\W_](?:[\w-]{0,62}[^\W_])?\.)+[^\W\d_][\w-]{1,62}"
_ADDRESS = re.compile(ADDRESS)
_LOOSE = re.compile(r"[^\s<>@\"(),;:\\\x00-\x20]{1,200}@[^\s<>@\"(),;:\\\x00-\x20]{1,200}")
_ANGLE = re.compile(r"<([^<>]*)>")
_COMMENT = re.compile(r"\(([^()]*)\)")
_ESCAPE = re.compile(r"\\(.)")
_ROBOT = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|mailer[-_.]?daemon|postmaster|"
    r"bounces?|notify|notifications?|robot|daemon|www-data|apache|root|wordpress|bitrix|"
    r"(?:web)?forms?|feedback-robot|tilda|auto[-_.]?reply|noresponse)\b",
    re.IGNORECASE,
)


def is_address(text: str) -> bool:
    """Whether ``text`` is an address a letter can be sent to."""
    return _ADDRESS.fullmatch(text) is not None and len(text) <= 254 and ".." not in text


def is_robot(address: str) -> bool:
    """Whether nobody reads what is sent to ``address``: no-reply, mailer-daemon and the like."""
    return _ROBOT.match(address) is not None


def find_addresses(text: str) -> list[str]:
    """Addresses in running text, in order."""
    return list(dict.fromkeys(match.rstrip(".") for match in _ADDRESS.findall(text[:200_000])))


def read_addresses(head: Head, name: str) -> tuple[Address, ...]:
    """Mailboxes of every header ``name``; what has no address is left out."""
    found: dict[str, Address] = {}
    for value in head.all(name)[:20]:
        for address in parse_addresses(value, head.hint):
            found.setdefault(address.key, address)
            if len(found) >= MOST_ADDRESSES:
                return tuple(found.values())
    return tuple(found.values())


def parse_addresses(raw: bytes, hint: str = "") -> list[Address]:
    """Mailboxes of one raw header value."""
    raw = raw[:LONGEST_HEADER]
    found = [address for piece in _split(raw) if (address := _mailbox(piece, hint))]
    if not found and b"=?" in raw:
        # Some programs encode the whole header, address and all.
        decoded = decode_words(raw, hint).encode("utf-8", "ignore")
        found = [address for piece in _split(decoded) if (address := _mailbox(piece, hint))]
    return found[:MOST_ADDRESSES]


def _split(raw: bytes) -> list[bytes]:
    """Cut at commas and semicolons outside quotes, comments and angle brackets."""
    pieces: list[bytes] = []
    start = 0
    quoted = angle = False
    depth = 0
    at = 0
    while at < len(raw):
        byte = raw[at]
        if byte == 0x5C:  # a backslash: the next byte is literal
            at += 1
        elif byte == 0x22 and not depth:
            quoted = not quoted
        elif not quoted:
            if byte == 0x28:
                depth += 1
            elif byte == 0x29:
                depth = max(0, depth - 1)
            elif byte == 0x3C:
                angle = True
            elif byte == 0x3E:
                angle = False
            elif byte in b",;" and not depth and not angle:
                pieces.append(raw[start:at])
                start = at + 1
        at += 1
    if quoted and not pieces:
        return _split(raw.replace(b'"', b""))  # a quote that never closes quotes nothing
    pieces.append(raw[start:])
    return _rejoin(pieces)


def _rejoin(pieces: list[bytes]) -> list[bytes]:
    """Put back together names with a bare comma: ``Ivanova, Anna <a@b.example>``."""
    joined: list[bytes] = []
    waiting = b""
    for piece in pieces:
        whole = waiting + b", " + piece if waiting else piece
        if b"@" in piece or len(whole) > 2000:
            joined.append(whole)
            waiting = b""
        else:
            waiting = whole if whole.strip() else b""
    if waiting:
        joined.append(waiting)
    return joined


def _mailbox(piece: bytes, hint: str) -> Address | None:
    text = piece.decode("utf-8", "surrogateescape")
    angles = _ANGLE.findall(text)
    if angles and any("@" in inner for inner in angles):
        inner = next(inner for inner in reversed(angles) if "@" in inner)
        address = _clean_address(inner)
        name = text[: text.find("<" + inner + ">")]
    else:
        match = _LOOSE.search(_COMMENT.sub(" ", text))
        if match is None:
            return None
        address = _clean_address(match[0])
        comment = _COMMENT.search(text)
        name = comment[1] if comment else ""
    if not address:
        return None
    return Address(_name(name, hint, address), address)


def _clean_address(text: str) -> str:
    text = "".join(text.split()).removeprefix("mailto:").strip("'\"")
    match = _LOOSE.fullmatch(text)
    safe = clean_line(text, limit=320)
    return safe if match and safe == text and text.isprintable() else ""


def _name(text: str, hint: str, address: str) -> SafeText:
    text = text.strip()
    group, colon, rest = text.partition(":")
    if colon and '"' not in group and "?" not in group:
        text = rest.strip()  # "Undisclosed recipients: …", the name of a group
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    text = _ESCAPE.sub(r"\1", text)
    decoded = decode_words(text.encode("utf-8", "surrogateescape"), hint)
    name = clean_line(decoded).strip("\"' ")
    return SafeText("" if name.lower() == address.lower() else name)
