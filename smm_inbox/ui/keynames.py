"""Names of keys: how they are written in the config file, reported by terminals and shown."""

from __future__ import annotations

import re
from difflib import get_close_matches

from smm_inbox.locale import tr

from .layout import physical

Chord = tuple[str, ...]
"""Keys pressed one after another; nearly always a single one."""

_NAMES = frozenset(
    {"enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end"}
    | {"pageup", "pagedown", "up", "down", "left", "right"}
    | {f"f{number}" for number in range(1, 13)}
)
_ALIASES = {"esc": "escape", "del": "delete", "return": "enter", "pgup": "pageup", "ins": "insert"}
_ALIASES |= {"pgdn": "pagedown", "page_up": "pageup", "page_down": "pagedown", "backtab": "tab"}
_MODIFIERS = frozenset({"ctrl", "shift", "alt"})
_SHOWN = {"enter": "Enter", "escape": "Esc", "tab": "Tab", "delete": "Del", "pageup": "PgUp"}
_SHOWN |= {"pagedown": "PgDn", "home": "Home", "end": "End", "up": "↑", "down": "↓"}
_SHOWN |= {"left": "←", "right": "→", "space": "Space", "backspace": "Backspace", "insert": "Ins"}

# Terminals send these as Backspace, Tab, Enter and Esc.
_LOST_IN_TERMINALS = frozenset({"ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+["})
_OWNED_BY_TEXT = frozenset(f"ctrl+{letter}" for letter in "acdekuvwxyz") | {"f6", "f7"}
_EDITING = frozenset(
    {"enter", "tab", "space", "backspace", "delete", "home", "end", "pageup", "pagedown"}
    | {"up", "down", "left", "right"}
)
_ALT = re.compile(r"(^|\+)alt\+")
_CTRL_DIGIT = re.compile(r"ctrl\+(shift\+)?[0-9]$")


class KeyNameError(ValueError):
    """A key that cannot be read; ``hint`` is what was perhaps meant."""

    def __init__(self, key: str, hint: str = "") -> None:
        super().__init__(key)
        self.hint = hint


def parse_chord(text: str) -> Chord:
    """Read ``g i``, ``ctrl+s``, ``к`` or ``?`` into keys named after the Latin layout.

    Raises:
        KeyNameError: A part is not a key.
    """
    parts = text.split()
    if not parts:
        raise KeyNameError(text)
    return tuple(_parse_key(part) for part in parts)


def _parse_key(text: str) -> str:
    if len(text) == 1:
        if not text.isprintable():
            raise KeyNameError(text)
        return physical(text)
    *modifiers, name = text.lower().split("+") if not text.endswith("++") else [text[:-2], "+"]
    if not set(modifiers) <= _MODIFIERS:
        raise KeyNameError(text)
    name = physical(_ALIASES.get(name, name))
    if len(name) != 1 and name not in _NAMES:
        close = get_close_matches(name, sorted(_NAMES), n=1)
        raise KeyNameError(text, close[0] if close else "")
    if modifiers == ["shift"] and len(name) == 1:
        return name.upper()
    return "+".join([*sorted(modifiers), name])


def pressed(key: str, character: str | None) -> str:
    """Name of a key a terminal reported: ``key`` as Textual calls it, ``character`` it types."""
    if character is not None and len(character) == 1 and character.isprintable():
        if character == " ":
            return "space"
        if "+" not in key or key == "+":
            return physical(character)
    return physical(key)


def is_typed(key: str) -> bool:
    """Whether ``key`` writes something in a text field."""
    return len(key) == 1 or key == "space"


def reserved(key: str, *, in_text: bool) -> str:
    """Why ``key`` cannot be bound, as what is expected instead; empty when it can."""
    if key in _LOST_IN_TERMINALS:
        return tr("another key: terminals take this one for Enter, Tab, Esc or Backspace")
    if _ALT.search(key) or _CTRL_DIGIT.search(key):
        return tr("a key without Alt and no Ctrl with a digit: terminals lose them")
    if in_text and owned_by_text(key):
        return tr("another key: in the text of an answer this one edits the text")
    return ""


def owned_by_text(key: str) -> bool:
    """Whether a text field uses ``key`` for typing or editing."""
    return is_typed(key) or key in _OWNED_BY_TEXT or key in _EDITING


def chord_text(chord: str) -> str:
    """Show a key to a person: ``ctrl+s`` is ``Ctrl+S``, ``g i`` stays ``g i``."""
    return " ".join(_key_text(part) for part in chord.split())


def _key_text(key: str) -> str:
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    shown = _SHOWN.get(name, name.upper() if len(name) > 1 or modifiers else name)
    return "+".join([*(modifier.capitalize() for modifier in modifiers), shown])
