"""The calm after a storm: every account is online, nothing is on its way, and that stays so."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Awaitable, Callable

from smm_inbox.domain.channel import HealthState
from smm_inbox.services.container import Services

LONGEST = 120.0
"""Seconds until it has to have come: many times of what it takes, for machines with other work."""
TICK = 0.05
_ROUNDS = 20


async def calm(
    services: Services,
    meanwhile: Callable[[], Awaitable[None]],
    *,
    failed: bool = False,
    within: float = LONGEST,
) -> None:
    """Wait for the calm, and for a second of it.

    ``meanwhile`` is what a person does in each round; ``failed`` answers may be left when nobody
    sends them again. Raises ``TimeoutError`` with what is left and what every task waits for.
    """
    until, quiet = time.monotonic() + within, 0
    while quiet < _ROUNDS:
        await asyncio.sleep(TICK)
        await meanwhile()
        online = all(a.health.state is HealthState.ONLINE for a in services.accounts.list())
        left = await services.db.all(
            "SELECT id, account, state, action, attempts, due_at, reason FROM outbox "
            "WHERE state <> ?",
            ("failed" if failed else "",),
        )
        quiet = quiet + 1 if online and not left else 0
        if quiet < _ROUNDS and time.monotonic() > until:
            told = [f"{account.id}: {account.health}" for account in services.accounts.list()]
            told += [str(tuple(row)) for row in left]
            raise TimeoutError("\n".join([*told, *_stacks()]))


def _stacks() -> list[str]:
    """What every task of the loop waits for."""
    found = []
    for task in asyncio.all_tasks():
        into = io.StringIO()
        task.print_stack(file=into)
        found.append(into.getvalue())
    return found
