"""Prepared replies: the template language, from text to a reply with its blanks.

``{имя}`` and ``{имя:дат}`` name the customer, ``{город}`` ``{пост}`` ``{я}`` ``{часы}`` ``{срок}``
are known of the conversation and the business, ``{>адрес}`` puts in another script, ``{?номер}`` is
a blank to fill in, any other word is a fact of the Today board. English names work as well. ``{{``
and ``}}`` are plain braces. Nothing here raises: what is not understood stays as it is written and
is told as a problem; what has no value becomes a blank, and a blank is never sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .blanks import BLANK, blank, next_blank
from .board import Fact
from .fold import fold
from .text import SafeText, clean, clean_line

__all__ = [
    "BLANK",
    "MAX_ASKED",
    "MAX_BODY",
    "MAX_NAME",
    "Blank",
    "Case",
    "FactName",
    "Known",
    "Labels",
    "Literal",
    "Nested",
    "Problem",
    "Rendered",
    "Template",
    "Trouble",
    "Values",
    "Variable",
    "facts_in",
    "nested_in",
    "next_blank",
    "parse",
    "render",
]

MAX_BODY = 10_000
"""Longest text of a script, in code points."""
MAX_NAME = 80
MAX_ASKED = 500
_MAX_RENDERED = 20_000
_MAX_NESTED = 50
_MAX_DEPTH = 8

_TOKEN = re.compile(r"\{\{|\}\}|\{[^{}\n]*\}|[{}]")
_NOBODY = "\ue000"
"""Stands for a customer without a name until the sentence around it is mended."""


class Case(StrEnum):
    """Grammatical case of a name."""

    NOMINATIVE = "nom"
    GENITIVE = "gen"
    DATIVE = "dat"
    ACCUSATIVE = "acc"
    INSTRUMENTAL = "ins"
    PREPOSITIONAL = "prep"


class Known(StrEnum):
    """Variables that every conversation can have."""

    NAME = "name"
    CITY = "city"
    POST = "post"
    ME = "me"
    HOURS = "hours"
    DUE = "due"


_VARIABLES: Mapping[str, Known] = {
    **{str(item): item for item in Known},
    "имя": Known.NAME,
    "город": Known.CITY,
    "пост": Known.POST,
    "я": Known.ME,
    "часы": Known.HOURS,
    "срок": Known.DUE,
}
_CASES: Mapping[str, Case] = {
    **{str(item): item for item in Case},
    "им": Case.NOMINATIVE,
    "род": Case.GENITIVE,
    "дат": Case.DATIVE,
    "вин": Case.ACCUSATIVE,
    "твор": Case.INSTRUMENTAL,
    "пред": Case.PREPOSITIONAL,
}


@dataclass(frozen=True, slots=True)
class Literal:
    """Text as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Variable:
    """Something known of the conversation or the business."""

    what: Known
    case: Case = Case.NOMINATIVE


@dataclass(frozen=True, slots=True)
class FactName:
    """A fact of the Today board."""

    name: str


@dataclass(frozen=True, slots=True)
class Nested:
    """Another script, put in."""

    name: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A place the operator fills in."""

    label: str


Part = Literal | Variable | FactName | Nested | Blank


class Trouble(StrEnum):
    """What is not understood in a script."""

    OPEN = "open"
    """A brace is not closed."""
    NO_SCRIPT = "no_script"
    """``{>}`` without a name."""
    CASE = "case"
    """There is no such case."""
    EMPTY = "empty"
    NOT_A_NAME = "not_a_name"
    """Only the name has cases."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not understood; that text stays as it is written."""

    trouble: Trouble
    found: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A script taken apart."""

    parts: tuple[Part, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """What stands in a blank that the script itself did not name, in the operator's language."""

    known: Mapping[Known, str] = field(default_factory=dict)
    no_fact: str = "{name}: not on the board"
    old_fact: str = "{name}: out of date"
    itself: str = "{name} puts in itself"
    no_script: str = "there is no script {name}"
    too_long: str = "too long"


@dataclass(frozen=True, slots=True)
class Values:
    """What the variables stand for. An empty text means "unknown"."""

    names: Mapping[Case, str] = field(default_factory=dict)
    """Name of the customer in each case; a missing case falls back to the nominative."""
    city: str = ""
    post: str = ""
    me: str = ""
    hours: str = ""
    due: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """Facts of the Today board by folded name."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A script with its variables filled in."""

    text: SafeText
    blanks: tuple[str, ...] = ()
    """What is left to fill in, in order."""
    facts: tuple[Fact, ...] = ()
    """Facts of the board that stand in the text."""


def parse(source: str) -> Template:
    """Take a script apart; never raises."""
    text = clean(source, limit=MAX_BODY).replace(_NOBODY, "")
    parts: list[Part] = []
    problems: list[Problem] = []
    at = 0
    for found in _TOKEN.finditer(text):
        if found.start() > at:
            parts.append(Literal(text[at : found.start()]))
        at = found.end()
        piece = found.group()
        if piece in {"{{", "}}"}:
            parts.append(Literal(piece[0]))
        elif len(piece) == 1:
            parts.append(Literal(piece))
            if piece == "{":
                problems.append(Problem(Trouble.OPEN, piece))
        else:
            part, problem = _part(piece)
            parts.append(part)
            if problem is not None:
                problems.append(problem)
    if at < len(text):
        parts.append(Literal(text[at:]))
    return Template(tuple(parts), tuple(dict.fromkeys(problems)))


def _part(token: str) -> tuple[Part, Problem | None]:
    inner = token[1:-1].strip()
    if inner.startswith("?"):
        return Blank(inner[1:].strip()), None
    if inner.startswith(">"):
        name = inner[1:].strip()
        return (Nested(name), None) if name else _bad(Trouble.NO_SCRIPT, token)
    word, colon, ending = (piece.strip() for piece in inner.partition(":"))
    known = _VARIABLES.get(fold(word))
    if known is Known.NAME:
        case = _CASES.get(fold(ending).removesuffix(".")) if colon else Case.NOMINATIVE
        return _bad(Trouble.CASE, token) if case is None else (Variable(known, case), None)
    if not word:
        return _bad(Trouble.EMPTY, token)
    if known is not None:
        return _bad(Trouble.NOT_A_NAME, token) if colon else (Variable(known), None)
    return FactName(inner), None


def _bad(trouble: Trouble, token: str) -> tuple[Part, Problem]:
    return Literal(token), Problem(trouble, token)


def nested_in(source: str) -> frozenset[str]:
    """Folded names of the scripts that a script puts in itself."""
    return frozenset(fold(p.name) for p in parse(source).parts if isinstance(p, Nested))


def facts_in(sources: Iterable[str], scripts: Mapping[str, str]) -> frozenset[str]:
    """Folded names of the facts that scripts use, also through the scripts they put in."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(sources)
    while waiting:
        for part in parse(waiting.pop()).parts:
            if isinstance(part, FactName):
                found.add(fold(part.name))
            elif isinstance(part, Nested) and (name := fold(part.name)) not in seen:
                seen.add(name)
                waiting.append(scripts.get(name, ""))
    return frozenset(found)


class _Rendering:
    """One rendering: what has been put in so far, and where it has to stop."""

    def __init__(
        self,
        values: Values,
        scripts: Mapping[str, str],
        now: datetime,
        labels: Labels,
    ) -> None:
        self._values = values
        self._scripts = scripts
        self._now = now
        self._labels = labels
        self._nested = 0
        self._size = 0
        self.facts: dict[str, Fact] = {}

    def run(self, source: str, above: tuple[str, ...]) -> str:
        """Text of a script; ``above``: the folded names of the scripts it stands in."""
        pieces: list[str] = []
        for part in parse(source).parts:
            piece = self._piece(part, above)
            if not isinstance(part, Nested):
                self._size += len(piece)
            if self._size > _MAX_RENDERED:
                pieces.append(blank(self._labels.too_long))
                break
            pieces.append(piece)
        return "".join(pieces)

    def _piece(self, part: Part, above: tuple[str, ...]) -> str:
        match part:
            case Literal():
                return part.text
            case Blank():
                return blank(part.label)
            case Variable():
                return self._variable(part)
            case FactName():
                return self._fact(part.name)
            case Nested():
                return self._other(part.name, above)

    def _variable(self, part: Variable) -> str:
        values = self._values
        if part.what is Known.NAME:
            name = values.names.get(part.case) or values.names.get(Case.NOMINATIVE, "")
            return _value(name) or _NOBODY
        value = {
            Known.CITY: values.city,
            Known.POST: values.post,
            Known.ME: values.me,
            Known.HOURS: values.hours,
            Known.DUE: values.due,
        }[part.what]
        return _value(value) or blank(self._labels.known.get(part.what, str(part.what)))

    def _fact(self, name: str) -> str:
        fact = self._values.facts.get(fold(name))
        if fact is None:
            return self._about(self._labels.no_fact, name)
        if not fact.is_current(self._now):
            return self._about(self._labels.old_fact, name)
        self.facts[fold(name)] = fact
        return _value(fact.value) or blank(name)

    @staticmethod
    def _about(label: str, name: str) -> str:
        return blank(label.replace("{name}", name))

    def _other(self, name: str, above: tuple[str, ...]) -> str:
        folded = fold(name)
        if folded in above:
            return self._about(self._labels.itself, name)
        self._nested += 1
        if len(above) >= _MAX_DEPTH or self._nested > _MAX_NESTED:
            return blank(self._labels.too_long)
        source = self._scripts.get(folded)
        if source is None:
            return self._about(self._labels.no_script, name)
        return self.run(source.strip("\n"), (*above, folded))


def render(
    source: str,
    values: Values,
    scripts: Mapping[str, str],
    now: datetime,
    *,
    name: str = "",
    labels: Labels | None = None,
) -> Rendered:
    """Fill in a script; never raises.

    Args:
        source: Text of the script.
        values: What the variables stand for.
        scripts: Texts of all scripts by their folded names.
        now: An expired fact is not put in but becomes a blank.
        name: Name of the script itself: it may not put in itself.
        labels: Words for the blanks of what has no value.
    """
    rendering = _Rendering(values, scripts, now, labels or Labels())
    text = rendering.run(source, (fold(name),) if name else ())
    text = clean(_without_name(text), limit=_MAX_RENDERED * 2)
    blanks = tuple(found.group()[2:-1].strip() for found in BLANK.finditer(text))
    return Rendered(SafeText(text), blanks, tuple(rendering.facts.values()))


_GREETED = re.compile(rf"[ \t]*,[ \t]*{_NOBODY}(?=[ \t]*[!.?,;:\n)]|[ \t]*$)", re.MULTILINE)
_CALLED = re.compile(rf"(^|[.!?\n][ \t]*){_NOBODY}[ \t]*,[ \t]*(\w?)")
_BARE = re.compile(rf"[ \t]*{_NOBODY}")


def _without_name(text: str) -> str:
    """Mend the sentences around a customer without a name: ``Здравствуйте, !`` is no greeting."""
    if _NOBODY not in text:
        return text
    text = _GREETED.sub("", text)
    text = _CALLED.sub(lambda found: found[1] + found[2].upper(), text)
    return _BARE.sub("", text)


def _value(text: str) -> str:
    """Foreign text to put in: braces of a customer must not become blanks."""
    return clean_line(text).replace("{", "(").replace("}", ")").replace(_NOBODY, "")
