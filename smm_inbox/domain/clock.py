"""The port through which time comes in."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Gives the current time; tests replace it."""

    def now(self) -> datetime:
        """Current time, aware, UTC."""
        ...
