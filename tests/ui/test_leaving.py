"""Quitting while answers wait: said, offered to be sent, and never against the operator's will."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from smm_inbox.domain.errors import Retry
from smm_inbox.domain.message import Outgoing, SendReceipt
from tests.ui.inbox_desk import Desk, Screen, open_desk, running

UNDO = {"direct": timedelta(minutes=10)}
WAITS = "1 answer has not left yet"


@asynccontextmanager
async def _opened(folder: Path) -> AsyncIterator[tuple[Desk, Screen]]:
    async with open_desk(folder, undo=UNDO) as desk:
        await desk.direct("Мария", "Вы открыты?")
        async with running(desk) as screen:
            yield desk, screen


async def _answered(desk: Desk, screen: Screen) -> None:
    """An answer stands in its undo window."""
    await screen.stands_on("Мария")
    await screen.press("r")
    await screen.write("Да, ждём вас")
    await screen.press("f5")
    await screen.sees("Leaves in")


async def _ended(screen: Screen) -> None:
    async with asyncio.timeout(10):
        while screen.app.return_code is None:
            await screen.pilot.pause(0.01)


async def _waiting(desk: Desk) -> int:
    return await desk.services.unsent.on_their_way()


async def test_what_waits_is_sent_before_the_program_ends(tmp_path: Path) -> None:
    async with _opened(tmp_path) as (desk, screen):
        await _answered(desk, screen)
        await screen.press("q")
        await screen.sees("Quit?", WAITS)
        assert desk.network.sent == []
        await screen.press("enter")
        await _ended(screen)
        assert [answer.text for answer in desk.network.sent] == ["Да, ждём вас"]
        assert await _waiting(desk) == 0


@pytest.mark.parametrize("key", ["q", "й", "ctrl+q"])
async def test_quitting_twice_leaves_it_for_the_next_start_and_says_so(
    key: str, tmp_path: Path
) -> None:
    async with _opened(tmp_path) as (desk, screen):
        await _answered(desk, screen)
        await screen.press("q")
        await screen.sees(WAITS)
        await screen.press(key)
        await _ended(screen)
        assert desk.network.sent == []
        assert await _waiting(desk) == 1
        assert any(WAITS in str(said) for said in screen.app._exit_renderables)


async def test_staying_changes_nothing_and_the_answer_can_be_taken_back(tmp_path: Path) -> None:
    async with _opened(tmp_path) as (desk, screen):
        await _answered(desk, screen)
        await screen.press("q")
        await screen.sees(WAITS)
        await screen.press("escape", "z")
        await screen.sees("✉ PRIVATE", "Да, ждём вас")
        assert await _waiting(desk) == 0
        assert screen.app.return_code is None


async def test_an_answer_that_fails_on_leaving_keeps_the_operator_here(tmp_path: Path) -> None:
    async with _opened(tmp_path) as (desk, screen):
        await _answered(desk, screen)
        desk.network.refuse = "Этому человеку писать нельзя."
        await screen.press("q")
        await screen.sees(WAITS)
        await screen.press("enter")
        await screen.sees("Этому человеку писать нельзя.")
        assert screen.app.return_code is None


async def test_a_network_that_is_away_does_not_hold_the_operator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _opened(tmp_path) as (desk, screen):
        await _answered(desk, screen)

        async def away(_: Outgoing) -> SendReceipt:
            raise Retry("Сеть молчит.")

        monkeypatch.setattr(desk.network, "send", away)
        monkeypatch.setattr("smm_inbox.ui.screens.leaving._PATIENCE", 0.0)
        await screen.press("q")
        await screen.sees(WAITS)
        await screen.press("enter")
        await screen.sees("The network does not answer.")
        await screen.press("q")
        await _ended(screen)
        assert await _waiting(desk) == 1


async def test_without_answers_on_their_way_quitting_asks_nothing(tmp_path: Path) -> None:
    async with _opened(tmp_path) as (_, screen):
        await screen.press("q")
        await _ended(screen)
