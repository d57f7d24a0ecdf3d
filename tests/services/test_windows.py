"""A network's own window is a deadline, closes the composer when it is over, and opens again."""

from __future__ import annotations

import pytest

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.feed import ConversationCard
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import Batch, WriteAccess
from smm_inbox.domain.text import SafeText
from smm_inbox.services.composing import ReplyRefused
from tests.services.desk import CAFE, Desk, at, came


def window(minute: float | None, blocked: str = "") -> WriteAccess:
    until = None if minute is None else at(minute)
    return WriteAccess(Kind.DIRECT, RemoteId("talk-maria"), SafeText(blocked), until)


async def tell(desk: Desk, *messages: object, access: WriteAccess) -> ConversationCard:
    batch = Batch(messages=messages, access=(access,))  # type: ignore[arg-type]
    await desk.services.ingest.store(CAFE, batch)
    return await desk.card()


async def test_the_deadline_is_the_earlier_of_limit_and_window(desk: Desk) -> None:
    card = await tell(desk, came("1"), access=window(30))
    assert card.row.red_at == card.row.amber_at == at(30)
    card = await tell(desk, came("2", "Ау?", minute=5), access=window(24 * 60))
    assert card.row.red_at is not None
    assert card.row.red_at > at(30), "the window opened anew"
    assert card.row.red_at < at(24 * 60), "the limit comes first"


async def test_an_access_without_a_window_leaves_it(desk: Desk) -> None:
    await tell(desk, came("1"), access=window(30))
    card = await tell(desk, access=window(None))
    assert card.row.red_at == at(30)


async def test_the_composer_closes_with_the_window_and_opens_with_a_message(desk: Desk) -> None:
    await desk.online()
    card = await tell(desk, came("1"), access=window(30))
    assert card.options[0].closed == ""
    desk.clock.pass_by(minutes=31)
    assert "time for an answer is over" in (await desk.card()).options[0].closed
    with pytest.raises(ReplyRefused, match="time for an answer is over"):
        await desk.answer()
    await tell(desk, came("2", "Ау?", minute=31), access=window(24 * 60))
    await desk.settled(await desk.answer())


async def test_the_networks_refusal_wins_over_our_clock(desk: Desk) -> None:
    await tell(desk, came("1"), access=window(30))
    card = await tell(desk, access=window(None, "Refused."))
    assert card.options[0].closed == "Refused."
    card = await tell(desk, came("2", "Ау?", minute=1), access=window(60))
    assert card.options[0].closed == ""
