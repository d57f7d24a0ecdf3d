"""Triage and undo: every command, what it changes, and that `z` brings it back."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta

import pytest

from smm_inbox.domain.conversation import UNTIL_ANSWER, MessageType, Status
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.feed import View
from smm_inbox.domain.ids import ConversationId
from smm_inbox.services import triage as triage_module
from smm_inbox.services.triage import Triage
from smm_inbox.services.undo import Undo, Undone
from smm_inbox.storage import sorting
from smm_inbox.storage.database import Transaction
from smm_inbox.storage.errors import StorageError
from smm_inbox.storage.sorting import Decision
from tests.services.desk import Desk, at, came, direct, eventually

Command = Callable[[Triage, Collection[ConversationId]], Awaitable[int]]
TOMORROW = at(0) + timedelta(days=1)

COMMANDS: dict[str, tuple[Command, View, int]] = {
    "close": (lambda t, ids: t.close(ids), View.CLOSED, 0),
    "no answer": (lambda t, ids: t.no_answer(ids), View.CLOSED, 0),
    "in progress": (lambda t, ids: t.in_progress(ids), View.AWAITING, 1),
    "type": (lambda t, ids: t.set_type(ids, MessageType.COMPLAINT), View.AWAITING, 1),
    "spam": (lambda t, ids: t.spam(ids), View.SPAM, 1),
    "snooze": (lambda t, ids: t.snooze(ids, TOMORROW), View.SNOOZED, 1),
    "until they write": (lambda t, ids: t.snooze(ids, UNTIL_ANSWER), View.SNOOZED, 1),
    "star": (lambda t, ids: t.star(ids), View.STARRED, 1),
}


async def picture(desk: Desk) -> list[tuple[object, ...]]:
    """Everything an operator can change."""
    found: list[tuple[object, ...]] = []
    for sql in (
        "SELECT id, status, type, spam, snoozed_until, starred, awaiting, rank, tie "
        "FROM conversations",
        "SELECT id, state, answer_id FROM messages",
        "SELECT account, box, kind, total, awaiting FROM counters WHERE total <> 0",
    ):
        found += [tuple(row) for row in await desk.db.all(sql + " ORDER BY 1, 2")]
    return found


@pytest.fixture
async def three(desk: Desk) -> Desk:
    """Three waiting guests."""
    for guest in ("maria", "igor", "olga"):
        await desk.store(came(guest, place=direct(guest), author=guest))
    return desk


async def everybody(desk: Desk) -> list[ConversationId]:
    return [await desk.talk(direct(guest)) for guest in ("maria", "igor", "olga")]


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_command_moves_a_conversation_and_undo_brings_it_back(
    three: Desk, name: str
) -> None:
    command, view, awaiting = COMMANDS[name]
    before = await picture(three)
    which = await three.talk()
    assert await command(three.services.triage, [which]) == 1
    assert which in await three.listed(view)
    assert await three.awaiting() == awaiting
    assert await picture(three) != before
    undone = await three.services.undo.last()
    assert undone is not None
    assert undone.conversation == which
    assert undone.sentence
    assert await picture(three) == before
    assert (await three.journal())[-1] == "undone"


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_selection_is_changed_and_brought_back_as_one(three: Desk, name: str) -> None:
    command, view, _ = COMMANDS[name]
    before = await picture(three)
    ids = await everybody(three)
    assert await command(three.services.triage, [*ids, ids[0], ConversationId(999)]) == 3
    assert set(await three.listed(view)) == set(ids)
    assert len(await three.journal()) == 6
    await three.services.undo.last()
    assert await picture(three) == before
    assert await three.services.undo.last() is None


async def test_what_is_so_already_is_not_done_again(three: Desk) -> None:
    which = [await three.talk()]
    triage = three.services.triage
    assert await triage.close(which) == 1
    assert await triage.close(which) == 0
    assert (await three.journal()).count("status") == 1
    await three.services.undo.last()
    assert await three.awaiting() == 1
    assert await three.services.undo.last() is None


async def test_undo_goes_back_step_by_step(three: Desk) -> None:
    triage, undo, which = three.services.triage, three.services.undo, [await three.talk()]
    pictures = [await picture(three)]
    for step in (
        triage.set_type(which, MessageType.COMPLAINT),
        triage.in_progress(which),
        triage.snooze(which, TOMORROW),
        triage.close(which),
        triage.reopen(which),
    ):
        assert await step == 1
        pictures.append(await picture(three))
    for expected in reversed(pictures[:-1]):
        assert await undo.last() is not None
        assert await picture(three) == expected
    assert await undo.last() is None


async def test_undo_takes_the_last_thing_back_be_it_an_answer_or_a_decision(three: Desk) -> None:
    undo = three.services.undo
    await three.answer("Ответ", undo=True)
    await three.services.triage.spam([await three.talk(direct("igor"))])
    first = await undo.last()
    assert first is not None
    assert not first.draft_restored
    assert await three.listed(View.SPAM) == []
    second = await undo.last()
    assert second is not None
    assert second.draft_restored
    assert second.conversation == await three.talk()
    assert await undo.last() is None


async def test_undo_of_an_answer_that_left_says_so_and_goes_on(three: Desk) -> None:
    await three.online()
    await three.services.triage.spam([await three.talk(direct("igor"))])
    await three.settled(await three.answer())
    gone = await three.services.undo.last()
    assert gone is not None
    assert "already left" in gone.sentence
    assert not gone.draft_restored
    assert await three.services.undo.last() is not None
    assert await three.listed(View.SPAM) == []


async def test_what_came_meanwhile_is_not_undone(three: Desk) -> None:
    which = await three.talk()
    await three.services.triage.snooze([which], TOMORROW)
    await three.services.triage.close([which])
    await three.store(came("2", "А веранда?", minute=1))
    await three.services.undo.last()
    assert which in await three.listed()  # not put aside again over a new question
    assert await three.awaiting() == 2
    await three.services.undo.last()
    assert which in await three.listed()


async def test_undo_leaves_what_others_changed_since(three: Desk) -> None:
    which = [await three.talk()]
    await three.services.triage.set_type(which, MessageType.COMPLAINT)
    await three.online()
    await three.settled(await three.answer(close_after=True))
    await three.services.undo.last()  # the answer has left already
    await three.services.undo.last()  # the type
    row = (await three.card()).row
    assert (row.type, row.status) == (None, Status.CLOSED)


async def test_what_could_not_be_undone_now_can_be_undone_later() -> None:
    undo, broken = Undo(), [StorageError("The disk is full.")]

    async def action() -> Undone:
        if broken:
            raise broken.pop()
        return Undone("Done.")  # type: ignore[arg-type]

    undo.push(action)
    with pytest.raises(InboxError):
        await undo.last()
    assert await undo.last() == Undone("Done.")  # type: ignore[arg-type]
    assert await undo.last() is None


async def test_closing_takes_out_of_the_snoozed(three: Desk) -> None:
    which = await three.talk()
    await three.services.triage.snooze([which], TOMORROW)
    await three.services.triage.close([which])
    assert await three.listed(View.CLOSED) == [which]
    assert await three.listed(View.SNOOZED) == []


async def test_closing_leaves_alone_who_waits_for_an_answer_on_its_way(three: Desk) -> None:
    await three.answer(undo=True)
    await three.services.triage.close([await three.talk()])
    assert (await three.states())["Есть столик?"] == "awaiting"
    assert await three.listed(View.CLOSED) == [await three.talk()]
    await three.services.undo.last()
    await three.services.undo.last()
    assert await three.talk() in await three.listed()


async def test_the_snoozed_come_back_in_their_time(three: Desk) -> None:
    which = await three.talk()
    await three.services.triage.close([which])
    await three.services.triage.snooze([which], TOMORROW)
    await three.services.triage.wake()
    assert await three.listed(View.SNOOZED) == [which]
    three.clock.pass_by(days=1)
    await three.services.start()
    await eventually(lambda: _is_open(three, which))


async def _is_open(desk: Desk, which: ConversationId) -> bool:
    return which in await desk.listed(View.OPEN)


async def test_a_snooze_ends_in_its_time_also_when_it_is_the_first_one(three: Desk) -> None:
    await three.services.start()
    which = await three.talk()
    # Nobody looks again for a minute: putting something aside has to tell.
    await three.services.triage.snooze([which], at(0) + timedelta(seconds=0.3))
    assert await three.listed(View.SNOOZED) == [which]
    three.clock.pass_by(seconds=1)
    await eventually(lambda: _is_open(three, which))
    assert (await three.journal())[-1] == "woken"


async def test_until_they_write_ends_when_they_write(three: Desk) -> None:
    which = await three.talk()
    await three.services.triage.snooze([which], UNTIL_ANSWER)
    three.clock.pass_by(days=10_000)
    await three.services.triage.wake()
    assert await three.listed(View.SNOOZED) == [which]
    await three.store(came("2", "А веранда?", minute=1))
    assert which in await three.listed()
    assert (await three.card()).row.snoozed_until is None


async def test_what_is_put_aside_can_be_brought_back_as_it_was(three: Desk) -> None:
    which = [await three.talk()]
    await three.services.triage.in_progress(which)
    await three.services.triage.snooze(which, TOMORROW)
    assert await three.services.triage.bring_back(which) == 1
    row = (await three.card()).row
    assert (row.status, row.snoozed_until) == (Status.IN_PROGRESS, None)
    await three.services.undo.last()
    assert await three.listed(View.SNOOZED) == which


async def test_a_batch_that_fails_half_way_is_taken_back_whole(
    three: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triage_module, "AT_ONCE", 1)
    ids, before = await everybody(three), await picture(three)
    real, portions = sorting.decide, iter(range(10))

    async def decide(tx: Transaction, which: Collection[ConversationId], what: Decision) -> None:
        if next(portions) == 2:
            raise StorageError("The disk is full.")
        await real(tx, which, what)

    monkeypatch.setattr(sorting, "decide", decide)
    with pytest.raises(StorageError):
        await three.services.triage.close(ids)
    assert await three.listed() == ids[2:]
    await three.services.undo.last()
    assert await picture(three) == before


async def test_waking_is_not_ended_by_a_database_that_refuses(
    three: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smm_inbox.services import container

    monkeypatch.setattr(container, "_LONGEST_NAP", 0.01)
    real, broken = three.services.triage.wake, [StorageError("The disk is full.")]

    async def wake() -> None:
        if broken:
            raise broken.pop()
        await real()

    monkeypatch.setattr(three.services.triage, "wake", wake)
    which = await three.talk()
    await three.services.triage.snooze([which], at(1))
    three.clock.pass_by(minutes=2)
    await three.services.start()
    await eventually(lambda: _is_open(three, which))
    assert broken == []


async def test_reopening_brings_back_from_everywhere(three: Desk) -> None:
    triage, ids = three.services.triage, await everybody(three)
    await triage.close(ids[:1])
    await triage.snooze(ids[1:2], TOMORROW)
    await triage.spam(ids[2:])
    assert await three.listed(View.OPEN) == []
    assert await triage.reopen(ids) == 3
    assert set(await three.listed(View.OPEN)) == set(ids)
    # What was closed as needing no answer needs none still.
    assert set(await three.listed()) == set(ids[1:])


async def test_in_progress_goes_on_waiting(three: Desk) -> None:
    await three.services.triage.in_progress([await three.talk()])
    row = (await three.card()).row
    assert (row.status, row.awaiting) == (Status.IN_PROGRESS, 1)


async def test_the_journal_says_who_decided_what(three: Desk) -> None:
    which = [await three.talk()]
    triage = three.services.triage
    await triage.set_type(which, MessageType.THANKS)
    await triage.spam(which)
    await triage.spam(which, False)
    await triage.snooze(which, TOMORROW)
    await triage.close(which)
    lines = await three.db.all("SELECT * FROM journal WHERE event <> 'arrived' ORDER BY id")
    assert {line["operator"] for line in lines} == {"Анна"}
    assert {line["conversation_id"] for line in lines} == set(which)
    told = [(line["event"], json.loads(line["details"])["value"]) for line in lines]
    assert told == [
        ("type", "thanks"),
        ("spam", "1"),
        ("spam", "0"),
        ("snoozed", TOMORROW.isoformat()),
        ("status", "closed"),
    ]


async def test_reading_changes_nothing(three: Desk) -> None:
    before, lines = await picture(three), len(await three.journal())
    feed = three.services.feed
    await three.card()
    await three.shown()
    await feed.counts()
    for view in View:
        await three.listed(view)
    assert await picture(three) == before
    assert len(await three.journal()) == lines
