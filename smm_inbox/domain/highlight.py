"""Where a query matches in a text, and the piece of the text worth showing for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .fold import WORD, fold, stem, words
from .query import SearchQuery, Term

Span = tuple[int, int]
"""Beginning and end of a match in the text."""
_LONGEST = 20_000
_SHORTEST_PREFIX = 2
_LEAD = 24
"""Characters shown in front of the first match."""
_PHONE = 10


def spans(text: str, query: SearchQuery, *, author: bool = False) -> list[Span]:
    """Words of ``text`` that the query looks for, in their order; none overlap.

    ``author``: the text is a name, where what is looked for in authors only matches too.
    """
    terms = [term for term in query.terms if not term.negative and (author or not term.author)]
    if not terms:
        return []
    places = [found.span() for found in WORD.finditer(text, 0, _LONGEST)]
    row = [fold(text[start:end]) for start, end in places]
    marked: set[int] = set()
    for term in terms:
        for reading in term.readings:
            marked |= _marked(row, reading, term)
    return [places[at] for at in sorted(marked)]


def closeness(text: str, query: SearchQuery) -> int:
    """How near a text is to the query: 0 its very words in a row, 1 its very words, 2 neither."""
    terms = [term for term in query.terms if not term.negative and not term.author]
    # Spaces around every word: a word, a row of words and a beginning are looked for as text.
    row = f" {' '.join(words(text[:_LONGEST]))} "
    if not terms or not all(
        any(_stands(row, reading, prefix=term.prefix) for reading in term.readings)
        for term in terms
    ):
        return 2
    whole = tuple(word for term in terms for word in term.readings[0])
    return 0 if _stands(row, whole, prefix=terms[-1].prefix) else 1


def _stands(row: str, reading: tuple[str, ...], *, prefix: bool) -> bool:
    wanted = f" {' '.join(reading)}"
    return (wanted if prefix else f"{wanted} ") in row


def _marked(row: Sequence[str], reading: tuple[str, ...], term: Term) -> set[int]:
    size = len(reading)
    found: set[int] = set()
    for at in range(len(row) - size + 1):
        part = row[at : at + size]
        if all(
            _fits(word, wanted, exact=term.exact, prefix=term.prefix and index == size - 1)
            for index, (word, wanted) in enumerate(zip(part, reading, strict=True))
        ):
            found.update(range(at, at + size))
    return found


@lru_cache(maxsize=20_000)
def _fits(word: str, wanted: str, *, exact: bool, prefix: bool) -> bool:
    if word == wanted:
        return True
    if prefix and len(wanted) >= _SHORTEST_PREFIX and word.startswith(wanted):
        return True
    if exact:
        return False
    if wanted.isdecimal():
        return len(wanted) >= _PHONE and word[-_PHONE:] == wanted[-_PHONE:]
    return stem(word) == stem(wanted)


def excerpt(text: str, found: Sequence[Span], length: int) -> tuple[str, list[Span]]:
    """One line of about ``length`` characters around the first match, and the matches in it.

    White space becomes single spaces; what is left out is marked with ``…``.
    """
    start = 0
    if found and found[0][0] > max(_LEAD, length // 2):
        start = found[0][0] - _LEAD
        # Begin between words, unless the word is a long one.
        space = text.find(" ", start, found[0][0])
        start = space + 1 if space >= 0 else start
    shown = "…" if start else ""
    kept: list[Span] = []
    at = start
    for begin, end in found:
        if begin < at or len(shown) > length:
            continue
        shown += _line(text[at:begin], shown)
        kept.append((len(shown), len(shown) + end - begin))
        shown += text[begin:end]
        at = end
    if len(shown) <= length:
        shown += _line(text[at : at + length - len(shown) + 1], shown)
    if at < len(text) and len(shown) > length:
        shown = shown[: max(length - 1, kept[-1][1] if kept else 0)].rstrip() + "…"
    return shown, kept


def _line(text: str, before: str) -> str:
    """Fold white space; none at the beginning of the excerpt."""
    folded = " ".join(text.split())
    if text[:1].isspace() and before and folded:
        folded = f" {folded}"
    if text[-1:].isspace() and (folded or before):
        folded += " "
    return folded
