"""What a client missed is there for it: differences, slices, gaps, too-long updates."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from telethon import errors, events, functions, types
from telethon.sessions import SQLiteSession

from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.telegram.world import ANNA, BORIS, CHANNEL_ID, NEIGHBOURS_ID
from tests.channels.sandbox.telegram_desk import Heard, connected, until


@pytest.fixture
def tg() -> Iterator[TelegramSandbox]:
    with TelegramSandbox(seed=1) as sandbox:
        yield sandbox
        assert sandbox.state.failures == []
        assert sandbox.state.unknown == []


@pytest.fixture
def file(tg: TelegramSandbox, tmp_path: Path) -> Path:
    return tg.write_session(tmp_path / "cafe")


async def visit(tg: TelegramSandbox, file: Path) -> None:
    """Come and go, so that the session file knows where the updates stand."""
    async with connected(tg, session=SQLiteSession(str(file)), catch_up=True) as client:
        heard = Heard(client, events.NewMessage())
        await client.get_dialogs()
        tg.customer_writes(ANNA, "первое")
        tg.mention_in_group(ANNA, "первое в группе")
        await heard.first(2)


async def returning(tg: TelegramSandbox, file: Path, count: int) -> list[str]:
    """What a client hears that was away and comes back."""
    session = SQLiteSession(str(file))
    async with connected(tg, session=session, catch_up=True) as client:
        heard = Heard(client, events.NewMessage(), events.MessageEdited())
        await client.catch_up()
        await heard.first(count)
        return heard.texts


@pytest.mark.parametrize("part", [100, 1])
async def test_what_was_missed_is_caught_up_with(
    tg: TelegramSandbox, file: Path, part: int
) -> None:
    tg.rules.slice = part
    await visit(tg, file)
    said = [tg.customer_writes(BORIS, f"пропущенное {number}").text for number in range(5)]
    assert sorted(await returning(tg, file, 5)) == said


async def test_channels_are_caught_up_with_too(tg: TelegramSandbox, file: Path) -> None:
    tg.rules.slice = 2
    await visit(tg, file)
    said = [tg.group_message(BORIS, f"в группе {number}").text for number in range(5)]
    assert await returning(tg, file, 5) == said


async def test_the_difference_tells_edits_and_deletions(tg: TelegramSandbox) -> None:
    """Asked raw: telethon 1.45 itself drops these two kinds from a difference."""
    old = tg.customer_writes(BORIS, "стол")
    async with connected(tg) as client:
        state = await client(functions.updates.GetStateRequest())
        kept = tg.customer_writes(BORIS, "столик")
        gone = tg.customer_writes(BORIS, "ошибся")
        tg.customer_edits(kept, "столик на двоих")
        tg.customer_edits(old, "стол у окна")
        tg.customer_deletes(gone)
        told = await client(functions.updates.GetDifferenceRequest(state.pts, state.date, 0))
    assert [item.message for item in told.new_messages] == ["столик на двоих"]
    edits = [item for item in told.other_updates if isinstance(item, types.UpdateEditMessage)]
    assert [item.message.message for item in edits] == ["столик на двоих", "стол у окна"]
    (deletion,) = [
        item for item in told.other_updates if isinstance(item, types.UpdateDeleteMessages)
    ]
    assert deletion.messages == [tg.id_of(gone)]
    assert told.state.pts == state.pts + 5


async def test_too_much_is_not_told_one_by_one(tg: TelegramSandbox, file: Path) -> None:
    tg.rules.too_long = 3
    async with connected(tg) as client:
        state = await client(functions.updates.GetStateRequest())
        for number in range(5):
            tg.customer_writes(BORIS, f"{number}")
            tg.group_message(BORIS, f"{number}")
        request = functions.updates.GetDifferenceRequest(state.pts, state.date, 0)
        told = await client(request)
        assert isinstance(told, types.updates.DifferenceTooLong)
        await client.get_dialogs()
        neighbours = await client.get_input_entity(types.PeerChannel(NEIGHBOURS_ID))
        channel = await client(_channel_difference(neighbours, 100))
        assert isinstance(channel, types.updates.ChannelDifferenceTooLong)
        assert channel.dialog.pts == told.pts or channel.dialog.pts > 100


def _channel_difference(channel: Any, pts: int) -> Any:
    nothing = types.ChannelMessagesFilterEmpty()
    return functions.updates.GetChannelDifferenceRequest(channel, nothing, pts, 100)


async def test_a_place_from_the_future_is_refused(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        await client.get_dialogs()
        neighbours = await client.get_input_entity(types.PeerChannel(NEIGHBOURS_ID))
        with pytest.raises(errors.PersistentTimestampInvalidError):
            await client(_channel_difference(neighbours, 99_999))


async def test_a_lost_update_leaves_a_gap_that_the_next_one_shows(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        heard = Heard(client, events.NewMessage())
        tg.customer_writes(ANNA, "раз")
        await heard.first()
        fault = tg.faults.add("update:new", "lose")
        asked = tg.called("updates.getDifference")
        tg.customer_writes(ANNA, "два")
        tg.customer_writes(ANNA, "три")
        await heard.first(3)
        assert sorted(heard.texts) == ["два", "раз", "три"]
        assert fault.hits == 1
        assert tg.called("updates.getDifference") == asked + 1


async def test_a_doubled_update_is_heard_once(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        heard = Heard(client, events.NewMessage())
        tg.faults.add("update:new", "double", count=2)
        for text in ("раз", "два", "три"):
            tg.customer_writes(ANNA, text)
        await heard.first(3)
        assert heard.texts == ["раз", "два", "три"]


async def test_a_too_long_update_makes_the_client_ask(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        heard = Heard(client, events.NewMessage())
        await client.get_dialogs()
        tg.faults.add("update:new", "too_long", count=2)
        tg.customer_writes(ANNA, "лично")
        await heard.first()
        tg.publish_post("пост")
        await until(lambda: "пост" in heard.texts)
    assert tg.called("updates.getChannelDifference") >= 1


async def test_other_devices_hear_reading_and_posts(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        heard = Heard(client, events.NewMessage())
        await client.get_dialogs()
        tg.publish_post("завтра выходной")
        got = await heard.first(2)
        assert {event.chat_id for event in got} >= {int(f"-100{CHANNEL_ID}")}


async def test_nobody_who_is_not_logged_in_hears_anything(tg: TelegramSandbox) -> None:
    async with connected(tg, None) as outside, connected(tg) as inside:
        quiet, heard = Heard(outside), Heard(inside, events.NewMessage())
        tg.customer_writes(ANNA, "секрет")
        await heard.first()
        assert quiet.events == []
        with pytest.raises(errors.AuthKeyUnregisteredError):
            await outside(functions.updates.GetStateRequest())


def test_session_files_are_private(file: Path) -> None:
    assert os.stat(file).st_mode & 0o077 == 0
