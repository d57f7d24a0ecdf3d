"""Twins of keys in the Russian layout: the same physical key is the same command."""

from __future__ import annotations

from types import MappingProxyType

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_LATIN_SHIFT = '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>'
_CYRILLIC_SHIFT = "ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"

LETTERS = MappingProxyType(
    dict(zip(_CYRILLIC + _CYRILLIC_SHIFT, _LATIN + _LATIN_SHIFT, strict=True))
)
"""Cyrillic letter to the character on the same physical key of the Latin layout."""

PUNCTUATION = MappingProxyType({".": "/", ",": "?", "№": "#", '"': "@", ";": "$", ":": "^"})
"""What the Russian layout prints where the Latin one prints something else.

These characters exist in both layouts, so they are only a second reading: a command bound to the
character itself wins.
"""

_TYPED = MappingProxyType({latin: cyrillic for cyrillic, latin in LETTERS.items()})


def physical(key: str) -> str:
    """Name ``key`` after the Latin layout: ``о`` is ``j``, ``ctrl+ы`` is ``ctrl+s``.

    A key without a Cyrillic letter comes back as it is.
    """
    modifiers, plus, name = key.rpartition("+")
    if modifiers:
        # Terminals report the shifted letter with or without its case; the modifier says it all.
        return modifiers + plus + LETTERS.get(name, name).lower() if name in LETTERS else key
    return LETTERS.get(key, key)


def twin(key: str) -> str | None:
    """Second reading of a punctuation key in the Russian layout, if it has one."""
    return PUNCTUATION.get(key)


def retype(text: str) -> str:
    """Type ``text`` again in the other layout: ``ntvf`` is ``тема``, ``руфдер`` is ``health``."""
    if any(char in LETTERS for char in text):
        return "".join(LETTERS.get(char, char) for char in text)
    return "".join(_TYPED.get(char, char) for char in text)
