"""VK keeps the promises of the port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.channels.contract")

from smm_inbox.channels.base import Channel  # noqa: E402
from smm_inbox.channels.vk import api  # noqa: E402
from smm_inbox.channels.vk.channel import VkChannel  # noqa: E402
from smm_inbox.channels.vk.rights import Role  # noqa: E402
from smm_inbox.sandbox.vk import Message, User, VkSandbox  # noqa: E402
from smm_inbox.sandbox.vk.world import ANNA, BORIS  # noqa: E402
from tests.channels.contract import ChannelBed, ChannelContract, Trouble  # noqa: E402
from tests.channels.vk.support import context  # noqa: E402

EVIL = 1_900_009_999


class VkBed:
    """A community with every token, and its customers."""

    def __init__(self, vk: VkSandbox) -> None:
        self._vk = vk
        self.secrets = frozenset({vk.token, vk.service_key, vk.user_token})

    def make(self) -> Channel:
        return VkChannel(
            context(
                {
                    "group_id": self._vk.group_id,
                    "token": self._vk.token,
                    "service_key": self._vk.service_key,
                    "user_token": self._vk.user_token,
                    "api_url": self._vk.url,
                }
            )
        )

    def writes(self, text: str, customer: int = 0) -> object:
        return self._vk.customer_writes((ANNA, BORIS)[customer], text)

    def comes_hostile(self, text: str) -> None:
        self._vk.add_user(User(EVIL, text, text, screen_name=text, city=(1, text)))
        file = self._vk.media.doc(EVIL, f"{text[:200]}.pdf")
        self._vk.customer_writes(EVIL, text, attachments=[file])

    def edits(self, written: object, text: str) -> bool:
        assert isinstance(written, Message)
        self._vk.customer_edits(written, text)
        return True

    def deletes(self, written: object) -> bool:
        return False  # VK tells nobody

    def repeats(self) -> bool:
        self._vk.redeliver(3)
        return True

    def delivered(self) -> list[str]:
        return [delivery.text for delivery in self._vk.sent]

    def trouble(self, what: Trouble) -> None:
        faults = self._vk.faults
        match what:
            case Trouble.REFUSE:
                faults.add("messages.send", "reset")
            case Trouble.LOSE:
                faults.add("messages.send", "reset", after=True)
            case Trouble.HANG_AFTER:
                faults.add("messages.send", "hang", after=True)
            case Trouble.SILENT:
                faults.add("*", "hang", count=None)
            case Trouble.BROKEN:
                faults.add("*", "reset", count=None)
            case Trouble.NONSENSE:
                faults.add("*", "html", count=None)
            case Trouble.LOCKED_OUT:
                self._vk.revoke_token("community")
        self._vk.expire_key()  # whoever polls notices now and not in half a minute

    def mend(self) -> None:
        self._vk.faults.clear()
        self._vk.restore_token("community")


class TestVk(ChannelContract):
    """The suite over VK."""

    @pytest.fixture
    def bed(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ChannelBed]:
        monkeypatch.setattr(api, "PACE", dict.fromkeys(Role, (1000.0, 100)))
        with VkSandbox(seed=1) as vk:
            yield VkBed(vk)
            assert vk.state.failures == []
