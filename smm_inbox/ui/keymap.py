"""From keys to commands: contexts, sequences such as ``g i``, twins of the Russian layout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .commands import Command, CommandRegistry, Context
from .keynames import Chord, chord_text, owned_by_text, parse_chord
from .layout import twin


@dataclass(frozen=True, slots=True)
class Run:
    """The key completes a command."""

    command: Command


@dataclass(frozen=True, slots=True)
class Wait:
    """The key begins or goes on with a sequence."""

    pressed: Chord
    choices: tuple[tuple[str, Command], ...]
    """Next key and the command it leads to, in the order of the registry."""

    @property
    def shown(self) -> str:
        """Keys pressed so far, as the operator reads them."""
        return chord_text(" ".join(self.pressed))


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The key ended a sequence without a command; it does nothing else."""


Outcome = Run | Wait | Cancelled | None
"""``None``: the key means nothing here and goes on to the focused widget."""


class Keymap:
    """The keys in force and the sequence begun, if any.

    A sequence has no timeout: a slow hand loses nothing. Any key that does not go on with it ends
    it and is swallowed, so a slip never runs another command.
    """

    def __init__(self, registry: CommandRegistry) -> None:
        self._chords: dict[Context, dict[Chord, Command]] = {context: {} for context in Context}
        for command in registry:
            for key in command.keys:
                for context in command.contexts:
                    self._chords[context].setdefault(parse_chord(key), command)
        self._pressed: Chord = ()

    @property
    def pending(self) -> bool:
        """Whether a sequence has begun."""
        return bool(self._pressed)

    def reset(self) -> None:
        """Forget a sequence begun."""
        self._pressed = ()

    def press(self, key: str, contexts: Iterable[Context], *, in_text: bool = False) -> Outcome:
        """Say what ``key`` means in ``contexts`` (the nearest first).

        Args:
            key: Name of the key as ``keynames.pressed`` gives it.
            contexts: Where the focus is.
            in_text: A text field has the focus: what types or edits there is no command.
        """
        if in_text:
            self.reset()
            if owned_by_text(key):
                return None
        where = tuple(contexts)
        readings = [key] if (other := twin(key)) is None else [key, other]
        for reading in readings:
            if outcome := self._look_up((*self._pressed, reading), where):
                return outcome
        if self._pressed:
            self.reset()
            return Cancelled()
        return None

    def _look_up(self, chord: Chord, contexts: tuple[Context, ...]) -> Run | Wait | None:
        for context in contexts:
            if command := self._chords[context].get(chord):
                self.reset()
                return Run(command)
        choices = self._choices(chord, contexts)
        if choices:
            self._pressed = chord
            return Wait(chord, choices)
        return None

    def _choices(
        self, chord: Chord, contexts: tuple[Context, ...]
    ) -> tuple[tuple[str, Command], ...]:
        size = len(chord)
        found: dict[str, Command] = {}
        for context in contexts:
            for longer, command in self._chords[context].items():
                if len(longer) > size and longer[:size] == chord:
                    found.setdefault(longer[size], command)
        return tuple(found.items())
