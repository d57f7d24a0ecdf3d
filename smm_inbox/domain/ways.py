"""Ways to reach a person that a text names: phones, e-mail addresses, links, handles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from .text import fold

_PHONE = re.compile(r"(?<![\w+/])\+?\d[\d \u00a0()\-–]{7,24}")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_SITES = (
    "vk.com vk.ru m.vk.com t.me telegram.me instagram.com 2gis.ru go.2gis.com yandex.ru yandex.com "
    "maps.yandex.ru google.com maps.google.com goo.gl maps.app.goo.gl otzovik.com wa.me ok.ru"
)
_HOSTS = "|".join(re.escape(host) for host in sorted(_SITES.split(), key=len, reverse=True))
_LINK = re.compile(
    rf"(?<![\w@.])(?:https?://[^\s<>\"«»]+|(?:www\.)?(?:{_HOSTS})/[^\s<>\"«»]*)", re.IGNORECASE
)
_HANDLE = re.compile(r"(?<![\w@./])@([A-Za-z0-9_.]{3,64})")
_PROFILE = re.compile(
    r"(?:m\.)?(?:vk\.com|vk\.ru|t\.me|telegram\.me|instagram\.com)/@?([A-Za-z0-9_.]{3,64})"
)
_TAIL = ".,;:!?)»\"'"


class WayKind(StrEnum):
    """Ways to reach somebody."""

    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    HANDLE = "handle"


@dataclass(frozen=True, slots=True)
class Way:
    """One way and where it stands in the text."""

    kind: WayKind
    key: str
    """The same for every spelling: two people with one key are perhaps one person."""
    shown: str
    """As it is read: a phone in groups, a link as it was typed."""
    start: int
    end: int


def find_ways(text: str) -> tuple[Way, ...]:
    """Every way ``text`` names, in order; they do not overlap."""
    found: list[Way] = []
    for way in (*_links(text), *_emails(text), *_handles(text), *_phones(text)):
        if all(way.end <= other.start or other.end <= way.start for other in found):
            found.append(way)
    return tuple(sorted(found, key=lambda way: way.start))


def way_keys(text: str) -> frozenset[tuple[WayKind, str]]:
    """What ``text`` can be compared with others by; a link to a profile is its handle too."""
    keys = {(way.kind, way.key) for way in find_ways(text)}
    for kind, key in tuple(keys):
        if kind is WayKind.LINK and (profile := _PROFILE.fullmatch(key)):
            keys.add((WayKind.HANDLE, profile[1]))
    return frozenset(keys)


def phone_number(text: str) -> str | None:
    """``+79161234567`` out of a phone in any spelling; ``None`` when it is none."""
    digits = "".join(char for char in text if char in "0123456789")
    plus = text.lstrip(" (").startswith("+")
    if len(digits) == 11 and (digits[0] == "7" or (digits[0] == "8" and not plus)):
        return "+7" + digits[1:]
    if len(digits) == 10 and digits[0] == "9" and not plus:
        return "+7" + digits
    if plus and digits[0:1] not in {"", "0", "7"} and 8 <= len(digits) <= 15:
        return "+" + digits
    return None


def phone_shown(number: str) -> str:
    """A Russian number in groups, any other as it is."""
    if len(number) == 12 and number.startswith("+7"):
        return f"+7 {number[2:5]} {number[5:8]}-{number[8:10]}-{number[10:]}"
    return number


def _phones(text: str) -> Iterator[Way]:
    at = 0
    while match := _PHONE.search(text, at):
        at = match.end()
        # What follows the number may be a number too ("89161234567 2 порции"): the longest
        # beginning that is a phone and ends where a group of digits ends.
        ends = [
            match.start() + one.end()
            for one in re.finditer(r"\d+", match.group())
            if not text[match.start() + one.end() : match.start() + one.end() + 1].isalpha()
        ]
        for end in reversed(ends):
            raw = text[match.start() : end]
            if number := phone_number(raw):
                yield Way(WayKind.PHONE, number, phone_shown(number), match.start(), end)
                at = end
                break


def _emails(text: str) -> Iterator[Way]:
    for match in _EMAIL.finditer(text):
        shown = match.group().rstrip(".-")
        yield Way(WayKind.EMAIL, fold(shown), shown, match.start(), match.start() + len(shown))


def _links(text: str) -> Iterator[Way]:
    for match in _LINK.finditer(text):
        shown = match.group().rstrip(_TAIL)
        key = re.sub(r"^(?:https?://)?(?:www\.)?", "", shown.lower()).rstrip("/")
        yield Way(WayKind.LINK, key, shown, match.start(), match.start() + len(shown))


def _handles(text: str) -> Iterator[Way]:
    for match in _HANDLE.finditer(text):
        name = match[1].rstrip(".")
        yield Way(
            WayKind.HANDLE, name.lower(), f"@{name}", match.start(), match.start() + 1 + len(name)
        )
