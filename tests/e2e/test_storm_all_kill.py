"""kill -9 with all four networks side by side: every message once, every answer once, on each.

``STORM_SEED`` in the environment makes another storm of it.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from smm_inbox.sandbox.instagram import InstagramSandbox
from smm_inbox.sandbox.mail import MailSandbox
from smm_inbox.sandbox.telegram import TelegramSandbox
from tests.e2e import storm_instagram, storm_mail, storm_telegram, test_storm_email_kill
from tests.e2e.network import Crowd, running_network, write_config
from tests.e2e.storm_lives import Lives
from tests.e2e.storm_truth import Truth
from tests.e2e.test_storm_kill import check, driving, quiet_sync, trouble

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.storm,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the driver forks"),
]

KILLS = 14
SEED = os.environ.get("STORM_SEED", "")


@pytest.mark.timeout(300)
def test_nothing_is_lost_and_nothing_leaves_twice_on_four_networks(tmp_path: Path) -> None:
    dice = random.Random(f"all {SEED}")
    ledger = tmp_path / "ledger"
    ledger.touch()
    with (
        InstagramSandbox(seed=1, control=True) as ig,
        TelegramSandbox(seed=1) as tg,
        MailSandbox(profile="yandex", seed=1) as mail,
        running_network(7) as network,
    ):
        config = write_config(
            tmp_path,
            {
                "cafe": network.options,
                storm_instagram.ACCOUNT: storm_instagram.options(ig),
                storm_telegram.ACCOUNT: storm_telegram.options(tg, tmp_path),
                storm_mail.ACCOUNT: storm_mail.options(mail),
            },
        )
        guests = storm_telegram.TelegramCrowd(tg, dice, "tg")
        writers = storm_mail.MailCrowd(mail, dice, "mail")
        crowds: list[Callable[[], object]] = [
            Crowd(network, dice, "vk"),
            storm_instagram.InstagramCrowd(ig, dice, "ig"),
            guests,
            writers,
        ]

        def arrive(times: int) -> None:
            for _ in range(times):
                for crowd in crowds:
                    crowd()

        arrive(8)
        with driving(config, ledger, "tests.e2e.storm_all_driver") as driver:
            trouble(network)
            storm_instagram.trouble(ig)
            storm_telegram.trouble(tg)
            storm_mail.trouble(mail)
            lives = Lives(dice, lambda: min(len(ig.sent), len(mail.sent), len(tg.sent)))
            for cycle in range(KILLS):
                driver.order(name=f"all-{cycle}", **lives.next(cycle, seconds=2.0, steps=6000))
                arrive(2)
                assert driver.report()["status"] == -9
            network.act("faults/clear")
            for sandbox in (ig, tg, mail):
                sandbox.faults.clear()
            deadline = time.monotonic() + 10
            while mail.connections:  # a letter of the last life may be on its way yet
                assert time.monotonic() < deadline
                time.sleep(0.01)
            letters = storm_mail.sent_tokens(mail)
            driver.order(settle=True, phone=ig.url, letters=letters)
            assert driver.report()["status"] == 0
        for report in (quiet_sync(config), quiet_sync(config)):
            assert [item["received"] for item in report["accounts"]] == [0, 0, 0, 0]
        database = tmp_path / "data" / "inbox.db"
        vk = Truth(database, ledger, network.ask("state"), "cafe")
        insta = storm_instagram.InstagramTruth(database, ledger, ig)
        telegram = storm_telegram.TelegramTruth(database, ledger, tg, guests)
        post = storm_mail.MailTruth(database, ledger, mail, writers)
        for truth in (vk, insta, telegram):
            check(truth, history_lost=False)
        assert ig.state.failures == tg.state.failures == tg.state.unknown == []
    test_storm_email_kill.check(post)
    post.every_answer_is_filed_once()
    for sent in (ig.sent, mail.sent, telegram.state["sent"], vk.state["sent"]):
        assert sent, "the storm was a breeze"
