"""Words as they are compared: folded, split, and cut to the stem all their forms share."""

from __future__ import annotations

import re
from functools import lru_cache

from .stem_table import FAMILIES, ROOTS
from .text import fold

__all__ = ["WORD", "fold", "stem", "stems", "words"]

WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
"""A word: letters and digits of any script."""
LONGEST = 64
"""Longer words are cut: nobody types that many letters to find one."""

_VOWELS = "аеиоуыэюя"
_VOWEL = re.compile(f"[{_VOWELS}]")
_R1 = re.compile(f"[{_VOWELS}][^{_VOWELS}]")

# The Russian stemmer of Snowball (https://snowballstem.org/algorithms/russian/stemmer.html): the
# endings of its steps, each looked for behind the first vowel only.
_GERUND = re.compile("(?:(?<=[ая])в(?:ши(?:сь)?)?|[иы]в(?:ши(?:сь)?)?)$")
_REFLEXIVE = re.compile("с[яь]$")
_ADJECTIVE = re.compile(
    "(?:ее|ие|ые|ое|ими|ыми|ей|ий|ый|ой|ем|им|ым|ом|его|ого|ему|ому|их|ых|ую|юю|ая|яя|ою|ею)$"
)
_PARTICIPLE = re.compile("(?:(?<=[ая])(?:ем|нн|вш|ющ|щ)|ивш|ывш|ующ)$")
_VERB = re.compile(
    "(?:(?<=[ая])(?:йте|ешь|ете|нно|ла|на|ли|ем|ло|но|ет|ют|ны|ть|й|л|н)"
    "|уйте|ейте|ила|ыла|ена|ите|или|ыли|ило|ыло|ено|ует|уют|ены|ить|ыть|ишь|ей|уй|ил|ыл|им|ым"
    "|ен|ят|ит|ыт|ую|ю)$"
)
_NOUN = re.compile(
    "(?:иями|ами|ями|ией|иям|ием|иях|ев|ов|ие|ье|еи|ии|ей|ой|ий|ям|ем|ам|ом|ах|ях|ию|ью|ия|ья"
    "|а|е|и|й|о|у|ы|ь|ю|я)$"
)
_QUALITY = re.compile("ость?$")
_SUPERLATIVE = re.compile("ейше?$")

# What Snowball leaves apart and a customer does not. Each rule looks at the stem only, so a word
# whose letters stay the same in all its forms is still one word.
_VERB_SUFFIX = re.compile("(?<=...)(?:ова|ева|ыва|ива)$")
_FLEETING = re.compile(f"([{_VOWELS}].*[^{_VOWELS}й])[еоь]([кц])$")
_NOUN_LIKE_VERB = re.compile("(?<=..)([ая])[нл]$")
_SOFT = re.compile("(?<=..[бпвмф])л$")
_TAIL = re.compile(f"(?<=....)[{_VOWELS}ьй]$")

_PLURALS = (("sses", "ss"), ("ies", "y"), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""))


def words(text: str) -> list[str]:
    """Words of ``text`` in their order, folded; marks and emoji are not words."""
    return [word[:LONGEST] for word in WORD.findall(fold(text))]


def stems(text: str) -> list[str]:
    """Stems of the words of ``text`` in their order."""
    return [stem(word) for word in words(text)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What all forms of a folded ``word`` have in common: ``заказами`` and ``заказать`` too.

    Not a word by itself, only fit to be compared with other stems. Numbers and words of other
    languages than Russian and English come back as they are.
    """
    if word in FAMILIES:
        return FAMILIES[word]
    if len(word) < 3:
        return word
    if word.isascii():
        return _english(word) if word.isalpha() else word
    if not "а" <= word[-1] <= "я":
        return word
    return _gather(_snowball(word))


def _snowball(word: str) -> str:
    first = _VOWEL.search(word)
    if first is None:
        return word
    at = first.end()
    head, rest = word[:at], word[at:]
    shorter, done = _cut(_GERUND, rest)
    if not done:
        shorter, _ = _cut(_REFLEXIVE, rest)
        found, done = _cut(_ADJECTIVE, shorter)
        if done:
            shorter, _ = _cut(_PARTICIPLE, found)
        else:
            shorter, done = _cut(_VERB, shorter)
            if not done:
                shorter, _ = _cut(_NOUN, shorter)
    shorter = shorter.removesuffix("и")
    whole = head + shorter
    if (quality := _QUALITY.search(whole)) and quality.start() >= _second_region(word):
        shorter = whole[: quality.start()][at:]
    superlative, found_one = _cut(_SUPERLATIVE, shorter)
    if found_one:
        shorter = superlative
    if shorter.endswith("нн"):
        shorter = shorter[:-1]
    return head + (shorter if found_one else shorter.removesuffix("ь"))


def _cut(ending: re.Pattern[str], rest: str) -> tuple[str, bool]:
    """Cut an ending off ``rest``; the letter before it must stand behind the first vowel too."""
    found = ending.search(rest)
    return (rest, False) if found is None else (rest[: found.start()], True)


def _second_region(word: str) -> int:
    first = _R1.search(word)
    second = None if first is None else _R1.search(word, first.end())
    return len(word) if second is None else second.end()


def _gather(base: str) -> str:
    """Bring stems together that differ by a vowel that comes and goes, or by a suffix of verbs."""
    base = _VERB_SUFFIX.sub("", base)
    base = _FLEETING.sub(r"\1\2", base)
    base = _NOUN_LIKE_VERB.sub(r"\1", base)
    base = _SOFT.sub("", base)
    base = _TAIL.sub("", base)
    for other, root in ROOTS:
        if base.endswith(other):
            return base[: -len(other)] + root
    return base


def _english(word: str) -> str:
    for ending, instead in _PLURALS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            word = word[: len(word) - len(ending)] + instead
            break
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and len(base) > 2 and any(vowel in base for vowel in "aeiouy"):
            if base[-1] == base[-2] and base[-1] not in "lsz":
                base = base[:-1]
            word = base
            break
    return word.removesuffix("e") if len(word) > 4 else word
