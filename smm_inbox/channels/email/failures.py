"""What can go wrong between us and a mail server, before it is translated into a remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Failure(Exception):
    """Base of what leaves ``imap`` and ``smtp``; never carries a secret or a vendor object."""


class Trouble(StrEnum):
    """How a connection was lost or never came about."""

    UNREACHABLE = "unreachable"
    PROXY = "proxy"
    CERTIFICATE = "certificate"
    NO_STARTTLS = "no_starttls"
    TLS = "tls"
    TIMEOUT = "timeout"
    BROKEN = "broken"
    NONSENSE = "nonsense"
    """The answer cannot be understood."""
    CA_FILE = "ca_file"


class Lost(Failure):
    """No usable answer came."""

    def __init__(self, trouble: Trouble, detail: str = "", *, effect: bool = False) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = detail
        self.effect = effect
        """Whether the letter may have been taken all the same."""


class Garbled(Failure):
    """The library could not read an answer; the connection itself may be fine."""


class Refused(Failure):
    """IMAP said NO or BAD to a command."""


class LoginRefused(Failure):
    """The server did not let us in; the text is the server's."""

    def __init__(self, text: str, *, protocol: str, by_token: bool, code: int = 0) -> None:
        super().__init__(text)
        self.text = text
        self.protocol = protocol
        self.by_token = by_token
        self.code = code
        """SMTP's answer code; 0 for IMAP."""


class NoSecret(Failure):
    """The token could not be fetched; the text is a sentence for the operator."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Refusal:
    """A recipient that SMTP did not take."""

    address: str
    code: int
    text: str


class SmtpRefused(Failure):
    """SMTP said no: to the sender, to all recipients, or to the letter."""

    def __init__(self, code: int, text: str, *, refusals: tuple[Refusal, ...] = ()) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text
        self.refusals = refusals
