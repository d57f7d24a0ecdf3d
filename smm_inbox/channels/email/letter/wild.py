"""Judge an HTML letter before it is parsed, and read the worst ones without a parser."""

from __future__ import annotations

import html
import re
from collections import Counter

_MOST_TAGS = 60_000
_DEEPEST = 1_500
# The parser is quadratic in depth.
_REBUILD_BUDGET = 300_000
# Formatting elements left open are built anew in every block: their product is memory.
_LONGEST_TAG = 30_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_LONG_TAG = re.compile(rf"<[a-zA-Z][^<>]{{{_LONGEST_TAG}}}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SHALLOW = _words(
    "area base br col embed hr img input link meta param source track wbr p li td tr th dd dt "
    "option tbody thead tfoot"
)
_FORMATTING = _words("a b big code em font i nobr s small strike strong tt u")
_DROPPED = ("<script", "</script"), ("<style", "</style"), ("<head", "</head"), ("<!--", "-->")
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6]|/blockquote|/table)\b[^<>]{0,500}>", re.I)
_ANY_TAG = re.compile(r"<[/!?a-zA-Z][^<>]{0,200000}>")
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")


def is_wild(markup: str) -> bool:
    """Whether ``markup`` would cost the parser far more than its size."""
    opened: Counter[str] = Counter()
    depth = formatting = rebuilt = 0
    for count, match in enumerate(_TAG.finditer(markup)):
        if count > _MOST_TAGS:
            return True
        name = match[2].lower()
        shaping = name in _FORMATTING
        if match[1]:
            if opened[name] > 0:
                opened[name] -= 1
                depth -= 1
                formatting -= shaping
            continue
        if not shaping:
            rebuilt += formatting
        if name not in _SHALLOW:
            opened[name] += 1
            depth += 1
            formatting += shaping
        if depth > _DEEPEST or rebuilt > _REBUILD_BUDGET:
            return True
    return _LONG_TAG.search(markup) is not None


def strip(markup: str) -> str:
    """Take the tags out of ``markup`` in linear time; line breaks stay where blocks ended."""
    for opening, closing in _DROPPED:
        markup = _drop(markup, opening, closing)
    text = _SPACES.sub(" ", markup)
    text = _BREAK.sub("\n", text)
    text = html.unescape(_ANY_TAG.sub("", text)).replace("\xa0", " ")
    return "\n".join(row.strip() for row in text.split("\n"))


def _drop(markup: str, opening: str, closing: str) -> str:
    lower = markup.lower()
    if len(lower) != len(markup):
        return markup
    kept: list[str] = []
    at = 0
    while (start := lower.find(opening, at)) >= 0:
        end = lower.find(closing, start)
        if end < 0:
            break  # no later opening can have an end either
        kept.append(markup[at:start])
        after = lower.find(">", end)
        at = len(markup) if after < 0 else after + 1
    kept.append(markup[at:])
    return "".join(kept)
