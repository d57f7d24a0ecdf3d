"""Faults on demand: what goes wrong, where, how often, repeatably by seed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Unpack

from smm_inbox.sandbox.common.faults import Aim, FaultPlan, PlannedFault


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


@dataclass(slots=True, kw_only=True)
class Fault(PlannedFault):
    """One planned trouble; `hits` counts how often it struck."""

    kind: FaultKind
    code: int = 400
    text: str = ""
    seconds: float | None = None


_CODES = {"FLOOD_WAIT": 420, "SLOWMODE_WAIT": 420, "FLOOD_PREMIUM_WAIT": 420}
_SERVER_SIDE = {"RANDOM_ID_DUPLICATE": 500, "RPC_CALL_FAIL": 500, "TIMEOUT": -503}


class Faults(FaultPlan[Fault]):
    """The faults in force."""

    def add(
        self,
        target: str,
        kind: FaultKind | str,
        *,
        code: int | None = None,
        text: str = "RPC_CALL_FAIL",
        seconds: float | None = None,
        **aim: Unpack[Aim],
    ) -> Fault:
        """Plan a fault.

        Args:
            target: Glob over method names (`messages.*`), `ping`, `accept` (a new connection),
                `update:new`, `update:edit`, `update:delete`, `update:read_in`, `update:read_out`.
            kind: What happens.
            code: Error code; by default the one that belongs to the text.
            text: Error text.
            seconds: Length of a hang or delay; None hangs until the client gives up.
            aim: Which of the matches it hits.
        """
        stem = text.rstrip("0123456789").rstrip("_")
        if code is None:
            code = _CODES.get(stem, _SERVER_SIDE.get(text, 400))
        kind = FaultKind(kind)
        return self._plan(
            Fault(target=target, kind=kind, code=code, text=text, seconds=seconds, **aim)
        )

    def flood(self, target: str, seconds: int, count: int | None = 1) -> Fault:
        """FLOOD_WAIT on the next calls of a method."""
        return self.add(target, FaultKind.ERROR, text=f"FLOOD_WAIT_{seconds}", count=count)
