"""Reading fields of an answer that may be missing or of any type."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from smm_inbox.domain.text import clean

Raw = dict[str, object]

_LARGEST = 2**63 - 1
_NUMBER = re.compile(r"-?\d{1,19}")
_ADDRESS = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f\"<>\\^`{|}]{1,2000}")
# Until the year 2200: later ones are nonsense, and some would not fit into a datetime at all.
_LAST_MOMENT = 7_258_118_400


def obj(value: object) -> Raw:
    """``value`` when it is an object, otherwise an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Raw]:
    """The objects in a list; anything else in it is left out."""
    if not isinstance(value, list):
        return []
    return [entry for entry in value if isinstance(entry, dict)]


def integer(value: object) -> int | None:
    """A whole number of at most 64 bits; VK sends some of them as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value) and value.isascii():
        value = int(value)
    if isinstance(value, int) and -_LARGEST <= value <= _LARGEST:
        return value
    return None


def positive(value: object) -> int | None:
    """A whole number above zero."""
    number = integer(value)
    return number if number is not None and number > 0 else None


def count(value: object) -> int | None:
    """A whole number that is not negative."""
    number = integer(value)
    return number if number is not None and number >= 0 else None


def integers(value: object) -> list[int]:
    """The whole numbers in a list."""
    if not isinstance(value, list):
        return []
    return [number for entry in value if (number := integer(entry)) is not None]


def moment(value: object) -> datetime | None:
    """A Unix time in seconds."""
    number = positive(value)
    return datetime.fromtimestamp(number, UTC) if number and number < _LAST_MOMENT else None


def address(value: object) -> str:
    """A web address that is safe to show and to hand to a browser; empty when it is none."""
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        return ""
    # What turns the direction of writing makes one address look like another.
    return value if clean(value) == value else ""


def truthy(value: object) -> bool:
    """VK's flags: ``true`` or ``1``."""
    return value is True or value == 1
