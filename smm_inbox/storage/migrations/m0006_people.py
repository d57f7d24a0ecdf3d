"""Notes, merged people and manual entries."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = ()
