"""Faults on demand: what goes wrong, where, how often, repeatably by seed."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatch


class FaultKind(StrEnum):
    """What a fault does."""

    ERROR = "error"
    """An RPC error: `text` such as `FLOOD_WAIT_30`, `PEER_FLOOD`, `SLOWMODE_WAIT_5`, and `code`."""
    HANG = "hang"
    """No answer for `seconds`, or ever."""
    DELAY = "delay"
    """The real answer, `seconds` late."""
    DROP = "drop"
    """The connection is closed in an orderly way."""
    RESET = "reset"
    """The connection is reset (RST)."""
    LOSE = "lose"
    """An update that never reaches the clients; its pts has passed all the same."""
    DOUBLE = "double"
    """An update that comes twice."""
    TOO_LONG = "too_long"
    """Only `updatesTooLong` or `updateChannelTooLong` comes instead of an update."""


@dataclass(slots=True)
class Fault:
    """One planned trouble; `hits` counts how often it struck."""

    target: str
    kind: FaultKind
    after: bool = False
    count: int | None = 1
    probability: float = 1.0
    skip: int = 0
    code: int = 400
    text: str = ""
    seconds: float | None = None
    hits: int = 0
    seen: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311

    def strikes(self, target: str) -> bool:
        """Whether this is hit; moves the counters and the dice."""
        if not fnmatch(target, self.target) or (self.count is not None and self.hits >= self.count):
            return False
        self.seen += 1
        if self.seen <= self.skip or self.dice.random() >= self.probability:
            return False
        self.hits += 1
        return True


_CODES = {"FLOOD_WAIT": 420, "SLOWMODE_WAIT": 420, "FLOOD_PREMIUM_WAIT": 420}
_SERVER_SIDE = {"RANDOM_ID_DUPLICATE": 500, "RPC_CALL_FAIL": 500, "TIMEOUT": -503}


class Faults:
    """The faults in force."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(
        self,
        target: str,
        kind: FaultKind | str,
        *,
        after: bool = False,
        count: int | None = 1,
        probability: float = 1.0,
        skip: int = 0,
        code: int | None = None,
        text: str = "RPC_CALL_FAIL",
        seconds: float | None = None,
        seed: int | None = None,
    ) -> Fault:
        """Plan a fault.

        Args:
            target: Glob over method names (`messages.*`), `ping`, `accept` (a new connection),
                `update:new`, `update:edit`, `update:delete`, `update:read_in`, `update:read_out`.
            kind: What happens.
            after: Let the call take effect first.
            count: How many it hits, None for ever.
            probability: Chance of each match to be hit.
            skip: Matches to let through first.
            code: Error code; by default the one that belongs to the text.
            text: Error text.
            seconds: Length of a hang or delay; None hangs until the client gives up.
            seed: Seed of this fault's dice; by default derived from the sandbox's seed.
        """
        stem = text.rstrip("0123456789").rstrip("_")
        usual = _CODES.get(stem, _SERVER_SIDE.get(text, 400))
        with self._lock:
            own = f"{self._seed}:{len(self._faults)}" if seed is None else str(seed)
            fault = Fault(
                target=target,
                kind=FaultKind(kind),
                after=after,
                count=count,
                probability=probability,
                skip=skip,
                code=usual if code is None else code,
                text=text,
                seconds=seconds,
                dice=random.Random(own),  # noqa: S311 - repeatable on purpose
            )
            self._faults.append(fault)
            return fault

    def flood(self, target: str, seconds: int, count: int | None = 1) -> Fault:
        """FLOOD_WAIT on the next calls of a method."""
        return self.add(target, FaultKind.ERROR, text=f"FLOOD_WAIT_{seconds}", count=count)

    def clear(self) -> None:
        """Everything works again."""
        with self._lock:
            self._faults.clear()

    def take(self, target: str) -> Fault | None:
        """The fault that hits this, if any."""
        with self._lock:
            return next((fault for fault in self._faults if fault.strikes(target)), None)
