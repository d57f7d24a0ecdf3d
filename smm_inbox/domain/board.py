"""The Today board: facts of the shift with an expiry, such as "свободных столиков 3 до 18:00"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from .hours import BusinessHours
from .promise_text import ending
from .promise_time import moments
from .text import SafeText, clean_line

LONGEST_NAME = 60
LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is true today; scripts use it by its name."""

    name: SafeText
    value: SafeText
    expires_at: datetime | None
    """UTC; ``None``: until it is removed."""

    def is_current(self, now: datetime) -> bool:
        """Whether it may still be told to a customer."""
        return self.expires_at is None or now < self.expires_at


_SPLIT = re.compile(r"\s*(?:[:=]|\s[—–-]\s)\s*")
_NUMBER = re.compile(r"\s+(?=(?:нет|есть|\d))")
_AROUND = " :=—–-"
_UNTIL = re.compile(r"(?<!\w)(?:до|через|на)\s")
_FOREVER = re.compile(r"\s*(?<!\w)(?:всегда|бессрочно|без срока|always)\s*$", re.IGNORECASE)


def read_fact(line: str, now: datetime, hours: BusinessHours) -> Fact | None:
    """Read one line: a name, a value and, if named, until when.

    The name ends at ``:``, ``=`` or a dash, else before the first number, else behind the first
    word. The expiry stands at the end ("до 18:00", "до завтра", "на 2 часа", "всегда"); without
    one the fact holds until the end of the business day. ``None``: the name or value is missing.
    """
    text = clean_line(line, limit=LONGEST_NAME + LONGEST_VALUE).strip()
    body, expires = _expiry(text, now, hours)
    for split in (_SPLIT, _NUMBER, re.compile(r"\s+")):
        name, *rest = split.split(body, maxsplit=1)
        name = clean_line(name.strip(_AROUND), limit=LONGEST_NAME)
        value = clean_line("".join(rest).strip(), limit=LONGEST_VALUE)
        if name and value:
            return Fact(name, value, expires)
    return None


def _expiry(text: str, now: datetime, hours: BusinessHours) -> tuple[str, datetime | None]:
    """The text without its expiry, and that expiry."""
    if found := _FOREVER.search(text):
        return text[: found.start()], None
    folded = text.lower().replace("ё", "е")
    if len(folded) == len(text):
        for found in reversed(list(_UNTIL.finditer(folded))):
            # «на 2 часа» lasts as long as «через 2 часа».
            tail = re.sub(r"^на\s", "через ", folded[found.start() :])
            last = max(moments(tail, now, hours), key=lambda one: one.end, default=None)
            if last is not None and last.start == 0 and not tail[last.end :].strip(" .!,"):
                return text[: found.start()].rstrip(" ,;"), last.due
    if (end := ending(text, now, hours)) is not None:
        return text[: end[0]].rstrip(" ,;"), end[1]
    return text, hours.end_of_day(now)
