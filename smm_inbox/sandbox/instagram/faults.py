"""Faults on demand: what goes wrong, for which requests, how often, repeatably by seed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Unpack

from smm_inbox.sandbox.common.faults import Aim, FaultPlan
from smm_inbox.sandbox.common.http_faults import HttpFault


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


@dataclass(slots=True, kw_only=True)
class Fault(HttpFault):
    """One planned trouble; `hits` counts how often it struck."""

    kind: FaultKind
    error: str = "transient"
    late: float = 0.0


class Faults(FaultPlan[Fault]):
    """The faults in force; targets are globs over the names of calls (`send`, `comments` …)."""

    def add(
        self,
        target: str,
        kind: FaultKind | str,
        *,
        error: str = "transient",
        status: int = 502,
        seconds: float | None = None,
        late: float = 0.0,
        **aim: Unpack[Aim],
    ) -> Fault:
        """Plan a fault.

        Args:
            target: Glob over names of calls: me, conversations, message, media, comments,
                replies, tags, profile, stories, refresh, send, reply, hide, delete, mention.
            kind: What happens.
            error: Name in `errors.KINDS`.
            status: HTTP status of kind `http`.
            seconds: Length of a hang or delay; None hangs until the client gives up.
            late: Seconds until an effect shows to whoever reads.
            aim: Which of the matching requests it hits.
        """
        return self._plan(
            Fault(
                target=target,
                kind=FaultKind(kind),
                error=error,
                status=status,
                seconds=seconds,
                late=late,
                **aim,
            )
        )
