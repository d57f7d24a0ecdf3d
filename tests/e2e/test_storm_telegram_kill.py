"""kill -9 with Telegram beside VK: every message once, every answer once, on both.

``STORM_SEED`` in the environment makes another storm of it.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from smm_inbox.sandbox.telegram import TelegramSandbox
from tests.e2e import storm_telegram
from tests.e2e.network import Crowd, running_network, write_config
from tests.e2e.storm_telegram import ACCOUNT, TelegramCrowd, TelegramTruth, options
from tests.e2e.storm_truth import Truth
from tests.e2e.test_storm_kill import check, driving, lives, quiet_sync, settled, trouble

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.storm,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the driver forks"),
]

KILLS = 20
ENOUGH = 12
"""Answers that leave over Telegram between the kills."""
SEED = os.environ.get("STORM_SEED", "")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("repeat", ["error", "replay"])
def test_nothing_is_lost_and_nothing_leaves_twice(repeat: str, tmp_path: Path) -> None:
    dice = random.Random(f"kill {repeat} {SEED}")
    ledger = tmp_path / "ledger"
    ledger.touch()
    with TelegramSandbox(seed=1) as tg, running_network(7) as network:
        tg.rules.repeat = repeat
        config = write_config(tmp_path, {"cafe": network.options, ACCOUNT: options(tg, tmp_path)})
        crowd, people = Crowd(network, dice, "vk"), TelegramCrowd(tg, dice, repeat)
        for _ in range(12):
            crowd()
            people()
        with driving(config, ledger, "tests.e2e.storm_telegram_driver") as driver:
            trouble(network)
            storm_telegram.trouble(tg)
            for cycle, life in lives(KILLS, lambda: answered(tg) >= ENOUGH):
                order: dict[str, Any] = {"seed": dice.random(), "name": f"{repeat}-{cycle}"}
                if cycle % 2:
                    driver.order(**order, seconds=life * dice.uniform(0.1, 0.9))
                else:
                    steps = int(dice.triangular(1, 2500, 500))
                    driver.order(**order, seconds=life * 1.2, steps=steps)
                for _ in range(4):
                    crowd()
                    people()
                assert driver.report()["status"] == -9
            network.act("faults/clear")
            tg.faults.clear()
            settled(driver)
        first, second = quiet_sync(config), quiet_sync(config)
        for report in (first, second):
            assert [item["received"] for item in report["accounts"]] == [0, 0]
        database = tmp_path / "data" / "inbox.db"
        vk = Truth(database, ledger, network.ask("state"), "cafe")
        truth = TelegramTruth(database, ledger, tg, people)
        check(vk, history_lost=False)
        check(truth, history_lost=False)
        assert tg.state.failures == []
        assert tg.state.unknown == []
    # Otherwise the storm was a breeze and proves nothing.
    assert len(truth.state["sent"]) >= ENOUGH
    assert truth.mine("SELECT 1 FROM journal WHERE event = 'ambiguous'")


def answered(tg: TelegramSandbox) -> int:
    """How many answers have left."""
    return sum(item.kind == "message" for item in tg.sent)
