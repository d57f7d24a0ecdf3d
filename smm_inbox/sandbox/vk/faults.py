"""Faults on demand: what goes wrong, where, how often, repeatably by seed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Unpack

from smm_inbox.sandbox.common.faults import Aim, FaultPlan
from smm_inbox.sandbox.common.http_faults import HttpFault


class FaultKind(StrEnum):
    """What a fault does to one request."""

    ERROR = "error"
    """A VK error code; with `after` the call has taken effect all the same."""
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
    FAILED = "failed"
    """Long poll: `{"failed": code}` and nothing else."""
    REDELIVER = "redeliver"
    """Long poll: the last `code` events come once more."""
    LOSE = "lose"
    """Target `event:<type>`: the event never reaches the queue."""
    REFUSE = "refuse"
    """Upload: HTTP 200 with an empty photo list or an error."""


@dataclass(slots=True, kw_only=True)
class Fault(HttpFault):
    """One planned trouble; `hits` counts how often it struck."""

    kind: FaultKind
    code: int = 10


class Faults(FaultPlan[Fault]):
    """The faults in force; targets are method names, `lp`, `upload`, `file`, `event:<type>`."""

    def add(
        self,
        target: str,
        kind: FaultKind | str,
        *,
        code: int = 10,
        status: int = 502,
        seconds: float | None = None,
        **aim: Unpack[Aim],
    ) -> Fault:
        """Plan a fault.

        Args:
            target: Glob over method names (`messages.*`), `lp`, `upload`, `file`, `event:<type>`.
            kind: What happens.
            code: Error code, `failed` code, or the number of events to redeliver.
            status: HTTP status of kind `http`.
            seconds: Length of a hang or delay; None hangs until the client gives up.
            aim: Which of the matching requests it hits.
        """
        kind = FaultKind(kind)
        return self._plan(
            Fault(target=target, kind=kind, code=code, status=status, seconds=seconds, **aim)
        )
