"""Scripts as things: a prepared reply in its folder, and what happens when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .conversation import MessageType, Status
from .ids import ScriptId
from .text import SafeText

INTERIM_FOLDER = "Промежуточный ответ"
"""Scripts that tell a customer that somebody works on it: offered with "in progress"."""


@dataclass(frozen=True, slots=True)
class Actions:
    """What happens to the conversation when an answer made from the script is sent."""

    tags: tuple[SafeText, ...] = ()
    type: MessageType | None = None
    status: Status | None = None
    snooze: SafeText = SafeText("")
    """For how long or until when, in words: ``2ч``, ``завтра``; empty: not at all."""
    close: bool = False
    """Close the conversation once the answer has arrived."""

    def __bool__(self) -> bool:
        return self != _NOTHING


_NOTHING = Actions()


@dataclass(frozen=True, slots=True)
class Wording:
    """A script as it is written down: without its number and its history."""

    folder: SafeText
    name: SafeText
    body: SafeText
    asked: SafeText = SafeText("")
    """How customers ask for it, in their words: found and suggested by them, never sent."""
    actions: Actions = _NOTHING


@dataclass(frozen=True, slots=True)
class Script:
    """A stored script."""

    id: ScriptId
    wording: Wording
    uses: int = 0
    """How many sent answers were made from it."""
    used_at: datetime | None = None
    words: tuple[str, ...] = ()
    """Stems of its name, folder and text, for the search and the suggestions."""

    @property
    def name(self) -> SafeText:
        """What it is called; unique."""
        return self.wording.name

    @property
    def folder(self) -> SafeText:
        """Where it stands."""
        return self.wording.folder

    @property
    def body(self) -> SafeText:
        """Its text with variables."""
        return self.wording.body

    @property
    def actions(self) -> Actions:
        """What happens when it is sent."""
        return self.wording.actions


def by_folder(scripts: tuple[Script, ...]) -> Mapping[SafeText, tuple[Script, ...]]:
    """Scripts by folder, folders in the order of their first script."""
    found: dict[SafeText, tuple[Script, ...]] = {}
    for script in scripts:
        found[script.folder] = (*found.get(script.folder, ()), script)
    return found
