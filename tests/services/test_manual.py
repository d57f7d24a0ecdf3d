"""Entries made by hand wait like everybody else; answers given elsewhere are written down."""

from __future__ import annotations

from datetime import timedelta

import pytest

from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.conversation import Kind, Status
from smm_inbox.domain.feed import ConversationCard, Draft, FeedQuery, View
from smm_inbox.domain.ids import MANUAL, ConversationId
from smm_inbox.domain.note import Purpose
from smm_inbox.services.composing import ReplyRefused
from smm_inbox.services.doctor import examine
from smm_inbox.services.export import export_messages
from smm_inbox.services.manual import EntryRefused
from tests.services.desk import Desk, came
from tests.ui.hostile import HOSTILE, is_harmless

LINE = "книга Иванова 89161234567 холодный суп"


async def add(desk: Desk, line: str = LINE) -> ConversationId:
    return await desk.services.manual.add(desk.services.manual.parse(line))


async def opened(desk: Desk, talk: ConversationId) -> ConversationCard:
    card = await desk.services.feed.card(talk)
    assert card is not None
    return card


async def counted(desk: Desk) -> tuple[int, int]:
    """Waiting by the counters, and waiting by counting."""
    counts = await desk.services.feed.counts()
    row = await desk.db.one(
        "SELECT count(*) AS n FROM conversations WHERE box = 'open' AND awaiting > 0"
    )
    assert row is not None
    return counts.awaiting, row["n"]


async def test_an_entry_waits_in_the_list_with_the_limit_of_its_kind(desk: Desk) -> None:
    talk = await add(desk)
    card = await opened(desk, talk)
    row = card.row

    assert (row.name, row.preview, row.kind, row.awaiting) == (
        "Иванова", "холодный суп", Kind.MANUAL, 1,
    )  # fmt: skip
    assert row.red_at == desk.clock.now() + timedelta(minutes=120)
    assert card.root is not None
    assert card.root.kind == "book"
    page = await desk.services.feed.page(FeedQuery(view=View.REVIEWS))
    assert [one.id for one in page.rows] == [talk]
    assert await counted(desk) == (1, 1)


async def test_a_review_is_public_and_has_its_stars(desk: Desk) -> None:
    card = await opened(desk, await add(desk, "2гис Пётр 2/5 грязно https://2gis.ru/1"))
    assert (card.row.kind, card.row.public, card.url) == (Kind.REVIEW, True, "https://2gis.ru/1")
    assert card.root is not None
    assert card.root.text == "★★☆☆☆"


async def test_the_due_time_is_the_deadline_and_stays_it(desk: Desk) -> None:
    manual = desk.services.manual
    entry = manual.parse(LINE + " через 5 часов")
    talk = await manual.add(entry)
    assert entry.due_at == desk.clock.now() + timedelta(hours=5)
    assert (await opened(desk, talk)).row.red_at == entry.due_at
    assert (await opened(desk, talk)).row.amber_at == entry.due_at - timedelta(minutes=60)

    async with desk.db.transaction() as tx:
        await tx.run("UPDATE meta SET value = 'other limits' WHERE key = 'deadlines'")
    await desk.restart()
    assert (await opened(desk, talk)).row.red_at == entry.due_at


async def test_an_answer_given_elsewhere_stops_the_clock_and_never_leaves(desk: Desk) -> None:
    await desk.online()
    talk = await add(desk)
    await desk.services.manual.answer(talk, "позвонили, извинились", close_after=True)

    row = (await opened(desk, talk)).row
    assert (row.awaiting, row.red_at, row.status) == (0, None, Status.CLOSED)
    question, answer = (await desk.services.feed.messages(talk)).messages
    assert (str(question.state), str(answer.state)) == ("answered", "sent")
    assert answer.by_hand
    assert answer.operator == "Анна"
    assert await desk.db.all("SELECT * FROM outbox") == []
    assert await counted(desk) == (0, 0)
    events = [r["event"] for r in await desk.db.all("SELECT event FROM journal ORDER BY id")]
    assert events == ["arrived", "answered_elsewhere"]


async def test_the_answer_is_taken_back(desk: Desk) -> None:
    talk = await add(desk)
    before = (await opened(desk, talk)).row
    await desk.services.manual.answer(talk, "позвонили", close_after=True)
    await desk.services.undo.last()

    assert (await opened(desk, talk)).row == before
    assert await desk.services.notes.draft(talk, Purpose.ELSEWHERE) == "позвонили"
    assert await counted(desk) == (1, 1)


async def test_what_an_answer_given_elsewhere_promises_is_written_down(desk: Desk) -> None:
    talk = await add(desk)
    await desk.services.manual.answer(talk, "Позвонили, извинились. Перезвоним до 18:00")
    (promise,) = await desk.services.promises.open_ones()
    assert promise.conversation == talk
    assert "Перезвоним" in promise.phrase
    await desk.services.undo.last()
    assert await desk.services.promises.open_ones() == ()


async def test_nothing_can_be_sent_to_an_entry(desk: Desk) -> None:
    await desk.online()
    talk = await add(desk)
    card = await opened(desk, talk)
    assert all(option.closed for option in card.options)
    for kind in ReplyKind:
        with pytest.raises(ReplyRefused):
            await desk.services.replies.send(talk, Draft("привет", kind, None))
    assert await desk.db.all("SELECT * FROM outbox") == []


async def test_only_entries_are_answered_elsewhere(desk: Desk) -> None:
    await desk.store(came("1"))
    with pytest.raises(EntryRefused):
        await desk.services.manual.answer(await desk.talk(), "ответили")
    with pytest.raises(EntryRefused):
        await desk.services.manual.answer(await add(desk), " \n")


async def test_an_entry_is_taken_back_without_a_trace_but_the_journal(desk: Desk) -> None:
    talk = await add(desk)
    undone = await desk.services.undo.last()

    assert undone is not None
    assert await desk.services.feed.card(talk) is None
    for table in ("conversations", "messages", "contacts", "roots", "manual_entries", "outbox"):
        assert await desk.db.all(f"SELECT * FROM {table}") == [], table
    assert await counted(desk) == (0, 0)
    assert [r["event"] for r in await desk.db.all("SELECT event FROM journal ORDER BY id")] == [
        "arrived",
        "undone",
    ]


@pytest.mark.parametrize(
    "work",
    [
        "INSERT INTO notes (conversation_id, text, written_at) VALUES (?, 'x', 1)",
        "INSERT INTO outbox (account, conversation_id, message_id, action, state, token, "
        "created_at, due_at) SELECT 'manual', ?, 1, 'spam', 'failed', 't', 1, 1",
    ],
)
async def test_an_entry_somebody_worked_on_is_not_thrown_away(desk: Desk, work: str) -> None:
    talk = await add(desk)
    async with desk.db.transaction() as tx:
        await tx.run(work, (talk,))
    undone = await desk.services.undo.last()
    assert undone is not None
    assert undone.conversation == talk
    assert await desk.services.feed.card(talk) is not None
    assert await desk.services.undo.last() is None


async def test_one_name_on_one_phone_is_one_author(desk: Desk) -> None:
    talks = [await add(desk), await add(desk), await add(desk, "визит Иванова хамство")]
    talks.append(await add(desk, "звонок Петров 89161234567 где заказ"))
    authors = [(await opened(desk, talk)).contact_id for talk in talks]
    assert authors[0] == authors[1]
    assert len(set(authors)) == 3
    await desk.services.undo.last()
    await desk.services.undo.last()
    await desk.services.undo.last()
    assert (await opened(desk, talks[0])).row.name == "Иванова"


async def test_without_a_word_there_is_something_to_see(desk: Desk) -> None:
    row = (await opened(desk, await add(desk, "звонок 89161234567"))).row
    assert (row.name, row.preview) == ("+7 916 123-45-67", "+7 916 123-45-67")
    assert (await opened(desk, await add(desk, "2гис Мария 1/5"))).row.preview == "★☆☆☆☆"
    with pytest.raises(EntryRefused):
        await add(desk, "книга")


async def test_it_is_exported_as_the_channel_manual_and_is_no_network(desk: Desk) -> None:
    await add(desk)
    rows = [row async for row in export_messages(desk.services)]
    assert [(row["channel"], row["account"], row["kind"]) for row in rows] == [
        ("manual", "manual", "manual")
    ]
    await desk.restart()
    assert MANUAL not in {one.id for one in desk.services.accounts.list()}
    assert MANUAL not in {check.account for check in await examine(desk.services)}


async def test_sorting_works_on_entries(desk: Desk) -> None:
    talk = await add(desk)
    triage = desk.services.triage
    assert await triage.spam([talk]) == 1
    await desk.services.undo.last()
    assert await triage.close([talk]) == 1
    assert await triage.reopen([talk]) == 1
    assert (await opened(desk, talk)).row.status is Status.NEW


@pytest.mark.parametrize("trick", HOSTILE)
async def test_hostile_lines_are_harmless_rows(desk: Desk, trick: str) -> None:
    talk = await add(desk, f"2гис Мария 1/5 {HOSTILE[trick]}")
    row = (await opened(desk, talk)).row
    assert is_harmless(f"{row.name}{row.handle}{row.preview}")
    await desk.services.manual.answer(talk, HOSTILE[trick] + " ответ")
    answer = (await desk.services.feed.messages(talk)).messages[-1]
    assert is_harmless(answer.text.replace("\n", "").replace("\t", ""))
