"""Courtesies leave only where an account asks for them, and never disturb an answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from smm_inbox.config.model import AccountSettings
from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.conversation import Place
from smm_inbox.domain.errors import Retry
from smm_inbox.domain.feed import Draft
from tests.services.desk import CAFE, Desk, came, eventually
from tests.services.network import ScriptedChannel


class Polite(ScriptedChannel):
    """A network that can show "read" and "is typing"."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.capabilities = replace(self.capabilities, mark_read=True, typing=True)
        self.read: list[str] = []
        self.typed: list[str] = []
        self.rude = False

    async def mark_read(self, place: Place) -> None:
        if self.rude:
            raise Retry("busy")
        self.read.append(place.conversation)

    async def typing(self, place: Place) -> None:
        self.typed.append(place.conversation)


async def _desk(folder: Path, *, wanted: bool) -> tuple[Desk, Polite]:
    account = AccountSettings(CAFE, "scripted", "cafe", mark_read=wanted, typing=wanted)
    desk = Desk(folder, accounts=(account,))
    world = desk.factory.channel(CAFE).world
    channel = Polite(CAFE, world)
    desk.factory.channels[CAFE] = channel
    await desk.open()
    await desk.online()
    await desk.store(came("1"))
    return desk, channel


@pytest.mark.parametrize("wanted", [True, False])
async def test_an_answer_marks_as_read_only_where_the_account_wants_it(
    tmp_path: Path, wanted: bool
) -> None:
    desk, channel = await _desk(tmp_path, wanted=wanted)

    await desk.settled(await desk.answer())
    if wanted:
        await eventually(lambda: channel.read)

    assert channel.read == (["talk-maria"] if wanted else [])
    await desk.close()


async def test_typing_is_shown_once_in_a_few_seconds(tmp_path: Path) -> None:
    desk, channel = await _desk(tmp_path, wanted=True)
    talk = await desk.talk()

    for text in ("Е", "Ес", "Есть"):
        await desk.services.replies.save_draft(talk, Draft(text, ReplyKind.IN_PLACE, None))
    await eventually(lambda: channel.typed)
    desk.later(seconds=6)
    await desk.services.replies.save_draft(talk, Draft("Есть!", ReplyKind.IN_PLACE, None))
    await eventually(lambda: len(channel.typed) > 1)

    assert channel.typed == ["talk-maria", "talk-maria"]
    await desk.close()


async def test_a_refused_courtesy_does_not_touch_the_answer(tmp_path: Path) -> None:
    desk, channel = await _desk(tmp_path, wanted=True)
    channel.rude = True

    await desk.settled(await desk.answer("Есть, ждём вас"))

    assert channel.world.texts == ["Есть, ждём вас"]
    assert (await desk.states())["Есть, ждём вас"] == "sent"
    await desk.close()
