"""What is wrong with the config file, as data and as sentences for the operator."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.text import clean_line
from smm_inbox.locale import ntr, tr

_SHOWN_KEYS = 12


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right. Never holds a value that could be a secret."""

    file: Path | None
    key: str
    """Dotted path of the key: ``accounts.cafe-vk.group_id``; empty: the file as a whole."""
    expected: str = ""
    found: str = ""
    hint: str = ""
    """A whole sentence: what to do."""
    line: int | None = None

    @property
    def place(self) -> str:
        """Line and key, without the file."""
        parts = []
        if self.line is not None:
            parts.append(tr("line {line}").format(line=self.line))
        if self.key:
            parts.append(clean_line(self.key, limit=120))
        return ", ".join(parts)

    @property
    def what(self) -> str:
        """What is wrong and what to do, without the place."""
        if self.expected and self.found:
            text = tr("expected {expected}, found {found}.")
        elif self.expected:
            text = tr("expected {expected}.")
        else:
            text = "{found}."
        said = text.format(expected=self.expected, found=self.found)
        return f"{said} {self.hint}".strip() if self.expected or self.found else self.hint

    @property
    def sentence(self) -> str:
        """The whole problem: file, line, key, what is wrong, what to do."""
        where = ", ".join(part for part in (str(self.file or ""), self.place) if part)
        return f"{where}: {self.what}" if where else self.what


class ConfigError(InboxError):
    """The settings cannot be used; ``problems`` holds everything found, not just the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(_story(self.problems))


def _story(problems: tuple[Problem, ...]) -> str:
    if len(problems) == 1:
        return problems[0].sentence
    count = len(problems)
    head = ntr(
        "{count} thing in {file} has to be put right:",
        "{count} things in {file} have to be put right:",
        count,
    ).format(count=count, file=problems[0].file or "")
    rows = (f"  {p.place}: {p.what}" if p.place else f"  {p.what}" for p in problems)
    return "\n".join((head, *rows))


@dataclass(slots=True)
class Findings:
    """Collects problems while the file is read."""

    file: Path
    lines: Mapping[str, int] = field(default_factory=dict)
    """Dotted path of a key or a table to its line."""
    problems: list[Problem] = field(default_factory=list)

    def add(self, key: str, *, expected: str = "", found: str = "", hint: str = "") -> None:
        """Note one problem at the dotted path ``key``."""
        self.problems.append(
            Problem(self.file, key, expected, found, hint, line=self._line_of(key))
        )

    def unknown(self, key: str, known: Iterable[str]) -> None:
        """Note a key nobody knows, with the nearest known one."""
        self.add(key, found=tr("there is no such key"), hint=nearest(key, known))

    def _line_of(self, key: str) -> int | None:
        # A key inside an inline table has no line of its own: its table's line is near enough.
        while key:
            if key in self.lines:
                return self.lines[key]
            key = key.rpartition(".")[0]
        return None


def meant(word: str) -> str:
    """The sentence "did you mean"; empty for an empty word."""
    return tr("Did you mean {word}?").format(word=word) if word else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """A "did you mean" sentence; all known words when none is near and they are few."""
    words = list(known)
    for asked in dict.fromkeys((word, word.rpartition(".")[2])):
        if close := difflib.get_close_matches(asked.lower(), words, n=1, cutoff=0.6):
            return meant(close[0])
    if words and len(words) <= _SHOWN_KEYS:
        return tr("Possible here: {words}.").format(words=", ".join(words))
    return ""
