"""The language of the search field: words, "phrases", -exclusions and operators, read by us.

Anything can be typed: a text that makes no sense as an operator is searched as words, and what
looks like a slip is told in a sentence. ``parse`` never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from .fold import fold, words
from .layout import retype
from .query_words import (
    Field,
    Problem,
    Slip,
    Vocabulary,
    Wanted,
    operator_named,
    read_value,
    unknown_operator,
    with_renamed,
)

MAX_TERMS = 16
"""More words than this are not looked for."""
MAX_QUERY = 500
"""Longest query read, in code points."""


@dataclass(frozen=True, slots=True)
class Term:
    """Something that must, or must not, be in a message."""

    readings: tuple[tuple[str, ...], ...]
    """What may stand there: folded words in a row, as typed and as meant in the other layout."""
    exact: bool = False
    """In quotes: the very words in this order, no other forms."""
    prefix: bool = False
    """The last word is still being typed."""
    negative: bool = False
    author: bool = False
    """Looked for in the author's name and handle only."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is looked for. Everything must hold at once."""

    text: str = ""
    """As it was typed."""
    terms: tuple[Term, ...] = ()
    wanted: Wanted = field(default_factory=Wanted)
    problems: tuple[Problem, ...] = ()
    """What was not understood; the rest is searched all the same."""

    @property
    def empty(self) -> bool:
        """Nothing to look for."""
        return not self.terms and self.wanted == Wanted()

    @property
    def by_words(self) -> bool:
        """Whether single messages are looked for, not only conversations with some properties."""
        return bool(self.terms) or self.wanted.attachment is not None


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of the query between white space, quotes kept together."""

    name: str
    """Before the colon; empty when there is none."""
    value: str
    raw: str
    quoted: bool
    negative: bool
    open: bool
    """Nothing stands behind it: it is still being typed."""
    place: slice
    """Where in the query it stands."""


_TOKEN = re.compile(
    r"""(?P<minus>[-−–]?)                 # the dash of a phone's keyboard counts too
        (?:(?P<name>[^\W\d_]+):)?
        (?:["«“„](?P<quoted>[^"»”“]*)(?P<end>["»”“]?)|(?P<bare>\S+)|(?=\s|$))""",
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*")
_SPACE_IN = re.compile(r"\s")


def parse(
    text: str,
    vocabulary: Vocabulary,
    *,
    now: datetime,
    zone: tzinfo,
    typing: bool = True,
) -> SearchQuery:
    """Read a query.

    Args:
        text: What was typed; anything.
        vocabulary: Channels and tags there are.
        now: The present, for ``вчера``.
        zone: Time zone of the days named.
        typing: The last word may be unfinished; a saved query is finished.
    """
    terms: list[Term] = []
    problems: list[Problem] = []
    wanted = Wanted()
    for token in _tokens(text[:MAX_QUERY]):
        found = operator_named(token.name) if token.name else None
        if found is None and not token.name and not token.quoted:
            # Words that are a condition by themselves: "ждёт".
            found = operator_named(token.raw.lstrip("-−–"), alone=True)
        if found is None:
            if token.name and (slip := unknown_operator(token.name)):
                problems.append(slip)
            term = _term(token, typing=typing)
            if term is not None:
                terms.append(term)
        elif found is Field.AUTHOR:
            term = _term(replace(token, name=""), typing=typing)
            if term is not None:
                terms.append(replace(term, author=True))
        else:
            name, value = token.name, token.value
            read = read_value(found, name, value, vocabulary, now, zone, negative=token.negative)
            if read.problem:
                problems.append(read.problem)
                if not typing and read.wanted == Wanted():
                    # A list of a tag that is gone is empty, not a list of everything.
                    wanted = wanted.joined(Wanted(nothing=True))
            wanted = wanted.joined(read.wanted)
    if len(terms) > MAX_TERMS:
        terms = terms[:MAX_TERMS]
        problems.append(Problem(Slip.TOO_MANY, value=str(MAX_TERMS)))
    return SearchQuery(text, tuple(terms), wanted, tuple(dict.fromkeys(problems)))


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        found = _TOKEN.match(text, at)
        if found is None or found.end() == at:
            break
        name = found["name"] or ""
        value = found["quoted"] if found["quoted"] is not None else found["bare"] or ""
        yield _Token(
            name=name,
            value=value,
            raw=found.group() if name else value,
            quoted=found["quoted"] is not None,
            negative=bool(found["minus"]),
            open=found.end() == len(text) and not found["end"],
            place=slice(at, found.end()),
        )
        at = found.end()


def _term(token: _Token, *, typing: bool) -> Term | None:
    source = token.raw if token.name else token.value
    readings = [tuple(words(source))]
    if not token.quoted:
        readings.append(tuple(words(retype(source))))
    kept = tuple(dict.fromkeys(reading for reading in readings if reading))
    if not kept:
        return None
    return Term(
        kept,
        exact=token.quoted,
        prefix=typing and token.open,
        negative=token.negative,
    )


def renamed(text: str, tag: int, name: str, vocabulary: Vocabulary) -> str:
    """The query for when a tag has another name; ``vocabulary`` knows it by its former one."""
    for token in reversed(list(_tokens(text[:MAX_QUERY]))):
        if token.name and operator_named(token.name) is Field.TAG:
            value = with_renamed(token.value, tag, name, vocabulary)
            if value != token.value:
                minus = "-" if token.negative else ""
                quote = '"' if _SPACE_IN.search(value) else ""
                text = "".join(
                    [
                        text[: token.place.start],
                        f"{minus}{token.name}:{quote}{value}{quote}",
                        text[token.place.stop :],
                    ]
                )
    return text


def same(one: str, other: str) -> bool:
    """Whether two queries are the same one but for case and spaces."""
    return fold(" ".join(one.split())) == fold(" ".join(other.split()))
