"""The real program over the sandbox: logging in and out in a terminal, and quitting."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest
from telethon.crypto import aes

from smm_inbox.channels.telegram.session import NAME
from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.telegram.world import ANNA

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX"),
]
ROOT = Path(__file__).parents[3]
PASSWORD = "второй шаг"
# Leaves the loop right after an answer was delivered, as the program does at the end of a day.
QUIT = """
import asyncio, pathlib, sys
from smm_inbox.channels.telegram.channel import TelegramChannel
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.ids import RemoteId, Token
from smm_inbox.domain.message import Outgoing
from smm_inbox.domain.text import SafeText
from tests.channels.telegram.support import context
import json
options, folder, who = json.loads(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
async def main():
    channel = TelegramChannel(context(options, folder))
    await channel.connect()
    async for batch in channel.updates(None):
        if batch.caught_up:
            break
    place = Place(Kind.DIRECT, RemoteId(who))
    await channel.send(Outgoing(place, SafeText("До завтра"), Token("1")))
    print("sent", flush=True)
    await channel.close()
asyncio.run(main())
"""
# Tells whether Telethon is loaded when the first frame is drawn, and when accounts are at work.
LOADED = """
import asyncio, pathlib, sys
from smm_inbox.bootstrap import load_settings, open_services
async def main():
    async with open_services(load_settings(pathlib.Path(sys.argv[1]), None)) as services:
        before = "telethon" in sys.modules
        await services.start()
        async with asyncio.timeout(30):
            while any(a.health.why == "" for a in services.accounts.list()):
                await asyncio.sleep(0.01)
        print(before, "telethon" in sys.modules)
asyncio.run(main())
"""


class Terminal:
    """Runs the program over one config file."""

    def __init__(self, folder: Path, tg: TelegramSandbox) -> None:
        self.folder = folder
        key = folder / "server.pem"
        key.write_text(tg.public_key_pem, encoding="ascii")
        self.config = folder / "config.toml"
        self.config.write_text(
            f'language = "en"\ndata_dir = "{folder / "data"}"\n[accounts.cafe-tg]\n'
            f'channel = "telegram"\napi_id = {tg.api_id}\napi_hash = "{tg.api_hash}"\n'
            f'server = {{ host = "{tg.host}", port = {tg.port}, public_key = "{key}" }}\n',
            encoding="utf-8",
        )
        self.config.chmod(0o600)
        self.session = folder / "data" / "accounts" / "cafe-tg" / NAME

    def words(self, *words: str) -> list[str]:
        return ["-m", "smm_inbox", *words, "--config", str(self.config)]

    def spawn(self, *words: str) -> pexpect.spawn[str]:
        return pexpect.spawn(
            sys.executable,
            self.words(*words),
            cwd=str(ROOT),
            encoding="utf-8",
            timeout=30,
            dimensions=(60, 200),
        )

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *self.words(*words)],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture
def terminal(tmp_path: Path, tg: TelegramSandbox) -> Terminal:
    return Terminal(tmp_path, tg)


def test_log_in_by_qr_code_then_collect_then_log_out(
    terminal: Terminal, tg: TelegramSandbox
) -> None:
    before = terminal.run("sync", "--once")
    assert before.returncode == 3
    assert "smm-inbox login cafe-tg" in before.stdout + before.stderr
    tg.set_password(PASSWORD)
    screen = terminal.spawn("login", "cafe-tg")
    screen.expect(r"(tg://login\?token=[\w-]+)")
    picture = screen.before or ""
    assert "\x1b[30;107m" in picture
    assert "█" in picture
    tg.scan_qr(screen.match.group(1))
    screen.expect("Password: ")
    screen.sendline("не тот")
    screen.expect("wrong")
    screen.expect("Password: ")
    screen.sendline(PASSWORD)
    screen.expect("Logged in to Telegram as")
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 0
    assert PASSWORD not in picture
    tg.customer_writes(ANNA, "Вы открыты?")
    after = terminal.run("sync", "--once", "--json")
    assert (after.returncode, after.stderr) == (0, "")
    assert json.loads(after.stdout)["accounts"][0]["received"] == 1
    log = "".join(p.read_text("utf-8") for p in (terminal.folder / "data").glob("*.log*"))
    for secret in (PASSWORD, tg.api_hash):
        assert secret not in log
    assert terminal.run("logout", "cafe-tg").returncode == 0
    assert not terminal.session.exists()


def test_log_in_by_code(terminal: Terminal, tg: TelegramSandbox) -> None:
    screen = terminal.spawn("login", "cafe-tg", "--phone", tg.phone)
    screen.expect("Code: ")
    screen.sendline(tg.login_code())
    screen.expect("Logged in to Telegram as")
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 0


def test_a_login_without_anybody_there_ends_with_a_sentence(terminal: Terminal) -> None:
    done = terminal.run("login", "cafe-tg", "--phone", "+79990000001")
    assert done.returncode == 3
    assert "terminal" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("channel", ["telegram", "vk"])
def test_telethon_is_loaded_late_and_only_for_an_account_that_needs_it(
    terminal: Terminal, channel: str
) -> None:
    if channel == "vk":  # at an address where nobody answers
        terminal.config.write_text(
            f'data_dir = "{terminal.folder / "data"}"\n[accounts.cafe]\nchannel = "vk"\n'
            'group_id = 1\ntoken = "vk1.a.nobody"\napi_url = "http://127.0.0.1:9"\n',
            encoding="utf-8",
        )
    done = subprocess.run(
        [sys.executable, "-c", LOADED, str(terminal.config)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == ["False", str(channel == "telegram")]


def test_media_is_decrypted_fast_enough_for_the_screen() -> None:
    """Without cryptg 512 KB take seconds, and nothing else happens meanwhile."""
    assert aes.cryptg is not None
    piece = aes.AES.encrypt_ige(bytes(512 * 1024), bytes(32), bytes(32))
    assert aes.AES.decrypt_ige(piece, bytes(32), bytes(32)) == bytes(512 * 1024)


def test_quitting_right_after_a_send_is_quick(
    tmp_path: Path, terminal: Terminal, tg: TelegramSandbox
) -> None:
    folder = tmp_path / "account"
    tg.write_session(folder / NAME)
    tg.customer_writes(ANNA, "Вы открыты?")
    server = {
        "host": tg.host,
        "port": tg.port,
        "dc": tg.dc,
        "public_key": str(tmp_path / "server.pem"),
    }
    options = {"api_id": tg.api_id, "api_hash": tg.api_hash, "server": server}
    process = subprocess.Popen(
        [sys.executable, "-c", QUIT, json.dumps(options), str(folder), str(ANNA)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout
    assert process.stdout.readline() == "sent\n"
    began = time.monotonic()
    try:
        # It hangs for ever when it hangs; the promise is one second, and slow machines get more.
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.stdout.close()
    assert time.monotonic() - began < 5
    assert [delivery.text for delivery in tg.sent] == ["До завтра"]
