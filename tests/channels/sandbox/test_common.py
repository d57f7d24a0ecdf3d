"""What every sandbox network shares: ports given back, a day that ends, lines that take turns."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Callable

import pytest

from smm_inbox.sandbox.common.server import ServerThread
from smm_inbox.sandbox.common.story import Deck, Story
from smm_inbox.sandbox.instagram import InstagramSandbox
from smm_inbox.sandbox.mail import MailSandbox
from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.vk import VkSandbox


def ports(sandbox: ServerThread) -> list[int]:
    match sandbox:
        case MailSandbox():
            return [sandbox.imap_port, sandbox.smtp_port]
        case TelegramSandbox():
            return [sandbox.port]
        case VkSandbox() | InstagramSandbox():
            return [int(sandbox.url.rpartition(":")[2])]
        case _:
            raise TypeError(sandbox)


@pytest.mark.parametrize("make", [VkSandbox, TelegramSandbox, InstagramSandbox, MailSandbox])
@pytest.mark.parametrize("served", [True, False])
def test_a_network_that_ended_gives_its_ports_back(
    make: Callable[[], ServerThread], served: bool
) -> None:
    sandbox = make()
    taken = ports(sandbox)
    if served:
        sandbox.start()
    for port in taken:
        socket.create_connection(("127.0.0.1", port)).close()
    sandbox.stop()
    sandbox.stop()
    for port in taken:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


def test_every_line_of_a_deck_is_heard_once_before_any_is_heard_again() -> None:
    deck = Deck("abcde", random.Random(3))
    rounds = [sorted(deck.draw() for _ in range(5)) for _ in range(4)]
    assert rounds == [list("abcde")] * 4


class Day(Story[str, str]):
    """A day on no network: it tells, in order, what happened."""

    name = "a-day"
    opening = ("first", "second")

    def __init__(self, listeners: list[Callable[[str], None]]) -> None:
        super().__init__(listeners, ["written"], seed=1, pace=0.01)
        self.told: list[str] = []
        self.broken = ""
        self.over = threading.Event()

    def prepare(self) -> None:
        self.told.append("the past")

    def _listened_to(self) -> bool:
        return True

    def _invented(self) -> str:
        return "invented"

    def _arrive(self, coming: str) -> None:
        self.told.append(coming)
        if coming == "invented":
            self.over.set()

    def _react(self, ours: str) -> None:
        raise ValueError(ours)

    def _broke_off(self, trace: str) -> None:
        self.broken = trace
        self.over.set()


def test_a_day_opens_goes_on_as_written_and_has_no_end() -> None:
    listeners: list[Callable[[str], None]] = []
    with Day(listeners) as day:
        assert len(listeners) == 1
        assert day.over.wait(10)
    assert day.told[:5] == ["the past", "first", "second", "written", "invented"]
    assert not listeners
    assert not day.broken


def test_a_mistake_in_a_story_ends_the_day_and_nothing_else() -> None:
    listeners: list[Callable[[str], None]] = []
    with Day(listeners) as day:
        listeners[0]("our answer")
        while not day.broken:
            assert day.over.wait(10)
            day.over.clear()
    assert "our answer" in day.broken
