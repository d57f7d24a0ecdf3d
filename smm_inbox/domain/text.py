"""The one place where foreign text becomes safe to store and to show."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import NewType

SafeText = NewType("SafeText", str)
"""Text without control characters, escape sequences, surrogates and bidi overrides.

It may still contain markup such as ``[/]``: the screen shows it as plain content, never parses it.
"""

MAX_TEXT = 100_000
"""Longest text kept of one message, in code points; a longer one is cut with a mark."""

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# C0 except \n and \t, DEL and C1, surrogates, bidi controls, line and paragraph separators (they
# break rows apart), interlinear annotation, the byte order mark and non-characters.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
    + _BIDI
    + "\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff"
    "\U000e0001]"
)
_NEWLINES = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_SPACES = re.compile(r"\s+")
# More than this many combining marks on one character is zalgo: it climbs over its neighbours.
_MARKS = 4
_EMOJI_MARKS = "\ufe0e\ufe0f\u20e3"
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_LONGEST_CLUSTER = 32


def clean(raw: object, *, limit: int = MAX_TEXT) -> SafeText:
    r"""Return ``raw`` as text that no terminal and no markup parser can act upon.

    Newlines become ``\n``; tabs stay; ZWJ, variation selectors and unassigned code points stay,
    so new emoji survive. Anything that is not a string gives an empty text: networks send null,
    numbers and lists where text was promised. Text over ``limit`` code points is cut and ends
    with ``…``.
    """
    if not isinstance(raw, str):
        return SafeText("")
    text = _NEWLINES.sub("\n", raw[: limit * 2])
    text = _thin_marks(_UNSAFE.sub("", text))
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return SafeText(text)


def clean_line(raw: object, *, limit: int = 300) -> SafeText:
    """Clean a name, handle, subject or file name: one line, no runs of white space."""
    return one_line(clean(raw, limit=limit))


def one_line(text: str) -> SafeText:
    """Fold every run of white space of an already clean text into one space."""
    return SafeText(_SPACES.sub(" ", text).strip())


def _thin_marks(text: str) -> str:
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if category in {"Mn", "Me"} and char not in _EMOJI_MARKS:
            marks += 1
            if marks > _MARKS:
                continue
        elif category != "Cf" and char not in _EMOJI_MARKS:
            # Joiners and selectors have no width either: they do not end a pile of marks.
            marks = 0
        kept.append(char)
    return "".join(kept)


def fold(text: str) -> str:
    """Fold text for comparing and searching: NFKC, case folded, ё as е."""
    return unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")


class LengthUnit(StrEnum):
    """What a network counts when it limits the length of a text."""

    CODE_POINTS = "code_points"
    UTF16 = "utf16"
    BYTES = "bytes"


def length_in(text: str, unit: LengthUnit) -> int:
    """Length of ``text`` as the network counts it."""
    if unit is LengthUnit.UTF16:
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    if unit is LengthUnit.BYTES:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text)


def split_text(text: str, limit: int, unit: LengthUnit) -> list[str]:
    """Split ``text`` into parts of at most ``limit`` units, preferably between paragraphs or words.

    A text that fits comes back as it is. No part is empty, and nothing but white space at the seams
    is lost. ``limit`` must be positive.
    """
    if limit <= 0:
        raise ValueError("limit must be positive")
    parts: list[str] = []
    rest = text
    while length_in(rest, unit) > limit:
        head = _longest_prefix(rest, limit, unit)
        cut = next(
            (at for sep in ("\n\n", "\n", ". ", " ") if (at := head.rfind(sep)) > len(head) // 2),
            -1,
        )
        size = cut + 1 if cut > 0 else len(head)
        part = rest[:size].rstrip()
        if part:
            parts.append(part)
        rest = rest[size:].lstrip()
    if rest.strip() or not parts:
        parts.append(rest)
    return parts


def _longest_prefix(text: str, limit: int, unit: LengthUnit) -> str:
    low, high = 1, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if length_in(text[:middle], unit) <= limit:
            low = middle
        else:
            high = middle - 1
    # A cluster of emoji joined by ZWJ is not torn apart when there is room to step back; a chain
    # without an end is, or a long text would leave in as many parts as it has letters.
    cut = low
    while cut > 1 and cut < len(text) and _joins(text[cut - 1], text[cut]):
        cut -= 1
        if low - cut > _LONGEST_CLUSTER:
            return text[:low]
    return text[:cut]


def _joins(left: str, right: str) -> bool:
    return (
        left == "\u200d"
        or right == "\u200d"
        or right in _EMOJI_MARKS
        or right in _SKIN_TONES
        or unicodedata.combining(right) > 0
    )
