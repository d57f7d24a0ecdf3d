"""Pauses between attempts and limits on the rate of calls."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable


class Backoff:
    """Growing pauses with jitter, so that many programs do not knock at the same moment.

    The n-th pause is drawn evenly from the upper half of ``base * 2**n``, at most ``cap`` seconds.
    """

    def __init__(
        self,
        base: float = 1.0,
        cap: float = 300.0,
        *,
        draw: Callable[[], float] = random.random,
    ) -> None:
        if base <= 0 or cap < base:
            raise ValueError("a backoff needs 0 < base <= cap")
        self._base = base
        self._cap = cap
        self._draw = draw
        self.attempts = 0

    def next(self) -> float:
        """Seconds to wait before the next attempt; each call makes the following one longer."""
        # The exponent is bounded: after a night without a network it would overflow a float.
        ceiling = min(self._cap, self._base * 2.0 ** min(self.attempts, 32))
        self.attempts += 1
        return ceiling / 2 + ceiling / 2 * self._draw()

    def reset(self) -> None:
        """Start over after a success."""
        self.attempts = 0


class TokenBucket:
    """At most ``burst`` calls at once and ``rate`` calls a second in the long run.

    Waiters are served in the order they came. One bucket belongs to one event loop.
    """

    def __init__(
        self,
        rate: float,
        burst: int = 1,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if rate <= 0 or burst < 1:
            raise ValueError("a bucket needs a positive rate and a burst of at least one")
        self._rate = rate
        self._burst = burst
        self._monotonic = monotonic
        self._level = float(burst)
        self._filled_at = monotonic()

    def reserve(self) -> float:
        """Take one place and return how many seconds to wait before using it."""
        now = self._monotonic()
        grown = max(0.0, now - self._filled_at) * self._rate
        self._level = min(float(self._burst), self._level + grown)
        self._filled_at = now
        self._level -= 1.0
        return max(0.0, -self._level / self._rate)

    def give_back(self) -> None:
        """Return a place that was reserved and not used."""
        self._level += 1.0

    def penalise(self, seconds: float) -> None:
        """Let nobody through for ``seconds``: the network said that it is too much."""
        self.reserve()
        self._level = min(self._level, -seconds * self._rate)

    async def acquire(self) -> None:
        """Wait for a place."""
        pause = self.reserve()
        if pause > 0:
            try:
                await asyncio.sleep(pause)
            except asyncio.CancelledError:
                self.give_back()
                raise
