"""Small builders of letters and the shape of an expectation."""

from __future__ import annotations

import base64
import quopri
from dataclasses import dataclass

from smm_inbox.channels.email.letter import Letter

MARIA = "Мария Ковалёва <maria@mail.example>"
OURS = frozenset({"info@cafe.example"})


@dataclass(frozen=True)
class Case:
    """A letter and what the inbox must make of it, written by hand."""

    id: str
    raw: bytes
    text: str
    folded: str = ""
    sender: str = MARIA
    subject: str = "Вопрос"
    attachments: tuple[str, ...] = ()
    """``kind name``."""
    robot: str = ""
    contact: str | None = None
    """``None``: the same as ``sender``."""


def word(text: str, charset: str = "utf-8", kind: str = "B") -> str:
    """One encoded word."""
    raw = text.encode(charset)
    if kind == "B":
        payload = base64.b64encode(raw).decode()
    else:
        payload = "".join(f"={byte:02X}" if byte != 32 else "_" for byte in raw)
    return f"=?{charset}?{kind}?{payload}?="


def head(
    *extra: str | bytes, sender: str | bytes | None = None, subject: str | bytes | None = None
) -> bytes:
    """The headers every letter here has, and ``extra`` ones; strings go out as UTF-8."""
    lines: list[str | bytes] = [
        b"From: "
        + _raw(sender if sender is not None else f"{word('Мария Ковалёва')} <maria@mail.example>"),
        "To: info@cafe.example",
        b"Subject: " + _raw(subject if subject is not None else word("Вопрос")),
        "Date: Mon, 21 Sep 2026 09:54:00 +0300",
        "Message-ID: <m1@mail.example>",
        "MIME-Version: 1.0",
        *extra,
    ]
    return b"\r\n".join(_raw(line) for line in lines) + b"\r\n"


def _raw(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def part(
    body: str | bytes,
    kind: str = "text/plain; charset=utf-8",
    *extra: str | bytes,
    encoding: str = "8bit",
    charset: str = "utf-8",
) -> bytes:
    """A part (or the lower half of a letter): its headers, an empty line, its body."""
    raw = body.replace("\n", "\r\n").encode(charset) if isinstance(body, str) else body
    if encoding == "base64":
        raw = base64.encodebytes(raw)
    elif encoding == "quoted-printable":
        raw = quopri.encodestring(raw)
    lines: list[str | bytes] = [
        f"Content-Type: {kind}",
        f"Content-Transfer-Encoding: {encoding}",
        *extra,
    ]
    return b"\r\n".join(_raw(line) for line in lines) + b"\r\n\r\n" + raw


def multi(subtype: str, *parts: bytes, boundary: str = "b1", more: str = "") -> bytes:
    """A multipart with its header."""
    mark = boundary.encode()
    inner = b"".join(b"--" + mark + b"\r\n" + item + b"\r\n" for item in parts)
    start = f'Content-Type: multipart/{subtype}; boundary="{boundary}"{more}\r\n\r\n'.encode()
    return start + inner + b"--" + mark + b"--\r\n"


def plain(text: str, *extra: str | bytes, subject: str | bytes | None = None) -> bytes:
    """A UTF-8 plain-text letter from Maria."""
    return head(*extra, subject=subject) + part(text)


def page(markup: str, *extra: str | bytes, subject: str | bytes | None = None) -> bytes:
    """An HTML-only letter from Maria."""
    return head(*extra, subject=subject) + part(markup, "text/html; charset=utf-8")


def shown(letter: Letter) -> dict[str, object]:
    """What of a letter the corpus compares."""
    sender = letter.sender
    contact = letter.contact
    return {
        "sender": _address(sender.name, sender.address) if sender else "",
        "subject": letter.subject,
        "text": letter.text,
        "folded": letter.folded,
        "attachments": tuple(f"{item.kind} {item.name}" for item in letter.attachments),
        "robot": letter.robot or "",
        "contact": _address(contact.name, contact.address) if contact else "",
    }


def expected(case: Case) -> dict[str, object]:
    """The same, as the case has it."""
    return {
        "sender": case.sender,
        "subject": case.subject,
        "text": case.text,
        "folded": case.folded,
        "attachments": case.attachments,
        "robot": case.robot,
        "contact": case.sender if case.contact is None else case.contact,
    }


def _address(name: str, address: str) -> str:
    return f"{name} <{address}>" if name else address
