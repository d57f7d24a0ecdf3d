"""Logging a Telegram account in from the open inbox, in a real terminal."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from smm_inbox.channels.telegram.session import NAME
from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.telegram.world import ANNA
from tests.e2e.network import write_config
from tests.e2e.storm_telegram import ACCOUNT, options
from tests.e2e.terminal import Terminal, terminal

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX"),
]
PASSWORD = "второй шаг"


@pytest.fixture
def tg() -> Iterator[TelegramSandbox]:
    with TelegramSandbox(seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def screen(tmp_path: Path, tg: TelegramSandbox) -> Iterator[Terminal]:
    table = options(tg, tmp_path)
    (tmp_path / "data" / "accounts" / ACCOUNT / NAME).unlink()
    config = write_config(tmp_path, {ACCOUNT: table}, bell=False)
    command = [sys.executable, "-m", "smm_inbox", "--config", str(config)]
    with terminal(command, tmp_path, (140, 50)) as running:
        running.shows("нужен новый вход")
        yield running


def begin(screen: Terminal) -> None:
    """Open the connections and press the button."""
    screen.press("g", "n")
    screen.shows("Подключения", "Войти")
    screen.rest()
    screen.press("enter")
    screen.shows("войти по коду")


def scan(tg: TelegramSandbox) -> None:
    """A phone is pointed at the picture."""
    token = list(tg.state.qr_tokens)[-1]
    tg.scan_qr("tg://login?token=" + base64.urlsafe_b64encode(token).decode())


def test_by_picture_and_password(screen: Terminal, tg: TelegramSandbox) -> None:
    tg.set_password(PASSWORD)
    begin(screen)
    screen.until(lambda: "▀" in screen.text or "█" in screen.text, "a picture")
    scan(tg)
    screen.shows("двухэтапн")
    screen.press("не тот", "enter")
    screen.shows("Пароль не подошёл")
    screen.press(PASSWORD, "enter")
    screen.shows("Тёплый угол")
    assert PASSWORD not in screen.raw.decode(errors="replace"), "what is typed is not shown"
    screen.leave("Подключения")
    tg.customer_writes(ANNA, "Вы открыты?")
    screen.shows("Вы открыты?")


def test_by_code(screen: Terminal, tg: TelegramSandbox) -> None:
    begin(screen)
    screen.press("c")
    screen.shows("+79991234567")
    screen.press(tg.phone, "enter")
    screen.shows("код")
    screen.until(lambda: tg.state.codes, "a code on its way")
    screen.press(tg.login_code(), "enter")
    screen.shows("Тёплый угол")
