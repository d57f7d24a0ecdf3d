"""The Instagram channel: messages, comments and tags of a professional account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smm_inbox.config.options import OptionKind, OptionSpec

if TYPE_CHECKING:
    from smm_inbox.channels.base import Channel, ChannelContext

OPTIONS: tuple[OptionSpec, ...] = (
    OptionSpec(
        "token",
        OptionKind.SECRET,
        "Long-lived Instagram User token: Meta's app dashboard, Instagram, API setup with "
        "Instagram login, Generate token.",
        required=True,
        unique=True,
    ),
    OptionSpec(
        "human_agent",
        OptionKind.BOOLEAN,
        "true when Meta approved the Human Agent feature for your app: answers are possible for "
        "7 days instead of 24 hours.",
        default=False,
    ),
    OptionSpec(
        "app_secret",
        OptionKind.SECRET,
        "App secret; only for “smm-inbox hooks”, which checks with it who sends the webhooks.",
    ),
    OptionSpec(
        "verify_token",
        OptionKind.SECRET,
        "Any word of yours that Meta repeats when the webhook is set up.",
    ),
    OptionSpec(
        "base_url",
        OptionKind.URL,
        "Where all calls go instead of https://graph.instagram.com: a gateway or the sandbox.",
    ),
    OptionSpec(
        "poll_seconds",
        OptionKind.INTEGER,
        "Seconds between two looks at private messages; comments are looked at four times rarer.",
        default=30,
        minimum=2,
    ),
    OptionSpec(
        "calls_per_hour",
        OptionKind.INTEGER,
        "How many calls in an hour the program allows itself; Meta's own limit is about 200.",
        default=190,
        minimum=60,
    ),
    OptionSpec("version", OptionKind.TEXT, "Version of the API.", default="v25.0"),
    OptionSpec(
        "proxy",
        OptionKind.PROXY,
        "Proxy for this account: http://, https:// or socks5://host:port.",
    ),
)


@dataclass(frozen=True, slots=True)
class _Factory:
    name: str = "instagram"
    short: str = "IG"
    options: tuple[OptionSpec, ...] = OPTIONS

    def create(self, context: ChannelContext) -> Channel:
        """Build an account's channel; the HTTP library is loaded here and not earlier."""
        from .channel import InstagramChannel  # noqa: PLC0415 - httpx loads on first use

        return InstagramChannel(context)


factory = _Factory()
"""What the registry and the entry point name."""
