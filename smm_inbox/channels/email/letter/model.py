"""What a letter is made of, before and after it is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from smm_inbox.domain.message import Attachment
from smm_inbox.domain.text import SafeText


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox: the name people see and the address letters go to."""

    name: SafeText
    address: str
    """``local@domain`` without control characters, as it was written; never empty."""

    @property
    def key(self) -> str:
        """The address for comparing: people and servers do not care about its case."""
        return self.address.lower()

    @property
    def label(self) -> SafeText:
        """The name, or the address of somebody without a name."""
        return self.name or SafeText(self.address)


@dataclass(frozen=True, slots=True)
class Container:
    """A multipart a part stands in."""

    number: str
    """IMAP number of the multipart; empty for the letter itself."""
    subtype: str
    """``mixed``, ``alternative``, ``related``, ``report`` …, lower case."""


@dataclass(frozen=True, slots=True)
class PartInfo:
    """One leaf of a letter's structure, as BODYSTRUCTURE tells it."""

    number: str
    """IMAP part number: ``1``, ``2.1`` …"""
    type: str
    """Content type in lower case: ``text/plain``."""
    within: tuple[Container, ...] = ()
    """The multiparts around it, outermost first."""
    charset: str = ""
    encoding: str = ""
    """Transfer encoding in lower case; empty means 7bit or 8bit."""
    size: int = 0
    """Bytes in transfer encoding."""
    disposition: str = ""
    """``attachment``, ``inline`` or empty."""
    name: SafeText = SafeText("")
    """File name, cleaned; empty when the letter gives none."""
    content_id: str = ""
    """Without the angle brackets."""
    inner_id: str = ""
    """Message-ID of a letter inside this one."""
    flowed: bool = False
    """``format=flowed``: lines that end with a space go on in the next line."""
    delsp: bool = False


@dataclass(frozen=True, slots=True)
class PartBody:
    """The content of a fetched part, still in its transfer encoding; may be cut at the end."""

    number: str
    raw: bytes


class Robot(StrEnum):
    """Why a letter counts as written by a machine."""

    AUTO_REPLY = "auto_reply"
    """An autoresponder: ``Auto-Submitted``, ``X-Autoreply``, ``Precedence: auto_reply`` …"""
    LIST = "list"
    """A mailing list or newsletter: ``List-Id``, ``Precedence: bulk`` …"""
    BOUNCE = "bounce"
    """A delivery report: ``multipart/report`` or an empty ``Return-Path``."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One filled-in line of a web form."""

    label: SafeText
    value: SafeText


@dataclass(frozen=True, slots=True)
class FormLead:
    """A web form that somebody filled in on a site of ours."""

    fields: tuple[FormField, ...]
    name: SafeText = SafeText("")
    phone: SafeText = SafeText("")
    message: SafeText = SafeText("")
    contact: Address | None = None
    """The customer's own address; ``None`` when the form has none at all."""
    confirmed: bool = False
    """``contact`` came as Reply-To. Otherwise it was found in the text: the operator confirms it
    before the first answer goes there."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a delivery report tells of a letter that came back."""

    original: str
    """Message-ID of that letter, with angle brackets."""
    status: str = ""
    """Enhanced status code (RFC 3463): ``5.1.1``; empty when it is not told."""
    said: SafeText = SafeText("")
    """Words of the mail system."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as the inbox shows it; every text is safe to show."""

    message_id: str
    """With angle brackets; empty when missing or unusable."""
    in_reply_to: str
    references: tuple[str, ...]
    """Oldest first."""
    subject: SafeText
    sender: Address | None
    """Who wrote it; ``None`` when no address can be read."""
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    sent_at: datetime | None
    """Aware, UTC; ``None`` when the letter does not tell in a readable way."""
    text: SafeText
    """What is new in this letter, forwards included."""
    folded: SafeText
    """Quoted letters, signatures and standing notices."""
    attachments: tuple[Attachment, ...]
    """``ref`` is the IMAP part number."""
    robot: Robot | None = None
    form: FormLead | None = None
    contact: Address | None = None
    """Whom the conversation is with and where an answer goes."""
    list_id: SafeText = SafeText("")
    list_post: str = ""
    """Address of the mailing list, if any."""
    failed: tuple[str, ...] = ()
    """Addresses a delivery report could not reach, lower case."""
    report: Report | None = None
    """The letter that did not reach them, where it is told."""

    @property
    def automatic(self) -> bool:
        """Written by a machine: shown, never queued, never answered automatically."""
        return self.robot is not None
