"""What the answers' headers tell: how much of the allowance is used, and Instagram's time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .mapping import raw

_SHARES = ("call_count", "total_time", "total_cputime")
_LARGEST = 10_000


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of the allowance is used."""

    percent: int = 0
    """The largest of all numbers told; 100 and more: calls are refused."""
    regain: int = 0
    """Minutes until calls are allowed again."""


def read(headers: Mapping[str, str]) -> Usage | None:
    """The usage headers; ``None`` when there are none."""
    shares: list[int] = []
    regain = 0
    for entry in _entries(headers):
        shares += [n for name in _SHARES if (n := raw.count(entry.get(name))) is not None]
        regain = max(regain, raw.count(entry.get("estimated_time_to_regain_access")) or 0)
    if not shares and not regain:
        return None
    return Usage(min(max(shares, default=0), _LARGEST), min(regain, _LARGEST))


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """The time the server says it is."""
    try:
        told = parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)


def _entries(headers: Mapping[str, str]) -> list[raw.Raw]:
    found = [raw.obj(_json(headers.get("x-app-usage")))]
    for entries in raw.obj(_json(headers.get("x-business-use-case-usage"))).values():
        found += raw.items(entries)
    return found


def _json(text: str | None) -> object:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
