"""kill -9 with a mailbox beside VK: every letter once, every answer once, on both."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from smm_inbox.bootstrap import DATABASE_NAME
from smm_inbox.sandbox.mail import MailSandbox
from tests.e2e import storm_mail
from tests.e2e.network import Crowd, running_network, write_config
from tests.e2e.storm_mail import ACCOUNT, MailCrowd, MailTruth, options, sent_tokens
from tests.e2e.storm_truth import Truth
from tests.e2e.test_storm_kill import Driver, driving, quiet_sync, trouble

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.storm,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the driver forks"),
]

KILLS = 20
MOST = 3 * KILLS


@pytest.mark.timeout(300)
@pytest.mark.parametrize("profile", ["gmail", "yandex"])
def test_nothing_is_lost_and_nothing_leaves_twice(profile: str, tmp_path: Path) -> None:
    dice = random.Random(f"kill {profile}")
    ledger = tmp_path / "ledger"
    ledger.touch()
    with MailSandbox(profile=profile, seed=1) as mail, running_network(7) as network:
        config = write_config(tmp_path, {"cafe": network.options, ACCOUNT: options(mail)})
        crowd, people = Crowd(network, dice, "vk"), MailCrowd(mail, dice, profile)
        for _ in range(12):
            crowd()
            people()
        with driving(config, ledger, "tests.e2e.storm_mail_driver") as driver:
            trouble(network)
            storm_mail.trouble(mail)
            cycle = 0
            # On a slow machine a life is short: more of them until the storm proves something.
            while cycle < KILLS or (cycle < MOST and not rough(tmp_path, mail)):
                order: dict[str, Any] = {"seed": dice.random(), "name": f"{profile}-{cycle}"}
                if cycle % 2:
                    driver.order(**order, seconds=dice.uniform(0.1, 0.9))
                else:
                    driver.order(**order, seconds=1.2, steps=int(dice.triangular(1, 2500, 500)))
                for _ in range(4):
                    crowd()
                    people()
                assert driver.report()["status"] == -9
                cycle += 1
            network.act("faults/clear")
            mail.faults.clear()
            settled(driver, mail)
        first, second = quiet_sync(config), quiet_sync(config)
        for report in (first, second):
            assert [item["received"] for item in report["accounts"]] == [0, 0]
        database = tmp_path / "data" / DATABASE_NAME
        vk = Truth(database, ledger, network.ask("state"), "cafe")
        letters = MailTruth(database, ledger, mail, people)
    for truth in (vk, letters):
        check(truth)
    letters.every_answer_is_filed_once()
    assert rough(tmp_path, mail), "the storm was a breeze and proves nothing"


def rough(folder: Path, mail: MailSandbox) -> bool:
    """Whether answers left and the fate of some was unknown for a while."""
    with closing(sqlite3.connect(folder / "data" / DATABASE_NAME)) as connection:
        [(doubts,)] = connection.execute(
            "SELECT count(*) FROM journal WHERE event = 'ambiguous' AND account = ?", (ACCOUNT,)
        )
    return len(mail.sent) > KILLS / 2 and doubts > 0


def settled(driver: Driver, mail: MailSandbox) -> None:
    """Let the program run until nothing is left to do."""
    deadline = time.monotonic() + 10
    while mail.connections:  # a letter of the last life may be on its way yet
        assert time.monotonic() < deadline
        time.sleep(0.01)
    driver.order(settle=True, left=sent_tokens(mail))
    assert driver.report()["status"] == 0


def check(truth: Truth) -> None:
    truth.file_is_whole()
    truth.every_message_is_here_once()
    truth.every_answer_left_once()
    truth.counters_equal_a_recount()
    truth.nobody_waits_under_an_answer()
    truth.the_journal_tells_each_once()
    truth.drafts_are_kept()
