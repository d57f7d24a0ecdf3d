"""Tags: labels on conversations, their colours, and how they are found while a name is typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .ids import TagId
from .text import SafeText, clean_line, fold

LONGEST_NAME = 40
"""Code points of a name; a longer one is refused, not cut."""


class Colour(StrEnum):
    """Colours of a tag: few enough to stay apart on a terminal with 16 of them."""

    NONE = ""
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    VIOLET = "violet"

    @property
    def next(self) -> Colour:
        """The colour after this one, round and round."""
        every = list(Colour)
        return every[(every.index(self) + 1) % len(every)]


@dataclass(frozen=True, slots=True)
class Tag:
    """A label on conversations."""

    id: TagId
    name: SafeText
    colour: Colour = Colour.NONE


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag and how much stands behind it."""

    tag: Tag
    awaiting: int = 0
    """Open conversations with it in which somebody waits."""
    open: int = 0
    """Open conversations with it."""
    uses: int = 0
    """Conversations with it in every list."""


def tag_name(typed: str) -> SafeText:
    """The name of a tag as it is stored: one line, without the sign in front of it."""
    return clean_line(clean_line(typed, limit=10 * LONGEST_NAME).lstrip("#"))


def frequent(tags: Iterable[TagCount]) -> tuple[TagCount, ...]:
    """The most used first; among equals the older one, so that the digits keep their tags."""
    return tuple(sorted(tags, key=lambda one: (-one.uses, one.tag.id)))


def search(tags: Iterable[TagCount], queries: Sequence[str]) -> tuple[TagCount, ...]:
    """Tags that match any of the queries, best first; all of them, in order, without a query.

    Args:
        tags: In the order in which equals are shown.
        queries: Readings of what was typed, such as the same keys in the other layout.
    """
    wanted = [query for query in (fold(tag_name(one)) for one in queries) if query]
    if not wanted:
        return tuple(tags)
    scored = [(max(score(query, fold(one.tag.name)) for query in wanted), one) for one in tags]
    hits = [pair for pair in scored if pair[0] > 0]
    return tuple(one for _, one in sorted(hits, key=lambda pair: -pair[0]))


def score(query: str, name: str) -> int:
    """How well a folded query matches a folded name; 0: not at all."""
    if query == name:
        return 5
    if name.startswith(query):
        return 4
    if f" {query}" in name or f"-{query}" in name:
        return 3
    if query in name:
        return 2
    letters = iter(name)
    return 1 if len(query) > 1 and all(char in letters for char in query) else 0
