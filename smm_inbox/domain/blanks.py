"""Blanks ``{?…}`` of a prepared reply: places the operator fills in before it may be sent."""

from __future__ import annotations

import re

from .text import clean_line

BLANK = re.compile(r"\{\?[^{}\n]*\}")
"""A blank as it stands in a reply; such a reply is not sent."""


def blank(label: str) -> str:
    """A blank as it stands in a reply."""
    words = clean_line(label, limit=100).replace("{", "(").replace("}", ")")
    return "{?" + words + "}"


def next_blank(text: str, start: int) -> tuple[int, int] | None:
    """Where the next blank behind ``start`` stands, from the beginning again after the last one."""
    spans = [found.span() for found in BLANK.finditer(text)]
    return next((span for span in spans if span[0] >= start), spans[0] if spans else None)
