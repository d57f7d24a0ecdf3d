"""Instagram keeps the promises of the port."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.channels.contract")

from smm_inbox.channels.base import Channel  # noqa: E402
from smm_inbox.channels.instagram import api, search  # noqa: E402
from smm_inbox.channels.instagram import channel as instagram  # noqa: E402
from smm_inbox.domain.conversation import Kind  # noqa: E402
from smm_inbox.domain.text import SafeText  # noqa: E402
from smm_inbox.sandbox.instagram import InstagramSandbox  # noqa: E402
from smm_inbox.sandbox.instagram.model import Message  # noqa: E402
from smm_inbox.services.clock import SystemClock  # noqa: E402
from tests.channels.contract import (  # noqa: E402
    ChannelBed,
    ChannelContract,
    Trouble,
    a_question,
    connected,
)
from tests.channels.instagram.support import context  # noqa: E402


class InstagramBed:
    """A professional account and its customers."""

    def __init__(self, ig: InstagramSandbox, folder: Path) -> None:
        ig.state.usage = 0
        self._ig = ig
        self._folder = folder
        self._people = (ig.add_person("marina_kofe", "Марина"), ig.add_person("timur.latte"))
        self.secrets = frozenset({ig.token})

    def make(self) -> Channel:
        options: dict[str, object] = {
            "token": self._ig.token,
            "base_url": self._ig.url,
            "poll_seconds": 30,
            "calls_per_hour": 1_000_000,
        }
        return instagram.InstagramChannel(context(options, self._folder, SystemClock()))

    def writes(self, text: str, customer: int = 0) -> object:
        return self._ig.customer_writes(self._people[customer], text)

    def comes_hostile(self, text: str) -> None:
        evil = self._ig.add_person(text, text)
        self._ig.customer_writes(evil, text, attachments=[self._ig.file(f"{text[:200]}.pdf")])

    def edits(self, written: object, text: str) -> bool:
        assert isinstance(written, Message)
        self._ig.edits(written, text)
        return True

    def deletes(self, written: object) -> bool:
        assert isinstance(written, Message)
        # A talk that is gone as a whole is not listed any more: something has to be left of it.
        self._ig.customer_writes(written.from_id, "Остаётся")
        self._ig.unsends(written)
        return True

    def repeats(self) -> bool:
        return False  # what is read anew is known, and left out

    def delivered(self) -> list[str]:
        return [delivery.text for delivery in self._ig.sent]

    def trouble(self, what: Trouble) -> None:
        faults = self._ig.faults
        match what:
            case Trouble.REFUSE:
                faults.add("send", "reset")
            case Trouble.LOSE:
                faults.add("send", "reset", after=True)
            case Trouble.HANG_AFTER:
                faults.add("send", "hang", after=True)
            case Trouble.SILENT:
                faults.add("*", "hang", count=None)
            case Trouble.BROKEN:
                faults.add("*", "reset", count=None)
            case Trouble.NONSENSE:
                faults.add("*", "html", count=None)
            case Trouble.LOCKED_OUT:
                self._ig.kill_token()

    def mend(self) -> None:
        self._ig.faults.clear()
        self._ig.revive_token()


class TestInstagram(ChannelContract):
    """The suite over Instagram."""

    @pytest.fixture
    def bed(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ChannelBed]:
        monkeypatch.setattr(api, "DIRECT_SPACING", timedelta(milliseconds=10))
        monkeypatch.setattr(instagram, "_USUAL", 6000)
        monkeypatch.setattr(search, "LOOKS", (0.05, 0.05))
        with InstagramSandbox(seed=1) as ig:
            yield InstagramBed(ig, tmp_path)
            assert ig.state.failures == []

    async def test_a_text_of_full_length_arrives_whole(self, bed: ChannelBed) -> None:
        """The limit counts bytes, and a Russian letter takes two."""
        async with connected(bed) as channel:
            answer = await a_question(bed, channel)
            text = "я" * (channel.capabilities.max_text[Kind.DIRECT] // 2)
            await channel.send(replace(answer, text=SafeText(text)))
        assert bed.delivered() == [text]
