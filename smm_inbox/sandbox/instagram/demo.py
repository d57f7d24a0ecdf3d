"""The Instagram part of the demo: a running network and its story."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from smm_inbox.sandbox.instagram.server import InstagramSandbox
from smm_inbox.sandbox.instagram.story import PACE, InstagramStory


@dataclass(frozen=True, slots=True)
class DemoInstagram:
    """A running cafe's day on Instagram."""

    config: dict[str, object]
    """The options of one account, as they would stand under [accounts.<name>]."""
    ig: InstagramSandbox
    story: InstagramStory


@contextmanager
def demo_instagram(seed: int = 7, pace: float = PACE) -> Iterator[DemoInstagram]:
    """Run the sandbox Instagram with the cafe's morning in it until the block ends.

    Args:
        seed: The same seed tells the same story.
        pace: Seconds between two arrivals, counted from the app's first call.
    """
    with InstagramSandbox(seed=seed) as ig:
        ig.state.usage = 12  # nobody counts calls in the demo, and nobody waits half a minute
        with InstagramStory(ig, seed, pace) as story:
            yield DemoInstagram(
                config={
                    "channel": "instagram",
                    "token": ig.token,
                    "base_url": ig.url,
                    "poll_seconds": 4,
                    "calls_per_hour": 5000,
                },
                ig=ig,
                story=story,
            )
