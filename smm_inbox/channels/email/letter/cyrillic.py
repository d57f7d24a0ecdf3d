"""Tell Russian text from the garbage a wrong charset makes of it, and undo such garbage."""

from __future__ import annotations

import math
from functools import cache

# Letters by frequency, in per mille of Russian running text.
_FREQUENCY = {
    "о": 110, "е": 85, "а": 80, "и": 74, "н": 67, "т": 63, "с": 55, "р": 47, "в": 45, "л": 44,
    "к": 35, "м": 32, "д": 30, "п": 28, "у": 26, "я": 20, "ы": 19, "ь": 17, "г": 17, "з": 16,
    "б": 16, "ч": 14, "й": 12, "х": 10, "ж": 9, "ш": 7, "ю": 6, "ц": 5, "щ": 4, "э": 3, "ф": 3,
    "ё": 5, "ъ": 2,
}  # fmt: skip
_COST = {letter: math.log(110 / freq) * 0.4 for letter, freq in _FREQUENCY.items()}
_PAIR_WORDS = (
    "ст но ен то на ов ни ра во ко ал не ли по ос от го пр ро ка ре ер ол та ет ло ел ан ла ть де "
    "ва ри ес ин ом ит ор за од ем ся ск ас ил те аз он ат ис ам му ых ый ие ой ая ия да до ми же "
    "мо сь ле бы из ог тр ви ещ чт сп па др аш ты вы мы уж ку су пи хо вс бо ди об ве ви ир ев ма "
    "ют ут ше че ча жи ши щи ну лю бу ру ую их им ки ке ги ме ми се си са зд ав ар ак ач"
)
_PAIRS = frozenset(_PAIR_WORDS.split())
_PAIR_BONUS = 0.7
_CAPITALS = 0.2
_NEIGHBOURS = frozenset("іїєґўқғңұүәһөІЇЄҐЎҚҒҢҰҮӘҺӨ")
_TYPOGRAPHY = frozenset("«»—–…№“”„‘’\xa0°©€₽•·́\u200b\u200d\ufe0f")
_OPENING = frozenset("«„“№")
_CANNOT_BEGIN = frozenset("ьъы")
_PRIVATE_BYTES = range(0x80, 0xA0)
_REPAIR_FROM = 0.6
"""Badness under which a text is not even looked at for repair."""
_REPAIR_GAIN = 0.5
_REPAIR_EVIDENCE = 12.0
"""Gain times letters that is enough; short texts must gain more."""
_REPAIR_LETTERS = 5
_SAMPLE = 3000
# (read as, was really): what happens to letters on badly set up servers and in site forms.
_MIXUPS = (
    ("cp1251", "utf-8"),
    ("cp1252", "utf-8"),
    ("koi8-r", "utf-8"),
    ("cp866", "utf-8"),
    ("cp1252", "cp1251"),
    ("cp1251", "koi8-r"),
    ("koi8-r", "cp1251"),
    ("cp1251", "cp866"),
    ("cp866", "cp1251"),
    ("cp1252", "koi8-r"),
    ("mac-cyrillic", "cp1251"),
    ("cp1251", "mac-cyrillic"),
)


def badness(text: str) -> float:
    """How unlike a text of this part of the world ``text`` looks: 0–1 is fine, over 2 garbage.

    The mean over the characters beyond ASCII; 0 when there are none.
    """
    total = 0.0
    count = 0
    before = "  "
    for char in text:
        if not char.isascii():
            total += _letter_cost(char, before) if _is_cyrillic(char) else _other_cost(char, before)
            count += 1
        elif _is_cyrillic(before[1]) and char.isalpha():
            total += 2.5  # Latin and Cyrillic in one word
        before = before[1] + char
    for opening, closing in (("«", "»"), ("“", "”")):
        total += 1.5 * abs(text.count(opening) - text.count(closing))
    return total / count if count else 0.0


def _is_cyrillic(char: str) -> bool:
    return "\u0400" <= char < "\u0530"


def _letter_cost(char: str, two: str) -> float:
    before = two[1]
    lower = char.lower()
    cost = _COST.get(lower)
    if cost is None:
        cost = 1.2 if char in _NEIGHBOURS else 3.5
    if before.isalpha() and not _is_cyrillic(before):
        return cost + 2.5
    if not before.isalpha():
        if before == "\xa0" and two[0].isspace():
            cost += 1.5  # a hard space where a capital should stand
        elif before in _TYPOGRAPHY and before not in _OPENING and before not in "\xa0\u200b":
            cost += 2.5  # a dash or a closing quote glued to the next word
        return cost + (2.0 if lower in _CANNOT_BEGIN else 0.0)
    if (before.lower() + lower) in _PAIRS:
        cost -= _PAIR_BONUS
    if char != lower:
        cost += 3.0 if before.islower() else _CAPITALS
    elif two[0].isupper() and before.isupper():
        cost += 1.5  # "ВСр": small letters follow one capital, not two
    return cost


def _other_cost(char: str, two: str) -> float:
    before = two[1]
    if char in _TYPOGRAPHY:
        glued = (char in _OPENING and before.isalpha()) or (char == "\xa0" and before in _OPENING)
        if glued or (char == "€" and before.isalpha()):
            return 3.0
        return 1.2 if char == "„" else 0.4
    if char == "\ufffd":
        return 6.0
    if char.isalpha() and char < "\u0250":
        # An accented Latin letter is at home among plain Latin ones, alone or in a row it is not.
        return 0.7 if before.isascii() and (before.isalpha() or before.isspace()) else 2.6
    if "\ue000" <= char < "\uf900" or "\U00020000" <= char < "\U0010ffff":
        return 4.0
    if char < "\u2600" and not ("\u0590" <= char < "\u2000" and char.isalpha()):
        return 3.5
    return 0.5


def repair(text: str) -> str:
    """Undo one round of decoding in a wrong charset when that surely happened, else ``text``.

    Double-encoded letters come from servers and site forms that took UTF-8 for windows-1251 (or
    the like) and encoded the result again.
    """
    sample = _sample(text)
    score = badness(sample)
    if score < _REPAIR_FROM:
        return text
    letters = sum(not char.isascii() for char in sample)
    few = letters < _REPAIR_LETTERS
    enough = max(_REPAIR_GAIN, min(1.2, _REPAIR_EVIDENCE / letters))
    best: tuple[float, str, str] | None = None
    for taken, real in _MIXUPS:
        guess = None if few and real != "utf-8" else _again(sample, taken, real)
        if guess is None:
            continue
        gained = badness(guess)
        # Bytes that happen to be valid UTF-8 hardly ever do so by chance.
        needed = 0.5 if real == "utf-8" else enough
        if gained + needed < score and (best is None or gained < best[0]):
            best = (gained, taken, real)
    if best is None:
        return text
    whole = _again(text, best[1], best[2], lenient=True)
    return text if whole is None else whole


def _sample(text: str) -> str:
    if len(text) <= _SAMPLE:
        return text
    first = next((at for at in range(0, len(text), 256) if not text[at : at + 256].isascii()), 0)
    return text[first : first + _SAMPLE]


def _again(text: str, taken: str, real: str, *, lenient: bool = False) -> str | None:
    table = _byte_table(taken)
    try:
        raw = bytes(table[char] if char in table else ord(char.encode("ascii")) for char in text)
    except UnicodeEncodeError:
        return None
    if raw.isascii():
        return None
    try:
        return raw.decode(real)
    except UnicodeDecodeError as error:
        # A sample may end in the middle of a character, a whole short text may not.
        cut_off = len(raw) >= _SAMPLE and error.start >= len(raw) - 3
        if lenient or cut_off or real != "utf-8":
            return raw.decode(real, "ignore" if cut_off else "replace")
        return None


@cache
def _byte_table(codec: str) -> dict[str, int]:
    """Byte of each character of a one-byte charset; its holes stand for themselves."""
    table: dict[str, int] = {}
    for byte in range(0x80, 0x100):
        try:
            table[bytes([byte]).decode(codec)] = byte
        except UnicodeDecodeError:
            table[chr(byte)] = byte
    for byte in _PRIVATE_BYTES:
        table.setdefault(chr(byte), byte)
    return table
