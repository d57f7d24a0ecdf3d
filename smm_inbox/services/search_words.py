"""Slips of a query in sentences."""

from __future__ import annotations

from typing import assert_never

from smm_inbox.domain.query_words import Problem, Slip
from smm_inbox.locale import tr


def sentence(problem: Problem) -> str:
    """What was not understood, and what was perhaps meant."""
    match problem.slip:
        case Slip.TOO_MANY:
            words = tr("Only the first {count} words are looked for.")
            return words.format(count=problem.value)
        case Slip.OPERATOR:
            words = tr("There is no “{name}:”. Did you mean “{close}:”?")
            return words.format(name=problem.name, close=problem.close)
        case Slip.VALUE:
            words = tr("“{value}” is not known behind “{name}:”.")
            return (
                f"{words.format(value=problem.value, name=problem.name)} {_help(problem)}".strip()
            )
        case Slip.NO_VALUE:
            return _help(problem)
        case Slip.NO_TAGS:
            return tr("There are no tags yet.")
        case Slip.DAY:
            said = tr("A day is written 20.11, 2026-11-20, yesterday, mon or 7d (7 days ago).")
            if not problem.value:
                return said
            return tr("“{value}” is no day.").format(value=problem.value) + " " + said
        case _:
            assert_never(problem.slip)


def _help(problem: Problem) -> str:
    if problem.close:
        return tr("Did you mean “{close}”?").format(close=problem.close)
    if not problem.choices:
        return ""
    return tr("Possible here: {values}").format(values=", ".join(problem.choices))
