"""kill -9 at any moment with a Telegram account: nothing is lost, nothing leaves twice."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from smm_inbox.channels.telegram.session import NAME
from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.telegram.model import Message
from smm_inbox.sandbox.telegram.world import ANNA, BORIS, ELENA, IGOR, ME, NEIGHBOURS_ID
from tests.e2e.storm_truth import Truth

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.storm,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the driver forks"),
]

ROOT = Path(__file__).parents[3]
PEOPLE = (ANNA, BORIS, ELENA, IGOR)
KILLS = 40
SETTLE = 60
# Telethon takes a second to load: once for all the children.
DRIVER = (
    "import sys, pathlib, smm_inbox.channels.telegram.channel\n"
    "from tests.e2e.storm_driver import serve\n"
    "serve(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))\n"
)


@dataclass
class Crowd:
    """Customers who write, comment, mention us, edit and delete; repeatable by seed."""

    tg: TelegramSandbox
    dice: random.Random
    said: list[Message] = field(default_factory=list)
    posts: list[Message] = field(default_factory=list)

    def __call__(self) -> None:
        deeds: dict[Callable[[], None], int] = {
            self.writes: 6,
            self.comments: 5,
            self.mentions: 2,
            self.edits: 2,
            self.deletes: 1,
            self.phone: 1,
        }
        self.dice.choices(list(deeds), list(deeds.values()))[0]()

    def words(self, what: str) -> str:
        return f"{what} {len(self.said)}-{self.dice.randrange(10**6)}"

    def writes(self) -> None:
        self.said.append(self.tg.customer_writes(self.dice.choice(PEOPLE), self.words("?")))

    def comments(self) -> None:
        if not self.posts or self.dice.random() < 0.1:
            self.posts.append(self.tg.publish_post(self.words("пост")))
        post = self.dice.choice(self.posts)
        known = [m for m in self.said if m.chat == self.tg.copy_of_post(post).chat]
        parent = self.dice.choice(known) if known and self.dice.random() < 0.4 else None
        who, text = self.dice.choice(PEOPLE), self.words("комментарий")
        self.said.append(self.tg.customer_comments(post, who, text, reply_to=parent))

    def mentions(self) -> None:
        who, text = self.dice.choice(PEOPLE), self.words("упоминание")
        self.said.append(self.tg.mention_in_group(who, text, group=NEIGHBOURS_ID))

    def edits(self) -> None:
        alive = [m for m in self.said if not m.deleted and m.chat.startswith("u:")]
        if alive:
            self.tg.customer_edits(self.dice.choice(alive), self.words("правка"))

    def deletes(self) -> None:
        alive = [m for m in self.said if not m.deleted and m.chat.startswith("u:")]
        if alive:
            self.tg.customer_deletes(self.dice.choice(alive))

    def phone(self) -> None:
        who = self.dice.choice(PEOPLE)
        self.said.append(self.tg.admin_replies_from_phone(who, self.words("с телефона")))


def trouble(tg: TelegramSandbox) -> None:
    """Everything that can go wrong on the way, each often enough to meet the kills."""
    add = tg.faults.add
    for after in (False, True):
        for kind in ("drop", "reset"):
            add("messages.sendMessage", kind, after=after, count=None, probability=0.06)
        add("messages.sendMessage", "hang", seconds=0.3, after=after, count=None, probability=0.06)
        add("messages.sendMessage", "error", after=after, count=None, probability=0.04)
    add("messages.sendMessage", "delay", seconds=0.05, count=None, probability=0.2)
    add("messages.get*", "reset", count=None, probability=0.04)
    add("updates.*", "drop", count=None, probability=0.04)
    add("users.getUsers", "error", count=None, probability=0.05)
    add("update:*", "lose", count=None, probability=0.05)
    add("update:*", "double", count=None, probability=0.1)
    add("update:*", "too_long", count=None, probability=0.05)
    add("accept", "reset", count=None, probability=0.05)


class Driver:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, meanwhile: Callable[[], None] = lambda: None, **order: object) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        meanwhile()
        line = self._process.stdout.readline()
        assert line, "the driver died"
        return int(json.loads(line)["status"])


@contextmanager
def driving(config: Path, ledger: Path) -> Iterator[Driver]:
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(config), str(ledger)],
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


def configure(folder: Path, tg: TelegramSandbox) -> Path:
    key = folder / "server.pem"
    key.write_text(tg.public_key_pem, encoding="ascii")
    config = folder / "config.toml"
    config.write_text(
        f'data_dir = "{folder / "data"}"\n[accounts.cafe-tg]\nchannel = "telegram"\n'
        f'api_id = {tg.api_id}\napi_hash = "{tg.api_hash}"\n'
        f'server = {{ host = "{tg.host}", port = {tg.port}, public_key = "{key}" }}\n',
        encoding="utf-8",
    )
    config.chmod(0o600)
    account = folder / "data" / "accounts" / "cafe-tg"
    account.mkdir(parents=True, mode=0o700)
    (folder / "data").chmod(0o700)
    tg.write_session(account / NAME)
    return config


@pytest.mark.timeout(240)
@pytest.mark.parametrize("case", range(2))
def test_nothing_is_lost_and_nothing_leaves_twice(case: int, tmp_path: Path) -> None:
    dice = random.Random(2000 + case)
    ledger = tmp_path / "ledger"
    ledger.touch()
    with TelegramSandbox(seed=case) as tg:
        tg.rules.repeat = ("error", "replay")[case]
        config = configure(tmp_path, tg)
        crowd = Crowd(tg, dice)
        for _ in range(15):
            crowd()

        def day() -> None:
            for _ in range(4):
                crowd()

        with driving(config, ledger) as driver:
            if case:
                assert driver.run(settle=SETTLE, seconds=SETTLE + 5) == 0
            trouble(tg)
            killed = 0
            for cycle in range(KILLS):
                name = f"{case}-{cycle}"
                order: dict[str, Any] = {"seed": dice.random(), "name": name}
                killed += driver.run(day, **order, seconds=dice.uniform(0.05, 1.2)) == -9
            assert killed == KILLS
            tg.faults.clear()
            assert driver.run(settle=SETTLE, seconds=SETTLE + 5) == 0
        state = {"sent": [{"text": d.text} for d in tg.sent if d.kind == "message"]}
        truth = Truth(tmp_path / "data" / "inbox.db", ledger, state)
        check_inbound(truth, tg, crowd)
    truth.file_is_whole()
    truth.every_answer_left_once()
    truth.counters_equal_a_recount()
    truth.nobody_waits_under_an_answer()
    truth.the_journal_tells_each_once()
    truth.drafts_are_kept()
    # Otherwise the storm was a breeze and proves nothing.
    assert len(state["sent"]) > KILLS / 2
    assert len(truth.rows("SELECT 1 FROM journal WHERE event = 'ambiguous'")) > KILLS / 8


def check_inbound(truth: Truth, tg: TelegramSandbox, crowd: Crowd) -> None:
    rows = truth.rows("SELECT * FROM messages WHERE remote_id IS NOT NULL")
    names = [(row["kind"], row["remote_id"]) for row in rows]
    assert len(names) == len(set(names))
    found = {row["remote_id"]: row for row in rows}
    for message in crowd.said:
        number = tg.id_of(message, ME)
        channel = message.chat.startswith("c:")
        name = f"-100{message.chat[2:]}_{number}" if channel else str(number)
        row = found.pop(name, None)
        if message.deleted:
            assert row is None or row["deleted_at"] is not None, message
            continue
        assert row is not None, f"lost: {message}"
        assert row["text"] == message.text, (row["text"], message)
        assert row["deleted_at"] is None
        assert (row["direction"] == "out") == (message.author == ME)
    assert all(row["own"] for row in found.values()), "nobody wrote this"
