"""Scripts as a TOML text: reading it gives exactly what was written, or every problem at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TypeVar

from smm_inbox.domain import script, snooze
from smm_inbox.domain.conversation import MessageType, Status
from smm_inbox.domain.fold import fold
from smm_inbox.domain.hours import BusinessHours
from smm_inbox.domain.prepared import Actions, Wording
from smm_inbox.domain.text import SafeText, clean, clean_line
from smm_inbox.locale import tr

from .script_words import trouble_in_words

_KEYS = ("folder", "name", "text", "asked", "tags", "type", "status", "snooze", "close")
_HEADER = re.compile(r"^\s*\[\[\s*script\s*\]\]")
_POSITION = re.compile(r"\(at line (\d+)")
_TAGS = 20
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_TAG = 40

_Word = TypeVar("_Word", MessageType, Status)


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing to put right in a file of scripts."""

    place: str
    """Which script: number, name and line; empty: the file as a whole."""
    what: str
    expected: str = ""

    @property
    def sentence(self) -> str:
        """The whole problem in words."""
        said = f"{self.place}: {self.what}" if self.place else self.what
        if self.expected:
            said += " " + tr("Expected: {expected}.").replace("{expected}", self.expected)
        return said


@dataclass(frozen=True, slots=True)
class FileContents:
    """What a file says: the scripts without a problem, and the problems."""

    wordings: tuple[Wording, ...]
    problems: tuple[FileProblem, ...]


def write(wordings: Iterable[Wording]) -> str:
    """Scripts as TOML; ``read`` gives exactly the same ones."""
    return "\n".join(_table(wording) for wording in wordings)


def _table(wording: Wording) -> str:
    actions = wording.actions
    lines = [
        "[[script]]",
        f"folder = {_quoted(wording.folder)}",
        f"name = {_quoted(wording.name)}",
        f"text = {_quoted(wording.body)}",
    ]
    if wording.asked:
        lines.append(f"asked = {_quoted(wording.asked)}")
    if actions.tags:
        lines.append(f"tags = [{', '.join(map(_quoted, actions.tags))}]")
    if actions.type:
        lines.append(f'type = "{actions.type}"')
    if actions.status:
        lines.append(f'status = "{actions.status}"')
    if actions.snooze:
        lines.append(f"snooze = {_quoted(actions.snooze)}")
    if actions.close:
        lines.append("close = true")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    if "\n" not in text:
        return '"' + escaped.replace("\t", "\\t") + '"'
    # A long quotation: its first line break is not part of the text. Quotes stay escaped, so none
    # can end it; a space before a line break is escaped, or editors would take it away.
    escaped = re.sub(r" (?=\n|$)", r"\\u0020", escaped)
    return f'"""\n{escaped}"""'


def read(text: str, *, label: str = "") -> FileContents:
    """Read scripts; every problem of the file is told at once, none is fatal to the others.

    Args:
        text: The TOML.
        label: Name of the file for problems of the file as a whole.
    """
    try:
        raw: Mapping[str, object] = tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        found = _POSITION.search(str(error))
        line = tr("line {line}").format(line=found[1]) if found else label
        what = tr("this is not TOML: check the quotes and the = sign here.")
        return FileContents((), (FileProblem(line, what),))
    reader = _Reader(_starts(text))
    for key in raw:
        if key != "script":
            reader.tell(
                label, tr("there is no such key: {key}.").replace("{key}", key), "[[script]]"
            )
    entries = raw.get("script", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        reader.tell(label, tr("“script” is no list of tables."), "[[script]]")
        entries = []
    for number, entry in enumerate(entries, start=1):
        reader.take(number, entry)
    return FileContents(tuple(reader.wordings), tuple(reader.problems))


def _starts(text: str) -> list[int]:
    return [at for at, line in enumerate(text.split("\n"), start=1) if _HEADER.match(line)]


class _Reader:
    """Collects scripts and problems."""

    def __init__(self, starts: list[int]) -> None:
        self._starts = starts
        self._names: dict[str, int] = {}
        self._place = ""
        self.wordings: list[Wording] = []
        self.problems: list[FileProblem] = []

    def tell(self, place: str, what: str, expected: str = "") -> None:
        """Note a problem."""
        self.problems.append(FileProblem(str(clean_line(place)), str(clean_line(what)), expected))

    def take(self, number: int, entry: Mapping[str, object]) -> None:
        """Read one script; it is left out when anything is wrong with it."""
        before = len(self.problems)
        self._place = self._place_of(number, entry)
        for key in entry:
            if key not in _KEYS:
                close = get_close_matches(key, _KEYS, n=1)
                self._bad(
                    tr("there is no such key: {key}.").replace("{key}", key),
                    close[0] if close else ", ".join(_KEYS),
                )
        wording = Wording(
            folder=self._line(entry, "folder", script.MAX_NAME),
            name=self._line(entry, "name", script.MAX_NAME),
            body=self._text(entry),
            asked=self._line(entry, "asked", script.MAX_ASKED, needed=False),
            actions=Actions(
                tags=self._tags(entry),
                type=self._word(entry, "type", MessageType),
                status=self._word(entry, "status", Status),
                snooze=self._snooze(entry),
                close=self._flag(entry, "close"),
            ),
        )
        folded = fold(wording.name)
        if wording.name and folded in self._names:
            self._bad(
                tr("the name stands in the file twice, also in script {number}.").format(
                    number=self._names[folded]
                )
            )
        self._names.setdefault(folded, number)
        for problem in script.parse(wording.body).problems:
            self._bad(f"text: {trouble_in_words(problem)}")
        if len(self.problems) == before:
            self.wordings.append(wording)

    def _place_of(self, number: int, entry: Mapping[str, object]) -> str:
        name = entry.get("name")
        parts = [tr("script {number}").format(number=number)]
        if isinstance(name, str) and clean_line(name):
            parts.append(f"«{clean_line(name, limit=40)}»")
        if number <= len(self._starts):
            parts.append("(" + tr("line {line}").format(line=self._starts[number - 1]) + ")")
        return " ".join(parts)

    def _bad(self, what: str, expected: str = "") -> None:
        self.tell(self._place, what, expected)

    def _wrong(self, key: str, expected: str) -> None:
        self._bad(tr("“{key}” is not right.").replace("{key}", key), expected)

    def _line(
        self, entry: Mapping[str, object], key: str, limit: int, *, needed: bool = True
    ) -> SafeText:
        value = entry.get(key)
        if value is None and not needed:
            return SafeText("")
        line = clean_line(value, limit=limit + 1)
        if not isinstance(value, str) or (needed and not line) or len(line) > limit:
            self._wrong(key, tr("one line of at most {count} characters").format(count=limit))
        elif line != value:
            self._wrong(key, tr("one line without control characters and spaces at its ends"))
        return line

    def _text(self, entry: Mapping[str, object]) -> SafeText:
        value = entry.get("text")
        text = clean(value, limit=script.MAX_BODY + 1)
        if not isinstance(value, str) or not text.strip() or len(text) > script.MAX_BODY:
            expected = tr("text of at most {count} characters").format(count=script.MAX_BODY)
            self._wrong("text", expected)
        elif text != value.replace("\r\n", "\n"):
            self._wrong("text", tr("text without control characters"))
        return text

    def _tags(self, entry: Mapping[str, object]) -> tuple[SafeText, ...]:
        value = entry.get("tags", [])
        expected = tr("a list of texts in square brackets")
        if not isinstance(value, list) or len(value) > _TAGS:
            self._wrong("tags", expected)
            return ()
        tags: list[SafeText] = []
        for item in value:
            line = clean_line(item, limit=_TAG + 1)
            if not line or len(line) > _TAG or line != item:
                self._wrong("tags", expected)
            tags.append(line)
        return tuple(tags)

    def _word(self, entry: Mapping[str, object], key: str, among: type[_Word]) -> _Word | None:
        value = entry.get(key)
        if value is None:
            return None
        words = [str(one) for one in among]
        if isinstance(value, str) and value in words:
            return among(value)
        self._wrong(key, tr("one of {words}").format(words=", ".join(words)))
        return None

    def _snooze(self, entry: Mapping[str, object]) -> SafeText:
        words = self._line(entry, "snooze", 40, needed=False)
        if words and snooze.parse(words, _SOME_DAY, BusinessHours()) is snooze.Trouble.UNKNOWN:
            self._wrong("snooze", tr("words such as 2h, tomorrow, mon 10"))
        return words

    def _flag(self, entry: Mapping[str, object], key: str) -> bool:
        value = entry.get(key, False)
        if isinstance(value, bool):
            return value
        self._wrong(key, "true, false")
        return False
