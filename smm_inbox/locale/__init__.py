"""Interface language: gettext catalogues, chosen once at start and changeable at run time.

English sentences in the code are the message ids. Each part of the program has a catalogue of its
own (``ui``, ``cli``, ``services``, ``vk`` …); all of them are merged on loading.
"""

from __future__ import annotations

import gettext
import locale as _system
import os
from pathlib import Path

_HERE = Path(__file__).parent
_current: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def choose(setting: str) -> str:
    """Turn the setting ``ru``, ``en`` or ``auto`` into a language; ``auto`` asks the system."""
    if setting in {"ru", "en"}:
        return setting
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ru" if value.lower().startswith("ru") else "en"
    try:
        value = _system.getlocale()[0] or ""
    except ValueError:
        value = ""
    return "ru" if value.lower().startswith("ru") else "en"


def set_language(setting: str) -> str:
    """Switch every later ``tr`` call to the language of ``setting``; return that language."""
    global _current, _language  # noqa: PLW0603 - one language a process, set before the first frame
    _language = choose(setting)
    merged: gettext.NullTranslations | None = None
    for path in sorted((_HERE / _language / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            part = gettext.GNUTranslations(file)
        if merged is None:
            merged = part
        else:
            merged.add_fallback(part)
    _current = merged or gettext.NullTranslations()
    return _language


def language() -> str:
    """The language in force: ``ru`` or ``en``."""
    return _language


def tr(message: str) -> str:
    """Translate one sentence."""
    return _current.gettext(message)


def ntr(one: str, many: str, count: int) -> str:
    """Translate a sentence that depends on a number; the caller fills in ``count``."""
    return _current.ngettext(one, many, count)
