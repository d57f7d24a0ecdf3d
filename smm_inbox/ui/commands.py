"""The registry of commands: every key, footer hint, palette entry and help line comes from here.

How a widget or screen takes part:

* it names where its keys belong with a class attribute ``KEY_CONTEXT = Context.FEED``;
* it implements a command as an ordinary Textual action: the command ``reply.in_place`` runs
  ``action_reply_in_place()`` of the nearest node that has it, from the focused widget to the app;
* it hides a command that cannot work now by returning ``False`` from ``check_action``.

The app routes keys (also in the Russian layout, also sequences such as ``g i``), so no ``BINDINGS``
are needed for anything that stands in the registry. An action that moves the focus uses
``screen.set_focus``: ``Widget.focus`` waits its turn, and a key pressed meanwhile would be taken
for a command.

This module does not import Textual: the config check uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from itertools import combinations

from smm_inbox.locale import tr

from .keynames import Chord, KeyNameError, chord_text, parse_chord, reserved


class Context(StrEnum):
    """Where a key works."""

    GLOBAL = "global"
    FEED = "feed"
    CONVERSATION = "conversation"
    COMPOSER = "composer"
    NOTE = "note"


WRITING = frozenset({Context.COMPOSER, Context.NOTE})
"""Contexts in which letters are typed."""


class Group(StrEnum):
    """Chapters of the help screen; the value is the message id of the heading."""

    MOVE = "Moving"
    VIEWS = "Lists"
    ANSWER = "Answering"
    TRIAGE = "Sorting"
    LOOK = "Looking closer"
    DELIVERY = "Answers that were not sent"
    COMPOSER = "Writing an answer"
    NOTE = "Writing a note"
    WORD = "Keeping one's word"
    PROGRAM = "Program"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the operator can do. ``title`` and ``help`` are message ids."""

    id: str
    """Stable name, also the key in ``[keys]``: ``reply.in_place``."""
    title: str
    """Two or three words for the footer and the palette."""
    help: str
    """One sentence for the help screen."""
    keys: tuple[str, ...]
    """Default keys; a sequence is written with a space: ``g i``."""
    contexts: tuple[Context, ...]
    group: Group
    show_in_footer: bool = False

    @property
    def action(self) -> str:
        """Name of the Textual action, without ``action_``."""
        return self.id.replace(".", "_")

    @property
    def shown_title(self) -> str:
        """Title in the language of the interface."""
        return tr(self.title)

    @property
    def shown_help(self) -> str:
        """Help in the language of the interface."""
        return tr(self.help)

    @property
    def shown_keys(self) -> str:
        """All keys as the operator reads them: ``j ↓``."""
        return "  ".join(chord_text(key) for key in self.keys)

    @property
    def first_key(self) -> str:
        """The first key as the operator reads it; empty when there is none."""
        return chord_text(self.keys[0]) if self.keys else ""


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """Something wrong in ``[keys]``: which command, what was found, what was expected."""

    command: str
    found: str
    expected: str
    hint: str = ""
    """A command or key that was perhaps meant."""


class CommandRegistry:
    """All commands with the keys in force."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._commands = {command.id: command for command in commands}

    @classmethod
    def default(cls, keys: Mapping[str, tuple[str, ...]] | None = None) -> CommandRegistry:
        """Commands of the program with ``keys`` of the config file in place of the defaults.

        Keys that ``validate`` would refuse are left out, so a bad line never locks anybody out.
        """
        from .command_tables import COMMANDS  # noqa: PLC0415 - the tables need the classes above

        chosen = keys or {}
        return cls(
            replace(command, keys=_usable(chosen[command.id], command))
            if command.id in chosen
            else command
            for command in COMMANDS
        )

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def __getitem__(self, command: str) -> Command:
        return self._commands[command]

    def __contains__(self, command: object) -> bool:
        return command in self._commands

    def within(self, contexts: Iterable[Context]) -> tuple[Command, ...]:
        """Commands of any of the contexts, in the order of the table."""
        wanted = frozenset(contexts)
        return tuple(command for command in self if wanted.intersection(command.contexts))

    def footer(self, contexts: Iterable[Context]) -> tuple[Command, ...]:
        """Commands worth a place in the footer."""
        return tuple(command for command in self.within(contexts) if command.show_in_footer)


def validate(keys: Mapping[str, tuple[str, ...]]) -> list[KeyProblem]:
    """Check the ``[keys]`` table: unknown commands, unreadable or reserved keys, clashes."""
    registry = CommandRegistry.default()
    problems: list[KeyProblem] = []
    for name, chosen in keys.items():
        if name not in registry:
            problems.append(_unknown(name, registry))
            continue
        for key in chosen:
            if problem := _key_problem(registry[name], key):
                problems.append(problem)
    return problems + _clashes(CommandRegistry.default(keys), frozenset(keys))


def _unknown(name: str, registry: CommandRegistry) -> KeyProblem:
    close = get_close_matches(name, [command.id for command in registry], n=1, cutoff=0.5)
    return KeyProblem(
        command=name,
        found=name,
        expected=tr("the name of a command, as listed by “smm-inbox keys”"),
        hint=close[0] if close else "",
    )


def _key_problem(command: Command, key: str) -> KeyProblem | None:
    try:
        chord = parse_chord(key)
    except KeyNameError as error:
        return KeyProblem(command.id, key, tr("a key such as r, ctrl+s, f8 or g i"), error.hint)
    for part in chord:
        if why := reserved(part, in_text=not WRITING.isdisjoint(command.contexts)):
            return KeyProblem(command.id, key, why)
    if len(chord) > 1 and not WRITING.isdisjoint(command.contexts):
        return KeyProblem(command.id, key, tr("one key: while writing, a sequence would be typed"))
    return None


def _usable(keys: tuple[str, ...], command: Command) -> tuple[str, ...]:
    return tuple(key for key in keys if _key_problem(command, key) is None)


def _clashes(registry: CommandRegistry, changed: frozenset[str]) -> list[KeyProblem]:
    """Keys that two commands of one context claim, or that begin a sequence of another."""
    problems: list[KeyProblem] = []
    seen: set[tuple[str, Chord]] = set()
    for context in (Context.FEED, Context.CONVERSATION, Context.COMPOSER, Context.NOTE):
        claims = [
            (parse_chord(key), command)
            for command in registry.within((Context.GLOBAL, context))
            for key in command.keys
        ]
        for first, second in combinations(claims, 2):
            short = min(len(first[0]), len(second[0]))
            if first[1] is second[1] or first[0][:short] != second[0][:short]:
                continue
            # The line of the config file is named, not the default it collides with.
            (chord, mine), (_, theirs) = sorted(
                (first, second), key=lambda claim: claim[1].id not in changed
            )
            if (mine.id, chord) not in seen:
                seen.add((mine.id, chord))
                problems.append(_clash(mine, theirs, " ".join(chord)))
    return problems


def _clash(mine: Command, theirs: Command, key: str) -> KeyProblem:
    return KeyProblem(
        command=mine.id,
        found=key,
        expected=tr("a free key: this one already belongs to {command} ({title})").format(
            command=theirs.id, title=theirs.shown_title
        ),
    )


def markdown_table(language: str) -> str:
    """The table of all keys for the README, in ``ru`` or ``en``."""
    from .key_table import markdown  # noqa: PLC0415 - only the README and ``keys`` need it

    return markdown(CommandRegistry.default(), language)
