"""The only place where text becomes something the screen shows: plain, clean, measured in cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, Protocol

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from smm_inbox.domain.text import clean

Align = Literal["left", "right"]
Severity = Literal["information", "warning", "error"]
ELLIPSIS = "…"
_TAB = "    "
_LONG = 4096

# Second belt: stored text is clean already, but what the operator types or a sentence built from
# parts is not. Cheap to search, so every text on its way to the screen goes through it.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
    "\ufff9-\ufffb]|[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0]{5}"
)
# Terminals disagree how wide these make an emoji: joined families, skin tones and presentation
# selectors. Without them every terminal measures the same, and columns stay straight.
_UNSTEADY = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_BREAKS = re.compile(r"[\n\t]+")
_PIECES = re.compile(r"\S+|\s+")


def plain(text: str) -> str:
    """Return ``text`` without anything a terminal could act upon."""
    return clean(text) if _UNSAFE.search(text) else text


def steady(text: str) -> str:
    """Clean ``text`` and drop what makes terminals disagree about the width of emoji."""
    text = plain(text)
    return text if text.isascii() else _UNSTEADY.sub("", text)


def content(text: str, style: str = "") -> Content:
    """Show ``text`` as it is: never markup, never a link."""
    shown = Content(steady(text))
    return shown.stylize(style) if style else shown


def cells(text: str) -> int:
    """Width of ``text`` on the screen, as ``fit`` and ``wrap`` measure it."""
    return cell_len(steady(text))


@lru_cache(maxsize=8192)
def clip(text: str, width: int) -> str:
    """First line of ``text`` in at most ``width`` cells; what is cut off is marked with ``…``."""
    if width <= 0:
        return ""
    # A row never needs more characters than this, whatever their width: the rest is not measured.
    head = _BREAKS.sub(" ", steady(text[: width * 12 + 64]))
    cut = len(text) > width * 12 + 64
    if not cut and cell_len(head) <= width:
        return head
    kept, _ = _take(head, width - 1)
    return kept.rstrip() + ELLIPSIS


def fit(text: str, width: int, align: Align = "left") -> str:
    """``text`` in exactly ``width`` cells: clipped or padded."""
    shown = clip(text, width)
    padding = " " * max(0, width - cell_len(shown))
    return padding + shown if align == "right" else shown + padding


def line(text: str, width: int, style: Style | None = None, align: Align = "left") -> Strip:
    """``text`` as one strip of exactly ``width`` cells, for the line API."""
    return Strip([Segment(fit(text, width, align), style)], max(0, width))


def wrap(text: str, width: int) -> tuple[str, ...]:
    """Break ``text`` into lines of at most ``width`` cells, between words where possible.

    Paragraphs stay apart, words longer than a line are broken, an empty text is one empty line.
    """
    return _wrap_long(text, width) if len(text) > _LONG else _wrap_short(text, width)


@lru_cache(maxsize=2048)
def _wrap_short(text: str, width: int) -> tuple[str, ...]:
    return tuple(_wrapped(text, max(1, width)))


# Kept apart and few: a hundred long letters in the cache would be a hundred megabytes.
@lru_cache(maxsize=8)
def _wrap_long(text: str, width: int) -> tuple[str, ...]:
    return tuple(_wrapped(text, max(1, width)))


def _wrapped(text: str, width: int) -> Iterator[str]:
    for paragraph in steady(text).replace("\t", _TAB).split("\n"):
        if len(paragraph) * 2 <= width or cell_len(paragraph) <= width:
            yield paragraph
        else:
            yield from _wrap_paragraph(paragraph, width)


def _wrap_paragraph(paragraph: str, width: int) -> Iterator[str]:
    row: list[str] = []
    used = 0
    for match in _PIECES.finditer(paragraph):
        piece = match.group()
        size = cell_len(piece)
        if used + size <= width:
            row.append(piece)
            used += size
            continue
        if piece.isspace():
            # White space at the seam is spent on the line break.
            yield "".join(row)
            row, used = [], 0
            continue
        if row:
            yield "".join(row).rstrip()
        *full, rest = _chop(piece, width) if size > width else [piece]
        yield from full
        row, used = [rest], cell_len(rest)
    if row:
        yield "".join(row)


def _chop(word: str, width: int) -> list[str]:
    """Cut a word that is longer than a line; marks stay with their character."""
    parts: list[str] = []
    start = used = 0
    for index, char in enumerate(word):
        size = get_character_cell_size(char)
        if used + size > width and index > start:
            parts.append(word[start:index])
            start, used = index, 0
        used += size
    parts.append(word[start:])
    return parts


def _take(text: str, width: int) -> tuple[str, int]:
    """The longest beginning of ``text`` in at most ``width`` cells, and its width."""
    used = 0
    for index, char in enumerate(text):
        size = get_character_cell_size(char)
        if used + size > width:
            return text[:index], used
        used += size
    return text, used


class Notifier(Protocol):
    """The part of an app that shows toasts."""

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: Severity = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a toast."""
        ...


def toast(app: Notifier, text: str, *, severity: Severity = "information") -> None:
    """Show ``text`` in a corner for some seconds; longer for what went wrong."""
    timeout = {"information": 4.0, "warning": 7.0, "error": 10.0}[severity]
    shown = steady(text)
    if len(shown) > 400:
        shown = shown[:399] + ELLIPSIS
    app.notify(shown, severity=severity, timeout=timeout, markup=False)
