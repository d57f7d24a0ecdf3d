"""What may go wrong with any answer over HTTP."""

from __future__ import annotations

from dataclasses import dataclass

from smm_inbox.sandbox.common.faults import PlannedFault
from smm_inbox.sandbox.common.http import Reset, Response, Silence


@dataclass(slots=True, kw_only=True)
class HttpFault(PlannedFault):
    """A fault of a network that speaks HTTP; its kinds name what all of these share alike."""

    status: int = 502
    seconds: float | None = None

    def instead(self, real: Response | None, page: bytes) -> Response | None:
        """What the client gets, None when only this network knows such a fault.

        Args:
            real: The real answer, when the call has taken effect.
            page: The network's HTML page about an outage.

        Raises:
            Silence: the client gets nothing.
            Reset: the connection is reset.
        """
        match self.kind.value:
            case "hang":
                raise Silence(self.seconds)
            case "reset":
                raise Reset
            case "http":
                return Response(page, self.status, "text/html; charset=utf-8")
            case "html":
                return Response(page, 200, "text/html; charset=utf-8")
            case "empty":
                return Response(b"")
            case "truncated" if real is not None:
                return Response(real.body[: len(real.body) // 2])
            case _:
                return None
