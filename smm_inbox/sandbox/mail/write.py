"""A small builder of letters for customers, the operator in webmail and robots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr


def letter(
    text: str,
    *,
    sender: tuple[str, str] = ("Анна", "anna@mail.example"),
    to: Iterable[str] = ("info@cafe.example",),
    cc: Iterable[str] = (),
    subject: str = "Вопрос",
    message_id: str = "",
    at: datetime | None = None,
    reply_to: str = "",
    answers: str = "",
    html: str = "",
    charset: str = "utf-8",
    files: Iterable[tuple[str, bytes]] = (),
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A well-formed letter as it travels.

    Args:
        text: Plain text.
        sender: Name and address.
        to: Addresses.
        cc: Addresses.
        subject: Any text; encoded as needed.
        message_id: With angle brackets; without one the letter has none.
        at: The Date header; now when absent.
        reply_to: Address for the answer.
        answers: Message-ID of the letter it answers.
        html: A second version of the text.
        charset: Of the text.
        files: Names and contents of attachments.
        headers: More headers.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = formataddr(sender)
    message["To"] = ", ".join(to)
    if cc := tuple(cc):
        message["Cc"] = ", ".join(cc)
    message["Subject"] = subject
    message["Date"] = format_datetime(at or datetime.now(UTC))
    if message_id:
        message["Message-ID"] = message_id
    if reply_to:
        message["Reply-To"] = reply_to
    if answers:
        message["In-Reply-To"] = answers
        message["References"] = answers
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text, charset=charset)
    if html:
        message.add_alternative(html, subtype="html", charset="utf-8")
    for name, content in files:
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message.as_bytes()
