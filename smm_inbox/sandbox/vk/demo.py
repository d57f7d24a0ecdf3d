"""The VK part of the demo: a running network, its story, and the keys of the community."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from smm_inbox.sandbox.vk.server import VkSandbox
from smm_inbox.sandbox.vk.story import PACE, VkStory


@dataclass(frozen=True, slots=True)
class DemoVk:
    """A running cafe's day on VK."""

    config: dict[str, object]
    """The options of one account, as they would stand under [accounts.<name>]."""
    vk: VkSandbox
    story: VkStory


@contextmanager
def demo_vk(seed: int = 7, pace: float = PACE) -> Iterator[DemoVk]:
    """Run the sandbox VK with the cafe's morning in it until the block ends.

    Args:
        seed: The same seed tells the same story.
        pace: Seconds between two arrivals, counted from the app's first poll.
    """
    with VkSandbox(seed=seed) as vk, VkStory(vk, seed, pace) as story:
        yield DemoVk(
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
        )
