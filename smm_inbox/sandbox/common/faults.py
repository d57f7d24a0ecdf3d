"""Faults on demand: which requests go wrong, and how often, repeatably by seed."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Generic, TypedDict, TypeVar


class Aim(TypedDict, total=False):
    """Which of the matching requests a fault hits.

    Keys:
        after: Let the call take effect first.
        count: How many requests it hits, None for ever.
        probability: Chance of each matching request to be hit.
        skip: Matching requests to let through first.
        seed: Seed of this fault's dice; by default derived from the sandbox's seed.
    """

    after: bool
    count: int | None
    probability: float
    skip: int
    seed: int | None


@dataclass(slots=True, kw_only=True)
class PlannedFault:
    """One planned trouble; `hits` counts how often it struck. Each network adds what it needs."""

    target: str
    """Glob over the names of requests."""
    kind: StrEnum
    after: bool = False
    count: int | None = 1
    probability: float = 1.0
    skip: int = 0
    seed: int | None = None
    hits: int = field(default=0, init=False)
    seen: int = field(default=0, init=False)
    dice: random.Random = field(default_factory=random.Random, init=False)

    def strikes(self, target: str) -> bool:
        """Whether this request is hit; moves the counters and the dice."""
        spent = self.count is not None and self.hits >= self.count
        if spent or not fnmatchcase(target, self.target):
            return False
        self.seen += 1
        if self.seen <= self.skip or self.dice.random() >= self.probability:
            return False
        self.hits += 1
        return True


AnyFault = TypeVar("AnyFault", bound=PlannedFault)


class FaultPlan(Generic[AnyFault]):
    """The faults in force; each network says by `add` which it knows."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        self._faults: list[AnyFault] = []

    def _plan(self, fault: AnyFault) -> AnyFault:
        with self._lock:
            own = f"{self._seed}:{len(self._faults)}" if fault.seed is None else str(fault.seed)
            fault.dice = random.Random(own)  # noqa: S311 - repeatable on purpose
            self._faults.append(fault)
            return fault

    def clear(self) -> None:
        """Everything works again."""
        with self._lock:
            self._faults.clear()

    def take(self, target: str) -> AnyFault | None:
        """The fault that hits this request, if any."""
        with self._lock:
            return next((fault for fault in self._faults if fault.strikes(target)), None)
