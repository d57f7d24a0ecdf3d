"""Every fault of the network at once, for days of its time: nothing is lost or sent twice."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from smm_inbox.bootstrap import DATABASE_NAME, holding, load_settings
from smm_inbox.channels import registry
from smm_inbox.config.model import Settings
from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import OutboxId
from smm_inbox.sandbox.vk import VkSandbox
from smm_inbox.sandbox.vk.control import snapshot
from smm_inbox.services.container import Services
from smm_inbox.storage.database import Database
from tests.e2e.network import PEOPLE, Crowd, Network, write_config
from tests.e2e.storm_calm import TICK, calm
from tests.e2e.storm_driver import UNDO, Ledger, Operator
from tests.e2e.storm_truth import Truth

pytestmark = [pytest.mark.e2e, pytest.mark.storm]

STORM, LONGEST = 10.0, 90.0
"""Seconds of bad weather; on a loaded machine until enough answers have left in it."""
ENOUGH = 21
SPEED = timedelta(seconds=2)
"""Time that passes for everybody with each tick."""


class SharedClock:
    """The time of the program and of the network: it runs ahead of ours."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def stamp(self) -> float:
        return time.time() + self.ahead.total_seconds()


@contextlib.asynccontextmanager
async def engine(settings: Settings, clock: SharedClock) -> AsyncIterator[Services]:
    """As ``bootstrap.open_services``, with a clock of our own."""
    with holding(settings.data_dir):
        db = await Database.open(settings.data_dir / DATABASE_NAME)
        try:
            services = Services(settings, db, clock, registry.factory)
            await services.prepare()
            try:
                yield services
            finally:
                await services.stop()
        finally:
            await db.close()


def trouble(network: Network) -> None:
    """Every code and every way to break off, on every road."""
    for target in ("messages.send", "*.createComment"):
        for code in (6, 9, 10, 14, 29):
            network.fault(target, "error", code=code, count=None, probability=0.03)
        network.fault(target, "error", code=10, after=True, count=None, probability=0.05)
        for kind in ("reset", "html", "empty", "http"):
            for after in (False, True):
                network.fault(target, kind, after=after, count=None, probability=0.03)
        for after in (False, True):
            network.fault(target, "hang", after=after, seconds=0.3, count=None, probability=0.04)
        network.fault(target, "truncated", count=None, probability=0.05)
    for target in ("messages.get*", "groups.get*", "wall.get*", "users.get"):
        for code in (6, 10, 29 if target == "wall.get*" else 1):
            network.fault(target, "error", code=code, count=None, probability=0.03)
        for kind in ("html", "reset", "truncated", "empty"):
            network.fault(target, kind, count=None, probability=0.02)
    for code in (1, 2, 3, 4):
        network.fault("lp", "failed", code=code, count=None, probability=0.02)
    network.fault("lp", "redeliver", code=9, count=None, probability=0.1)
    for kind in ("html", "reset", "truncated", "empty"):
        network.fault("lp", kind, count=None, probability=0.03)
    network.fault("lp", "hang", seconds=0.3, count=None, probability=0.05)
    network.fault("event:*", "lose", count=None, probability=0.05)


class Weather:
    """What happens to the account besides: tokens and rights that come and go."""

    def __init__(self, vk: VkSandbox, dice: random.Random) -> None:
        self._vk = vk
        self._dice = dice

    def turn(self) -> None:
        vk, dice = self._vk, self._dice
        scopes = vk.state.tokens[vk.token].scopes or set()
        what = dice.choice(["key", "lost", "token", "scope", "service", "deny", "mend", "mend"])
        match what:
            case "key":
                vk.expire_key()
            case "lost":
                vk.forget_events()
            case "token":
                vk.revoke_token("community", other_ip=dice.random() < 0.5)
            case "service":
                vk.revoke_token(dice.choice(["service", "user"]))
            case "scope":
                scopes.discard(dice.choice(["wall", "messages", "docs"]))
            case "deny":
                vk.customer_denies(dice.choice(PEOPLE))
            case _:
                self.mend()

    def mend(self) -> None:
        for kind in ("community", "service", "user"):
            self._vk.restore_token(kind)
        tokens = self._vk.state.tokens
        (tokens[self._vk.token].scopes or set()).update({"wall", "messages", "docs"})
        for person in PEOPLE:
            if self._vk.state.users[person].can_write:
                self._vk.state.users[person].can_write = 0
                self._vk.customer_allows(person)


async def helped(services: Services, clock: SharedClock) -> None:
    """A round of the calm after the storm: time passes quickly, a person helps out."""
    clock.ahead += 10 * SPEED
    await help_out(services)


async def help_out(services: Services) -> None:
    """What a patient person does: connects anew, sends again what did not leave."""
    for account in services.accounts.list():
        if account.health.state not in {
            HealthState.ONLINE,
            HealthState.CONNECTING,
            HealthState.CATCHING_UP,
        }:
            await services.accounts.retry_now(account.id)
    for row in await services.db.all("SELECT id FROM outbox WHERE state = 'failed'"):
        with contextlib.suppress(InboxError):
            await services.unsent.retry(OutboxId(row["id"]))
    services.outbox.poke()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(3))
async def test_all_faults_at_once(seed: int, tmp_path: Path) -> None:
    dice, clock = random.Random(seed), SharedClock()
    ledger = tmp_path / "ledger"
    with VkSandbox(seed=seed, clock=clock.stamp, control=True) as vk:
        network = Network(vk.url, vk.group_id, vk.token, vk.service_key, vk.user_token)
        config = write_config(tmp_path, {"cafe": network.options})
        settings = replace(load_settings(config, None), undo={"direct": UNDO, "comment": UNDO})
        crowd, weather = Crowd(network, dice, str(seed)), Weather(vk, dice)
        for _ in range(10):
            crowd()
        trouble(network)
        async with engine(settings, clock) as services:
            await services.start()
            operator = Operator(services, Ledger(ledger), str(seed), dice)
            working = asyncio.create_task(operator.work())
            await storm(services, clock, crowd, weather, dice, vk)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
        network.act("faults/clear")
        weather.mend()
        vk.restart_long_poll()  # what was lost on the way is fetched from the histories
        async with engine(settings, clock) as services:  # as after a new token in the config file
            await services.start()
            await calm(services, partial(helped, services, clock))
        truth = Truth(tmp_path / "data" / DATABASE_NAME, ledger, snapshot(vk))
        assert vk.state.failures == []
    truth.file_is_whole()
    truth.every_message_is_here_once(history_lost=True)
    truth.every_answer_left_once()
    truth.counters_equal_a_recount()
    truth.nobody_waits_under_an_answer()
    truth.the_journal_tells_each_once()
    truth.drafts_are_kept()
    assert len(truth.state["sent"]) >= ENOUGH, "the storm was a breeze"


def goes_on(began: float, left: int, storm: float = STORM, enough: int = ENOUGH) -> bool:
    """Whether a storm that ``began`` then, in which ``left`` answers have left, goes on."""
    seconds = time.monotonic() - began
    return seconds < storm or (left < enough and seconds < LONGEST)


async def storm(
    services: Services,
    clock: SharedClock,
    crowd: Crowd,
    weather: Weather,
    dice: random.Random,
    vk: VkSandbox,
) -> None:
    began = time.monotonic()
    while goes_on(began, len(vk.sent)):
        await asyncio.sleep(TICK)
        clock.ahead += SPEED
        if dice.random() < 0.5:
            crowd()
        if dice.random() < 0.1:
            weather.turn()
        if dice.random() < 0.2:
            await help_out(services)
