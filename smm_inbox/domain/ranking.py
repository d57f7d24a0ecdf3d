"""Which scripts fit a message: BM25 over stems, with the words customers ask in counted double."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from . import script
from .fold import stem, stems, words
from .ids import ScriptId
from .prepared import Script, Wording

_K1 = 1.2
_B = 0.5

_SAYS_NOTHING = """
а без бы в вам вас ваш ваша ваше ваши во все всё вы да для до же за и из или к как ко ли мне мой
моя мы на нам нас не ни но ну о об он она они от по под при про с со так там те то того тоже тут
ты у уже что чтобы это этот эта эти я есть был была было быть будет здравствуйте здравствуй добрый
доброе день вечер утро привет пожалуйста подскажите скажите можно какой какая какие очень если
меня него нее них наш наша the a an is are to of in on and or for you your we i it do does can
please hello hi
"""
_SMALL = frozenset(map(stem, _SAYS_NOTHING.split()))
"""Stems that say nothing about what a message is about."""


def script_words(wording: Wording) -> list[str]:
    """Stems of a script, the more telling ones several times; variables are no words of it."""
    name, asked = stems(wording.name), stems(wording.asked)
    return [*name, *name, *stems(wording.folder), *asked, *asked, *stems(literals(wording.body))]


def literals(body: str) -> str:
    """What of a script is text in every reply: no variables, no blanks."""
    parts = script.parse(body).parts
    return " ".join(part.text for part in parts if isinstance(part, script.Literal))


def telling(text: str, limit: int = 40) -> tuple[str, ...]:
    """Stems of a message that say what it is about, each once, in their order."""
    found = dict.fromkeys(one for one in stems(text[:4_000]) if one not in _SMALL)
    return tuple(found)[:limit]


def resembles(wording: Wording, text: str) -> bool:
    """Whether a reply is still made from a script: half of its words are in it."""
    own = set(stems(literals(wording.body))) - _SMALL
    return not own or 2 * len(own & set(stems(text))) >= len(own)


@dataclass(frozen=True, slots=True)
class _Entry:
    counts: Mapping[str, int]
    size: int


class Index:
    """The words of all scripts; cheap to make, cheaper to ask."""

    def __init__(self, scripts: Iterable[Script]) -> None:
        self._entries = {one.id: _Entry(Counter(one.words), len(one.words)) for one in scripts}
        self._within: dict[str, list[ScriptId]] = {}
        for which, entry in self._entries.items():
            for word in entry.counts:
                self._within.setdefault(word, []).append(which)
        total = sum(entry.size for entry in self._entries.values())
        self._average = total / len(self._entries) if self._entries else 1.0

    def scores(self, words: Sequence[str]) -> dict[ScriptId, float]:
        """BM25 of every script that has any of the words."""
        found: dict[ScriptId, float] = {}
        for word in words:
            holders = self._within.get(word, ())
            if not holders:
                continue
            rare = math.log(1 + (len(self._entries) - len(holders) + 0.5) / (len(holders) + 0.5))
            for which in holders:
                entry = self._entries[which]
                times = entry.counts[word]
                long = _K1 * (1 - _B + _B * entry.size / self._average)
                found[which] = found.get(which, 0.0) + rare * times * (_K1 + 1) / (times + long)
        return found


def find(scripts: Sequence[Script], typed: str, other: str = "") -> tuple[Script, ...]:
    """Scripts that have every word of a query, in any form, the best first.

    Args:
        scripts: Where to look; their order decides between equals.
        typed: The query as it is typed: its last word may be a beginning.
        other: The query as the other layout of the keyboard reads it.
    """
    queries = [
        query for query in dict.fromkeys((tuple(words(typed)), tuple(words(other)))) if query
    ]
    if not queries:
        return tuple(scripts)
    scored: list[tuple[float, int, Script]] = []
    for place, one in enumerate(scripts):
        score = max(_matches(one, query) for query in queries)
        if score > 0:
            scored.append((score + min(one.uses, 100) / 1_000, -place, one))
    scored.sort(key=lambda hit: hit[:2], reverse=True)
    return tuple(hit[2] for hit in scored)


def _matches(one: Script, query: tuple[str, ...]) -> float:
    """How well a script answers a query; 0 when a word of the query is nowhere in it."""
    name, folder = words(one.name), words(one.folder)
    total = 0.0
    for word in query:
        if any(own.startswith(word) for own in name):
            score = 10.0
        elif stem(word) in {stem(own) for own in name}:
            score = 8.0
        elif any(own.startswith(word) for own in folder):
            score = 5.0
        elif stem(word) in one.words:
            score = 3.0
        elif any(own.startswith(word) for own in one.words):
            score = 2.0
        elif len(word) > 2 and _within(word, "".join(name)):
            score = 1.0
        else:
            return 0.0
        total += score
    return total


def _within(word: str, text: str) -> bool:
    """Whether the letters of a word come in a text in their order: a slip of the finger."""
    rest = iter(text)
    return all(letter in rest for letter in word)
