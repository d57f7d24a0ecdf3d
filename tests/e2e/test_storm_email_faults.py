"""Every fault of a mail server at once beside those of VK: nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from smm_inbox.bootstrap import DATABASE_NAME, load_settings
from smm_inbox.channels.email import channel as email_channel
from smm_inbox.channels.email import imap, stirring
from smm_inbox.sandbox.mail import MailSandbox
from smm_inbox.sandbox.vk import VkSandbox
from smm_inbox.sandbox.vk.control import snapshot
from smm_inbox.services.container import Services
from tests.e2e import storm_mail, test_storm_faults
from tests.e2e.network import Crowd, Network, write_config
from tests.e2e.storm_calm import TICK, calm
from tests.e2e.storm_driver import UNDO, Ledger, Operator
from tests.e2e.storm_mail import ACCOUNT, MailCrowd, MailTruth, options, sent_tokens
from tests.e2e.storm_mail_driver import QUICK, decide
from tests.e2e.storm_truth import Truth
from tests.e2e.test_storm_faults import SPEED, SharedClock, engine, goes_on, help_out

pytestmark = [pytest.mark.e2e, pytest.mark.storm]

STORM = 6.0
ENOUGH = 11


def trouble(mail: MailSandbox) -> None:
    """Breaks, refusals, nonsense and silence on every road."""
    storm_mail.trouble(mail)
    faults = mail.faults
    faults.add("imap:connect", "drop", count=None, probability=0.05)
    for command in ("uid fetch", "uid search", "examine", "select", "append"):
        faults.add(f"imap:{command}", "reply", count=None, probability=0.02)
        faults.add(f"imap:{command}", "bad", count=None, probability=0.01)
        faults.add(f"imap:{command}", "hang", count=None, probability=0.005)
    faults.add("imap:idle", "hang", count=None, probability=0.05)
    faults.add("smtp:connect", "reply", code=421, count=None, probability=0.03)
    faults.add("smtp:rcpt *", "reply", code=550, text="5.7.1 spam", count=None, probability=0.03)
    faults.add("smtp:auth", "reply", code=454, count=None, probability=0.02)


def turn(mail: MailSandbox, dice: random.Random) -> None:
    """Passwords that come and go, connections that fall silent."""
    match dice.choice(["password", "silence", "mend", "mend"]):
        case "password":
            mail.change_password("another")
        case "silence":
            mail.silence_all()
        case _:
            mail.change_password("letmein")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("profile", ["gmail", "mailru"])
async def test_all_faults_at_once(
    profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email_channel, "Timing", lambda: QUICK)
    for module in (imap, stirring):
        monkeypatch.setattr(module, "READ_SECONDS", 1.5)
    dice, clock = random.Random(f"faults {profile}"), SharedClock()
    ledger = tmp_path / "ledger"
    with (
        VkSandbox(seed=3, clock=clock.stamp, control=True) as vk,
        MailSandbox(profile=profile, seed=3, clock=clock.now) as mail,
    ):
        network = Network(vk.url, vk.group_id, vk.token, vk.service_key, vk.user_token)
        config = write_config(tmp_path, {"cafe": network.options, ACCOUNT: options(mail)})
        settings = replace(load_settings(config, None), undo={"direct": UNDO, "comment": UNDO})
        crowd, people = Crowd(network, dice, "vk"), MailCrowd(mail, dice, profile)
        for _ in range(8):
            crowd()
            people()
        test_storm_faults.trouble(network)
        trouble(mail)
        async with engine(settings, clock) as services:
            await services.start()
            operator = Operator(services, Ledger(ledger), profile, dice)
            working = asyncio.create_task(operator.work())
            began = time.monotonic()
            while goes_on(began, len(mail.sent), STORM, ENOUGH):
                await asyncio.sleep(TICK)
                clock.ahead += SPEED
                for somebody in (crowd, people):
                    if dice.random() < 0.4:
                        somebody()
                if dice.random() < 0.05:
                    turn(mail, dice)
                if dice.random() < 0.2:
                    await help_out(services)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
        network.act("faults/clear")
        mail.faults.clear()
        mail.change_password("letmein")
        vk.restart_long_poll()
        async with engine(settings, clock) as services:
            await services.start()
            await calm(services, partial(helped, services, clock, mail))
        database = tmp_path / "data" / DATABASE_NAME
        truth = Truth(database, ledger, snapshot(vk), "cafe")
        letters = MailTruth(database, ledger, mail, people)
    truth.every_message_is_here_once(history_lost=True)
    letters.every_message_is_here_once()
    letters.every_answer_is_filed_once()
    for one in (truth, letters):
        one.file_is_whole()
        one.every_answer_left_once()
        one.counters_equal_a_recount()
        one.nobody_waits_under_an_answer()
        one.the_journal_tells_each_once()
        one.drafts_are_kept()
    assert len(mail.sent) >= ENOUGH, "the storm was a breeze"


async def helped(services: Services, clock: SharedClock, mail: MailSandbox) -> None:
    await test_storm_faults.helped(services, clock)
    await decide(services, frozenset(sent_tokens(mail)))
