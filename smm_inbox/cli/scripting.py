"""``scripts``: prepared replies that go out to a file and come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smm_inbox.locale import tr

from .exits import Exit, UsageError
from .exporting import opened
from .output import complain, say
from .reading import read_text

if TYPE_CHECKING:
    from smm_inbox.services.container import Services

_LARGEST = 5_000_000
"""Bytes of a file of scripts; anything larger is another file."""


async def export_scripts(services: Services, to: str) -> Exit:
    """Write all scripts to ``to`` (``-``: standard output); importing it gives the same ones."""
    text = await services.scripts.export_text()
    with opened(to) as put:
        put(text)
    return Exit.FINE


async def import_scripts(services: Services, source: str, *, overwrite: bool, skip: bool) -> Exit:
    """Take scripts out of a file (``-``: standard input).

    Raises ``UsageError`` with everything that is wrong; then nothing changed.
    """
    from smm_inbox.services.scripts import ImportRefused  # noqa: PLC0415 - database library

    text = read_text(source, at_most=_LARGEST)
    try:
        done = await services.scripts.import_text(
            text, label=source, overwrite=overwrite, skip=skip
        )
    except ImportRefused as refused:
        head = tr("Nothing was imported from {file}:").replace("{file}", source)
        rows = "\n".join(f"  {problem}" for problem in refused.problems)
        tail = tr("--replace writes anew what is here, --skip-broken leaves out mistakes.")
        raise UsageError(f"{head}\n{rows}\n{tail}") from None
    for problem in done.left_out:
        complain(problem)
    said = tr("Scripts: {added} new, {changed} written anew, {same} as they were, {left} left out.")
    counts = {
        "{added}": done.added,
        "{changed}": done.changed,
        "{same}": done.same,
        "{left}": len(done.left_out),
    }
    for mark, count in counts.items():
        said = said.replace(mark, str(count))
    say(said)
    return Exit.FINE
