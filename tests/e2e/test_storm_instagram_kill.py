"""kill -9 with Instagram beside VK: every message once, every answer once, on both."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from smm_inbox.sandbox.instagram import InstagramSandbox
from tests.e2e import storm_instagram
from tests.e2e.network import Crowd, running_network, write_config
from tests.e2e.storm_instagram import (
    ACCOUNT,
    InstagramCrowd,
    InstagramTruth,
    options,
)
from tests.e2e.storm_lives import Lives
from tests.e2e.storm_truth import Truth
from tests.e2e.test_storm_kill import check, driving, quiet_sync, trouble

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.storm,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the driver forks"),
]

KILLS = 20


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_lost_and_nothing_leaves_twice(seed: int, tmp_path: Path) -> None:
    dice = random.Random(f"kill {seed}")
    ledger = tmp_path / "ledger"
    ledger.touch()
    with InstagramSandbox(seed=seed, control=True) as ig, running_network(7) as network:
        config = write_config(tmp_path, {"cafe": network.options, ACCOUNT: options(ig)})
        crowd, people = Crowd(network, dice, "vk"), InstagramCrowd(ig, dice, f"ig{seed}")
        for _ in range(12):
            crowd()
            people()
        with driving(config, ledger, "tests.e2e.storm_instagram_driver") as driver:
            trouble(network)
            storm_instagram.trouble(ig)
            lives = Lives(dice, lambda: len(ig.sent))
            for cycle in range(KILLS):
                driver.order(name=f"{seed}-{cycle}", **lives.next(cycle, seconds=0.9, steps=2500))
                for _ in range(4):
                    crowd()
                    people()
                assert driver.report()["status"] == -9
            network.act("faults/clear")
            ig.faults.clear()
            driver.order(settle=True, phone=ig.url)
            assert driver.report()["status"] == 0
        first, second = quiet_sync(config), quiet_sync(config)
        for report in (first, second):
            assert [item["received"] for item in report["accounts"]] == [0, 0]
        database = tmp_path / "data" / "inbox.db"
        vk = Truth(database, ledger, network.ask("state"), "cafe")
        truth = InstagramTruth(database, ledger, ig)
        assert ig.state.failures == []
    check(vk, history_lost=False)
    check(truth, history_lost=False)
    # Otherwise the storm was a breeze and proves nothing.
    assert len(truth.state["sent"]) > KILLS / 2
    assert truth.mine("SELECT 1 FROM journal WHERE event = 'ambiguous'")
