"""Blocking calls run beside the loop, lanes do not wait for each other, closing is immediate."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator

import pytest

from smm_inbox.channels.bridge import Bridge, Unfinished


@pytest.fixture
async def bridge() -> AsyncIterator[Bridge]:
    made = Bridge("test", ("fast", "slow"), queue_size=2)
    yield made
    made.close()


async def test_the_result_and_the_error_of_a_call_come_back(bridge: Bridge) -> None:
    def fail() -> None:
        raise LookupError("as told")

    assert await bridge.call(threading.get_ident, lane="fast", within=5) != threading.get_ident()
    with pytest.raises(LookupError, match="as told"):
        await bridge.call(fail, lane="fast", within=5)


async def test_a_hung_lane_does_not_hold_the_other_one(bridge: Bridge) -> None:
    release = threading.Event()
    hung = asyncio.create_task(bridge.call(release.wait, lane="slow", within=30))
    await asyncio.sleep(0)
    assert await bridge.call(lambda: "answered", lane="fast", within=5) == "answered"
    release.set()
    assert await hung is True


async def test_a_call_given_up_says_whether_it_had_started(bridge: Bridge) -> None:
    release, begun, ran = threading.Event(), threading.Event(), []

    def hang() -> None:
        begun.set()
        release.wait()

    first = asyncio.create_task(bridge.call(hang, lane="slow", within=0.2))
    await asyncio.to_thread(begun.wait, 5)
    with pytest.raises(Unfinished) as queued:
        await bridge.call(lambda: ran.append(1), lane="slow", within=0.05)
    assert not queued.value.started
    with pytest.raises(Unfinished) as started:
        await first
    assert started.value.started
    release.set()
    await bridge.call(lambda: None, lane="slow", within=5)
    assert ran == [], "a call that was given up before its turn must not run later"


async def test_a_lane_that_hangs_for_good_gets_a_new_thread(bridge: Bridge) -> None:
    release, hung = threading.Event(), []

    def hang() -> None:
        hung.append(threading.current_thread())
        release.wait()

    with pytest.raises(Unfinished):
        await bridge.call(hang, lane="slow", within=0.1)
    assert not bridge.renew("fast", after=0)
    assert not bridge.renew("slow", after=60)
    waiting = asyncio.create_task(bridge.call(lambda: "answered", lane="slow", within=30))
    await asyncio.sleep(0)
    assert bridge.renew("slow", after=0.05)
    assert await waiting == "answered"
    release.set()
    await asyncio.to_thread(hung[0].join, 10)
    assert not hung[0].is_alive()
    assert await bridge.call(lambda: "still here", lane="slow", within=5) == "still here"


async def test_a_full_lane_refuses_instead_of_growing(bridge: Bridge) -> None:
    release, begun = threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        release.wait()

    tasks = [asyncio.create_task(bridge.call(hang, lane="slow", within=30))]
    await asyncio.to_thread(begun.wait, 5)
    tasks += [asyncio.create_task(bridge.call(hang, lane="slow", within=30)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Unfinished) as refused:
        await bridge.call(hang, lane="slow", within=30)
    assert not refused.value.started
    release.set()
    await asyncio.gather(*tasks)


async def test_closing_frees_the_waiters_at_once(bridge: Bridge) -> None:
    release, begun = threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        release.wait()

    waiting = asyncio.create_task(bridge.detached(hang, label="poll", within=60))
    await asyncio.to_thread(begun.wait, 5)
    bridge.close()
    bridge.close()
    with pytest.raises(Unfinished):
        await waiting
    with pytest.raises(Unfinished):
        await bridge.call(lambda: None, lane="fast", within=5)
    release.set()


async def test_a_cancelled_call_is_left_behind(bridge: Bridge) -> None:
    release = threading.Event()
    task = asyncio.create_task(bridge.detached(release.wait, label="poll", within=60))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    release.set()


def test_a_program_with_a_hung_call_ends() -> None:
    program = """
import asyncio, threading
from smm_inbox.channels.bridge import Bridge
async def main():
    bridge = Bridge("x", ("lane",))
    begun = threading.Event()
    def hang():
        begun.set()
        threading.Event().wait()
    task = asyncio.create_task(bridge.call(hang, lane="lane", within=60))
    while not begun.is_set():
        await asyncio.sleep(0.01)
    bridge.close()
    task.cancel()
asyncio.run(main())
"""
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
    assert time.monotonic() - started < 30, "the hung thread held the program back"
