"""``playbook`` and ``handover``: texts of the desk that go out to a file and come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smm_inbox.locale import tr

from .exits import Exit, UsageError
from .exporting import opened
from .output import say
from .reading import read_text

if TYPE_CHECKING:
    from smm_inbox.services.container import Services

_LARGEST = 1_000_000
"""Bytes of a playbook; anything larger is another file."""


async def export_playbook(services: Services, to: str) -> Exit:
    """Write the playbook in force to ``to`` (``-``: standard output), ready to be edited."""
    text = await services.playbooks.text()
    with opened(to) as put:
        put(text)
    return Exit.FINE


async def import_playbook(services: Services, source: str) -> Exit:
    """Put the playbook of a file in force (``-``: standard input).

    Raises ``UsageError`` with everything that is wrong; then nothing changed.
    """
    from smm_inbox.services.playbooks import PlaybookRefused  # noqa: PLC0415 - database library

    text = read_text(source, at_most=_LARGEST)
    if not text.strip():
        raise UsageError(tr("The file {file} is empty.").replace("{file}", source))
    try:
        await services.playbooks.replace(text)
    except PlaybookRefused as refused:
        raise UsageError(refused.sentence) from None
    say(tr("The playbook is in force."))
    return Exit.FINE


async def reset_playbook(services: Services) -> Exit:
    """Bring the shipped playbook back."""
    await services.playbooks.replace("")
    say(tr("The shipped playbook is in force again."))
    return Exit.FINE


async def handover(services: Services, to: str, *, end: bool) -> Exit:
    """Write the hand-over; with ``end`` the shift is over and the next one finds the text."""
    services.accounts.learn_shorts()
    text = await services.shifts.handover()
    with opened(to) as put:
        put(text)
    if end:
        await services.shifts.end(text)
    return Exit.FINE
