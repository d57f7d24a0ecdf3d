"""Reading fields of an answer that may be missing or of any type."""

from __future__ import annotations

import re
from datetime import UTC, datetime

Raw = dict[str, object]

_LARGEST = 2**63 - 1
_NUMBER = re.compile(r"-?\d{1,19}", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f\"<>\\^`{|}]{1,2000}")
_ID = re.compile(r"[A-Za-z0-9_.:=+/-]{1,400}")
# Until the year 2200: later ones are nonsense, and some would not fit into a datetime at all.
_LAST_MOMENT = 7_258_118_400
_MILLISECONDS = 10**11


def obj(value: object) -> Raw:
    """``value`` when it is an object, otherwise an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Raw]:
    """The objects in a list; anything else in it is left out."""
    if not isinstance(value, list):
        return []
    return [entry for entry in value if isinstance(entry, dict)]


def data(value: object) -> list[Raw]:
    """The objects of an edge: ``{"data": […]}``, or the bare list."""
    return items(obj(value).get("data", value))


def integer(value: object) -> int | None:
    """A whole number of at most 64 bits, also written as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = int(value)
    if isinstance(value, int) and -_LARGEST <= value <= _LARGEST:
        return value
    return None


def count(value: object) -> int | None:
    """A whole number that is not negative."""
    number = integer(value)
    return number if number is not None and number >= 0 else None


def identifier(value: object) -> str:
    """An id; empty when it is none. Ids are text, a number is taken as well."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def moment(value: object) -> datetime | None:
    """A time: ``2026-11-20T08:41:12+0000``, or Unix seconds or milliseconds."""
    number = integer(value)
    if number is not None:
        seconds = number / 1000 if number > _MILLISECONDS else number
        return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < _LAST_MOMENT else None
    if not isinstance(value, str):
        return None
    try:
        told = datetime.fromisoformat(value)
        told = told if told.tzinfo else told.replace(tzinfo=UTC)
        seconds = told.timestamp()
    except (ValueError, OverflowError):
        return None
    return told.astimezone(UTC) if 0 < seconds < _LAST_MOMENT else None


def address(value: object) -> str:
    """A web address that is safe to show and to hand to a browser; empty when it is none."""
    return value if isinstance(value, str) and _ADDRESS.fullmatch(value) else ""


def after(page: object) -> str:
    """The cursor of the next page, when there is one.

    ``paging.next`` holds the token: only its presence is looked at, it is never kept.
    """
    paging = obj(obj(page).get("paging"))
    return cursor(page) if paging.get("next") else ""


def cursor(page: object) -> str:
    """The cursor behind a page, whether or not a next page is named."""
    found = obj(obj(obj(page).get("paging")).get("cursors")).get("after")
    return found if isinstance(found, str) and len(found) < 2000 else ""
