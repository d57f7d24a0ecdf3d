"""Errors named by remedy: the only errors that leave a channel.

Each carries ``sentence``: what happened and what to do next, in words for the operator, in the
language of the interface, without secrets. ``str(error)`` is that sentence.
"""

from __future__ import annotations

from datetime import datetime


class InboxError(Exception):
    """Base of everything the program says to a person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    @property
    def told(self) -> str:
        """The sentence with all it speaks of, where nothing but text can be shown."""
        return self.sentence


class ChannelError(InboxError):
    """Base of the errors by remedy."""


class Retry(ChannelError):
    """A passing fault and surely without effect: repeat after a pause."""


class RateLimited(ChannelError):
    """The network asked us to wait."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until


class AuthExpired(ChannelError):
    """The token or session is dead: a person has to bring a new one."""


class Rejected(ChannelError):
    """The network said no for good: repeating the same cannot help."""


class NeedsHuman(ChannelError):
    """The network wants a person first (captcha, confirmation); the draft is kept."""

    def __init__(self, sentence: str, url: str) -> None:
        super().__init__(sentence)
        self.url = url

    @property
    def told(self) -> str:
        """The sentence and the page to open."""
        return f"{self.sentence} {self.url}".rstrip()


class Unsupported(ChannelError):
    """This account cannot do that at all; the action should not be offered again."""


class Ambiguous(ChannelError):
    """The answer was lost: the effect may or may not have happened."""
