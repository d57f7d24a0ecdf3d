"""The playbook: from "what kind of message is it?" to what to do, as data the business edits."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .text import SafeText, clean, clean_line

Chosen = Mapping[str, str]
"""Question id to the id of the answer given."""
Condition = Mapping[str, frozenset[str]]
"""Question id to the answers it allows; every question named must be answered so."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One way to answer a question of the playbook."""

    id: str
    text: SafeText


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the operator; asked only when ``when`` holds."""

    id: str
    text: SafeText
    hint: SafeText
    answers: tuple[Answer, ...]
    when: Condition = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to do: А, Б, Г or Д."""

    id: str
    title: SafeText
    text: SafeText
    steps: tuple[SafeText, ...]
    answers: bool
    """Whether the customer gets an answer where they wrote."""
    folder: SafeText
    """Scripts that fit; empty when none do."""
    skeleton: SafeText
    """An answer to begin with; empty when none is given."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One of the standard problems: what to check, and how an answer begins."""

    id: str
    title: SafeText
    steps: tuple[SafeText, ...]
    folder: SafeText
    skeleton: SafeText


@dataclass(frozen=True, slots=True)
class Rule:
    """Which outcome answers lead to; the first rule that holds wins."""

    when: Condition
    outcome: str


@dataclass(frozen=True, slots=True)
class Advice:
    """The end of the questions."""

    outcome: Outcome
    problem: Problem | None

    @property
    def steps(self) -> tuple[SafeText, ...]:
        """The checklist: of the problem first, then of the outcome."""
        return (*(self.problem.steps if self.problem else ()), *self.outcome.steps)

    @property
    def folder(self) -> SafeText:
        """The folder of scripts that fit best."""
        if self.problem is not None and self.problem.folder and self.outcome.answers:
            return self.problem.folder
        return self.outcome.folder

    @property
    def skeleton(self) -> SafeText:
        """The answer to begin with; empty when the customer gets none here."""
        if not self.outcome.answers:
            return SafeText("")
        if self.problem is not None and self.problem.skeleton:
            return self.problem.skeleton
        return self.outcome.skeleton


@dataclass(frozen=True, slots=True)
class Playbook:
    """Questions in their order, rules, outcomes and standard problems."""

    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]

    def next_question(self, chosen: Chosen) -> Question | None:
        """The first question that is open; ``None`` when all that matter are answered."""
        for question in self.questions:
            if question.id not in chosen and _holds(question.when, chosen):
                return question
        return None

    def advice(self, chosen: Chosen) -> Advice:
        """What to do after all questions; a playbook always has an outcome for every way."""
        wanted = next(rule.outcome for rule in self.rules if _holds(rule.when, chosen))
        outcome = next(one for one in self.outcomes if one.id == wanted)
        picked = set(chosen.values())
        return Advice(outcome, next((one for one in self.problems if one.id in picked), None))


def _holds(when: Condition, chosen: Chosen) -> bool:
    return all(chosen.get(question) in allowed for question, allowed in when.items())


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in the text of a playbook."""

    where: str
    """Like ``questions[2].answers``."""
    expected: str


class PlaybookError(ValueError):
    """The text is no playbook; ``faults`` names everything at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.where}: {fault.expected}" for fault in faults))
        self.faults = faults


def read_playbook(text: str) -> Playbook:
    """Read the TOML text of a playbook.

    Raises:
        PlaybookError: with every fault and what was expected there (message ids, English).
    """
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number or a nesting without end as well
        raise PlaybookError((Fault(str(error), "a TOML file is expected"),)) from None
    return _Reader().read(tree)


_LONGEST = 4000


class _Reader:
    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def read(self, tree: Mapping[str, object]) -> Playbook:
        for name in tree:
            if name not in {"questions", "rules", "outcomes", "problems"}:
                self._fault(name, "no such table: questions, rules, outcomes, problems")
        questions = tuple(self._questions(tree))
        outcomes = tuple(self._outcomes(tree))
        problems = tuple(self._problems(tree))
        known = {question.id: {one.id for one in question.answers} for question in questions}
        rules = tuple(self._rules(tree, {one.id for one in outcomes}))
        for at, question in enumerate(questions):
            earlier = {one.id for one in questions[:at]}
            self._check_condition(f"questions[{at + 1}].when", question.when, known, earlier)
        for at, rule in enumerate(rules):
            self._check_condition(f"rules[{at + 1}]", rule.when, known, set(known))
        if not questions:
            self._fault("questions", "at least one question is expected")
        if not rules or rules[-1].when:
            self._fault("rules", "the last rule must be without conditions, for all other cases")
        if self._faults:
            raise PlaybookError(tuple(self._faults))
        return Playbook(questions, rules, outcomes, problems)

    def _questions(self, tree: Mapping[str, object]) -> Iterator[Question]:
        seen: set[str] = set()
        for where, row in self._rows(tree, "questions", "questions"):
            answers = tuple(
                Answer(self._id(place, one, taken=set()), self._line(place, one, "text"))
                for place, one in self._rows(row, "answers", f"{where}.answers")
            )
            if not 2 <= len(answers) <= 9:
                self._fault(f"{where}.answers", "two to nine answers are expected")
            yield Question(
                id=self._id(where, row, taken=seen),
                text=self._line(where, row, "text"),
                hint=self._line(where, row, "hint", needed=False),
                answers=answers,
                when=self._condition(f"{where}.when", row.get("when", {})),
            )

    def _outcomes(self, tree: Mapping[str, object]) -> Iterator[Outcome]:
        seen: set[str] = set()
        for where, row in self._rows(tree, "outcomes", "outcomes"):
            yield Outcome(
                id=self._id(where, row, taken=seen),
                title=self._line(where, row, "title"),
                text=self._text(where, row, "text"),
                steps=self._steps(where, row),
                answers=self._flag(where, row, "answers"),
                folder=self._line(where, row, "folder", needed=False),
                skeleton=self._text(where, row, "skeleton"),
            )

    def _problems(self, tree: Mapping[str, object]) -> Iterator[Problem]:
        seen: set[str] = set()
        for where, row in self._rows(tree, "problems", "problems"):
            yield Problem(
                id=self._id(where, row, taken=seen),
                title=self._line(where, row, "title"),
                steps=self._steps(where, row),
                folder=self._line(where, row, "folder", needed=False),
                skeleton=self._text(where, row, "skeleton"),
            )

    def _rules(self, tree: Mapping[str, object], outcomes: set[str]) -> Iterator[Rule]:
        for where, row in self._rows(tree, "rules", "rules"):
            wanted = row.get("outcome")
            if not isinstance(wanted, str) or wanted not in outcomes:
                self._fault(f"{where}.outcome", "the id of an outcome is expected")
            when = {name: value for name, value in row.items() if name != "outcome"}
            yield Rule(self._condition(where, when), str(wanted))

    # Values

    def _rows(
        self, tree: Mapping[str, object], name: str, where: str
    ) -> Iterator[tuple[str, Mapping[str, object]]]:
        rows = tree.get(name, [])
        if not isinstance(rows, list):
            self._fault(where, "a list of tables is expected")
            return
        for at, row in enumerate(rows, 1):
            if isinstance(row, dict):
                yield f"{where}[{at}]", row
            else:
                self._fault(f"{where}[{at}]", "a table is expected")

    def _id(self, where: str, row: Mapping[str, object], taken: set[str]) -> str:
        value = row.get("id")
        if not isinstance(value, str) or not value.strip():
            self._fault(f"{where}.id", "a short name is expected")
            return ""
        if value in taken:
            self._fault(f"{where}.id", "this id stands there twice")
        taken.add(value)
        return clean_line(value)

    def _line(
        self, where: str, row: Mapping[str, object], key: str, *, needed: bool = True
    ) -> SafeText:
        value = row.get(key, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            self._fault(f"{where}.{key}", "a text is expected")
            return SafeText("")
        return clean_line(value, limit=_LONGEST)

    def _text(self, where: str, row: Mapping[str, object], key: str) -> SafeText:
        value = row.get(key, "")
        if not isinstance(value, str):
            self._fault(f"{where}.{key}", "a text is expected")
            return SafeText("")
        return SafeText(clean(value, limit=_LONGEST).strip())

    def _flag(self, where: str, row: Mapping[str, object], key: str) -> bool:
        value = row.get(key, True)
        if not isinstance(value, bool):
            self._fault(f"{where}.{key}", "true or false is expected")
        return value is True

    def _steps(self, where: str, row: Mapping[str, object]) -> tuple[SafeText, ...]:
        value = row.get("steps", [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self._fault(f"{where}.steps", "a list of texts is expected")
            return ()
        return tuple(clean_line(one, limit=_LONGEST) for one in value)

    def _condition(self, where: str, value: object) -> Condition:
        if not isinstance(value, dict):
            self._fault(where, "a table of question and answers is expected")
            return {}
        found: dict[str, frozenset[str]] = {}
        for name, allowed in value.items():
            options = allowed if isinstance(allowed, list) else [allowed]
            if not options or not all(isinstance(one, str) for one in options):
                self._fault(f"{where}.{name}", "an answer or a list of answers is expected")
                continue
            found[name] = frozenset(options)
        return found

    def _check_condition(
        self, where: str, when: Condition, known: Mapping[str, set[str]], earlier: set[str]
    ) -> None:
        for name, allowed in when.items():
            if name not in earlier:
                self._fault(f"{where}.{name}", "the id of an earlier question is expected")
            elif allowed - known[name]:
                self._fault(f"{where}.{name}", "answers of that question are expected")

    def _fault(self, where: str, expected: str) -> None:
        self._faults.append(Fault(where, expected))
