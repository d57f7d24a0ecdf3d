"""Words of the template language for the operator: its blanks and its problems."""

from __future__ import annotations

from smm_inbox.domain.script import Known, Labels, Problem, Trouble
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr


def labels() -> Labels:
    """What stands in a blank, in the language of the interface."""
    return Labels(
        known={
            Known.CITY: tr("city"),
            Known.POST: tr("post"),
            Known.ME: tr("who answers"),
            Known.HOURS: tr("opening hours"),
            Known.DUE: tr("by when"),
        },
        no_fact=tr("{name}: not on the Today board"),
        old_fact=tr("{name}: out of date on the Today board"),
        itself=tr("the script “{name}” puts in itself"),
        no_script=tr("there is no script “{name}”"),
        too_long=tr("the script is too long"),
    )


def trouble_in_words(problem: Problem) -> SafeText:
    """What is not understood in a script, as one sentence."""
    sentence = {
        Trouble.OPEN: tr("A brace is not closed: write } behind the word."),
        Trouble.NO_SCRIPT: tr("After > stands the name of a script: {found}"),
        Trouble.CASE: tr("There is no such case: {found}. Cases: им род дат вин твор пред."),
        Trouble.EMPTY: tr("Empty braces: {found}"),
        Trouble.NOT_A_NAME: tr("Only the name has cases: {found}"),
    }[problem.trouble]
    return SafeText(sentence.replace("{found}", clean_line(problem.found, limit=60)))
