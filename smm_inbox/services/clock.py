"""The real clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Time of this machine."""

    def now(self) -> datetime:
        """Current time, aware, UTC."""
        return datetime.now(UTC)
