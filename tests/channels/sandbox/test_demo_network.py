"""The demo's networks together: each starts when it is wanted, and none stops the others."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from smm_inbox import sandbox
from smm_inbox.sandbox import NotStarted, demo_network

NAMES = ["demo-vk", "demo-tg", "demo-ig", "demo-mail"]


def refused(port: object) -> bool:
    with socket.socket() as client:
        client.settimeout(5)
        return client.connect_ex(("127.0.0.1", int(str(port)))) != 0


def test_every_network_has_an_account(tmp_path: Path) -> None:
    with demo_network(tmp_path, pace=60) as net:
        accounts = net.accounts
        assert list(accounts) == NAMES
        assert [table["title"] for table in accounts.values()] == ["ВК", "TG", "IG", "Почта"]
        imap = accounts["demo-mail"]["imap"]
        assert isinstance(imap, dict)
        assert not refused(imap["port"])
        assert (tmp_path / "accounts" / "demo-tg" / "telegram.session").exists()
    assert refused(imap["port"])


def test_only_what_is_wanted_runs(tmp_path: Path) -> None:
    with demo_network(tmp_path, pace=60, channels=("email", "pigeon", "vk")) as net:
        assert [part.channel for part in net.parts] == ["vk", "email"]


def test_a_network_starts_when_it_is_first_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []

    def start(wish: object, stack: ExitStack) -> dict[str, object]:
        started.append("started")
        stack.callback(started.append, "ended")
        return {"channel": "vk", "group_id": 1}

    monkeypatch.setitem(sandbox._DAYS, "vk", ("demo-vk", "ВК", start))
    with demo_network(tmp_path, channels=["vk"]) as net:
        assert started == []
        assert [net.parts[0].options for _ in range(2)] == [{"group_id": 1}] * 2
        assert started == ["started"]
    assert started == ["started", "ended"]


def test_a_network_that_does_not_start_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tidied: list[bool] = []

    def broken(wish: object, stack: ExitStack) -> dict[str, object]:
        stack.callback(tidied.append, True)
        raise OSError("no port is free")

    monkeypatch.setitem(sandbox._DAYS, "telegram", ("demo-tg", "TG", broken))
    with demo_network(tmp_path, pace=60) as net:
        assert list(net.accounts) == ["demo-vk", "demo-ig", "demo-mail"]
        assert tidied
        with pytest.raises(NotStarted):
            _ = net.parts[1].options
    assert "no port is free" in caplog.text
