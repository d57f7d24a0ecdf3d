"""Write letters: an answer in the customer's thread, safe against anything copied into it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from io import BytesIO

from smm_inbox.domain.text import clean
from smm_inbox.locale import tr

from .encoding import (
    address_header,
    ascii_address,
    base64_lines,
    date_header,
    file_parameters,
    flow,
    ids_header,
    text_header,
)
from .letter.addresses import is_address
from .letter.model import Address, Letter
from .letter.threads import bare_subject, without_reply_prefix

_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,240}@[\x21-\x3b\x3d\x3f-\x7e]{1,240}>")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,80}")
_MOST_REFERENCES = 20
_LONGEST_REFERENCES = 900
# Servers cut or refuse longer header lines; the first and the newest ancestors matter.
_LONGEST_SUBJECT = 250
_LONGEST_QUOTE = 20_000


class CannotWrite(ValueError):
    """The letter cannot be built: an address or an identifier of it is unusable."""


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file that goes out with a letter."""

    name: str
    data: bytes
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class OutgoingLetter:
    """Everything an outgoing letter is made of."""

    message_id: str
    """Ours, with angle brackets; stored before the first attempt."""
    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    sent_at: datetime
    """Aware."""
    cc: tuple[Address, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    automatic: bool = False
    """An autoreply: marked so that no other robot answers it."""


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """What the business wraps around every answer; empty pieces are left out."""

    greeting: str = ""
    """May name the customer: ``Здравствуйте, {имя}!`` (or ``{name}``)."""
    promo: str = ""
    channels: str = ""
    """Other ways to reach the business."""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The letter quoted below an answer."""

    author: Address
    sent_at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom an answer goes to."""

    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()


def build(letter: OutgoingLetter) -> bytes:
    """Return the letter as it goes to SMTP: CRLF lines, ASCII only.

    The same letter gives the same bytes, so a repetition is the same letter. No content of any
    field can begin a header or a part of its own. Raises ``CannotWrite``.
    """
    _check(letter)
    out = BytesIO()
    for line in _headers(letter):
        out.write(line.encode("ascii") + b"\r\n")
    if letter.files:
        _write_parts(out, letter)
    else:
        _write_text(out, letter.text)
    return out.getvalue()


def _check(letter: OutgoingLetter) -> None:
    if not _MESSAGE_ID.fullmatch(letter.message_id):
        raise CannotWrite("unusable Message-ID")
    if not letter.to:
        raise CannotWrite("no recipient")
    for address in (letter.sender, *letter.to, *letter.cc):
        if not is_address(address.address):
            raise CannotWrite(f"unusable address: {address.address!r}")
        try:
            ascii_address(address.address)
        except ValueError as error:
            raise CannotWrite(f"unusable address: {address.address!r}") from error


def _headers(letter: OutgoingLetter) -> Iterable[str]:
    yield from date_header("Date", letter.sent_at)
    yield from address_header("From", [letter.sender])
    yield from address_header("To", letter.to)
    if letter.cc:
        yield from address_header("Cc", letter.cc)
    yield from text_header("Subject", letter.subject)
    yield f"Message-ID: {letter.message_id}"
    if _MESSAGE_ID.fullmatch(letter.in_reply_to):
        yield from ids_header("In-Reply-To", [letter.in_reply_to])
    known = [item for item in letter.references if _MESSAGE_ID.fullmatch(item)]
    if known:
        yield from ids_header("References", _bounded(known))
    if letter.automatic:
        yield "Auto-Submitted: auto-replied"
        yield "X-Auto-Response-Suppress: All"
    yield "MIME-Version: 1.0"


def _bounded(references: Sequence[str]) -> list[str]:
    """The first ancestor and the newest ones, within what servers take."""
    first, rest = references[0], list(references[1:])[-(_MOST_REFERENCES - 1) :]
    while rest and len(first) + sum(len(item) + 1 for item in rest) > _LONGEST_REFERENCES:
        del rest[0]
    return [first, *rest]


def _write_text(out: BytesIO, text: str) -> None:
    flowed = flow(clean(text))
    if flowed.isascii() and all(len(line) <= 900 for line in flowed.split("\r\n")):
        out.write(b'Content-Type: text/plain; charset="us-ascii"; format=flowed\r\n')
        out.write(b"Content-Transfer-Encoding: 7bit\r\n\r\n")
        out.write(flowed.encode("ascii") + b"\r\n")
        return
    # Base64 is shorter than quoted-printable for Cyrillic, and nothing on the way touches it.
    out.write(b'Content-Type: text/plain; charset="utf-8"; format=flowed\r\n')
    out.write(b"Content-Transfer-Encoding: base64\r\n\r\n")
    out.write(base64_lines(flowed.encode("utf-8") + b"\r\n"))


def _write_parts(out: BytesIO, letter: OutgoingLetter) -> None:
    boundary = _boundary(letter)
    out.write(b'Content-Type: multipart/mixed;\r\n boundary="%s"\r\n\r\n' % boundary)
    out.write(b"--%s\r\n" % boundary)
    _write_text(out, letter.text)
    for file in letter.files:
        kind = file.content_type.lower()
        kind = kind if _TYPE.fullmatch(kind) else "application/octet-stream"
        if kind.startswith(("message/", "multipart/")):
            kind = "application/octet-stream"  # these may not be in base64
        legacy, modern = file_parameters(file.name)
        out.write(b"\r\n--%s\r\n" % boundary)
        out.write(f"Content-Type: {kind};\r\n {legacy}\r\n".encode("ascii"))
        out.write(b"Content-Transfer-Encoding: base64\r\n")
        out.write(f"Content-Disposition: attachment;\r\n {modern}\r\n\r\n".encode("ascii"))
        out.write(base64_lines(file.data))
    out.write(b"\r\n--%s--\r\n" % boundary)


def _boundary(letter: OutgoingLetter) -> bytes:
    seed = f"{letter.message_id}\n{letter.text}".encode("utf-8", "replace")
    # "_" never occurs in base64; the hash of the text itself keeps it out of the text.
    return b"=_" + hashlib.sha256(seed).hexdigest()[:40].encode("ascii")


def reply_subject(subject: str) -> str:
    """Subject of an answer: "Re: " once, whatever was there before."""
    bare = without_reply_prefix(clean(subject, limit=_LONGEST_SUBJECT).replace("\n", " "))
    return f"Re: {bare}".strip()


def references_for(parent: Letter) -> tuple[str, ...]:
    """References of an answer to ``parent``: its own ancestors and itself."""
    ancestors = parent.references or ((parent.in_reply_to,) if parent.in_reply_to else ())
    chain = [*ancestors, parent.message_id] if parent.message_id else list(ancestors)
    return tuple(dict.fromkeys(reversed(chain)))[::-1]


def reply_to_one(letter: Letter) -> Recipients | None:
    """The customer alone; ``None`` when the letter tells no usable address."""
    contact = letter.contact
    if contact is None or not is_address(contact.address):
        return None
    return Recipients(to=(contact,))


def reply_to_all(letter: Letter, ours: frozenset[str]) -> Recipients | None:
    """Everybody who got the letter, without ourselves, the list robot and repetitions.

    The customer is first in To; the other To addresses and Cc go to Cc.
    """
    first = reply_to_one(letter)
    if first is None:
        return None
    seen = {first.to[0].key} | ours
    copies: list[Address] = []
    for address in (*letter.to, *letter.cc):
        if address.key not in seen and is_address(address.address):
            seen.add(address.key)
            copies.append(address)
    return Recipients(to=first.to, cc=tuple(copies))


def dress(text: str, template: LetterTemplate, *, name: str = "") -> str:
    """Put greeting, promo block, other channels and signature around ``text``.

    A greeting is left out when the text already begins with it or greets by itself.
    """
    pieces = [text.strip("\n")]
    greeting = _greet(template.greeting, name)
    if greeting and not _greets(text, greeting):
        pieces.insert(0, greeting)
    pieces += [piece.strip() for piece in (template.promo, template.channels) if piece.strip()]
    if template.signature.strip():
        pieces.append("-- \n" + template.signature.strip())
    return "\n\n".join(pieces)


_GREETING = re.compile(
    r"^\W*(?:здравствуй(?:те)?|добр(?:ый|ое|ой)\s+(?:день|вечер|утро|времени)|приветству(?:ю|ем)|"
    r"привет|доброго\s+(?:дня|времени)|hello|hi|dear|good\s+(?:morning|day|afternoon|evening))\b",
    re.IGNORECASE,
)


def _greets(text: str, greeting: str) -> bool:
    return text.lstrip().startswith(greeting) or _GREETING.match(text) is not None


def _greet(greeting: str, name: str) -> str:
    greeting = greeting.strip()
    if name:
        return greeting.replace("{имя}", name).replace("{name}", name)
    # Without a name the comma before it goes as well: "Здравствуйте!"
    return re.sub(r"[,\s]*\{(?:имя|name)\}", "", greeting)


def with_quote(text: str, quoted: Quoted, zone: tzinfo) -> str:
    """Put the letter answered below ``text``, each line with "> "."""
    who = f"{quoted.author.name} <{quoted.author.address}>".strip()
    if quoted.sent_at is None:
        line = tr("{who} wrote:").format(who=who)
    else:
        when = quoted.sent_at.astimezone(zone).strftime("%d.%m.%Y, %H:%M")
        line = tr("{when}, {who} wrote:").format(when=when, who=who)
    body = "\n".join(
        (">" if row.startswith(">") else "> ") + row if row else ">"
        for row in clean(quoted.text, limit=_LONGEST_QUOTE).split("\n")
    )
    return f"{text}\n\n{line}\n{body}"


__all__ = [
    "CannotWrite",
    "LetterTemplate",
    "OutgoingFile",
    "OutgoingLetter",
    "Quoted",
    "Recipients",
    "bare_subject",
    "build",
    "dress",
    "references_for",
    "reply_subject",
    "reply_to_all",
    "reply_to_one",
    "with_quote",
]
