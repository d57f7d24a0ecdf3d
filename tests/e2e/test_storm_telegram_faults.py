"""Every fault of Telegram at once beside those of VK: nothing is lost or sent twice.

``STORM_SEED`` in the environment makes another storm of it.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from smm_inbox.bootstrap import DATABASE_NAME, load_settings
from smm_inbox.channels.telegram import account as account_module
from smm_inbox.channels.telegram import client as client_module
from smm_inbox.channels.telegram import sender as sender_module
from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.vk import VkSandbox
from smm_inbox.sandbox.vk.control import snapshot
from tests.e2e import storm_telegram, test_storm_faults
from tests.e2e.network import Crowd, Network, write_config
from tests.e2e.storm_calm import TICK, calm
from tests.e2e.storm_driver import UNDO, Ledger, Operator
from tests.e2e.storm_telegram import ACCOUNT, TelegramCrowd, TelegramTruth, options
from tests.e2e.storm_telegram_driver import PACE
from tests.e2e.storm_truth import Truth
from tests.e2e.test_storm_faults import SPEED, SharedClock, engine, help_out, helped

pytestmark = [pytest.mark.e2e, pytest.mark.storm]

STORM, LONGEST = 8.0, 40.0
"""Seconds of bad weather, and how many more it gets where a busy machine lets little happen."""
ENOUGH = 12
"""Answers that leave over Telegram during the storm."""
PATIENCE = 4.0
"""Telethon tells of a refusal of the server two seconds late: an answer that was delivered, but is
not found, would never be told "you sent this before" by one who waits less."""
SEED = os.environ.get("STORM_SEED", "")


def trouble(tg: TelegramSandbox) -> None:
    """Refusals, waits, breaks and silence on every road."""
    storm_telegram.trouble(tg)
    add = tg.faults.add
    for text in ("FLOOD_WAIT_3", "SLOWMODE_WAIT_2", "PEER_FLOOD", "TIMEOUT", "FLOOD_WAIT_400"):
        add("messages.sendMessage", "error", text=text, count=None, probability=0.02)
    for target in ("messages.get*", "channels.get*", "messages.search", "users.getUsers"):
        add(target, "error", text="FLOOD_WAIT_2", count=None, probability=0.02)
        add(target, "error", count=None, probability=0.02)
        for kind in ("reset", "drop"):
            add(target, kind, count=None, probability=0.01)
        add(target, "hang", seconds=0.3, count=None, probability=0.01)
    add("updates.get*", "reset", count=None, probability=0.03)
    add("updates.get*", "error", count=None, probability=0.03)
    add("accept", "hang", seconds=0.3, count=None, probability=0.05)
    add("update:*", "lose", count=None, probability=0.1)


class Weather:
    """The network is cut, everybody falls off, salts change, clocks jump, spam is suspected."""

    def __init__(self, tg: TelegramSandbox, dice: random.Random) -> None:
        self._tg = tg
        self._dice = dice
        self._foul = False

    def turn(self) -> None:
        """Bad weather comes, and passes the next time."""
        tg, dice = self._tg, self._dice
        if self._foul:
            self.mend()
            return
        self._foul = True
        match dice.choice(["cut", "drop", "salts", "clock", "limit"]):
            case "cut":
                tg.cut()
            case "drop":
                tg.drop_connections(reset=dice.random() < 0.5)
            case "salts":
                tg.rotate_salts()
            case "clock":
                tg.rules.clock_offset = dice.uniform(-900, 900)
            case _:
                tg.limit_account()

    def mend(self) -> None:
        self._foul = False
        self._tg.rules.clock_offset = 0.0
        self._tg.limit_account(limited=False)
        self._tg.restore()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("repeat", ["error", "replay"])
async def test_all_faults_at_once(
    repeat: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_module, "PACE", PACE)
    monkeypatch.setattr(client_module, "CONNECT", 2.0)
    monkeypatch.setattr(sender_module, "PATIENCE", PATIENCE)
    dice, clock = random.Random(f"faults {repeat} {SEED}"), SharedClock()
    ledger = tmp_path / "ledger"
    with (
        VkSandbox(seed=3, clock=clock.stamp, control=True) as vk,
        TelegramSandbox(seed=3, clock=clock.stamp) as tg,
    ):
        tg.rules.repeat = repeat
        network = Network(vk.url, vk.group_id, vk.token, vk.service_key, vk.user_token)
        config = write_config(tmp_path, {"cafe": network.options, ACCOUNT: options(tg, tmp_path)})
        settings = replace(load_settings(config, None), undo={"direct": UNDO, "comment": UNDO})
        crowd, people = Crowd(network, dice, "vk"), TelegramCrowd(tg, dice, repeat)
        for _ in range(8):
            crowd()
            people()
        test_storm_faults.trouble(network)
        trouble(tg)
        weather = Weather(tg, dice)
        async with engine(settings, clock) as services:
            await services.start()
            operator = Operator(services, Ledger(ledger), repeat, dice)
            working = asyncio.create_task(operator.work())
            begun = time.monotonic()
            while blows(tg, time.monotonic() - begun):
                await asyncio.sleep(TICK)
                clock.ahead += SPEED
                for somebody in (crowd, people):
                    if dice.random() < 0.4:
                        somebody()
                if dice.random() < 0.1:
                    weather.turn()
                if dice.random() < 0.2:
                    await help_out(services)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
        network.act("faults/clear")
        tg.faults.clear()
        weather.mend()
        vk.restart_long_poll()
        async with engine(settings, clock) as services:
            await services.start()
            await calm(services, partial(helped, services, clock))
        database = tmp_path / "data" / DATABASE_NAME
        vk_truth = Truth(database, ledger, snapshot(vk), "cafe")
        truth = TelegramTruth(database, ledger, tg, people)
        vk_truth.every_message_is_here_once(history_lost=True)
        truth.every_message_is_here_once()
        assert tg.state.failures == []
        assert tg.state.unknown == []
    for one in (vk_truth, truth):
        one.file_is_whole()
        one.every_answer_left_once()
        one.counters_equal_a_recount()
        one.nobody_waits_under_an_answer()
        one.the_journal_tells_each_once()
        one.drafts_are_kept()
    assert len(truth.state["sent"]) >= ENOUGH, "the storm was a breeze"


def blows(tg: TelegramSandbox, seconds: float) -> bool:
    """Whether the storm has not been long enough, or has not met enough answers."""
    left = sum(item.kind == "message" for item in tg.sent)
    return seconds < STORM or (left < ENOUGH and seconds < LONGEST)
