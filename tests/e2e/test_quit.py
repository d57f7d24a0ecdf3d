"""The first frame waits for no network, and neither does the end."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest

from smm_inbox.sandbox.vk import VkSandbox
from smm_inbox.sandbox.vk.world import ANNA, BORIS
from tests.channels.vk.doubles import dead_port, silent
from tests.e2e.cafe import ONLINE, Cafe
from tests.e2e.terminal import environment

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX"),
]

QUICK = 3.0
"""The promise is one second; a loaded machine gets more. A long poll would take 25."""


@pytest.fixture
def archive(cafe: Cafe, vk: VkSandbox) -> Cafe:
    """A cafe with a conversation on the disk."""
    vk.customer_writes(ANNA, "Вы открыты?")
    cafe.collect()
    return cafe


@pytest.mark.parametrize("network", ["silent", "refused"])
def test_the_archive_is_on_the_screen_without_a_network(archive: Cafe, network: str) -> None:
    with silent() as address:
        url = address if network == "silent" else f"http://127.0.0.1:{dead_port()}"
        archive.configure(api_url=url)
        with archive.screen() as screen:
            screen.shows("Вы открыты?", seconds=10)
            screen.press("j", "q")
            began = time.monotonic()
            assert screen.ended(QUICK) == 0
            assert time.monotonic() - began < QUICK


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("lp", "hang"),
        ("groups.getById", "hang"),
        ("groups.getLongPollServer", "hang"),
        ("messages.getConversations", "hang"),
        ("*", "hang"),
    ],
)
def test_quitting_does_not_wait_for_a_hung_network(
    archive: Cafe, vk: VkSandbox, target: str, kind: str
) -> None:
    vk.faults.add(target, kind, count=None)
    with archive.screen() as screen:
        screen.shows("Вы открыты?")
        screen.until(lambda: vk.calls or target == "*", f"a call of {target}")
        screen.press("q")
        assert screen.ended(QUICK) == 0


def test_quitting_does_not_wait_for_a_long_poll(archive: Cafe) -> None:
    with archive.screen() as screen:
        screen.shows(ONLINE)
        screen.press("q")
        assert screen.ended(QUICK) == 0


def test_quitting_does_not_wait_for_an_answer_on_the_wire(archive: Cafe, vk: VkSandbox) -> None:
    fault = vk.faults.add("messages.send", "hang", after=True, count=1)
    with archive.screen() as screen:
        screen.shows(ONLINE)
        screen.press("r")
        screen.shows("✉ ЛИЧНО")
        screen.press("Да")
        screen.press("f5")
        screen.until(lambda: fault.hits, "a hanging send")
        screen.press("q")
        # The echo of the answer may have come in time: then nothing is on its way any more.
        if screen.shows_or_ends("1 ответ ещё не ушёл"):
            screen.press("q")
        assert screen.ended(QUICK) == 0
    archive.collect()  # the next start finds out what became of it
    assert [answer.text for answer in vk.sent] == ["Да"]
    assert archive.rows("SELECT state FROM messages WHERE direction = 'out'") == [("sent",)]


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_screen_in_order(archive: Cafe, sign: signal.Signals) -> None:
    with archive.screen() as screen:
        screen.shows(ONLINE)
        screen.signal(sign)
        screen.ended(QUICK)
    assert archive.rows("PRAGMA integrity_check") == [("ok",)]
    archive.collect()  # nobody holds the folder


def test_a_sync_with_a_hung_network_ends_at_once(archive: Cafe, vk: VkSandbox) -> None:
    vk.faults.add("*", "hang", count=None)
    process = subprocess.Popen(
        archive.command("sync"),
        env=environment(archive.folder),
        cwd=archive.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout
    assert process.stdout.readline()  # connecting
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert time.monotonic() - began < QUICK


def test_a_second_window_says_who_works_here(archive: Cafe, vk: VkSandbox) -> None:
    with archive.screen() as first:
        first.shows(ONLINE)
        with archive.screen() as second:
            assert second.ended() == 5
            assert "Traceback" not in second.text
        for words in (("sync", "--once"), ("export",), ("doctor",)):
            done = archive.run(*words)
            assert (done.returncode, done.stdout) == (5, "")
            assert done.stderr.count("\n") == 1
        vk.customer_writes(BORIS, "А я второй")
        first.shows("А я второй")
        first.press("q")
        assert first.ended() == 0
