"""Loopback networks that the demo and the tests talk to over real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smm_inbox.sandbox.instagram.demo import DemoInstagram
    from smm_inbox.sandbox.story import DemoStory
    from smm_inbox.sandbox.vk.server import VkSandbox

__all__ = ["DemoNetwork", "demo_network"]


@dataclass(frozen=True, slots=True)
class DemoNetwork:
    """A running cafe's day."""

    url: str
    config: dict[str, object]
    """The options of one account, as they would stand under [accounts.<name>]."""
    vk: VkSandbox
    story: DemoStory
    instagram: DemoInstagram


@contextmanager
def demo_network(seed: int = 7, pace: float = 7.0) -> Iterator[DemoNetwork]:
    """Run the sandbox networks with the cafe's morning in it until the block ends.

    Args:
        seed: The same seed tells the same story.
        pace: Seconds between two arrivals, counted from the app's first poll.
    """
    # the network is loaded only when somebody wants one: the app's own start must not pay for it
    from smm_inbox.sandbox.instagram.demo import demo_instagram  # noqa: PLC0415
    from smm_inbox.sandbox.story import DemoStory  # noqa: PLC0415
    from smm_inbox.sandbox.vk.server import VkSandbox  # noqa: PLC0415

    # Instagram is the quieter one: every third customer or so comes from there.
    with VkSandbox(seed=seed) as vk, demo_instagram(seed, pace * 2.5) as instagram:
        story = DemoStory(vk, seed, pace)
        story.prepare()
        story.start()
        try:
            yield DemoNetwork(
                url=vk.url,
                config={
                    "channel": "vk",
                    "group_id": vk.group_id,
                    "token": vk.token,
                    "service_key": vk.service_key,
                    "user_token": vk.user_token,
                    "api_url": vk.url,
                },
                vk=vk,
                story=story,
                instagram=instagram,
            )
        finally:
            story.stop()
