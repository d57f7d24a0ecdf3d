"""``sync``: collect new messages without the screen, once or until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.ids import AccountId
from smm_inbox.domain.outgoing import OutState
from smm_inbox.locale import ntr, tr

from .exits import Exit
from .output import say, say_json

if TYPE_CHECKING:
    from smm_inbox.services.bus import Event
    from smm_inbox.services.container import Services

_DELIVERY = 120.0
"""Seconds that the due answers of ``--once`` get."""


async def once(services: Services, accounts: Collection[AccountId], *, as_json: bool) -> Exit:
    """Catch up every account, send what is due, print a summary."""
    fates = _Fates()
    unsubscribe = services.bus.subscribe(fates)
    reports = await services.sync.run_once(accounts)
    services.outbox.start()
    waiting = await services.outbox.deliver_due(_DELIVERY)
    unsubscribe()
    sent, failed = fates.count[OutState.SENT], fates.count[OutState.FAILED]
    if as_json:
        say_json(
            {
                "ok": all(report.ok for report in reports) and not failed,
                "accounts": [
                    {
                        "account": report.account,
                        "ok": report.ok,
                        "received": report.received,
                        "sentence": report.sentence,
                    }
                    for report in reports
                ],
                "sent": sent,
                "failed": failed,
                "waiting": waiting,
            }
        )
    else:
        for report in reports:
            came = ntr("{count} new message", "{count} new messages", report.received)
            came = came.format(count=report.received)
            say(f"{report.account}: {came}" + ("" if report.ok else f". {report.sentence}"))
        say(
            tr("Answers: sent {sent}, not sent {failed}, waiting {waiting}.").format(
                sent=sent, failed=failed, waiting=waiting
            )
        )
    if not all(report.ok for report in reports):
        return Exit.ACCOUNT
    return Exit.NOT_SENT if failed else Exit.FINE


class _Fates:
    """Counts what became of the answers, each once."""

    def __init__(self) -> None:
        self._last: dict[int, OutState] = {}

    def __call__(self, event: Event) -> None:
        state = getattr(event, "state", None)
        row = getattr(event, "outbox", None)
        if isinstance(state, OutState) and isinstance(row, int):
            self._last[row] = state

    @property
    def count(self) -> Counter[OutState]:
        """How many answers ended in each state."""
        return Counter(self._last.values())


async def forever(services: Services, accounts: Collection[AccountId], *, as_json: bool) -> Exit:
    """Keep the accounts connected and tell every change of their state, until a signal ends it."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGHUP"):
        # Windows has neither; there Ctrl+C ends the program.
        with contextlib.suppress(NotImplementedError, AttributeError, ValueError):
            loop.add_signal_handler(getattr(signal, name), stop.set)
    teller = _Teller(services, accounts, as_json=as_json)
    unsubscribe = services.bus.subscribe(teller)
    await services.start(accounts)
    try:
        await stop.wait()
    finally:
        unsubscribe()
    return Exit.FINE


class _Teller:
    """Prints an account's state when it changes."""

    def __init__(
        self, services: Services, accounts: Collection[AccountId], *, as_json: bool
    ) -> None:
        self._services = services
        self._chosen = frozenset(accounts)
        self._as_json = as_json
        self._told: dict[AccountId, tuple[HealthState, str]] = {}

    def __call__(self, event: Event) -> None:
        for view in self._services.accounts.list():
            now = (view.health.state, str(view.health.why))
            if view.id not in self._chosen or self._told.get(view.id) == now:
                continue
            self._told[view.id] = now
            if self._as_json:
                say_json({"account": view.id, "state": now[0], "sentence": now[1]})
            else:
                say(f"{view.id}: {_word(now[0])}" + (f". {now[1]}" if now[1] else ""))


def _word(state: HealthState) -> str:
    return {
        HealthState.OFF: tr("off"),
        HealthState.CONNECTING: tr("connecting"),
        HealthState.CATCHING_UP: tr("catching up"),
        HealthState.ONLINE: tr("online"),
        HealthState.WAITING: tr("waiting"),
        HealthState.NEEDS_LOGIN: tr("needs a new token"),
        HealthState.BROKEN: tr("does not work"),
    }[state]
