"""Numbered steps of the database schema; each runs once, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import m0001_initial, m0002_powers


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: its number (the ``user_version`` after it) and its statements."""

    number: int
    statements: Sequence[str]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, m0001_initial.STATEMENTS),
    Migration(2, m0002_powers.STATEMENTS),
)
NEWEST = MIGRATIONS[-1].number
