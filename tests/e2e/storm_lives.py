"""How long the program lives between two kills: long enough to do something, on any machine."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

_LONGER, _SHORTER, _LONGEST = 1.6, 1.3, 10.0


class Lives:
    """Orders of a kill storm. A life in which nothing left makes the next ones longer.

    ``done`` counts what took effect on the networks: on a busy machine a short life ends before the
    program is connected, and a storm of such lives would prove nothing.
    """

    def __init__(self, dice: random.Random, done: Callable[[], int]) -> None:
        self._dice = dice
        self._done = done
        self._before = done()
        self._scale = 1.0

    def next(self, cycle: int, *, seconds: float, steps: int) -> dict[str, Any]:
        """When to die: after some time, or at one of the program's steps.

        ``seconds`` and ``steps`` are the most on an idle machine.
        """
        now = self._done()
        if cycle:
            factor = _LONGER if now == self._before else 1 / _SHORTER
            self._scale = min(max(1.0, self._scale * factor), _LONGEST)
        self._before = now
        order: dict[str, Any] = {"seed": self._dice.random()}
        if cycle % 2:
            order["seconds"] = self._dice.uniform(0.1, seconds) * self._scale
        else:
            order["seconds"] = 1.3 * seconds * self._scale
            order["steps"] = int(self._dice.triangular(1, steps, steps / 5) * self._scale)
        return order
