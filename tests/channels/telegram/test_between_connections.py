"""What happens around the end of a connection: answers wait, and nothing is left untold."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from telethon.tl import types

from smm_inbox.channels.telegram.account import Account
from smm_inbox.channels.telegram.client import Wire
from smm_inbox.channels.telegram.listening import ListeningClient
from smm_inbox.channels.telegram.session import NAME
from smm_inbox.channels.telegram.settings import read
from smm_inbox.domain.errors import Retry
from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.telegram.world import ANNA
from tests.channels.telegram.support import SECONDS, context, options

_OPTIONS = {"api_id": 1, "api_hash": "a" * 32}


async def test_a_peer_asked_for_between_two_connections_is_asked_for_again(tmp_path: Path) -> None:
    account = Account(context(_OPTIONS, tmp_path), read(_OPTIONS))
    account.caught_up = True  # by the connection that is just gone

    with pytest.raises(Retry):
        await account.input_peer(42)


async def test_what_was_counted_as_seen_is_told_even_when_the_connection_ends(
    tg: TelegramSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    # The connection ends while Telethon goes from one handler to the next.
    monkeypatch.setattr(ListeningClient, "_dispatch_update", never)
    tg.write_session(tmp_path / NAME)
    settings = read(options(tg, tmp_path))
    first = Wire(settings, tmp_path, lambda _: None)
    await first.open()
    await first.close()
    wanted = {tg.id_of(tg.customer_writes(ANNA, f"письмо {number}")) for number in range(3)}
    told: list[Any] = []
    second = Wire(settings, tmp_path, told.append)
    await second.open()
    try:
        await _told(told, types.UpdateNewMessage)
    finally:
        await second.close()
    assert {u.message.id for u in told if isinstance(u, types.UpdateNewMessage)} == wanted


async def test_what_comes_while_we_hang_up_comes_again(tg: TelegramSandbox, tmp_path: Path) -> None:
    tg.write_session(tmp_path / NAME)
    settings = read(options(tg, tmp_path))
    told: list[Any] = []
    wire = Wire(settings, tmp_path, told.append)
    await wire.open()
    letter = tg.customer_writes(ANNA, "письмо")
    await _told(told, types.UpdateNewMessage, types.UpdateShortMessage)
    await wire.keep()
    closing = asyncio.create_task(wire.close())
    await asyncio.sleep(0)  # it has begun
    update = types.UpdateDeleteMessages(messages=[tg.id_of(letter)], pts=9, pts_count=1)
    await wire.client._preprocess_updates([update], [], [])
    wire.client._message_box.set_state(_later(wire), reset=False)
    await closing
    tg.customer_deletes(letter)
    told.clear()
    again = Wire(settings, tmp_path, told.append)
    await again.open()
    try:
        await _told(told, types.UpdateDeleteMessages)
    finally:
        await again.close()


def _later(wire: Wire) -> types.updates.State:
    """A state behind everything that happens in the test."""
    state, _ = wire.client._message_box.session_state()
    return types.updates.State(**{**state, "pts": state["pts"] + 1}, unread_count=0)


async def _told(told: list[Any], *kinds: type) -> None:
    async with asyncio.timeout(SECONDS):
        while not any(isinstance(update, kinds) for update in told):
            await asyncio.sleep(0.01)
