"""Every fault of Instagram at once, beside a VK that has its own: nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from smm_inbox.bootstrap import DATABASE_NAME, load_settings
from smm_inbox.sandbox.instagram import InstagramSandbox
from smm_inbox.sandbox.vk import VkSandbox
from smm_inbox.sandbox.vk.control import snapshot
from smm_inbox.services.container import Services
from tests.e2e import storm_instagram, test_storm_faults
from tests.e2e.network import Crowd, Network, write_config
from tests.e2e.storm_calm import TICK, calm
from tests.e2e.storm_driver import UNDO, Ledger, Operator
from tests.e2e.storm_instagram import (
    ACCOUNT,
    InstagramCrowd,
    InstagramTruth,
    delivered,
    options,
)
from tests.e2e.storm_instagram_driver import QUICK, decide
from tests.e2e.storm_truth import Truth
from tests.e2e.test_storm_faults import SPEED, SharedClock, engine, goes_on, help_out

pytestmark = [pytest.mark.e2e, pytest.mark.storm]

STORM = 10.0
ENOUGH = 11


def trouble(ig: InstagramSandbox) -> None:
    """Breaks, refusals, limits and nonsense on every road; effects that show many seconds late."""
    storm_instagram.trouble(ig)
    for target in ("send", "reply"):
        for late in (10, 300):
            ig.faults.add(target, "reset", after=True, late=late, count=None, probability=0.04)
        ig.faults.add(
            target, "hang", after=True, late=10, seconds=0.2, count=None, probability=0.04
        )
        ig.faults.add(target, "error", error="dm_limit", count=None, probability=0.03)
        ig.faults.add(target, "error", error="limit", count=None, probability=0.01)
    for target in ("conversations", "media", "tags"):
        ig.faults.add(target, "error", error="limit", count=None, probability=0.005)
        ig.faults.add(target, "error", error="unknown", count=None, probability=0.01)


def turn(ig: InstagramSandbox, dice: random.Random) -> None:
    """Tokens and access that come and go."""
    match dice.choice(["token", "access", "mend", "mend"]):
        case "token":
            ig.kill_token()
        case "access":
            ig.state.live_app = False
        case _:
            mend(ig)


def mend(ig: InstagramSandbox) -> None:
    ig.revive_token()
    ig.state.live_app = True


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(2))
async def test_all_faults_at_once(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for (module, name), value in QUICK.items():
        monkeypatch.setattr(module, name, value)
    dice, clock = random.Random(f"faults {seed}"), SharedClock()
    ledger = tmp_path / "ledger"
    with (
        VkSandbox(seed=seed, clock=clock.stamp, control=True) as vk,
        InstagramSandbox(seed=seed, clock=clock.stamp) as ig,
    ):
        network = Network(vk.url, vk.group_id, vk.token, vk.service_key, vk.user_token)
        config = write_config(tmp_path, {"cafe": network.options, ACCOUNT: options(ig)})
        settings = replace(load_settings(config, None), undo={"direct": UNDO, "comment": UNDO})
        crowd, people = Crowd(network, dice, "vk"), InstagramCrowd(ig, dice, f"ig{seed}")
        for _ in range(8):
            crowd()
            people()
        test_storm_faults.trouble(network)
        trouble(ig)
        async with engine(settings, clock) as services:
            await services.start()
            operator = Operator(services, Ledger(ledger), str(seed), dice)
            working = asyncio.create_task(operator.work())
            began = time.monotonic()
            while goes_on(began, len(ig.sent), STORM, ENOUGH):
                await asyncio.sleep(TICK)
                clock.ahead += SPEED
                for somebody in (crowd, people):
                    if dice.random() < 0.3:
                        somebody()
                if dice.random() < 0.05:
                    turn(ig, dice)
                if dice.random() < 0.2:
                    await help_out(services)
                    await decide(services, lambda: delivered(ig))
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
        network.act("faults/clear")
        ig.faults.clear()
        mend(ig)
        vk.restart_long_poll()
        async with engine(settings, clock) as services:
            await services.start()
            await calm(services, partial(helped, services, clock, ig))
        database = tmp_path / "data" / DATABASE_NAME
        truth = Truth(database, ledger, snapshot(vk), "cafe")
        insta = InstagramTruth(database, ledger, ig)
        assert ig.state.failures == []
    truth.every_message_is_here_once(history_lost=True)
    insta.every_message_is_here_once()
    for one in (truth, insta):
        one.file_is_whole()
        one.every_answer_left_once()
        one.counters_equal_a_recount()
        one.nobody_waits_under_an_answer()
        one.the_journal_tells_each_once()
        one.drafts_are_kept()
    assert len(ig.sent) >= ENOUGH, "the storm was a breeze"


async def helped(services: Services, clock: SharedClock, ig: InstagramSandbox) -> None:
    await test_storm_faults.helped(services, clock)
    await decide(services, lambda: delivered(ig))
