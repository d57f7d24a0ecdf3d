"""Faults on demand: what goes wrong, for which requests, how often, repeatably by seed."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatch


class FaultKind(StrEnum):
    """What a fault does to one request."""

    ERROR = "error"
    """An error object; `error` names it. With `after` the call has taken effect all the same."""
    ERROR_IN_200 = "error_in_200"
    """The same under HTTP 200."""
    HANG = "hang"
    """No answer for `seconds`, or until the client gives up."""
    RESET = "reset"
    """The connection is reset (RST)."""
    HTTP = "http"
    """An HTML page with `status`, 502 unless told otherwise."""
    HTML = "html"
    """An HTML page with status 200."""
    EMPTY = "empty"
    """Status 200 and no body."""
    TRUNCATED = "truncated"
    """The real answer, cut in half; the call has taken effect."""
    DELAY = "delay"
    """The real answer, `seconds` late."""


@dataclass(slots=True)
class Fault:
    """One planned trouble; `hits` counts how often it struck."""

    target: str
    kind: FaultKind
    after: bool = False
    count: int | None = 1
    probability: float = 1.0
    skip: int = 0
    error: str = "transient"
    status: int = 502
    seconds: float | None = None
    late: float = 0.0
    hits: int = 0
    seen: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311

    def strikes(self, target: str) -> bool:
        """Whether this request is hit; moves the counters and the dice."""
        if not fnmatch(target, self.target) or (self.count is not None and self.hits >= self.count):
            return False
        self.seen += 1
        if self.seen <= self.skip or self.dice.random() >= self.probability:
            return False
        self.hits += 1
        return True


class Faults:
    """The faults in force; targets are globs over the names of calls (`send`, `comments` …)."""

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
        error: str = "transient",
        status: int = 502,
        seconds: float | None = None,
        late: float = 0.0,
    ) -> Fault:
        """Plan a fault.

        Args:
            target: Glob over names of calls: me, conversations, message, media, comments,
                replies, tags, profile, stories, refresh, send, reply, hide, delete, mention.
            kind: What happens.
            after: Let the call take effect first.
            count: How many requests it hits, None for ever.
            probability: Chance of each matching request to be hit.
            skip: Matching requests to let through first.
            error: Name in `errors.KINDS`.
            status: HTTP status of kind `http`.
            seconds: Length of a hang or delay; None hangs until the client gives up.
            late: Seconds until an effect shows to whoever reads.
        """
        with self._lock:
            fault = Fault(
                target=target,
                kind=FaultKind(kind),
                after=after,
                count=count,
                probability=probability,
                skip=skip,
                error=error,
                status=status,
                seconds=seconds,
                late=late,
                dice=random.Random(f"{self._seed}:{len(self._faults)}"),  # noqa: S311
            )
            self._faults.append(fault)
            return fault

    def clear(self) -> None:
        """Everything works again."""
        with self._lock:
            self._faults.clear()

    def take(self, target: str) -> Fault | None:
        """The fault that hits this request, if any."""
        with self._lock:
            return next((fault for fault in self._faults if fault.strikes(target)), None)
