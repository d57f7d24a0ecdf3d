"""Interface language: gettext catalogues, chosen once at start and changeable at run time.

English sentences in the code are the message ids. Each part of the program has a catalogue of its
own (``ui``, ``cli``, ``services``, ``vk`` …); all of them are merged on loading.
"""

from __future__ import annotations

import gettext
import locale as _system
import os
from functools import cache
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
    _current = _catalogue(_language)
    return _language


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    """All catalogues of a language as one: a chain of them is walked to its end by every miss."""
    parts: list[gettext.GNUTranslations] = []
    for path in sorted((_HERE / name / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            parts.append(gettext.GNUTranslations(file))
    if not parts:
        return gettext.NullTranslations()
    merged = parts[0]
    for part in parts[1:]:
        # There is no public way to join catalogues; their plural rule is that of the language.
        vars(merged)["_catalog"].update(vars(part)["_catalog"])
    return merged


def language() -> str:
    """The language in force: ``ru`` or ``en``."""
    return _language


def tr(message: str) -> str:
    """Translate one sentence."""
    return _current.gettext(message)


def ntr(one: str, many: str, count: int) -> str:
    """Translate a sentence that depends on a number; the caller fills in ``count``."""
    return _current.ngettext(one, many, count)
