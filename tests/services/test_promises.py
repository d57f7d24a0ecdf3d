"""Promises in answers: written down with them, gone with them, told of in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from smm_inbox.domain.conversation import MessageType, Status
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.promise import PromiseKind, PromiseState
from smm_inbox.services.bus import PromiseDue
from smm_inbox.services.promises import remind_at
from tests.services.desk import Desk, came, eventually, thread
from tests.services.network import START


def told(desk: Desk) -> list[str]:
    return [one.promise.phrase for one in desk.events if isinstance(one, PromiseDue)]


async def test_an_answer_writes_its_promise_down(desk: Desk) -> None:
    await desk.store(came("1"))
    queued = await desk.answer("Уточним и перезвоним через час")
    (promise,) = await desk.services.promises.open_ones()
    assert promise.phrase == "Уточним и перезвоним через час"
    assert promise.due == START + timedelta(hours=1)
    assert promise.conversation == await desk.talk()
    assert promise.operator == "Анна"
    assert [one.due for one in queued.promises] == [promise.due]
    assert "promised" in await desk.journal()


async def test_a_promise_goes_with_the_answer_that_is_taken_back(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.answer("Перезвоним через час", undo=True)
    assert await desk.services.promises.open_ones()
    await desk.services.undo.last()
    assert await desk.services.promises.open_ones() == ()


async def test_what_is_no_promise_is_not_written_down(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.answer("Ждём вас завтра в 10")
    assert await desk.services.promises.open_ones() == ()


async def test_a_promise_is_told_of_once_before_it_is_due(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.answer("Перезвоним через час")
    promises = desk.services.promises
    desk.clock.pass_by(minutes=44)
    assert await promises.remind() == ()
    desk.clock.pass_by(minutes=2)
    assert len(await promises.remind()) == 1
    assert await promises.remind() == ()
    assert told(desk) == ["Перезвоним через час"]
    assert (await promises.open_ones())[0].state is PromiseState.OPEN


async def test_a_closed_conversation_comes_back_as_work_in_progress(desk: Desk) -> None:
    await desk.store(came("1"))
    queued = await desk.answer("Перезвоним через час")
    await desk.online()
    await desk.settled(queued)
    await desk.services.triage.close([await desk.talk()])
    desk.clock.pass_by(minutes=50)
    await desk.services.promises.remind()
    assert (await desk.card()).row.status is Status.IN_PROGRESS


async def test_the_engine_tells_by_itself(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.services.promises.add(
        await desk.talk(), "перезвонить", desk.clock.now() + timedelta(milliseconds=1)
    )
    desk.clock.pass_by(minutes=1)
    await desk.online()
    await eventually(lambda: told(desk) == ["перезвонить"])


async def test_a_promise_given_while_the_engine_sleeps_is_told_of_in_time(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.online()  # nothing is promised: it sleeps for a minute
    talk = await desk.talk()
    due = desk.clock.now() + timedelta(minutes=1)
    await desk.services.promises.add(talk, "перезвонить", due)
    desk.clock.pass_by(minutes=1)
    await desk.services.promises.add(talk, "и ещё раз", due + timedelta(hours=1))
    await eventually(lambda: told(desk) == ["перезвонить"])


async def test_a_promise_of_an_answer_wakes_who_reminds(desk: Desk) -> None:
    await desk.store(came("1"))
    desk.services.promises.given.clear()
    await desk.answer("Ждём вас")
    assert not desk.services.promises.given.is_set()
    await desk.answer("Перезвоним через час")
    assert desk.services.promises.given.is_set()


async def test_keeping_dropping_and_moving_are_taken_back(desk: Desk) -> None:
    await desk.store(came("1"))
    promises, undo = desk.services.promises, desk.services.undo
    due = START + timedelta(hours=3)
    promise = await promises.add(await desk.talk(), "вернуть деньги", due)
    for settle in (promises.keep, promises.drop):
        assert await settle(promise)
        assert await promises.open_ones() == ()
        assert not await settle(promise)
        assert await undo.last() is not None
        assert [one.due for one in await promises.open_ones()] == [due]
    assert await promises.move(promise, due + timedelta(hours=1))
    assert (await promises.open_ones())[0].due == due + timedelta(hours=1)
    await undo.last()
    assert (await promises.open_ones())[0].due == due
    await undo.last()
    assert await promises.open_ones() == ()


async def test_nothing_is_promised_to_a_conversation_that_is_gone(desk: Desk) -> None:
    with pytest.raises(InboxError):
        await desk.services.promises.add(ConversationId(404), "перезвонить", START)
    assert await desk.services.promises.open_ones() == ()


async def test_promises_are_listed_by_urgency(desk: Desk) -> None:
    await desk.store(came("1"))
    for hours in (5, 1, 3):
        await desk.services.promises.add(
            await desk.talk(), f"через {hours}", START + timedelta(hours=hours)
        )
    listed = [one.phrase for one in await desk.services.promises.of(await desk.talk())]
    assert listed == ["через 1", "через 3", "через 5"]


async def test_promises_survive_a_killed_program(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.answer("Перезвоним через час")
    await desk.restart()
    assert [one.phrase for one in await desk.services.promises.open_ones()] == [
        "Перезвоним через час"
    ]


@pytest.mark.parametrize(("minutes", "early"), [(10, 5), (30, 15), (60, 15), (6000, 15)])
def test_the_operator_hears_of_it_while_there_is_time(minutes: int, early: int) -> None:
    due = START + timedelta(minutes=minutes)
    assert remind_at(START, due) == due - timedelta(minutes=early)


async def public_complaint(desk: Desk, *, answered: bool) -> ConversationId:
    place = thread("igor")
    await desk.store(came("1", "Суп холодный!", place=place, author="igor"))
    talk = await desk.talk(place)
    await desk.services.triage.set_type([talk], MessageType.COMPLAINT)
    if answered:
        queued = await desk.answer("Простите, разберёмся!", place=place)
        await desk.online()
        await desk.settled(queued)
        (promise,) = await desk.services.promises.of(talk)
        await desk.services.promises.drop(promise.id)
    return talk


async def test_a_solved_public_complaint_owes_its_thread_the_result(desk: Desk) -> None:
    talk = await public_complaint(desk, answered=True)
    await desk.services.triage.close([talk])
    (promise,) = await desk.services.promises.of(talk)
    assert promise.kind is PromiseKind.REPORT
    assert promise.due > desk.clock.now()
    await desk.services.undo.last()
    assert await desk.services.promises.of(talk) == ()


async def test_the_result_is_owed_once(desk: Desk) -> None:
    talk = await public_complaint(desk, answered=True)
    await desk.services.triage.close([talk])
    (promise,) = await desk.services.promises.of(talk)
    await desk.services.promises.keep(promise.id)
    await desk.services.triage.reopen([talk])
    await desk.services.triage.close([talk])
    assert await desk.services.promises.of(talk) == ()


async def test_a_complaint_nobody_answered_owes_no_result(desk: Desk) -> None:
    talk = await public_complaint(desk, answered=False)
    await desk.services.triage.close([talk])
    assert await desk.services.promises.of(talk) == ()
