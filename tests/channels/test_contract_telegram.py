"""Telegram keeps the promises of the port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.channels.contract")

from smm_inbox.channels.base import Channel  # noqa: E402
from smm_inbox.channels.telegram import account as account_module  # noqa: E402
from smm_inbox.channels.telegram.channel import TelegramChannel  # noqa: E402
from smm_inbox.channels.telegram.session import NAME  # noqa: E402
from smm_inbox.sandbox.telegram import Message, TelegramSandbox, User  # noqa: E402
from smm_inbox.sandbox.telegram.world import ANNA, BORIS  # noqa: E402
from tests.channels.contract import ChannelBed, ChannelContract, Trouble  # noqa: E402
from tests.channels.telegram.support import context, options  # noqa: E402

EVIL = 6_900_009_999


class Impostor:
    """Somebody who speaks something else on Telegram's port, as a filtering network does."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n<html>no</html>")

    def stop(self) -> None:
        # A mere close leaves the thread in accept, and the port taken.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class TelegramBed:
    """An account that is logged in, and its customers."""

    def __init__(self, tg: TelegramSandbox, folder: Path) -> None:
        self._tg = tg
        self._impostor: Impostor | None = None
        self._session = folder / "account"
        self._session.mkdir(mode=0o700)
        tg.write_session(self._session / NAME)
        # The sandbox's own hash is a plain word: any other is as good and can be searched for.
        secret = "0123456789abcdef0123456789abcdef"
        self._options = {**options(tg, folder), "api_hash": secret}
        self.secrets = frozenset({secret, tg.issue_key().hex()})

    def make(self) -> Channel:
        return TelegramChannel(context(self._options, self._session))

    def writes(self, text: str, customer: int = 0) -> object:
        return self._tg.customer_writes((ANNA, BORIS)[customer], text)

    def comes_hostile(self, text: str) -> None:
        text = text.encode(errors="replace").decode()  # half a character cannot travel in UTF-8
        self._tg.add_user(User(EVIL, text, text, username=text, phone=text, shows_phone=True))
        file = self._tg.media.document(f"{text[:200]}.pdf")
        self._tg.customer_writes(EVIL, text, media=file)

    def edits(self, written: object, text: str) -> bool:
        assert isinstance(written, Message)
        self._tg.customer_edits(written, text)
        return True

    def deletes(self, written: object) -> bool:
        assert isinstance(written, Message)
        self._tg.customer_deletes(written)
        return True

    def repeats(self) -> bool:
        self._tg.faults.add("update:new", "double")
        return True

    def delivered(self) -> list[str]:
        return [item.text for item in self._tg.sent if item.kind == "message"]

    def trouble(self, what: Trouble) -> None:
        add = self._tg.faults.add
        match what:
            case Trouble.REFUSE:
                add("messages.sendMessage", "reset")
            case Trouble.LOSE:
                add("messages.sendMessage", "reset", after=True)
            case Trouble.HANG_AFTER:
                add("messages.sendMessage", "hang", after=True)
            case Trouble.SILENT:
                add("*", "hang", count=None)
            case Trouble.BROKEN:
                self._tg.cut()
            case Trouble.NONSENSE:
                self._tg.cut()
                self._impostor = Impostor(self._tg.port)
            case Trouble.LOCKED_OUT:
                self._tg.revoke_sessions()

    def mend(self) -> None:
        self._tg.faults.clear()
        if self._impostor is not None:
            self._impostor.stop()
            self._impostor = None
        self._tg.restore()


class TestTelegram(ChannelContract):
    """The suite over Telegram."""

    @pytest.fixture
    def bed(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ChannelBed]:
        monkeypatch.setattr(account_module, "PACE", (1000.0, 100))
        with TelegramSandbox(seed=1) as tg:
            bed = TelegramBed(tg, tmp_path)
            yield bed
            bed.mend()
            assert tg.state.failures == []
            assert tg.state.unknown == []
