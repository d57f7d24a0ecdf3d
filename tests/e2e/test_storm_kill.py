"""kill -9 at any moment of sync or sending: nothing is lost and nothing leaves twice."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from tests.e2e.network import ROOT, Crowd, Network, running_network, write_config
from tests.e2e.storm_truth import Truth

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.storm,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the driver forks"),
]

KILLS = 40
HISTORY_LOST = 4
"""The case in which edits of comments may be lost: VK has no history of them."""


class Driver:
    """The fork server of ``storm_driver``."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def order(self, **order: object) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def report(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the driver died"
        report: dict[str, Any] = json.loads(line)
        return report


@contextmanager
def driving(config: Path, ledger: Path, module: str = "tests.e2e.storm_driver") -> Iterator[Driver]:
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(config), str(ledger)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        yield Driver(process)
    finally:
        process.kill()
        process.wait(10)


def trouble(network: Network) -> None:
    """Everything that can go wrong on the way, each often enough to meet the kills."""
    for target in ("messages.send", "*.createComment"):
        for after in (False, True):
            network.fault(target, "error", code=10, after=after, count=None, probability=0.06)
            network.fault(target, "reset", after=after, count=None, probability=0.06)
            network.fault(target, "hang", seconds=0.3, after=after, count=None, probability=0.05)
            network.fault(target, "html", after=after, count=None, probability=0.04)
        network.fault(target, "truncated", count=None, probability=0.08)
        network.fault(target, "delay", seconds=0.05, count=None, probability=0.2)
    network.fault("lp", "redeliver", code=7, count=None, probability=0.1)
    network.fault("lp", "reset", count=None, probability=0.03)
    network.fault("lp", "html", count=None, probability=0.03)
    network.fault("lp", "truncated", count=None, probability=0.03)
    network.fault("lp", "hang", seconds=0.2, count=None, probability=0.05)
    network.fault("lp", "failed", code=2, count=None, probability=0.04)
    network.fault("messages.get*", "error", count=None, probability=0.08)
    network.fault("users.get", "html", count=None, probability=0.1)
    network.fault("groups.get*", "reset", count=None, probability=0.02)


def lose_history(network: Network) -> None:
    """VK forgets its queue now and then: what was in it has to come from the histories."""
    network.fault("lp", "failed", code=1, count=None, probability=0.05)
    network.fault("lp", "failed", code=3, count=None, probability=0.05)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("case", range(5))
def test_nothing_is_lost_and_nothing_leaves_twice(case: int, tmp_path: Path) -> None:
    dice = random.Random(1000 + case)
    ledger = tmp_path / "ledger"
    ledger.touch()
    with running_network(case) as network:
        config = write_config(tmp_path, {"cafe": network.options})
        crowd = Crowd(network, dice, str(case))
        for _ in range(15):
            crowd()
        with driving(config, ledger) as driver:
            if case:
                settled(driver)  # the first case is killed over its first catching up
            trouble(network)
            if case == HISTORY_LOST:
                lose_history(network)
            database = tmp_path / "data" / "inbox.db"
            for cycle, life in lives(KILLS, lambda: met_enough(network, database)):
                order: dict[str, object] = {"seed": dice.random(), "name": f"{case}-{cycle}"}
                if cycle % 2:
                    driver.order(**order, seconds=life * dice.uniform(0.02, 0.45))
                else:
                    steps = int(dice.triangular(1, 700, 150))
                    driver.order(**order, seconds=life * 0.6, steps=steps)
                for _ in range(5):
                    crowd()
                assert driver.report()["status"] == -9
            network.act("faults/clear")
            settled(driver)
        first, second = quiet_sync(config), quiet_sync(config)
        assert first["accounts"][0]["received"] == second["accounts"][0]["received"] == 0
        truth = Truth(database, ledger, network.ask("state"))
    check(truth, history_lost=case == HISTORY_LOST)
    # Otherwise the storm was a breeze and proves nothing.
    assert len(truth.state["sent"]) > KILLS / 2
    assert len(truth.rows("SELECT 1 FROM journal WHERE event = 'ambiguous'")) > KILLS / 4


def lives(kills: int, enough: Callable[[], bool]) -> Iterator[tuple[int, float]]:
    """Number the lives of the program, and tell how much longer than the first each may be.

    Where a busy machine lets little happen between two kills, there are more and longer ones.
    """
    life = 1.0
    for number in range(3 * kills):
        if number >= kills:
            if enough():
                return
            life = min(life * 1.2, 6.0)
        yield number, life


def met_enough(network: Network, database: Path) -> bool:
    """Whether the kills met enough answers, also in the middle of their way."""
    with closing(connect(database)) as connection:
        sql = "SELECT count(*) FROM journal WHERE event = 'ambiguous'"
        [doubted] = connection.execute(sql).fetchone()
    return len(network.ask("sent")["sent"]) > KILLS / 2 and doubted > KILLS / 4


def settled(driver: Driver) -> None:
    """Let the program run until nothing is left to do."""
    driver.order(settle=True)
    assert driver.report()["status"] == 0


def check(truth: Truth, *, history_lost: bool) -> None:
    truth.file_is_whole()
    truth.every_message_is_here_once(history_lost=history_lost)
    truth.every_answer_left_once()
    truth.counters_equal_a_recount()
    truth.nobody_waits_under_an_answer()
    truth.the_journal_tells_each_once()
    truth.drafts_are_kept()


def quiet_sync(config: Path) -> dict[str, Any]:
    """``sync --once`` of the real program; everything must be fine."""
    done = subprocess.run(
        [sys.executable, "-m", "smm_inbox", "sync", "--once", "--json", "--config", str(config)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    answer: dict[str, Any] = json.loads(done.stdout)
    assert (answer["sent"], answer["failed"], answer["waiting"]) == (0, 0, 0)
    return answer
