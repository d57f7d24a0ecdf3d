"""What can go wrong between us and VK, before it is translated into a remedy."""

from __future__ import annotations

from enum import StrEnum


class Failure(Exception):
    """Base of what leaves ``client``; never carries a token, a key or a vendor object."""


class ApiFailure(Failure):
    """VK answered with an error object."""

    def __init__(self, code: int, message: str, *, subcode: int = 0, url: str = "") -> None:
        super().__init__(f"[{code}] {message}")
        self.code = code
        self.message = message
        self.subcode = subcode
        self.url = url
        """Page a person has to open (captcha, confirmation)."""


class Trouble(StrEnum):
    """How a call was lost."""

    UNREACHABLE = "unreachable"
    PROXY = "proxy"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    BROKEN = "broken"
    SERVER = "server"
    NONSENSE = "nonsense"
    """The answer is not what VK sends: HTML, nothing, cut off, too big."""


class TransportFailure(Failure):
    """No usable answer came."""

    def __init__(self, trouble: Trouble, detail: str, *, sent: bool) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = detail
        self.sent = sent
        """Whether the request may have reached VK, so that it may have had effect."""
