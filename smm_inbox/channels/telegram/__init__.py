"""The Telegram channel: private messages, comments under the channel's posts, mentions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smm_inbox.config.options import OptionKind, OptionSpec

if TYPE_CHECKING:
    from smm_inbox.channels.base import Channel, ChannelContext

OPTIONS: tuple[OptionSpec, ...] = (
    OptionSpec(
        "api_id",
        OptionKind.INTEGER,
        "Number of your application from my.telegram.org, section “API development tools”.",
        required=True,
        minimum=1,
    ),
    OptionSpec(
        "api_hash",
        OptionKind.SECRET,
        "Secret of the same application, 32 letters and digits.",
        required=True,
    ),
    OptionSpec(
        "phone",
        OptionKind.TEXT,
        "Phone of the account, for the login by code; the login by QR code needs none.",
        unique=True,
    ),
    OptionSpec(
        "bot_token",
        OptionKind.SECRET,
        "Token of a bot from @BotFather instead of an account: sees no history and cannot write "
        "first.",
        unique=True,
    ),
    OptionSpec(
        "as_channel",
        OptionKind.BOOLEAN,
        "Answer comments in the name of the channel instead of the account.",
        default=False,
    ),
    OptionSpec(
        "proxy",
        OptionKind.PROXY,
        "Proxy for this account: http:// or socks5://host:port.",
    ),
    OptionSpec(
        "mtproxy",
        OptionKind.SECRET,
        "Link of an MTProto proxy, tg://proxy?server=…&port=…&secret=…; secrets that begin with ee "
        "do not work.",
    ),
    OptionSpec(
        "server",
        OptionKind.TABLE,
        "Another server instead of Telegram itself: its test network or the sandbox.",
        fields=(
            OptionSpec("host", OptionKind.TEXT, "Address of the server.", required=True),
            OptionSpec("port", OptionKind.INTEGER, "Port of the server.", required=True, minimum=1),
            OptionSpec(
                "dc", OptionKind.INTEGER, "Number of the data centre.", default=2, minimum=1
            ),
            OptionSpec(
                "public_key", OptionKind.TEXT, "File with the RSA key of the server, PEM (PKCS#1)."
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class _Factory:
    name: str = "telegram"
    short: str = "TG"
    options: tuple[OptionSpec, ...] = OPTIONS

    def create(self, context: ChannelContext) -> Channel:
        """Build an account's channel; Telethon is loaded here and not earlier."""
        from .channel import TelegramChannel  # noqa: PLC0415 - vendor libraries load on first use

        return TelegramChannel(context)


factory = _Factory()
"""What the registry and the entry point name."""
