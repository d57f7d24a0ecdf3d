"""An emoji on a customer's message: put, taken back, and never an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import Rejected, Retry
from smm_inbox.domain.ids import AccountId, RemoteId
from smm_inbox.domain.outgoing import OutAction, OutState
from smm_inbox.services.composing import ReplyRefused
from tests.services.desk import Desk, came, eventually, thread
from tests.services.network import Factory, ScriptedChannel, World

HEART, FIRE = "❤️", "🔥"


class FeelingChannel(ScriptedChannel):
    """A network with two emoji for private messages."""

    def __init__(self, account: AccountId, world: World) -> None:
        super().__init__(account, world)
        self.capabilities = replace(self.capabilities, react={Kind.DIRECT: (HEART, FIRE)})
        self.put: list[str] = []

    async def react(self, place: Place, remote_id: RemoteId, emoji: str) -> None:
        await self._play(lambda: self.put.append(emoji))
        self.put.append(emoji)


class FeelingFactory(Factory):
    def channel(self, account: AccountId) -> ScriptedChannel:
        if account not in self.channels:
            world = self.worlds.setdefault(account, World())
            self.channels[account] = FeelingChannel(account, world)
        return self.channels[account]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path)
    made.factory = FeelingFactory()
    await made.open()
    yield made
    await made.close()


def put(desk: Desk) -> list[str]:
    channel = desk.channel()
    assert isinstance(channel, FeelingChannel)
    return channel.put


async def shows(desk: Desk, emoji: str) -> None:
    async def done() -> bool:
        [row, *_] = await desk.shown()
        return row.reaction == emoji and row.outbox is None

    await eventually(done)


async def test_an_emoji_is_put_and_undone_and_the_customer_goes_on_waiting(desk: Desk) -> None:
    await desk.store(came("1", "Спасибо, а торт есть?"))
    await desk.online()
    message = await desk.message_id("1")
    [row] = await desk.shown()
    assert row.reactions == (HEART, FIRE)
    await desk.services.reactions.put(message, HEART)
    await shows(desk, HEART)
    assert await desk.awaiting() == 1
    undone = await desk.services.undo.last()
    assert undone is not None
    assert "may have seen it" in undone.sentence
    await shows(desk, "")
    assert put(desk) == [HEART, ""]


async def test_undo_of_another_emoji_puts_the_former_one_back(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.online()
    message = await desk.message_id("1")
    await desk.services.reactions.put(message, HEART)
    await shows(desk, HEART)
    await desk.services.reactions.put(message, FIRE)
    await shows(desk, FIRE)
    undone = await desk.services.undo.last()
    assert undone is not None
    assert undone.sentence == "The former reaction is put back."
    await shows(desk, HEART)
    assert put(desk) == [HEART, FIRE, HEART]


async def test_what_did_not_leave_yet_never_does_after_undo(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.online()
    message = await desk.message_id("1")
    live = desk.services.accounts.live(desk.channel().account)
    assert live is not None
    live.ready.clear()  # the connection is lost
    await desk.services.reactions.put(message, HEART)
    undone = await desk.services.undo.last()
    assert undone is not None
    assert undone.sentence == "The reaction did not leave."
    live.ready.set()
    desk.services.outbox.poke()
    await shows(desk, "")
    assert put(desk) == []


async def test_a_bad_line_is_outlived_and_a_refusal_is_told(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.online()
    message = await desk.message_id("1")
    desk.channel().outcomes += [Retry("The line broke."), Rejected("Not any more.")]
    await desk.services.reactions.put(message, HEART)

    async def refused() -> bool:
        desk.later(seconds=10)
        [row] = await desk.shown()
        return row.action_state is OutState.FAILED

    await eventually(refused)
    [row] = await desk.shown()
    assert (row.action, row.reason, row.reaction) == (OutAction.REACT, "Not any more.", "")
    assert await desk.awaiting() == 1


async def test_only_what_can_take_an_emoji_is_offered_one(desk: Desk) -> None:
    reacted = replace(came("2", HEART), reply_to=RemoteId("1"), needs_answer=False, reaction=True)
    await desk.store(came("1"), reacted, came("3", place=thread()))
    await desk.online()
    assert [row.reactions for row in await desk.shown()] == [(HEART, FIRE), ()]
    assert [row.reactions for row in await desk.shown(thread())] == [()]
    for name, emoji in (("2", HEART), ("3", HEART), ("1", "🤡")):
        with pytest.raises(ReplyRefused):
            await desk.services.reactions.put(await desk.message_id(name), emoji)
    assert put(desk) == []
