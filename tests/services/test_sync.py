"""The supervisor: every remedy, accounts that disturb no other, cursors, stopping, run once."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest

from smm_inbox.channels.base import ChannelFactory
from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.errors import (
    Ambiguous,
    AuthExpired,
    ChannelError,
    InboxError,
    NeedsHuman,
    RateLimited,
    Rejected,
    Retry,
    Unsupported,
)
from smm_inbox.domain.ids import AccountId, Cursor
from smm_inbox.domain.message import Batch, Gap
from smm_inbox.domain.text import SafeText
from smm_inbox.services.bus import HealthChanged
from smm_inbox.services.ingest import Stored
from smm_inbox.storage import accounts as stored
from smm_inbox.storage.errors import StorageError
from tests.services.desk import BAR, CAFE, Desk, at, batch, came, direct, eventually

STATES = [
    (Retry("No line."), HealthState.WAITING, True),
    (Ambiguous("Who knows."), HealthState.WAITING, True),
    (RateLimited("Slow down.", at(10)), HealthState.WAITING, True),
    (AuthExpired("The token is dead."), HealthState.NEEDS_LOGIN, False),
    (NeedsHuman("Prove it.", "https://x"), HealthState.BROKEN, True),
    (Rejected("No such community."), HealthState.BROKEN, True),
    (Unsupported("Not that."), HealthState.BROKEN, True),
    (StorageError("The disk is full."), HealthState.BROKEN, True),
    (KeyError("ts"), HealthState.WAITING, True),
]


def names(value: object) -> str:
    return type(value).__name__ if isinstance(value, Exception) else ""


async def becomes(desk: Desk, state: HealthState) -> None:
    await eventually(
        lambda: desk.services.accounts.health(CAFE).state is state, tell=f"never {state}"
    )


@pytest.mark.parametrize(("error", "state", "timed"), STATES, ids=names)
@pytest.mark.parametrize("when", ["connect", "updates"])
async def test_every_remedy_has_its_state(
    desk: Desk, error: Exception, state: HealthState, timed: bool, when: str
) -> None:
    channel = desk.channel()
    if when == "connect":
        channel.connects.append(error)
        await desk.services.start()
    else:
        await desk.online()
        channel.feeds.put_nowait(error)
    await becomes(desk, state)
    health = desk.services.accounts.health(CAFE)
    if isinstance(error, InboxError):
        assert health.why == error.told
        assert not isinstance(error, NeedsHuman) or error.url in health.why
    else:
        assert "log" in health.why
        assert "ts" not in health.why
    assert (health.until is not None) is timed
    if isinstance(error, RateLimited):
        assert health.until == at(10)
    assert desk.services.accounts.channel_of(CAFE) is None
    # Whatever it was, a person may ask for a new attempt at any time.
    await desk.services.accounts.retry_now(CAFE)
    await becomes(desk, HealthState.ONLINE)
    assert desk.services.accounts.health(CAFE).why == ""


async def test_a_passing_fault_passes_by_itself(desk: Desk) -> None:
    desk.channel().connects.extend([Retry("No line."), Retry("No line.")])

    class Impatient:
        def next(self) -> float:
            return 0.001

        def reset(self) -> None: ...

    desk.services.sync._make_backoff = Impatient  # type: ignore[assignment]
    await desk.online()
    assert desk.channel().connected == 3


async def test_an_unknown_failure_is_held_logged_and_tried_again(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.online()
    with caplog.at_level(logging.ERROR):
        desk.channel().feeds.put_nowait(ZeroDivisionError("inside"))
        await becomes(desk, HealthState.WAITING)
    assert "ZeroDivisionError" in caplog.text
    await becomes(desk, HealthState.ONLINE)  # the first pause is at most a second
    desk.channel().feeds.put_nowait(batch(came("1")))
    await eventually(lambda: desk.db.all("SELECT 1 FROM messages"))


async def test_a_stream_that_ends_is_connected_anew(desk: Desk) -> None:
    await desk.online()
    desk.channel().feeds.put_nowait(None)
    await becomes(desk, HealthState.WAITING)
    await desk.services.accounts.retry_now(CAFE)
    await becomes(desk, HealthState.ONLINE)
    assert desk.channel().connected == 2


@pytest.mark.parametrize("error", [AuthExpired("Dead."), KeyError("x")], ids=names)
async def test_a_broken_account_disturbs_no_other(two: Desk, error: Exception) -> None:
    two.channel(CAFE).connects.extend([error] * 50)
    await two.online(BAR)
    two.channel(BAR).feeds.put_nowait(batch(came("1", place=direct("bar")), cursor="one"))
    await eventually(lambda: two.db.all("SELECT 1 FROM messages WHERE account = 'bar'"))
    health = two.services.accounts.health
    assert health(BAR).state is HealthState.ONLINE
    assert health(CAFE).state in {HealthState.NEEDS_LOGIN, HealthState.WAITING}


async def test_a_channel_that_cannot_be_loaded_breaks_its_account_only(two: Desk) -> None:
    def of(name: str) -> ChannelFactory:
        calls.append(name)
        if len(calls) in {1, 3}:  # the account of the cafe: its short name, its channel
            raise InboxError("There is no such channel.")
        return two.factory

    calls: list[str] = []
    two.services.accounts._factory_of = of
    await two.online(BAR)
    health = two.services.accounts.health(CAFE)
    assert (health.state, health.why) == (HealthState.BROKEN, "There is no such channel.")


async def test_what_a_channel_reads_is_stored_and_told(desk: Desk) -> None:
    await desk.online()
    gap = Gap(at(-9), at(-3), SafeText("Комментарии за это время не получены."))
    desk.channel().feeds.put_nowait(
        Batch(messages=(came("1"),), gaps=(gap,), cursor=Cursor("one"), caught_up=True)
    )
    await eventually(lambda: desk.services.accounts.health(CAFE).gaps)
    health = desk.services.accounts.health(CAFE)
    assert health.gaps == (gap,)
    assert health.last_success == at(0)
    assert await desk.awaiting() == 1


async def test_catching_up_is_told_from_being_live(desk: Desk) -> None:
    channel = desk.channel()
    channel.live = False
    await desk.services.start()
    channel.feeds.put_nowait(batch(came("1"), cursor="one"))
    await eventually(lambda: desk.db.all("SELECT 1 FROM messages"))
    assert desk.services.accounts.health(CAFE).state is HealthState.CATCHING_UP
    # Answers may leave meanwhile.
    assert desk.services.accounts.channel_of(CAFE) is channel
    channel.feeds.put_nowait(Batch(caught_up=True))
    await becomes(desk, HealthState.ONLINE)
    states = [event for event in desk.events if isinstance(event, HealthChanged)]
    assert len(states) >= 3


async def test_the_cursor_outlives_the_program_and_a_lost_line(desk: Desk) -> None:
    await desk.online()
    desk.channel().feeds.put_nowait(batch(came("1"), cursor="one"))
    await eventually(lambda: _cursor_is(desk, "one"))
    desk.channel().feeds.put_nowait(Retry("No line."))
    await becomes(desk, HealthState.WAITING)
    await desk.services.accounts.retry_now(CAFE)
    await becomes(desk, HealthState.ONLINE)
    assert desk.channel().cursors == [None, Cursor("one")]
    await desk.restart()
    await desk.online()
    assert desk.channel().cursors == [Cursor("one")]
    view = desk.services.accounts.list()[0]
    assert view.identity is not None
    assert view.identity.name == "Тёплый угол"


async def _cursor_is(desk: Desk, cursor: str) -> bool:
    return await stored.cursor(desk.db, CAFE) == cursor


async def test_who_we_are_is_known_before_the_network(desk: Desk) -> None:
    await desk.online()
    await eventually(lambda: stored.last_success(desk.db, CAFE))
    await desk.restart()
    view = desk.services.accounts.list()[0]
    assert view.identity is not None
    assert view.health.state is HealthState.OFF
    assert view.health.last_success is not None
    assert view.capabilities is None


async def test_empty_polls_are_not_written_down_every_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.online()
    stores: list[Batch] = []
    real = desk.services.ingest.store

    async def store(account: AccountId, read: Batch) -> Stored:
        stores.append(read)
        return await real(account, read)

    monkeypatch.setattr(desk.services.ingest, "store", store)
    idle, first, last = batch(cursor="one"), batch(came("1"), cursor="one"), batch(cursor="two")
    for read in (first, idle, idle, last):
        desk.channel().feeds.put_nowait(read)
    await eventually(lambda: _cursor_is(desk, "two"))
    assert stores == [first, last]
    desk.clock.pass_by(minutes=1)  # now and then it says that the network still answers
    desk.channel().feeds.put_nowait(last)
    await eventually(lambda: stores == [first, last, last])


async def test_asking_to_connect_anew_works_while_online(desk: Desk) -> None:
    await desk.online()
    await desk.services.accounts.retry_now(CAFE)
    await eventually(lambda: desk.channel().connected == 2)
    await eventually(lambda: len(desk.channel().cursors) == 2)
    await becomes(desk, HealthState.ONLINE)


async def test_a_health_that_does_not_change_is_told_once(desk: Desk) -> None:
    accounts = desk.services.accounts
    for _ in range(5):
        accounts.set_health(CAFE, HealthState.WAITING, "No line.", at(1))
    assert len(desk.events) == 1


async def test_a_disabled_account_is_left_alone(desk: Desk) -> None:
    account = desk.services.accounts.live(CAFE)
    assert account is not None
    desk.services.sync.start(only=())
    assert desk.channel().connected == 0
    assert len(desk.services.sync._tasks) == 0


# --- stopping -------------------------------------------------------------------------------------


async def test_stopping_closes_the_channels(desk: Desk) -> None:
    await desk.online()
    await desk.services.stop()
    assert desk.channel().closed == 1
    await desk.services.stop()


@pytest.mark.parametrize("where", ["updates", "connect"])
async def test_stopping_with_a_hung_network_is_bounded(desk: Desk, where: str) -> None:
    channel = desk.channel()
    if where == "connect":
        hung = asyncio.Event()

        async def connect() -> None:
            hung.set()
            await asyncio.Event().wait()

        channel.connect = connect  # type: ignore[method-assign, assignment]
        await desk.services.start()
        await hung.wait()
    else:
        await desk.online()
    async with asyncio.timeout(1):
        await desk.services.stop()


# --- once -----------------------------------------------------------------------------------------


async def test_catching_up_once_reports_every_account(two: Desk) -> None:
    two.channel(CAFE).live = False
    two.channel(CAFE).feeds.put_nowait(batch(came("1"), came("2", "Ау"), cursor="one"))
    two.channel(CAFE).feeds.put_nowait(Batch(caught_up=True))
    two.channel(BAR).connects.append(AuthExpired("The token is dead."))
    cafe, bar = await two.services.sync.run_once()
    assert (cafe.account, cafe.ok, cafe.received) == (CAFE, True, 2)
    assert (bar.account, bar.ok, bar.sentence) == (BAR, False, "The token is dead.")
    assert two.services.accounts.health(BAR).state is HealthState.NEEDS_LOGIN
    assert two.services.accounts.channel_of(CAFE) is not None


async def test_catching_up_once_can_name_its_accounts(two: Desk) -> None:
    (report,) = await two.services.sync.run_once([BAR])
    assert report.account == BAR
    assert two.channel(CAFE).connected == 0


@pytest.mark.parametrize("error", [KeyError("x"), None], ids=["fault", "end of stream"])
async def test_catching_up_once_does_not_call_half_a_success(
    desk: Desk, error: ChannelError | None
) -> None:
    desk.channel().live = False
    desk.channel().feeds.put_nowait(batch(came("1")))
    desk.channel().feeds.put_nowait(error)
    (report,) = await desk.services.sync.run_once()
    assert not report.ok
    assert report.sentence
    assert report.received == 1


async def test_catching_up_once_is_bounded(desk: Desk) -> None:
    desk.channel().live = False
    (report,) = await desk.services.sync.run_once(limit=timedelta(seconds=0.05))
    assert not report.ok
    assert report.sentence
