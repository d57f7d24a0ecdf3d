"""Faults on demand: what goes wrong on the wire, where, and how often."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase


class FaultKind(StrEnum):
    """What a fault does to one command."""

    DROP = "drop"
    """The connection is closed without a word."""
    BYE = "bye"
    """`* BYE` in IMAP, `421` in SMTP, then the connection is closed."""
    HANG = "hang"
    """Silence: the connection stays open and nothing is answered any more."""
    DELAY = "delay"
    """The real answer, `seconds` late."""
    REPLY = "reply"
    """`NO text` in IMAP, `code text` in SMTP; the command has no effect unless `after`."""
    BAD = "bad"
    """`BAD text` in IMAP."""
    CUT = "cut"
    """IMAP: half of the answer, then the connection is closed."""


@dataclass(slots=True)
class Fault:
    """One planned trouble; `hits` counts how often it struck."""

    target: str
    kind: FaultKind
    after: bool = False
    count: int | None = 1
    skip: int = 0
    probability: float = 1.0
    seconds: float = 1.0
    code: int = 451
    text: str = "Temporary failure, try again later"
    hits: int = 0
    seen: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311

    def strikes(self, target: str) -> bool:
        """Whether this command is hit; moves the counters and the dice."""
        spent = self.count is not None and self.hits >= self.count
        if spent or not fnmatchcase(target.lower(), self.target.lower()):
            return False
        self.seen += 1
        if self.seen <= self.skip or self.dice.random() >= self.probability:
            return False
        self.hits += 1
        return True


class Faults:
    """The faults in force.

    Targets: `imap:connect`, `imap:<command>` (`imap:uid fetch`), `imap:idle` (when IDLE begins),
    `smtp:connect`, `smtp:<verb>`, `smtp:rcpt <address>`, `smtp:body` (the answer to the final dot;
    with `after` the letter was delivered before). Globs are welcome.
    """

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
        skip: int = 0,
        probability: float = 1.0,
        seconds: float = 1.0,
        code: int = 451,
        text: str = "Temporary failure, try again later",
    ) -> Fault:
        """Plan a fault; `count=None` is for ever, `skip` lets that many commands through first."""
        with self._lock:
            fault = Fault(
                target,
                FaultKind(kind),
                after,
                count,
                skip,
                probability,
                seconds,
                code,
                text,
                dice=random.Random(f"{self._seed}:{len(self._faults)}"),  # noqa: S311 - repeatable
            )
            self._faults.append(fault)
            return fault

    def clear(self) -> None:
        """Everything works again."""
        with self._lock:
            self._faults.clear()

    def take(self, target: str) -> Fault | None:
        """The fault that hits this command, if any."""
        with self._lock:
            return next((fault for fault in self._faults if fault.strikes(target)), None)
