"""Without a network everything but the network works; what was queued leaves by itself."""

from __future__ import annotations

import os

import pytest

from smm_inbox.sandbox.vk import VkSandbox
from smm_inbox.sandbox.vk.faults import FaultKind
from smm_inbox.sandbox.vk.world import ANNA, BORIS, ELENA
from tests.e2e.cafe import ONLINE, Cafe
from tests.e2e.terminal import Terminal

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX"),
]

AWAY = "◐"
WRITING = "✉ ЛИЧНО"


def network_down(vk: VkSandbox) -> None:
    vk.faults.add("*", FaultKind.RESET, count=None)
    vk.expire_key()  # whoever polls hears of it at once


def test_queued_without_a_network_answers_leave_when_it_is_back(cafe: Cafe, vk: VkSandbox) -> None:
    for user, text in ((ANNA, "Вы открыты?"), (BORIS, "Столик есть?"), (ELENA, "А торт?")):
        vk.customer_writes(user, text)
    cafe.collect()
    network_down(vk)
    with cafe.screen() as screen:
        screen.shows("Вы открыты?", "Столик есть?", AWAY)
        write(screen, "Да, до девяти")
        screen.press("f5")
        screen.shows("ждут 2")
        write(screen, "Не дописано")
        screen.leave(WRITING)
        screen.shows("✎", "уходит 1")
        screen.press("gi")
        screen.shows("Открытые ·", "Вы открыты?", "Столик есть?", "Мы: Да")
        screen.press("q")
        screen.shows("1 ответ ещё не ушёл")
        screen.press("q")
        assert screen.ended() == 0
    assert vk.sent == []
    with cafe.screen() as screen:  # still no network: nothing is lost over a night
        screen.shows(AWAY, "✎", "уходит 1")
        vk.faults.clear()
        vk.customer_writes(ANNA, "Ау?")
        screen.shows(ONLINE, "Ау?")
        screen.until(lambda: vk.sent, "an answer on the network")
        screen.hides("уходит")
        screen.press("q")
        assert screen.ended() == 0
    assert [answer.text for answer in vk.sent] == ["Да, до девяти"]
    assert cafe.rows("SELECT text FROM drafts") == [("Не дописано",)]


def write(screen: Terminal, text: str) -> None:
    screen.press("r")
    screen.shows(WRITING)
    screen.press(text)
    screen.shows(text)


@pytest.mark.parametrize("trouble", ["revoked", "hang", "html"])
def test_a_broken_account_disturbs_no_other(cafe: Cafe, vk: VkSandbox, trouble: str) -> None:
    with VkSandbox(seed=2) as other:
        cafe.configure("bar", **{**cafe.options(other), "group_id": other.group_id + 1})
        other.state.group.id += 1
        if trouble == "revoked":
            other.revoke_token("community")
        else:
            other.faults.add("*", trouble, count=None)
        vk.customer_writes(ANNA, "Вы открыты?")
        with cafe.screen((160, 40)) as screen:
            screen.shows("Вы открыты?", ONLINE)
            write(screen, "Да, до девяти")
            screen.press("f5")
            screen.until(lambda: vk.sent, "an answer on the network")
            vk.customer_writes(BORIS, "А завтра?")
            screen.shows("А завтра?", ONLINE)
            screen.shows("✕" if trouble == "revoked" else AWAY)
            screen.press("q")
            assert screen.ended(3.0) == 0
        assert [answer.text for answer in vk.sent] == ["Да, до девяти"]
        done = cafe.run("sync", "--once") if trouble != "hang" else None
        assert done is None or (done.returncode, done.stdout.count("\n")) == (3, 3)
