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


def expression(query: SearchQuery, *, facets: tuple[str, ...] = ()) -> str:
    """The expression; with ``facets`` one of these properties is wanted besides."""
    wanted = query.wanted
    must = [_term(term) for term in query.terms if not term.negative]
    not_these = [_term(term) for term in query.terms if term.negative]
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


def _facet(words: tuple[str, ...]) -> str:
    found = " OR ".join(f'"{word}"' for word in words) if words else '"none"'
    return f"facet : ({found})"


def _term(term: Term) -> str:
    ways = [_reading(term, reading) for reading in term.readings]
    return "(" + " OR ".join(ways) + ")"


def _reading(term: Term, reading: tuple[str, ...]) -> str:
    prefix = term.prefix
    if term.author:
        who = _phrase("who", reading, prefix=prefix)
        return who if term.exact or len(reading) > 1 else f"{who} OR {_stem('who', reading[0])}"
    if term.exact or len(reading) > 1:
        ways = [_phrase("text", reading, prefix=prefix), _phrase("who", reading, prefix=prefix)]
        if not term.exact:
            ways.append(_phrase("stems", tuple(stem(word) for word in reading), prefix=False))
        return " OR ".join(ways)
    word = reading[0]
    ways = [_phrase("text", reading, prefix=prefix)]
    if word.isdecimal() and len(word) > _PHONE:
        ways.append(_phrase("text", (word[-_PHONE:],), prefix=False))
    ways.append(_phrase("who", reading, prefix=prefix))
    ways += [_stem("stems", word), _stem("who", word)]
    return " OR ".join(ways)


def _stem(column: str, word: str) -> str:
    return f'{column} : "{stem(word)}"'


def _phrase(column: str, words: tuple[str, ...], *, prefix: bool) -> str:
    star = " *" if prefix and len(words[-1]) >= _SHORTEST_PREFIX else ""
    return f'{column} : "{" ".join(words)}"{star}'
