"""Twins of keys in the Russian layout: the same physical key is the same command."""

from __future__ import annotations

from types import MappingProxyType

from smm_inbox.domain.layout import LETTERS, retype

__all__ = ["LETTERS", "PUNCTUATION", "physical", "retype", "twin"]

PUNCTUATION = MappingProxyType({".": "/", ",": "?", "№": "#", '"': "@", ";": "$", ":": "^"})
"""What the Russian layout prints where the Latin one prints something else.

These characters exist in both layouts, so they are only a second reading: a command bound to the
character itself wins.
"""


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
