"""From a query to an expression of FTS5, put together from words only.

Words hold letters, digits and their marks, nothing else (``domain.fold.WORD``), and stand in
quotes: whatever was typed, no operator of FTS5 can come out of it.
"""

from __future__ import annotations

from smm_inbox.domain.fold import stem
from smm_inbox.domain.query import SearchQuery, Term

from .search_index import ATTACHMENT, EVERY, account_facet, kind_facet

_PHONE = 10
_SHORTEST_PREFIX = 2
"""One letter begins half of all words: it is looked for as a word."""


def expression(query: SearchQuery, *, exact: bool = False, facets: tuple[str, ...] = ()) -> str:
    """The expression, ``exact``: the very words only; empty when the index has no say in it.

    ``facets`` must have one of these words among their properties besides.
    """
    wanted = query.wanted
    must = [_term(term, exact=exact) for term in query.terms if not term.negative]
    not_these = [_term(term, exact=False) for term in query.terms if term.negative]
    if facets:
        must.append(_facet(facets))
    if wanted.attachment:
        must.append(_facet((ATTACHMENT,)))
    if wanted.attachment is False:
        not_these.append(_facet((ATTACHMENT,)))
    if wanted.accounts is not None:
        must.append(_facet(tuple(account_facet(one) for one in sorted(wanted.accounts))))
    if wanted.kinds is not None:
        must.append(_facet(tuple(kind_facet(one) for one in sorted(wanted.kinds))))
    must = must or [_facet(EVERY)]
    whole = " AND ".join(must)
    return f"({whole}) NOT ({' OR '.join(not_these)})" if not_these else whole


def in_a_row(query: SearchQuery) -> str:
    """The expression for all words in the order typed; empty when there is one word or a choice."""
    plain = [term for term in query.terms if not term.negative]
    if len(plain) < 2 or any(term.author or term.exact for term in plain):
        return ""
    row = [word for term in plain for word in term.readings[0]]
    phrase = _phrase("text", tuple(row), prefix=plain[-1].prefix)
    return f"{phrase} AND ({expression(query)})"


def ranked(query: SearchQuery) -> tuple[str, ...]:
    """Expressions for what is shown first, second, last; together they are the whole answer."""
    whole = expression(query)
    if not any(not term.negative and not term.exact for term in query.terms):
        return (whole,)
    first, second = in_a_row(query), expression(query, exact=True)
    if not first:
        return second, f"({whole}) NOT ({second})"
    return first, f"({second}) NOT ({first})", f"({whole}) NOT (({second}) OR ({first}))"


def _facet(words: tuple[str, ...]) -> str:
    found = " OR ".join(f'"{word}"' for word in words) if words else '"none"'
    return f"facet : ({found})"


def _term(term: Term, *, exact: bool) -> str:
    ways = [_reading(term, reading, exact=exact) for reading in term.readings]
    return "(" + " OR ".join(ways) + ")"


def _reading(term: Term, reading: tuple[str, ...], *, exact: bool) -> str:
    prefix = term.prefix
    if term.author:
        who = _phrase("who", reading, prefix=prefix)
        return who if term.exact or len(reading) > 1 else f"{who} OR {_stem('who', reading[0])}"
    if term.exact or len(reading) > 1:
        ways = [_phrase("text", reading, prefix=prefix), _phrase("who", reading, prefix=prefix)]
        if not term.exact and not exact:
            ways.append(_phrase("stems", tuple(stem(word) for word in reading), prefix=False))
        return " OR ".join(ways)
    word = reading[0]
    ways = [_phrase("text", reading, prefix=prefix)]
    if word.isdecimal() and len(word) > _PHONE:
        ways.append(_phrase("text", (word[-_PHONE:],), prefix=False))
    ways.append(_phrase("who", reading, prefix=prefix))
    if not exact:
        ways += [_stem("stems", word), _stem("who", word)]
    return " OR ".join(ways)


def _stem(column: str, word: str) -> str:
    return f'{column} : "{stem(word)}"'


def _phrase(column: str, words: tuple[str, ...], *, prefix: bool) -> str:
    star = " *" if prefix and len(words[-1]) >= _SHORTEST_PREFIX else ""
    return f'{column} : "{" ".join(words)}"{star}'
