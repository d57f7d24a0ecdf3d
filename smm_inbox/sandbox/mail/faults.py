"""Faults on demand: what goes wrong on the wire, where, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Unpack

from smm_inbox.sandbox.common.faults import Aim, FaultPlan, PlannedFault


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


@dataclass(slots=True, kw_only=True)
class Fault(PlannedFault):
    """One planned trouble; `hits` counts how often it struck."""

    kind: FaultKind
    seconds: float = 1.0
    code: int = 451
    text: str = "Temporary failure, try again later"


class Faults(FaultPlan[Fault]):
    """The faults in force.

    Targets: `imap:connect`, `imap:<command>` (`imap:uid fetch`), `imap:idle` (when IDLE begins),
    `smtp:connect`, `smtp:<verb>`, `smtp:rcpt <address>`, `smtp:body` (the answer to the final dot;
    with `after` the letter was delivered before). Globs are welcome, and case does not matter.
    """

    def add(
        self,
        target: str,
        kind: FaultKind | str,
        *,
        seconds: float = 1.0,
        code: int = 451,
        text: str = "Temporary failure, try again later",
        **aim: Unpack[Aim],
    ) -> Fault:
        """Plan a fault; `aim` says which of the matching commands it hits."""
        target, kind = target.lower(), FaultKind(kind)
        return self._plan(
            Fault(target=target, kind=kind, seconds=seconds, code=code, text=text, **aim)
        )

    def take(self, target: str) -> Fault | None:
        """The fault that hits this command, if any."""
        return super().take(target.lower())
