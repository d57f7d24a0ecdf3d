"""The email channel: letters to a business mailbox and the answers to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smm_inbox.config.options import OptionSpec

from .options import OPTIONS

if TYPE_CHECKING:
    from smm_inbox.channels.base import Channel, ChannelContext


@dataclass(frozen=True, slots=True)
class _Factory:
    name: str = "email"
    short: str = "@"
    options: tuple[OptionSpec, ...] = OPTIONS

    def create(self, context: ChannelContext) -> Channel:
        """Build an account's channel; the mail libraries are loaded here and not earlier."""
        from .channel import EmailChannel  # noqa: PLC0415 - vendor libraries load on first use

        return EmailChannel(context)


factory = _Factory()
"""What the registry and the entry point name."""
