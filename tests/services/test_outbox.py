"""Delivery: the undo window, exactly once whatever the network does, order, and quitting."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from smm_inbox.domain.channel import HealthState, ReplyKind
from smm_inbox.domain.conversation import Status
from smm_inbox.domain.errors import (
    Ambiguous,
    AuthExpired,
    InboxError,
    NeedsHuman,
    RateLimited,
    Rejected,
    Retry,
)
from smm_inbox.domain.feed import View
from smm_inbox.domain.ids import OutboxId
from smm_inbox.domain.outgoing import OutAction, OutState
from smm_inbox.services import container, settle
from smm_inbox.services import outbox as worker
from smm_inbox.services.outcomes import retry_pause
from smm_inbox.storage import outbox as store
from smm_inbox.storage.database import Database
from smm_inbox.storage.errors import StorageError
from tests.services.desk import BAR, CAFE, Desk, at, came, direct, eventually, ours, thread
from tests.services.network import Effect, Hang

SOUP = thread("igor")
LONG = "Первая часть этого ответа довольно длинна. Вторая часть тоже не короче. И третья."


async def reason(desk: Desk, row: OutboxId) -> str:
    found = await desk.db.one("SELECT reason FROM outbox WHERE id = ?", (row,))
    assert found is not None
    return str(found["reason"])


@pytest.fixture
async def ready(desk: Desk) -> Desk:
    """A connected program with one waiting guest."""
    await desk.store(came("1"))
    await desk.online()
    return desk


# --- the undo window ------------------------------------------------------------------------------


async def test_an_answer_waits_out_its_undo_window(ready: Desk) -> None:
    queued = await ready.answer(undo=True)
    assert queued.not_before == at(0) + timedelta(seconds=5)
    ready.later(seconds=4.999)
    await ready.answer("Вперёд", place=direct(), undo=True)  # pokes the outbox as well
    assert ready.world().calls == []
    assert (await ready.card()).row.pending == 2
    assert await ready.awaiting() == 0
    ready.later(seconds=0.001)
    await ready.settled(queued)
    assert ready.world().texts == ["Есть, ждём вас"]


async def test_the_window_is_that_of_the_kind(ready: Desk) -> None:
    await ready.store(came("2", place=SOUP, author="igor"))
    assert (await ready.answer(place=SOUP, undo=True)).not_before == at(0) + timedelta(seconds=7)
    assert (await ready.answer(place=SOUP)).not_before == at(0)


async def test_an_answer_outlives_the_program(ready: Desk) -> None:
    queued = await ready.answer(undo=True)
    await ready.restart()
    await ready.online()
    assert ready.world().calls == []
    ready.later(seconds=6)
    await ready.settled(queued)
    assert ready.world().texts == ["Есть, ждём вас"]


# --- exactly once ---------------------------------------------------------------------------------


async def test_a_sent_answer_ends_the_waiting_and_is_written_down(ready: Desk) -> None:
    queued = await ready.answer()
    await ready.settled(queued)
    assert await ready.states() == {"Есть столик?": "answered", "Есть, ждём вас": "sent"}
    assert await ready.journal() == ["arrived", "queued", "sent"]
    assert await ready.listed() == []
    assert [told.state for told in ready.told()] == [OutState.SENT]
    (row,) = [row for row in await ready.shown() if row.text == "Есть, ждём вас"]
    assert row.operator == "Анна"
    assert row.outbox is None


@pytest.mark.parametrize("effect", [False, True])
async def test_killed_on_the_wire_it_is_sent_exactly_once(ready: Desk, effect: bool) -> None:
    hang = Hang(effect=effect)
    ready.channel().outcomes.append(hang)
    queued = await ready.answer()
    await hang.begun.wait()
    assert await ready.outbox_state(queued.outbox[0]) == "sending"
    first = ready.world().calls[0].token
    await ready.restart()
    assert await ready.outbox_state(queued.outbox[0]) == "ambiguous"
    assert await ready.awaiting() == 0
    await ready.online()
    await ready.settled(queued)
    assert ready.world().texts == ["Есть, ждём вас"]
    assert ready.world().delivered[0].token == first
    assert await ready.states() == {"Есть столик?": "answered", "Есть, ждём вас": "sent"}


async def test_killed_before_the_call_it_is_sent_exactly_once(ready: Desk) -> None:
    # The attempt is written down before the call; the power fails between the two.
    queued = await ready.answer(undo=True)
    async with ready.db.transaction() as tx:
        await tx.run("UPDATE outbox SET state = 'sending', attempts = 1, first_attempt_at = 1")
        await tx.run("UPDATE messages SET state = 'sending' WHERE own = 1")
    await ready.restart()
    await ready.online()
    await ready.settled(queued)
    assert ready.world().texts == ["Есть, ждём вас"]


@pytest.mark.parametrize("step", [Effect(), Ambiguous("?")], ids=["arrived", "did not"])
async def test_a_lost_answer_of_the_network_is_looked_for(
    ready: Desk, step: Effect | Ambiguous
) -> None:
    ready.channel().outcomes.append(step)
    queued = await ready.answer()
    await ready.reaches(queued.outbox[0], "ambiguous")
    assert (await ready.states())["Есть, ждём вас"] == "ambiguous"
    assert await ready.listed(View.NOT_SENT) == [await ready.talk()]
    assert await ready.awaiting() == 0
    ready.later(seconds=1)
    await ready.settled(queued)
    assert ready.world().texts == ["Есть, ждём вас"]
    assert len({call.token for call in ready.world().calls}) == 1
    assert await ready.journal() == ["arrived", "queued", "ambiguous", "sent"]


async def test_a_network_that_goes_on_failing_is_not_hammered(ready: Desk) -> None:
    ready.channel().outcomes += [Ambiguous("A fault of its own."), Ambiguous("A fault again.")]
    queued = await ready.answer()
    await ready.reaches(queued.outbox[0], "ambiguous")
    ready.later(seconds=1)  # not there: repeated at once, and in doubt again
    await eventually_in_doubt_again(ready, queued.outbox[0])
    ready.later(seconds=1)
    await ready.reaches(queued.outbox[0], "queued")
    row = await store.get(ready.db, queued.outbox[0])
    assert row is not None
    assert row.due_at > ready.clock.now()
    assert row.reason == "A fault again.", "why it waits is told"
    ready.later(seconds=4)
    await ready.settled(queued)
    assert ready.world().texts == ["Есть, ждём вас"]


async def eventually_in_doubt_again(desk: Desk, row: OutboxId) -> None:
    async def there() -> bool:
        found = await store.get(desk.db, row)
        return found is not None and (found.attempts, found.state) == (2, "ambiguous")

    await eventually(there)


async def test_a_fault_inside_the_channel_is_a_doubt(ready: Desk) -> None:
    ready.channel().outcomes.append(Effect(KeyError("response")))
    queued = await ready.answer()
    await ready.reaches(queued.outbox[0], "ambiguous")
    ready.later(seconds=1)
    await ready.settled(queued)
    assert ready.world().texts == ["Есть, ждём вас"]


async def test_a_call_that_never_ends_is_a_doubt(
    ready: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_SEND_TIMEOUT", 0.02)
    ready.channel().outcomes.append(Hang(effect=True))
    queued = await ready.answer()
    await ready.reaches(queued.outbox[0], "ambiguous")
    ready.later(seconds=1)
    await ready.settled(queued)
    assert ready.world().texts == ["Есть, ждём вас"]


async def test_a_doubt_that_cannot_be_cleared_now_is_looked_at_later(ready: Desk) -> None:
    channel = ready.channel()
    channel.outcomes.append(Effect())
    real, broken = channel.find, [Retry("Away."), AuthExpired("Token."), Ambiguous("?")]

    async def find(message: object) -> object:
        if broken:
            raise broken.pop(0)
        return await real(message)  # type: ignore[arg-type]

    channel.find = find  # type: ignore[assignment]
    queued = await ready.answer()
    await ready.reaches(queued.outbox[0], "ambiguous")

    async def put_off() -> bool:
        row = await store.get(ready.db, queued.outbox[0])
        return row is not None and row.due_at > ready.clock.now()

    for left in (2, 1, 0):
        ready.later(seconds=25)
        await eventually(lambda left=left: len(broken) == left)  # type: ignore[misc]
        await eventually(put_off)
        await eventually(lambda: ready.services.accounts.channel_of(CAFE))
    ready.later(seconds=25)
    await ready.settled(queued)
    assert ready.world().texts == ["Есть, ждём вас"]


async def test_a_passing_fault_is_repeated_with_the_same_token_and_growing_pauses(
    ready: Desk,
) -> None:
    ready.channel().outcomes.append(Retry("No line."))
    queued = await ready.answer()
    for calls, pause in ((1, 2), (2, 4)):
        await eventually(lambda calls=calls: len(ready.world().calls) == calls)  # type: ignore[misc]
        await ready.reaches(queued.outbox[0], "queued")
        assert await reason(ready, queued.outbox[0]) == "No line."
        assert await ready.listed(View.NOT_SENT) == [await ready.talk()]
        ready.later(seconds=pause - 0.001)
        await _round(ready)
        assert len(ready.world().calls) == calls
        if calls == 1:
            ready.channel().outcomes.append(Retry("No line."))
        ready.later(seconds=0.001)
    await ready.settled(queued)
    assert ready.world().texts == ["Есть, ждём вас"]
    assert len({call.token for call in ready.world().calls}) == 1


async def _round(desk: Desk) -> None:
    """Let the outbox look once around: something of another account passes through it."""
    await desk.store(came("round", place=direct("round"), author="round"))
    await desk.settled(await desk.answer("Круг", place=direct("round")))
    desk.world().delivered.pop()
    desk.world().calls.pop()


def test_pauses_grow_to_five_minutes() -> None:
    pauses = [retry_pause(attempts).total_seconds() for attempts in range(1, 40)]
    assert pauses[:4] == [2, 4, 8, 16]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 300


async def test_a_network_that_asks_to_wait_is_obeyed(ready: Desk) -> None:
    ready.channel().outcomes.append(RateLimited("Slow down.", at(10)))
    queued = await ready.answer()
    await eventually(lambda: ready.world().calls)
    await ready.reaches(queued.outbox[0], "queued")
    ready.later(minutes=9, seconds=59)
    await _round(ready)
    assert len(ready.world().calls) == 1
    ready.later(seconds=1)
    await ready.settled(queued)
    assert ready.world().texts == ["Есть, ждём вас"]


async def test_dead_credentials_reconnect_and_send_afterwards(ready: Desk) -> None:
    channel = ready.channel()
    channel.outcomes.append(AuthExpired("The token is dead."))
    channel.connects.append(AuthExpired("The token is dead."))
    queued = await ready.answer()
    health = ready.services.accounts.health
    await eventually(lambda: health(CAFE).state is HealthState.NEEDS_LOGIN)
    await ready.reaches(queued.outbox[0], "queued")
    ready.later(hours=1)
    assert (await ready.card()).row.pending == 1
    await ready.services.accounts.retry_now(CAFE)
    await ready.settled(queued)
    assert ready.world().texts == ["Есть, ждём вас"]


async def test_what_the_network_refuses_is_not_sent_and_the_guest_waits_again(
    ready: Desk,
) -> None:
    ready.channel().outcomes.append(Rejected("The guest blocked us."))
    queued = await ready.answer(close_after=True)
    await ready.reaches(queued.outbox[0], "failed")
    which = await ready.talk()
    assert await ready.listed(View.NOT_SENT) == [which]
    assert await ready.listed() == [which]
    assert (await ready.card()).row.status is Status.NEW
    (row,) = [row for row in await ready.shown() if row.outbox is not None]
    assert row.reason == "The guest blocked us."
    assert row.state is OutState.FAILED
    assert row.action is OutAction.SEND
    ready.later(hours=5)
    await _round(ready)
    assert len(ready.world().calls) == 1
    assert ready.told()[0].sentence == "The guest blocked us."
    assert "failed" in await ready.journal()


async def test_a_page_to_open_comes_with_the_refusal(ready: Desk) -> None:
    ready.channel().outcomes.append(NeedsHuman("Prove that you are human.", "https://x/captcha"))
    queued = await ready.answer()
    await ready.reaches(queued.outbox[0], "failed")
    (row,) = [row for row in await ready.shown() if row.outbox is not None]
    assert row.reason_url == "https://x/captcha"
    assert ready.told()[-1].url == "https://x/captcha"
    await ready.services.unsent.retry(queued.outbox[0])
    await ready.settled(queued)
    assert ready.world().texts == ["Есть, ждём вас"]


async def test_a_failure_in_a_talk_closed_meanwhile_brings_it_back(ready: Desk) -> None:
    hang = Hang()
    ready.channel().outcomes.extend([hang])
    queued = await ready.answer()
    await hang.begun.wait()
    await ready.services.triage.close([await ready.talk()])
    ready.channel().outcomes.append(Rejected("No."))
    await ready.restart()  # the hung one is doubtful, was not there, and is refused
    ready.channel().outcomes.append(Rejected("No."))
    await ready.online()
    await ready.reaches(queued.outbox[0], "failed")
    assert await ready.listed() == [await ready.talk()]


# --- the operator decides -------------------------------------------------------------------------


async def doubtful(desk: Desk, *, effect: bool = True) -> OutboxId:
    """An answer whose fate the network cannot tell."""
    desk.channel().find = desk.channel().cannot_tell
    desk.channel().outcomes.append(Effect() if effect else Ambiguous("?"))
    queued = await desk.answer()
    await desk.reaches(queued.outbox[0], "ambiguous")
    desk.later(seconds=1)

    async def told() -> bool:
        return await reason(desk, queued.outbox[0]) == "Look yourself."

    await eventually(told)
    desk.later(hours=5)
    await _round(desk)
    assert desk.world().looks == 1  # it is not asked over and over
    return queued.outbox[0]


async def test_what_the_network_cannot_tell_is_confirmed_by_the_operator(ready: Desk) -> None:
    row = await doubtful(ready)
    await ready.services.unsent.confirm_sent(row)
    assert await ready.states() == {"Есть столик?": "answered", "Есть, ждём вас": "sent"}
    assert await ready.outbox_state(row) == "gone"
    assert await ready.listed(View.NOT_SENT) == []


async def test_what_the_network_cannot_tell_is_sent_again_by_the_operator(ready: Desk) -> None:
    row = await doubtful(ready, effect=False)
    old = ready.world().calls[0].token
    await ready.services.unsent.retry(row)
    await ready.reaches(row, "gone")
    assert ready.world().texts == ["Есть, ждём вас"]
    # Five hours later the network has forgotten the old token: it protects from nothing.
    assert ready.world().delivered[0].token != old
    assert await ready.states() == {"Есть столик?": "answered", "Есть, ждём вас": "sent"}


async def test_within_its_lifetime_a_token_is_used_again(ready: Desk) -> None:
    ready.channel().outcomes.append(Rejected("No."))
    queued = await ready.answer()
    await ready.reaches(queued.outbox[0], "failed")
    ready.later(minutes=50)
    await ready.services.unsent.retry(queued.outbox[0])
    await ready.settled(queued)
    assert len({call.token for call in ready.world().calls}) == 1
    assert "retried" in await ready.journal()


async def test_what_the_network_cannot_tell_is_dropped_by_the_operator(ready: Desk) -> None:
    row = await doubtful(ready, effect=False)
    await ready.services.unsent.discard(row)
    assert await ready.states() == {"Есть столик?": "awaiting"}
    assert await ready.listed() == [await ready.talk()]
    undone = await ready.services.undo.last()
    assert undone is not None
    assert undone.draft_restored
    draft = (await ready.card()).draft
    assert draft is not None
    assert draft.text == "Есть, ждём вас"


async def test_a_failed_answer_that_did_arrive_ends_the_waiting_of_its_time(ready: Desk) -> None:
    ready.channel().outcomes.append(Effect(Rejected("No.")))
    queued = await ready.answer()
    await ready.reaches(queued.outbox[0], "failed")
    ready.clock.pass_by(minutes=1)
    await ready.store(came("2", "А веранда?", minute=1))
    await ready.services.unsent.confirm_sent(queued.outbox[0])
    assert await ready.states() == {
        "Есть столик?": "answered",
        "Есть, ждём вас": "sent",
        "А веранда?": "awaiting",
    }


async def test_sending_again_covers_what_the_answer_was_written_for(ready: Desk) -> None:
    ready.channel().outcomes.append(Rejected("No."))
    queued = await ready.answer()
    await ready.reaches(queued.outbox[0], "failed")
    ready.clock.pass_by(minutes=1)
    await ready.store(came("2", "А веранда?", minute=1))
    await ready.services.unsent.retry(queued.outbox[0])
    await ready.settled(queued)
    states = await ready.states()
    assert states["Есть столик?"] == "answered"
    assert states["А веранда?"] == "awaiting"


async def test_sending_a_private_answer_again_covers_the_comment(ready: Desk) -> None:
    await ready.store(
        came("2", "Холодный", place=SOUP, author="igor"),
        came("3", "И у меня", place=SOUP, author="olga"),
    )
    ready.channel().outcomes.append(Rejected("No."))
    queued = await ready.answer("Напишите нам", place=SOUP, to="2", kind=ReplyKind.PRIVATE)
    await ready.reaches(queued.outbox[0], "failed")
    assert await ready.awaiting(SOUP) == 2
    await ready.services.unsent.retry(queued.outbox[0])
    await ready.settled(queued)
    assert await ready.states(SOUP) == {"Холодный": "answered", "И у меня": "awaiting"}
    assert await ready.awaiting(SOUP) == 1


async def test_decisions_about_what_is_not_in_doubt_are_refused(ready: Desk) -> None:
    queued = await ready.answer(undo=True)
    unsent, row = ready.services.unsent, queued.outbox[0]
    for command in (unsent.retry, unsent.confirm_sent, unsent.discard):
        with pytest.raises(InboxError):
            await command(row)
        with pytest.raises(InboxError):
            await command(OutboxId(999))
    assert await ready.outbox_state(row) == "queued"


# --- parts, conversations, accounts ---------------------------------------------------------------


async def test_a_long_answer_leaves_in_parts_one_after_the_other(ready: Desk) -> None:
    hang = Hang()
    ready.channel().outcomes.append(hang)
    queued = await ready.answer(LONG)
    assert queued.parts == len(queued.outbox) == 3
    await hang.begun.wait()
    ready.later(minutes=5)
    assert len(ready.world().calls) == 1
    assert (await ready.states())["Есть столик?"] == "awaiting"
    hang.let_go.set()
    await ready.settled(queued)
    assert " ".join(ready.world().texts) == LONG
    assert [str(row.text) for row in await ready.shown()][1:] == ready.world().texts
    assert (await ready.states())["Есть столик?"] == "answered"
    assert len({call.token for call in ready.world().calls}) == 3


async def test_a_doubtful_part_holds_the_later_ones_back(ready: Desk) -> None:
    ready.channel().find = ready.channel().cannot_tell
    ready.channel().outcomes.append(Effect())
    queued = await ready.answer(LONG)
    await ready.reaches(queued.outbox[0], "ambiguous")
    ready.later(hours=1)
    await _round(ready)
    assert len(ready.world().delivered) == 1
    await ready.services.unsent.confirm_sent(queued.outbox[0])
    await ready.settled(queued)
    assert " ".join(ready.world().texts) == LONG
    assert (await ready.states())["Есть столик?"] == "answered"


async def test_a_refused_part_fails_the_later_ones_with_it(ready: Desk) -> None:
    ready.channel().outcomes.extend([None, Rejected("Too many words.")])
    queued = await ready.answer(LONG)
    await ready.reaches(queued.outbox[2], "failed")
    assert await ready.outbox_state(queued.outbox[1]) == "failed"
    assert (await ready.states())["Есть столик?"] == "awaiting"
    assert await ready.awaiting() == 1
    await ready.services.unsent.retry(queued.outbox[2])
    await ready.settled(queued)
    assert " ".join(ready.world().texts) == LONG
    assert await ready.awaiting() == 0


async def test_answers_of_a_talk_leave_in_the_order_they_were_written(ready: Desk) -> None:
    ready.channel().outcomes.append(Retry("No line."))
    first = await ready.answer("Первый")
    await eventually(lambda: ready.world().calls)
    await ready.reaches(first.outbox[0], "queued")
    second = await ready.answer("Второй")
    await _round(ready)
    assert ready.world().texts == []
    ready.later(seconds=3)
    await ready.settled(first)
    await ready.settled(second)
    assert ready.world().texts == ["Первый", "Второй"]


async def test_a_hung_talk_holds_no_other_up(ready: Desk) -> None:
    hang = Hang()
    ready.channel().outcomes.append(hang)
    await ready.answer()
    await hang.begun.wait()
    await ready.store(came("2", place=direct("olga"), author="olga"))
    await ready.settled(await ready.answer("Ольге", place=direct("olga")))
    assert ready.world().texts == ["Ольге"]


async def test_an_account_that_hangs_or_is_away_starves_no_other(two: Desk) -> None:
    await two.online()
    guests = [f"guest{number}" for number in range(60)]
    await two.store(*(came(g, place=direct(g), author=g) for g in guests))
    await two.store(came("b", place=direct("bar"), author="bar"), account=BAR)
    two.channel(CAFE).outcomes.extend(Hang() for _ in guests)
    for guest in guests:
        await two.answer("Кафе", place=direct(guest))
    await eventually(lambda: len(two.world(CAFE).calls) >= 4)
    await two.settled(await two.answer("Бар", place=direct("bar")))
    assert two.world(BAR).texts == ["Бар"]
    assert len(two.world(CAFE).calls) == 4


async def test_answers_of_an_account_that_is_away_wait_for_it(two: Desk) -> None:
    two.channel(CAFE).connects.append(AuthExpired("The token is dead."))
    await two.online(BAR)
    await two.store(came("1"))
    await two.store(came("b", place=direct("bar"), author="bar"), account=BAR)
    waiting = await two.answer("Кафе")
    await two.settled(await two.answer("Бар", place=direct("bar")))
    assert two.world(CAFE).calls == []
    await two.services.accounts.retry_now(CAFE)
    await two.settled(waiting)
    assert two.world(CAFE).texts == ["Кафе"]


async def test_a_hung_send_does_not_keep_the_program_from_ending(ready: Desk) -> None:
    hang = Hang()
    ready.channel().outcomes.append(hang)
    queued = await ready.answer()
    await hang.begun.wait()
    async with asyncio.timeout(1):
        await ready.services.stop()
    assert await ready.outbox_state(queued.outbox[0]) == "sending"


async def test_a_network_deaf_to_everything_does_not_keep_the_program_from_ending(
    ready: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def deaf(message: object) -> object:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if over.is_set():
                    raise

    over = asyncio.Event()
    channel = ready.channel()
    channel.send = deaf  # type: ignore[method-assign, assignment]
    channel.deaf.set()
    await ready.answer()
    await ready.reaches(OutboxId(1), "sending")
    monkeypatch.setattr(container, "_STOP_WITHIN", 0.3)
    async with asyncio.timeout(5):
        await ready.services.stop()
    over.set()
    channel.deaf.clear()


# --- the database refuses -------------------------------------------------------------------------


async def test_a_full_disk_after_the_send_does_not_send_twice(
    ready: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_FAULT_PAUSE", 0.01)
    real, broken = settle.delivered, [StorageError("The disk is full.")]

    async def full(*arguments: object) -> object:
        if broken:
            raise broken.pop()
        return await real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(settle, "delivered", full)
    queued = await ready.answer()
    later = await ready.answer("Второй")
    await ready.reaches(queued.outbox[0], "ambiguous")
    ready.later(seconds=2)
    await ready.settled(queued)
    await ready.settled(later)
    assert sorted(ready.world().texts) == ["Второй", "Есть, ждём вас"]


async def test_a_database_that_cannot_be_read_for_a_moment_does_not_end_delivery(
    ready: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_FAULT_PAUSE", 0.01)
    real, broken = store.next_due, [StorageError("Busy."), StorageError("Busy.")]

    async def busy(db: Database) -> object:
        if broken:
            raise broken.pop()
        return await real(db)

    monkeypatch.setattr(store, "next_due", busy)
    ready.services.outbox.poke()
    await eventually(lambda: not broken)
    await ready.settled(await ready.answer())
    assert ready.world().texts == ["Есть, ждём вас"]


# --- edits, deletions, closing --------------------------------------------------------------------


async def test_our_message_is_edited_on_the_network(ready: Desk) -> None:
    await ready.settled(await ready.answer("Есть, ждем"))
    message = await ready.message_id("sent-1")
    ready.channel().outcomes.append(Retry("No line."))
    await ready.services.published.edit(message, "Есть, ждём")
    await eventually(lambda: not ready.channel().outcomes)
    assert (await ready.shown())[-1].text == "Есть, ждем"
    ready.later(seconds=3)
    await eventually(lambda: ready.world().edits == [("sent-1", "Есть, ждём")])

    async def shown() -> bool:
        row = (await ready.shown())[-1]
        return row.text == "Есть, ждём" and row.outbox is None

    await eventually(shown)
    assert [revision.text for revision in (await ready.shown())[-1].revisions] == ["Есть, ждем"]
    assert (await ready.journal())[-1] == "edited"


async def test_a_doubtful_edit_is_simply_repeated(ready: Desk) -> None:
    await ready.settled(await ready.answer("Есть, ждем"))
    ready.channel().outcomes.append(Effect())
    await ready.services.published.edit(await ready.message_id("sent-1"), "Есть, ждём")
    await eventually(lambda: ready.world().edits)
    await eventually(lambda: ready.told()[-1].state is OutState.AMBIGUOUS)
    ready.later(seconds=1)
    await eventually(lambda: ready.told()[-1].state is OutState.SENT)
    assert ready.world().looks == 0
    assert (await ready.shown())[-1].text == "Есть, ждём"


async def test_a_refused_edit_leaves_the_message_and_can_be_dropped(ready: Desk) -> None:
    await ready.settled(await ready.answer("Есть, ждем"))
    ready.channel().outcomes.append(Rejected("Too late."))
    await ready.services.published.edit(await ready.message_id("sent-1"), "Есть, ждём")
    await eventually(lambda: ready.told()[-1].state is OutState.FAILED)
    row = (await ready.shown())[-1]
    assert (row.text, row.state, row.reason) == ("Есть, ждем", OutState.SENT, "Too late.")
    assert row.outbox is not None
    with pytest.raises(InboxError):
        await ready.services.unsent.confirm_sent(row.outbox)
    await ready.services.unsent.discard(row.outbox)
    assert (await ready.shown())[-1].outbox is None
    assert await ready.listed(View.NOT_SENT) == []
    assert (await ready.states())["Есть столик?"] == "answered"


async def test_messages_are_deleted_on_the_network(ready: Desk) -> None:
    await ready.settled(await ready.answer())
    await ready.store(came("2", "Реклама!", place=SOUP, author="bot"))
    await ready.services.published.delete(await ready.message_id("sent-1"))
    await ready.services.published.delete(await ready.message_id("2"))
    await eventually(lambda: set(ready.world().deletions) == {"sent-1", "2"})

    async def marked() -> bool:
        rows = [(await ready.shown())[-1], (await ready.shown(SOUP))[-1]]
        return all(row.deleted_at is not None for row in rows)

    await eventually(marked)
    assert await ready.awaiting(SOUP) == 0


async def test_what_the_network_does_not_allow_is_refused(ready: Desk) -> None:
    inbound = await ready.message_id("1")
    published = ready.services.published
    for command in (published.edit(inbound, "Подмена"), published.delete(inbound)):
        with pytest.raises(InboxError):
            await command
    await ready.settled(await ready.answer())
    with pytest.raises(InboxError):
        await published.edit(await ready.message_id("sent-1"), " \n")
    ready.later(days=2)
    with pytest.raises(InboxError):
        await published.edit(await ready.message_id("sent-1"), "Поздно")
    assert (await ready.card()).row.pending == 0


async def test_send_and_close_closes_when_it_is_sent(ready: Desk) -> None:
    queued = await ready.answer(undo=True, close_after=True)
    assert (await ready.card()).row.status is Status.NEW
    ready.later(seconds=6)
    await ready.settled(queued)
    assert (await ready.card()).row.status is Status.CLOSED
    assert await ready.listed(View.CLOSED) == [await ready.talk()]


# --- waiting for the outcome ----------------------------------------------------------------------


async def test_the_outcome_of_an_answer_can_be_waited_for(ready: Desk) -> None:
    queued = await ready.answer()
    state, remote_id, why = await ready.services.outbox.settled(queued.outbox[0], 5)
    assert (state, remote_id, why) == (OutState.SENT, "sent-1", "")
    # Also when it was over before anybody asked.
    assert (await ready.services.outbox.settled(queued.outbox[0], 5))[:2] == (
        OutState.SENT,
        "sent-1",
    )
    ready.channel().outcomes.append(Rejected("No."))
    queued = await ready.answer("Ещё")
    assert await ready.services.outbox.settled(queued.outbox[0], 5) == (OutState.FAILED, "", "No.")
    queued = await ready.answer("Потом", place=direct(), undo=True)
    assert (await ready.services.outbox.settled(queued.outbox[0], 0))[0] is OutState.QUEUED
    await ready.services.unsent.take_back(queued.outbox[0])
    assert (await ready.services.outbox.settled(queued.outbox[0], 5))[0] is OutState.FAILED


async def test_what_is_due_is_delivered_before_the_end(ready: Desk) -> None:
    await ready.answer()
    assert await ready.services.outbox.deliver_due(5) == 0
    assert ready.world().texts == ["Есть, ждём вас"]
    await ready.answer("Потом", undo=True)
    assert await ready.services.outbox.deliver_due(5) == 1


async def test_an_answer_given_here_and_one_from_the_phone_do_not_disturb_each_other(
    ready: Desk,
) -> None:
    queued = await ready.answer(undo=True)
    await ready.store(ours("phone-1", "С телефона", minute=1))
    ready.later(seconds=6)
    await ready.settled(queued)
    assert await ready.awaiting() == 0
    assert len(await ready.shown()) == 3
