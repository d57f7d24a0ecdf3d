"""An hour of polling stays within Instagram's allowance, measured at the network."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

import pytest

from smm_inbox.channels.instagram.schedule import Loop, Schedule
from smm_inbox.domain.channel import Attention
from smm_inbox.domain.errors import Unsupported
from smm_inbox.sandbox.instagram import Call, InstagramSandbox

from .conftest import Open
from .support import NOW, Stream, Time, answer

DIRECT = {"conversations", "messages", "message"}


async def simulate(
    opened: Open, time: Time, hours: float, attention: Attention = Attention.NOBODY
) -> None:
    channel = await opened()
    channel.attend(attention)
    stream = Stream(channel)
    await stream.caught_up()
    time.end = time.now() + timedelta(hours=hours)
    reading = asyncio.create_task(stream.until(lambda _: False, seconds=100))
    over = asyncio.create_task(time.over.wait())
    await asyncio.wait({reading, over}, return_when=asyncio.FIRST_COMPLETED)
    assert over.done(), reading.exception() if reading.done() else ""
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading


def busiest(calls: list[Call], seconds: float) -> int:
    times = [call.at for call in calls]
    return max(sum(start <= at < start + seconds for at in times) for start in times)


@pytest.mark.parametrize("attention", Attention)
@pytest.mark.parametrize("busy", [False, True])
async def test_an_hour_stays_under_two_hundred_calls_and_two_a_second(
    ig: InstagramSandbox, opened: Open, time: Time, busy: bool, attention: Attention
) -> None:
    ig.state.usage = 0
    people = [ig.add_person(f"guest{number}") for number in range(40)]
    for number, who in enumerate(people):
        ig.customer_writes(who, "?", at=time() - 3600 * number)
        ig.comments(ig.publish(f"Пост {number}"), who, "!", at=time() - number)
    if busy:
        # Somebody writes every few minutes, so that the quick rounds never end.
        written = [time()]

        def write() -> None:
            if time() - written[-1] > 150:
                written.append(time())
                ig.customer_writes(people[len(written) % 40], f"{len(written)}")

        time.passing = write
    await simulate(opened, time, 2.0, attention)
    assert busiest(ig.calls, 3600) < 200
    assert busiest([call for call in ig.calls if call.name in DIRECT], 1.0) <= 2
    later = [call for call in ig.calls if call.at > time() - 3600 and call.name == "conversations"]
    assert len(later) >= 50, "private messages are looked at every minute at least"


async def test_looks_at_conversations_keep_their_distance(
    ig: InstagramSandbox, opened: Open
) -> None:
    for number in range(4):
        ig.customer_writes(ig.add_person(f"guest{number}"), "?")
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    doubtful = [answer(message, "Ответ") for message in stream.messages]
    looked = (channel.find_sent(message) for message in doubtful)
    found = await asyncio.gather(*looked, return_exceptions=True)
    assert all(isinstance(one, Unsupported) for one in found)
    looks = [call for call in ig.calls if call.name in DIRECT]
    assert len(looks) > 8
    assert busiest(looks, 1.0) <= 2


async def test_after_a_nights_sleep_there_is_one_round(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    ig.state.usage = 0
    stream = Stream(await opened())
    await stream.caught_up()
    await stream.until(lambda batch: batch.caught_up)
    before = len(ig.calls)
    time.pass_by(hours=8)
    await simulate_one_round(stream, time)
    names = [call.name for call in ig.calls[before:]]
    assert names.count("conversations") <= 2
    assert names.count("tags") <= 1


async def simulate_one_round(stream: Stream, time: Time) -> None:
    time.end = time.now() + timedelta(seconds=15)
    reading = asyncio.create_task(stream.until(lambda _: False, seconds=30))
    await time.over.wait()
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading


def test_pauses_grow_with_the_usage_and_shrink_while_somebody_talks() -> None:
    schedule = Schedule(NOW)

    def period(percent: int = 0, room: int = 190, minutes: float = 30) -> float:
        at = NOW + timedelta(minutes=minutes)
        return schedule.period(Loop.DIRECT, at, percent=percent, room=room).total_seconds()

    assert period() == 30
    assert period(percent=50) == 60
    assert period(percent=75) == 120
    assert period(minutes=90) == 60
    schedule.news(NOW + timedelta(minutes=29))
    assert period() == 20
    assert period(room=40) == 30, "quick rounds leave a part of the hour alone"


def test_the_pace_follows_the_operators_eyes() -> None:
    """Seconds between two looks while a talk goes on, after it, and when it is quiet for long."""

    def periods(attention: Attention, loop: Loop = Loop.DIRECT) -> list[float]:
        schedule = Schedule(NOW)
        schedule.attend(attention, NOW, percent=0, room=190)
        moments = (NOW + timedelta(minutes=minutes) for minutes in (1, 30, 90))
        return [schedule.period(loop, at, percent=0, room=190).total_seconds() for at in moments]

    assert periods(Attention.NOBODY) == [20, 30, 60]
    assert periods(Attention.AWAY) == [30, 60, 60]
    assert periods(Attention.HERE) == [20, 30, 30]
    assert periods(Attention.TALKING) == [20, 20, 20]
    assert periods(Attention.AWAY, Loop.COMMENTS) == [120, 240, 240]


async def test_coming_back_to_the_program_ends_a_long_pause_and_costs_no_extra_look(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    ig.state.usage = 0
    channel = await opened()
    channel.attend(Attention.AWAY)
    stream = Stream(channel)
    await stream.caught_up()
    time.pass_by(hours=1)
    await simulate_one_round(stream, time)
    looked = [call.at for call in ig.calls if call.name == "conversations"][-1]
    time.end = None
    stream = Stream(channel, stream.cursor)
    began, asleep = time(), asyncio.Event()

    async def sleeps(seconds: float) -> None:
        """Never over by itself: only the operator's return ends it."""
        if seconds > 10 and not asleep.is_set():
            asleep.set()
            await asyncio.Event().wait()
        await Time.pause(time, seconds)

    channel._account.api.pause = sleeps
    reading = asyncio.create_task(stream.until(lambda _: time() > began + 60))
    await asleep.wait()
    channel.attend(Attention.TALKING)
    await reading
    looks = [call.at for call in ig.calls if call.name == "conversations" and call.at > looked]
    assert all(b - a >= 19 for a, b in pairwise(looks)), looks


def test_near_the_limit_only_private_messages_are_read() -> None:
    assert set(Schedule(NOW).due(NOW, percent=90)) == {Loop.DIRECT, Loop.TOKEN}


def test_a_clock_set_back_does_not_stop_the_loops() -> None:
    schedule = Schedule(NOW)
    for loop in Loop:
        schedule.done(loop, NOW, percent=0, room=190)
    assert Loop.DIRECT in schedule.due(NOW - timedelta(days=3), percent=0)
