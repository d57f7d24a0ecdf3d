"""Reactions on the screen, and where the operator looks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual import events

from smm_inbox.channels.base import ChannelContext
from smm_inbox.domain.channel import Attention
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import Rejected
from smm_inbox.domain.ids import RemoteId
from tests.ui import inbox_desk
from tests.ui.inbox_desk import VK, Desk, PaperChannel, PaperFactory, until

pytestmark = pytest.mark.usefixtures("english")

HEART, FIRE = "❤️", "🔥"


class FeelingChannel(PaperChannel):
    """A paper network that takes emoji and wants to know where the operator looks."""

    capabilities = replace(PaperChannel.capabilities, react={Kind.DIRECT: (HEART,)})

    def __init__(self, context: ChannelContext) -> None:
        super().__init__(context)
        self.put: list[str] = []
        self.refuse_emoji = ""
        self.attention = Attention.NOBODY

    async def react(self, place: Place, remote_id: RemoteId, emoji: str) -> None:
        if self.refuse_emoji:
            raise Rejected(self.refuse_emoji)
        self.put.append(emoji)

    def attend(self, attention: Attention) -> None:
        self.attention = attention


class FeelingFactory(PaperFactory):
    def create(self, context: ChannelContext) -> PaperChannel:
        self.made.append(FeelingChannel(context))
        return self.made[-1]


@pytest.fixture(autouse=True)
def _feeling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_desk, "PaperFactory", FeelingFactory)


def network(desk: Desk) -> FeelingChannel:
    assert isinstance(desk.network, FeelingChannel)
    return desk.network


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_heart_is_put_shown_and_taken_back(tmp_path: Path, size: tuple[int, int]) -> None:
    async with inbox_desk.open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Спасибо за торт!")
        async with inbox_desk.running(desk, size) as screen:
            await screen.press("enter")
            await until(lambda: screen.inbox.can_change("message_react"))
            await screen.press("+")
            await screen.sees("our reaction: ❤")
            await screen.press("z")
            await screen.sees("the customer may have seen it")
            await until(lambda: "our reaction" not in screen.text)
            assert network(desk).put == [HEART, ""]
            await until(lambda: screen.inbox.can_change("message_react"))
            await screen.press("+")
            await screen.sees("our reaction: ❤")
            await until(lambda: screen.inbox.can_change("message_react"))
            await screen.press("+")
            await until(lambda: network(desk).put == [HEART, "", HEART, ""])


async def test_a_refused_heart_says_so_and_can_be_sent_again(tmp_path: Path) -> None:
    async with inbox_desk.open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Спасибо за торт!")
        async with inbox_desk.running(desk, (120, 36)) as screen:
            await screen.press("enter")
            await until(lambda: screen.inbox.can_change("message_react"))
            network(desk).refuse_emoji = "The window is over."
            await screen.press("+")
            await screen.sees("the reaction was not put", "The window is over.", "send again")


async def test_of_several_emoji_one_is_picked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    able = replace(FeelingChannel.capabilities, react={Kind.DIRECT: (HEART, FIRE)})
    monkeypatch.setattr(FeelingChannel, "capabilities", able)
    async with inbox_desk.open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Спасибо за торт!")
        async with inbox_desk.running(desk, (120, 36)) as screen:
            await screen.press("enter")
            await until(lambda: screen.inbox.can_change("message_react"))
            await screen.press("+")
            await screen.sees("Enter — choose")
            await screen.press("j", "enter")
            await screen.sees(f"our reaction: {FIRE}")
            await until(lambda: screen.inbox.can_change("message_react"))
            await screen.press("+")
            await screen.sees("take the reaction back")
            await screen.press("j", "enter")
            await until(lambda: network(desk).put == [FIRE, ""])


async def test_where_a_network_takes_no_emoji_none_is_offered(tmp_path: Path) -> None:
    async with inbox_desk.open_desk(tmp_path) as desk:
        await desk.comment("Мария", "Дураки!")
        async with inbox_desk.running(desk, (120, 36)) as screen:
            await screen.press("enter")
            await until(lambda: bool(desk.services.accounts.channel_of(VK)))
            await until(lambda: screen.inbox.talk.selected is not None)
            assert not screen.inbox.can_change("message_react")
            await screen.press("+")
            assert network(desk).put == []


async def test_the_network_learns_where_the_operator_looks(tmp_path: Path) -> None:
    async with inbox_desk.open_desk(tmp_path) as desk:
        await desk.direct("Мария", "Есть столик?")
        async with inbox_desk.running(desk, (120, 36)) as screen:
            await until(lambda: network(desk).attention is Attention.HERE)
            await screen.press("enter")
            await until(lambda: network(desk).attention is Attention.TALKING)
            screen.app.post_message(events.AppBlur())
            await until(lambda: network(desk).attention is Attention.AWAY)
            screen.app.post_message(events.AppFocus())
            await until(lambda: network(desk).attention is Attention.TALKING)
            await screen.press("escape")
            await until(lambda: network(desk).attention is Attention.HERE)
