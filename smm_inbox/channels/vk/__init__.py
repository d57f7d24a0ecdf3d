"""The VK channel: a community's messages, comments and mentions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smm_inbox.config.options import OptionKind, OptionSpec
from smm_inbox.locale import tr

if TYPE_CHECKING:
    from smm_inbox.channels.base import Channel, ChannelContext

OPTIONS: tuple[OptionSpec, ...] = (
    OptionSpec(
        "group_id",
        OptionKind.INTEGER,
        "Number of the community, without a minus: the digits of vk.com/club123.",
        required=True,
        unique=True,
        minimum=1,
    ),
    OptionSpec(
        "token",
        OptionKind.SECRET,
        "Community token with the rights messages, manage, photos, docs and wall.",
        required=True,
    ),
    OptionSpec(
        "service_key",
        OptionKind.SECRET,
        "Service key of any VK app of yours: shows the post a comment stands under and fetches "
        "comments that came while the program was off.",
    ),
    OptionSpec(
        "user_token",
        OptionKind.SECRET,
        "Token of an administrator: deletes comments, answers under photos, videos, goods and "
        "discussions.",
    ),
    OptionSpec(
        "api_url",
        OptionKind.URL,
        "Where all API calls go instead of VK itself: a gateway or the sandbox.",
    ),
    OptionSpec(
        "proxy",
        OptionKind.PROXY,
        "Proxy for this account: http://, https:// or socks5://host:port.",
    ),
)


@dataclass(frozen=True, slots=True)
class _Factory:
    name: str = "vk"
    options: tuple[OptionSpec, ...] = OPTIONS

    @property
    def short(self) -> str:
        """Short word in the feed, in the language of the interface."""
        return tr("VK")

    def create(self, context: ChannelContext) -> Channel:
        """Build an account's channel; VK's library is loaded here and not earlier."""
        from .channel import VkChannel  # noqa: PLC0415 - vendor libraries load on first use

        return VkChannel(context)


factory = _Factory()
"""What the registry and the entry point name."""
