"""Numbered steps of the database schema; each runs once, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import (
    m0001_initial,
    m0002_powers,
    m0003_tags,
    m0004_search,
    m0005_scripts,
    m0006_people,
    m0007_shift,
    m0008_reactions,
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: its number (the ``user_version`` after it) and its statements."""

    number: int
    statements: Sequence[str]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, m0001_initial.STATEMENTS),
    Migration(2, m0002_powers.STATEMENTS),
    Migration(3, m0003_tags.STATEMENTS),
    Migration(4, m0004_search.STATEMENTS),
    Migration(5, m0005_scripts.STATEMENTS),
    Migration(6, m0006_people.STATEMENTS),
    Migration(7, m0007_shift.STATEMENTS),
    Migration(8, m0008_reactions.STATEMENTS),
)
NEWEST = MIGRATIONS[-1].number
