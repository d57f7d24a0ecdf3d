"""An answer that left and came back is told, and nobody is forgotten over it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.feed import MessageRow, View
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import Attachment, AttachmentKind, Batch, Undelivered
from smm_inbox.domain.outgoing import OutState
from smm_inbox.domain.text import SafeText
from smm_inbox.services.bus import DeliveryChanged
from smm_inbox.services.composing import ReplyRefused
from smm_inbox.storage.rows import dump_attachments
from tests.services.desk import CAFE, Desk, at, came, ours
from tests.services.network import Effect

WHY = "Not delivered: there is no such address."


async def comes_back(desk: Desk, remote_id: str) -> None:
    news = Undelivered(Kind.DIRECT, RemoteId(remote_id), SafeText(WHY), desk.clock.now())
    await desk.services.ingest.store(CAFE, Batch(undelivered=(news,)))


async def answered(desk: Desk) -> MessageRow:
    await desk.online()
    await desk.store(came("q"))
    await desk.settled(await desk.answer())
    assert await desk.awaiting() == 0
    return (await desk.shown())[-1]


async def left(desk: Desk) -> str:
    row = await desk.db.one("SELECT remote_id FROM messages WHERE own = 1 ORDER BY id DESC LIMIT 1")
    assert row is not None
    return str(row["remote_id"])


async def test_the_answer_failed_and_the_customer_waits_again(desk: Desk) -> None:
    await answered(desk)
    await comes_back(desk, await left(desk))
    answer = (await desk.shown())[-1]
    assert (answer.state, answer.reason) == (OutState.FAILED, WHY)
    assert await desk.awaiting() == 1
    assert await desk.listed(View.NOT_SENT) == [await desk.talk()]
    told = [event for event in desk.events if isinstance(event, DeliveryChanged)][-1]
    assert (told.state, told.sentence) == (OutState.FAILED, WHY)


async def test_a_report_that_comes_twice_tells_nothing_new(desk: Desk) -> None:
    await answered(desk)
    name = await left(desk)
    for _ in range(2):
        await comes_back(desk, name)
    rows = await desk.db.all("SELECT 1 FROM outbox")
    lines = await desk.db.all("SELECT 1 FROM journal WHERE event = 'failed'")
    assert (len(rows), len(lines)) == (1, 1)


async def test_a_report_on_somebody_elses_letter_changes_nothing(desk: Desk) -> None:
    await answered(desk)
    await comes_back(desk, "unknown")
    await comes_back(desk, "q")
    assert await desk.awaiting() == 0
    assert (await desk.shown())[-1].state is OutState.SENT


async def test_sent_again_it_is_an_answer_of_its_own(desk: Desk) -> None:
    await answered(desk)
    first = await left(desk)
    await comes_back(desk, first)
    unsent = (await desk.shown())[-1].outbox
    assert unsent is not None
    await desk.services.unsent.retry(unsent)
    assert await desk.services.outbox.settled(unsent, 5) == (OutState.SENT, await left(desk), "")
    assert [(m.state, m.text) for m in await desk.shown()][1:] == [
        (OutState.FAILED, "Есть, ждём вас"),
        (OutState.SENT, "Есть, ждём вас"),
    ]
    assert await left(desk) != first
    assert await desk.awaiting() == 0
    await comes_back(desk, first)  # told once more: the customer has the second one
    assert await desk.awaiting() == 0


async def test_taken_back_its_text_is_in_the_draft_and_its_end_stays(desk: Desk) -> None:
    await answered(desk)
    await comes_back(desk, await left(desk))
    unsent = (await desk.shown())[-1].outbox
    assert unsent is not None
    await desk.services.unsent.take_back(unsent)
    card = await desk.card()
    assert card.draft is not None
    assert card.draft.text == "Есть, ждём вас"
    assert (await desk.shown())[-1].state is OutState.FAILED
    assert await desk.awaiting() == 1
    assert await desk.listed(View.NOT_SENT) == []


async def test_files_are_never_left_out_in_silence(desk: Desk) -> None:
    await answered(desk)
    shown = dump_attachments((Attachment(AttachmentKind.DOCUMENT, SafeText("меню.pdf")),))
    async with desk.db.transaction() as tx:
        await tx.run("UPDATE messages SET attachments = ? WHERE own = 1", (shown,))
    await comes_back(desk, await left(desk))
    unsent = (await desk.shown())[-1].outbox
    assert unsent is not None
    with pytest.raises(ReplyRefused, match="attached again"):
        await desk.services.unsent.retry(unsent)
    assert (await desk.shown())[-1].state is OutState.FAILED


async def test_whoever_was_answered_again_since_does_not_wait(desk: Desk) -> None:
    await answered(desk)
    first = await left(desk)
    await desk.settled(await desk.answer("Пишу ещё раз, на другой адрес"))
    await comes_back(desk, first)
    assert await desk.awaiting() == 0


async def test_an_answer_given_elsewhere_comes_back_as_well(desk: Desk) -> None:
    await desk.online()
    await desk.store(came("q1"), came("q2", "И ещё вопрос", minute=1), ours("a", minute=2))
    assert await desk.awaiting() == 0
    await comes_back(desk, "a")
    states = {str(row.text): str(row.state) for row in await desk.shown()}
    assert states["И ещё вопрос"] == "awaiting"
    assert states["Есть, ждём вас"] == "failed"


async def test_a_report_may_be_faster_than_the_networks_word(desk: Desk) -> None:
    await desk.online()
    await desk.store(came("q"))
    desk.channel().outcomes.append(Effect())
    desk.channel().find = desk.channel().cannot_tell
    queued = await desk.answer()
    await desk.reaches(queued.outbox[0], "ambiguous")
    row = await desk.db.one("SELECT token FROM outbox")
    assert row is not None
    news = Undelivered(Kind.DIRECT, RemoteId("late"), SafeText(WHY), at(1))
    await desk.services.ingest.store(CAFE, Batch(undelivered=(replace(news, token=row["token"]),)))
    assert (await desk.shown())[-1].state is OutState.FAILED
    assert await desk.awaiting() == 1
