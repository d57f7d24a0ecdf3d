"""The Latin and the Russian layout of one keyboard, and text typed in the wrong one of them."""

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

_TYPED = MappingProxyType({latin: cyrillic for cyrillic, latin in LETTERS.items()})


def retype(text: str) -> str:
    """Type ``text`` again in the other layout: ``ntvf`` is ``тема``, ``руфдер`` is ``health``."""
    if any(char in LETTERS for char in text):
        return "".join(LETTERS.get(char, char) for char in text)
    return "".join(_TYPED.get(char, char) for char in text)
