"""What can go wrong between us and Telegram, before it is translated into a remedy."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """How a call was lost."""

    OFFLINE = "offline"
    """There is no connection: the call did not leave."""
    UNREACHABLE = "unreachable"
    """No connection could be made."""
    PROXY = "proxy"
    BROKEN = "broken"
    """The connection ended before the answer."""
    SILENT = "silent"
    """No answer in time."""
    NONSENSE = "nonsense"
    """An answer that cannot be read."""


class Failure(Exception):
    """Base of what leaves ``client``; never carries a secret or a vendor object."""


class Lost(Failure):
    """No usable answer came."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble}: {detail}" if detail else str(trouble))
        self.trouble = trouble

    @property
    def left(self) -> bool:
        """Whether the request may have reached Telegram, so that it may have had effect."""
        return self.trouble in {Trouble.BROKEN, Trouble.SILENT, Trouble.NONSENSE}


class Refused(Failure):
    """Telegram answered with an error."""

    def __init__(self, names: tuple[str, ...], code: int, seconds: int | None = None) -> None:
        super().__init__(f"{names[0]} ({code})")
        self.names = names
        """The error's class and its bases, the most exact first: ``FloodWaitError`` …"""
        self.code = code
        self.seconds = seconds
        """How long to wait, where Telegram tells."""

    def is_a(self, *names: str) -> bool:
        """Whether the error is one of ``names``."""
        return bool(set(names) & set(self.names))
