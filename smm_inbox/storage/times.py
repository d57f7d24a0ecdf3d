"""Between aware times and UTC microseconds, the times of every table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(moment: datetime) -> int:
    """Aware time to UTC microseconds, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


def from_us(value: int) -> datetime:
    """UTC microseconds to aware time, exactly."""
    return _EPOCH + timedelta(microseconds=value)


def maybe_us(moment: datetime | None) -> int | None:
    """Like ``to_us``, keeping ``None``."""
    return None if moment is None else to_us(moment)


def maybe_time(value: int | None) -> datetime | None:
    """Like ``from_us``, keeping ``None``."""
    return None if value is None else from_us(value)
