"""A mailbox keeps the promises of the port."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

pytest.register_assert_rewrite("tests.channels.contract")

from smm_inbox.channels.base import Channel  # noqa: E402
from smm_inbox.channels.email.letter import parse_letter  # noqa: E402
from smm_inbox.sandbox.mail import MailSandbox, Stored, letter  # noqa: E402
from tests.channels.contract import ChannelBed, ChannelContract, Trouble  # noqa: E402
from tests.channels.email.support import make, options  # noqa: E402

ADDRESSES = ("anna@mail.example", "boris@mail.example")


class MailBed:
    """A mailbox whose server files sent copies, and its customers."""

    remembers = True
    """What was surely not handed over is known without the network."""

    def __init__(self, mail: MailSandbox, folder: Path) -> None:
        self._mail = mail
        self._folder = folder
        self._count = 0
        self.secrets = frozenset({"letmein"})

    def make(self) -> Channel:
        return make(options(self._mail), self._folder)

    def writes(self, text: str, customer: int = 0) -> object:
        self._count += 1
        return self._mail.customer_writes(
            letter(
                text,
                sender=(("Анна", "Борис")[customer], ADDRESSES[customer]),
                subject=f"Вопрос {customer}",
                message_id=f"<{self._count}@mail.example>",
            )
        )

    def comes_hostile(self, text: str) -> None:
        self._count += 1
        word = base64.b64encode(text.encode("utf-8", "replace")).decode()
        self._mail.customer_writes(
            f"From: =?utf-8?B?{word}?= <evil@mail.example>\r\n"
            f"Subject: =?utf-8?B?{word}?=\r\n"
            f"Message-ID: <evil{self._count}@mail.example>\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Transfer-Encoding: base64\r\n\r\n{word}\r\n"
            "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment;\r\n"
            f" filename*=utf-8''{quote(text[:200], errors='replace')}.pdf\r\n\r\n%PDF\r\n--b--\r\n"
        )

    def edits(self, written: object, text: str) -> bool:
        return False  # a letter that left is out of its author's hands

    def deletes(self, written: object) -> bool:
        assert isinstance(written, Stored)
        self._mail.delete(written)
        return True

    def repeats(self) -> bool:
        self._mail.renumber()
        return True

    def delivered(self) -> list[str]:
        ours = frozenset({self._mail.address})
        return [str(parse_letter(item.raw, ours=ours).text) for item in self._mail.sent]

    def trouble(self, what: Trouble) -> None:
        faults = self._mail.faults
        match what:
            case Trouble.REFUSE:
                faults.add("smtp:connect", "drop")
            case Trouble.LOSE:
                faults.add("smtp:body", "drop", after=True)
            case Trouble.HANG_AFTER:
                faults.add("smtp:body", "hang", after=True)
            case Trouble.SILENT:
                faults.add("*", "hang", count=None)
                self._mail.silence_all()
            case Trouble.BROKEN:
                faults.add("*", "drop", count=None)
                self._mail.drop_all()
            case Trouble.NONSENSE:
                faults.add("imap:*", "bad", count=None)
                faults.add("smtp:*", "drop", count=None)
                self._mail.drop_all()
            case Trouble.LOCKED_OUT:
                self._mail.change_password("another")
                self._mail.drop_all()

    def mend(self) -> None:
        self._mail.faults.clear()
        self._mail.change_password("letmein")


class TestEmail(ChannelContract):
    """The suite over a mailbox."""

    @pytest.fixture
    def bed(self, tmp_path: Path) -> Iterator[ChannelBed]:
        with MailSandbox(profile="gmail") as mail:
            yield MailBed(mail, tmp_path)
