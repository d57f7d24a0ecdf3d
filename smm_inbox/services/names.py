"""Names of customers as one addresses them, in every case, from the dictionary of the language.

The dictionary is big (0.3 s and 30 MB, measured): it is loaded when the first name is needed, on a
thread of its own. A name that it does not know, or knows in two ways, stays in the nominative:
guessing by endings gives forms such as "Любовю", and a wrong name is worse than an uninflected one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Protocol

from smm_inbox.domain.fold import fold
from smm_inbox.domain.script import Case

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

_CASES = {
    Case.GENITIVE: "gent",
    Case.DATIVE: "datv",
    Case.ACCUSATIVE: "accs",
    Case.INSTRUMENTAL: "ablt",
    Case.PREPOSITIONAL: "loct",
}
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_CYRILLIC = re.compile(r"[а-яё-]+", re.IGNORECASE)
_LONGEST = 30
_NOBODY = frozenset({"deleted", "banned", "unknown", "user", "guest", "удален", "удалена", "admin"})
"""What networks write instead of a name."""
_ABBREVIATION = 3
"""Capital letters that are rather "ТЦ" or "ИП" than somebody."""


class _Parse(Protocol):
    """What the dictionary says about a word."""

    word: str
    normal_form: str
    tag: object
    is_known: bool

    def inflect(self, grammemes: set[str]) -> _Parse | None:
        """The same word in another form."""
        ...


class Names:
    """First names in their cases; made once, thread-safe for one caller at a time."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._known: dict[str, Mapping[Case, str]] = {}

    async def forms(self, full_name: str) -> Mapping[Case, str]:
        """The first name of a person in each case; empty when this is no name of a person."""
        if full_name in self._known:
            return self._known[full_name]
        async with self._lock:
            forms = await asyncio.to_thread(self._forms, full_name)
        if len(self._known) > 1_000:
            self._known.clear()
        self._known[full_name] = forms
        return forms

    async def among(self, words: Iterable[str]) -> frozenset[str]:
        """Those of the words that the dictionary knows as first names."""
        wanted = tuple(words)
        if not wanted:
            return frozenset()
        async with self._lock:
            return await asyncio.to_thread(self._named, wanted)

    def _named(self, words: Iterable[str]) -> frozenset[str]:
        # "Вера" and "Лев" are ordinary words as well: in the place of a name they are names.
        return frozenset(w for w in words if all(self._parses(part) for part in w.split("-")))

    def _forms(self, full_name: str) -> Mapping[Case, str]:
        name = self._first_name(full_name)
        if not name:
            return {}
        forms = {Case.NOMINATIVE: name}
        pieces = name.split("-")
        for case, grammeme in _CASES.items():
            inflected = [self._inflected(piece, grammeme) for piece in pieces]
            if all(inflected):
                forms[case] = "-".join(inflected)
        return forms

    def _first_name(self, full_name: str) -> str:
        """The word one calls a person by; empty for a business, a nickname or an address."""
        if "@" in full_name or len(full_name) > 100:
            return ""
        words = full_name.split()
        candidates = [word for word in words if _WORD.fullmatch(word) and len(word) <= _LONGEST]
        if not words or not candidates or fold(words[0]) in _NOBODY:
            return ""
        # "Ковалёва Мария": the surname often stands first in letters.
        for word in candidates:
            if all(self._parses(piece) for piece in word.split("-")):
                return _capital(word)
        first = candidates[0]
        short = first.isupper() and len(first) <= _ABBREVIATION
        if first != words[0] or len(first) < 2 or short or self._is_common(first):
            return ""
        return _capital(first) if first[0].isupper() else ""

    def _parses(self, word: str) -> list[_Parse]:
        """Ways to read a word as a first name in the nominative."""
        if not _CYRILLIC.fullmatch(word):
            return []
        return [
            parse
            for parse in _load().parse(word)
            if parse.is_known
            and {"Name", "nomn"} in parse.tag
            and ("sing" in parse.tag or "Fixd" in parse.tag)
        ]

    def _is_common(self, word: str) -> bool:
        """Whether the dictionary knows a word, and not as a name: "Кафе", "Магазин"."""
        if not _CYRILLIC.fullmatch(word):
            return False
        parses = [parse for parse in _load().parse(word) if parse.is_known]
        return bool(parses) and not any(
            tag in parse.tag for parse in parses for tag in ("Name", "Surn", "Patr")
        )

    def _inflected(self, name: str, case: str) -> str:
        """A name in a case; empty when the dictionary is not sure."""
        found: set[str] = set()
        for parse in self._parses(name):
            form = parse.inflect({case})
            if form is None:
                return ""
            found.add(form.word)
        return _capital(found.pop()) if len(found) == 1 else ""


@cache
def _load() -> MorphAnalyzer:
    from pymorphy3 import MorphAnalyzer  # noqa: PLC0415 - when a name is needed

    return MorphAnalyzer(lang="ru")


def _capital(name: str) -> str:
    """``МАРИЯ`` and ``мария`` as ``Мария``; a name with its own capitals stays."""
    if not (name.isupper() or name.islower()) or not _CYRILLIC.fullmatch(name):
        return name
    return "-".join(piece[:1].upper() + piece[1:].lower() for piece in name.split("-"))
