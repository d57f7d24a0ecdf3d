"""Tags."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = ()
