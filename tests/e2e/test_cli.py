"""The program as a script sees it: real processes over a real loopback network."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pexpect
import pytest
import requests

from smm_inbox.bootstrap import DATABASE_NAME, holding
from smm_inbox.sandbox.vk.errors import CAPTCHA
from smm_inbox.sandbox.vk.server import VkSandbox
from smm_inbox.services.export import FIELDS

pytestmark = pytest.mark.e2e
posix = pytest.mark.skipif(os.name != "posix", reason="signals and modes are POSIX")
HOSTILE = "\x1b[31mсуп\x9b2J\u202e холодный"


@dataclass
class Inbox:
    """A config file, a data folder and the way to run the program over them."""

    folder: Path
    vk: VkSandbox
    env: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def configure(self, **options: object) -> None:
        chosen: dict[str, object] = {
            "channel": "vk",
            "group_id": self.vk.group_id,
            "token": self.vk.token,
            "api_url": self.vk.url,
            **options,
        }
        lines = [f"{key} = {json.dumps(value)}" for key, value in chosen.items()]
        text = "\n".join(['language = "en"', 'data_dir = "data"', "[accounts.cafe]", *lines])
        self.config.write_text(text + "\n", encoding="utf-8")
        self.config.chmod(0o600)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "smm_inbox", *words, "--config", str(self.config)]

    def environment(self) -> dict[str, str]:
        # Neither the tester's own settings nor a proxy of the machine may play a part.
        kept = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
        return {**kept, "HOME": str(self.folder), "XDG_CONFIG_HOME": "", **self.env}

    def run(self, *words: str, say: str = "") -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*words),
            check=False,
            input=say,
            capture_output=True,
            encoding="utf-8",
            env=self.environment(),
            cwd=self.folder,
            timeout=60,
        )
        assert "Traceback" not in done.stderr
        assert self.vk.token not in done.stdout + done.stderr
        return done

    def json(self, *words: str) -> dict[str, object]:
        answer = json.loads(self.run(*words).stdout)
        assert isinstance(answer, dict)
        return answer

    def messages(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.run("export").stdout.splitlines()]


@pytest.fixture
def vk() -> Iterator[VkSandbox]:
    with VkSandbox(seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def inbox(tmp_path: Path, vk: VkSandbox) -> Inbox:
    made = Inbox(tmp_path, vk)
    made.configure()
    return made


def user(vk: VkSandbox, number: int = 0) -> int:
    return list(vk.state.users)[number]


def test_a_morning_is_collected_answered_and_exported(inbox: Inbox, vk: VkSandbox) -> None:
    vk.customer_writes(user(vk), HOSTILE)
    first = inbox.run("sync", "--once")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == "cafe: 1 new message\nAnswers: sent 0, not sent 0, waiting 0.\n"

    (message,) = inbox.messages()
    assert list(message) == list(FIELDS)
    assert (message["direction"], message["state"], message["kind"]) == ("in", "awaiting", "direct")
    assert message["text"] == "[31mсуп2J холодный"

    sent = inbox.run(
        "send", "--conversation", str(message["conversation"]), "--text", "-", say="Простите!\n"
    )
    assert (sent.returncode, sent.stderr) == (0, "")
    outcome = json.loads(sent.stdout)
    assert outcome["state"] == "sent"
    assert outcome["remote_id"]
    assert outcome["reason"] is None
    assert [delivery.text for delivery in vk.sent] == ["Простите!"]

    again = inbox.json("sync", "--once", "--json")
    assert again["ok"] is True
    assert again["accounts"] == [{"account": "cafe", "ok": True, "received": 0, "sentence": ""}]
    answered, own = inbox.messages()
    assert answered["state"] == "answered"
    assert (own["direction"], own["state"], own["remote_id"]) == (
        "out",
        "sent",
        outcome["remote_id"],
    )
    assert len(vk.sent) == 1


def test_what_is_deleted_is_exported_and_waits_no_more(inbox: Inbox, vk: VkSandbox) -> None:
    question = vk.customer_comments(None, user(vk), "А собакам можно?")
    inbox.configure(service_key=vk.service_key)
    inbox.run("sync", "--once")
    vk.delete_comment(question)
    inbox.run("sync", "--once")
    (gone,) = inbox.messages()
    assert (gone["text"], gone["deleted"], gone["state"]) == ("А собакам можно?", True, "dismissed")
    vk.restore_comment(question)
    inbox.run("sync", "--once")
    (back,) = inbox.messages()
    assert (back["deleted"], back["state"]) == (False, "awaiting")


def test_stored_messages_are_searched(inbox: Inbox, vk: VkSandbox) -> None:
    vk.customer_writes(user(vk), "Столик на двоих найдётся?")
    vk.customer_writes(user(vk, 1), "Суп был холодный")
    assert inbox.run("sync", "--once").returncode == 0

    found = inbox.run("search", "столики", "--json")
    assert found.returncode == 0
    (row,) = [json.loads(line) for line in found.stdout.splitlines()]
    assert row["text"] == "Столик на двоих найдётся?"
    assert row["channel"] == "vk"
    assert row["awaiting"]

    shown = inbox.run("search", "суп -столик")
    assert "Суп был холодный" in shown.stdout
    assert inbox.run("search", "суп", "холодного", "--limit", "1").stdout.count("Суп") == 1

    nothing = inbox.run("search", "носорог", "канал:vkk")
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "vk" in nothing.stderr
    assert inbox.run("search", "…").returncode == 2


def test_a_long_answer_arrives_in_parts_that_are_all_named(inbox: Inbox, vk: VkSandbox) -> None:
    vk.customer_writes(user(vk), "Расскажите подробнее")
    inbox.run("sync", "--once")
    outcome = inbox.json("send", "--conversation", "1", "--text", "слово " * 1000)
    assert outcome["state"] == "sent"
    ids = outcome["remote_ids"]
    assert isinstance(ids, list)
    assert (len(ids), ids[-1]) == (2, outcome["remote_id"])
    assert len(vk.sent) == 2


def test_an_answer_that_is_refused_is_told_with_its_reason(inbox: Inbox, vk: VkSandbox) -> None:
    vk.customer_writes(user(vk), "Больше не пишите")
    inbox.run("sync", "--once")
    vk.customer_denies(user(vk))
    done = inbox.run("send", "--conversation", "1", "--text", "Извините")
    outcome = json.loads(done.stdout)
    assert (done.returncode, outcome["state"]) == (4, "failed")
    assert outcome["reason"]
    assert vk.sent == []


def test_a_captcha_comes_with_its_page(inbox: Inbox, vk: VkSandbox) -> None:
    vk.customer_writes(user(vk), "Есть столик?")
    inbox.run("sync", "--once")
    conversation = str(inbox.messages()[0]["conversation"])
    vk.faults.add("messages.send", "error", code=14)
    outcome = inbox.json("send", "--conversation", conversation, "--text", "Есть")
    assert outcome["state"] == "failed"
    page = str(CAPTCHA["redirect_uri"])
    assert str(outcome["reason"]).endswith(page)

    vk.faults.add("groups.getLongPollServer", "error", code=14)
    collected = inbox.run("sync", "--once")
    assert collected.returncode == 3
    assert page in collected.stdout
    vk.faults.add("groups.getById", "error", code=14)
    assert page in inbox.run("doctor").stdout
    log = (inbox.folder / "data" / "smm-inbox.log").read_text(encoding="utf-8")
    assert "not_robot_captcha" in log
    assert page.rpartition("=")[2] not in log  # the session of the check is a secret


def test_an_answer_without_a_network_stays_queued_and_leaves_later(
    inbox: Inbox, vk: VkSandbox
) -> None:
    vk.customer_writes(user(vk), "Вы открыты?")
    inbox.run("sync", "--once")
    inbox.configure(api_url="http://127.0.0.1:9")
    done = inbox.run("send", "--conversation", "1", "--text", "Да", "--wait", "0.5")
    outcome = json.loads(done.stdout)
    assert (done.returncode, outcome["state"], outcome["remote_id"]) == (4, "queued", None)
    assert outcome["reason"]
    inbox.configure()
    later = inbox.run("sync", "--once")
    assert "sent 1" in later.stdout
    assert [delivery.text for delivery in vk.sent] == ["Да"]


def test_an_account_that_fails_is_told_and_sets_the_exit_code(inbox: Inbox, vk: VkSandbox) -> None:
    vk.revoke_token("community")
    done = inbox.run("sync", "--once")
    assert done.returncode == 3
    assert done.stdout.startswith("cafe: 0 new messages. ")
    answer = inbox.json("sync", "--once", "--json")
    assert answer["ok"] is False
    log = (inbox.folder / "data" / "smm-inbox.log").read_text(encoding="utf-8")
    assert vk.token not in log
    if os.name == "posix":
        assert stat.S_IMODE((inbox.folder / "data").stat().st_mode) == 0o700


def test_one_process_at_a_time(inbox: Inbox) -> None:
    with holding(inbox.folder / "data"):
        for words in (
            ("sync", "--once"),
            ("send", "--conversation", "1", "--text", "x"),
            ("export",),
            ("doctor",),
        ):
            done = inbox.run(*words)
            assert (done.returncode, done.stdout) == (5, "")
            assert "--data-dir" in done.stderr
    other = inbox.run("export", "--data-dir", str(inbox.folder / "other"))
    assert other.returncode == 0
    assert (inbox.folder / "other" / DATABASE_NAME).exists()


def test_a_table_for_a_spreadsheet_in_a_private_file(inbox: Inbox, vk: VkSandbox) -> None:
    vk.customer_writes(user(vk), "=1+1")
    inbox.run("sync", "--once")
    target = inbox.folder / "out.csv"
    done = inbox.run("export", "--format", "csv", "--delimiter", ";", "--output", str(target))
    assert (done.returncode, done.stdout) == (0, "")
    data = target.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid;account;")
    assert b";'=1+1;" in data
    assert [path.name for path in inbox.folder.glob("*out.csv*")] == ["out.csv"]
    if os.name == "posix":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    lost = inbox.run("export", "--output", str(inbox.folder / "no" / "out.csv"))
    assert lost.returncode == 1
    assert lost.stderr.count("\n") == 1


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_is_no_drama(inbox: Inbox, vk: VkSandbox, unbuffered: str) -> None:
    inbox.env["PYTHONUNBUFFERED"] = unbuffered
    for _ in range(40):
        vk.customer_writes(user(vk), "я" * 4000)
    inbox.run("sync", "--once")
    process = subprocess.Popen(
        inbox.command("export"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=inbox.environment(),
    )
    assert process.stdout
    assert process.stderr
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(30) == 141


@posix
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", [("keys",), ("keys", "--markdown"), ("--help",)])
def test_a_closed_pipe_is_left_quietly(
    inbox: Inbox, unbuffered: str, words: tuple[str, ...]
) -> None:
    inbox.env["PYTHONUNBUFFERED"] = unbuffered
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        inbox.command(*words),
        stdout=write_end,
        stderr=subprocess.PIPE,
        env=inbox.environment(),
        check=False,
        timeout=60,
    )
    os.close(write_end)
    # argparse itself keeps quiet about a help nobody reads, when nothing is buffered.
    assert done.stderr == b""
    assert done.returncode in ({0, 141} if words == ("--help",) else {141})


def untick(vk: VkSandbox) -> None:
    """Leave the community's long poll without one of the events, for the doctor to find."""
    requests.post(
        f"{vk.url}/method/groups.setLongPollSettings",
        data={
            "access_token": vk.token,
            "group_id": vk.group_id,
            "enabled": 1,
            "api_version": "5.199",
            "wall_reply_new": 0,
            "v": "5.199",
        },
        timeout=10,
    )


def test_doctor_repairs_on_consent_only(inbox: Inbox, vk: VkSandbox) -> None:
    untick(vk)
    sick = inbox.run("doctor")
    assert sick.returncode == 3
    assert "--fix" in sick.stdout
    assert inbox.run("doctor", "--fix", say="n\n").returncode == 3
    assert inbox.run("doctor", "--fix").returncode == 3
    healed = inbox.run("doctor", "--fix", say="y\n")
    assert healed.returncode == 0
    report = inbox.json("doctor", "--json")
    assert report["ok"] is True


@posix
@pytest.mark.parametrize(("keys", "code"), [("д\r", 0), ("\r", 3), ("\x03", 130), ("\x04", 3)])
def test_the_question_of_doctor_in_a_terminal(
    inbox: Inbox, vk: VkSandbox, keys: str, code: int
) -> None:
    untick(vk)
    command, *words = inbox.command("doctor", "--fix")
    child = pexpect.spawn(command, words, env=inbox.environment(), encoding="utf-8", timeout=20)
    child.expect_exact("[y/N] ")
    child.send(keys)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == code
    assert "Traceback" not in (child.before or "")


def test_doctor_tells_a_broken_config_in_its_own_shape(inbox: Inbox) -> None:
    inbox.config.write_text("languge = 1\nbell = 2\n", encoding="utf-8")
    done = inbox.run("doctor", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"], len(report["checks"])) == (2, False, 2)
    assert inbox.run("doctor").returncode == 2


def test_config_check_resolves_secrets_and_writes_nothing(inbox: Inbox) -> None:
    done = inbox.run("config", "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 account" in done.stdout
    assert not (inbox.folder / "data").exists()
    inbox.configure(token="env:SMM_TEST_TOKEN")
    done = inbox.run("config", "check")
    assert (done.returncode, done.stdout) == (2, "")
    assert "SMM_TEST_TOKEN is not set" in done.stderr
    inbox.env["SMM_TEST_TOKEN"] = inbox.vk.token
    assert inbox.run("config", "check").returncode == 0


def test_without_a_config_every_command_says_what_to_do(inbox: Inbox) -> None:
    inbox.config.unlink()
    for words in ((), ("sync",), ("export",), ("doctor",), ("config", "check")):
        done = inbox.run(*words)
        assert (done.returncode, done.stdout) == (2, "")
        assert "config.example.toml" in done.stderr
        assert "smm-inbox demo" in done.stderr


def test_without_an_account_sync_says_how_to_add_one(inbox: Inbox) -> None:
    inbox.config.write_text('language = "en"\ndata_dir = "data"\n', encoding="utf-8")
    done = inbox.run("sync", "--once")
    assert done.returncode == 2
    assert "[accounts.NAME]" in done.stderr


@posix
@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_running_sync_ends_quickly_and_quietly(
    inbox: Inbox, sign: signal.Signals, code: int
) -> None:
    process = subprocess.Popen(
        inbox.command("sync", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=inbox.environment(),
        encoding="utf-8",
    )
    assert process.stdout
    deadline = time.monotonic() + 30
    states: list[str] = []
    while "online" not in states and time.monotonic() < deadline:
        states.append(json.loads(process.stdout.readline())["state"])
    assert states[0] == "connecting"
    assert states[-1] == "online"
    process.send_signal(sign)
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (code, "")


@posix
def test_a_data_folder_that_cannot_be_made_is_one_sentence(inbox: Inbox) -> None:
    blocked = inbox.folder / "file"
    blocked.write_text("")
    done = inbox.run("export", "--data-dir", str(blocked / "data"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert str(blocked) in done.stderr
