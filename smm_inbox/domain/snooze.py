"""Until when a conversation is put aside: moments written in words, in Russian or English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .conversation import UNTIL_ANSWER
from .hours import BusinessHours
from .snooze_reading import Reading, tokens
from .snooze_words import ABSOLUTE, PHRASES, UNTIL_WRITES
from .text import fold

_LONGEST = timedelta(days=3 * 366)


class Trouble(StrEnum):
    """Why a text names no moment to wait for."""

    EMPTY = "empty"
    UNKNOWN = "unknown"
    PAST = "past"
    FAR = "far"
    """More than three years ahead: surely a slip."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """A moment that was understood."""

    until: datetime
    """UTC, in the future; ``UNTIL_ANSWER`` until the customer writes."""
    closed: bool = False
    """The business is closed at that moment."""


def parse(text: str, now: datetime, hours: BusinessHours) -> Snooze | Trouble:
    """Understand ``text``, such as ``2ч``, ``завтра``, ``пн 10``, ``15.12 14:00``, ``до ответа``.

    A day without a time means the opening of the business on that day, nine o'clock when it is
    closed or never closes. A time without a day is the next one. A weekday is the next one, today
    only with a time that is still to come. Days are counted in the zone of the business.
    """
    words = fold(text[:200]).strip()
    if not words:
        return Trouble.EMPTY
    if " ".join(words.split()) in UNTIL_WRITES:
        return Snooze(UNTIL_ANSWER)
    for phrase, word in PHRASES:
        words = words.replace(phrase, word)
    reading = Reading(tokens(words), now.astimezone(hours.zone), hours)
    try:
        until = reading.moment(of_day=words.split()[0] in ABSOLUTE)
    except (ValueError, OverflowError):
        return Trouble.UNKNOWN
    if until is None:
        return Trouble.UNKNOWN
    if until <= now:
        return Trouble.PAST
    if until - now > _LONGEST:
        return Trouble.FAR
    return Snooze(until, closed=not hours.is_open(until))
