"""What can go wrong between us and Instagram, before it is translated into a remedy."""

from __future__ import annotations

from enum import StrEnum


class Failure(Exception):
    """Base of what leaves ``client``; never carries a token, an address or a vendor object."""


class ApiFailure(Failure):
    """Instagram answered with an error object."""

    def __init__(
        self,
        code: int,
        subcode: int,
        message: str,
        *,
        transient: bool = False,
        regain: int = 0,
    ) -> None:
        super().__init__(f"[{code}/{subcode}] {message}")
        self.code = code
        self.subcode = subcode
        self.message = message
        self.transient = transient
        self.regain = regain
        """Minutes until calls are allowed again, when the headers tell."""


class MediaGone(Failure):
    """The address of a picture or file has died."""


class Trouble(StrEnum):
    """How a call was lost."""

    UNREACHABLE = "unreachable"
    PROXY = "proxy"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    BROKEN = "broken"
    SERVER = "server"
    NONSENSE = "nonsense"
    """The answer is not what Instagram sends: HTML, nothing, cut off, too big."""


class TransportFailure(Failure):
    """No usable answer came."""

    def __init__(self, trouble: Trouble, detail: str, *, sent: bool) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = detail
        self.sent = sent
        """Whether the request may have reached Instagram, so that it may have had effect."""
