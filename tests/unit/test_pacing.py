"""Pauses grow within bounds, and no more calls leave than a network allows."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.channels.pacing import Backoff, TokenBucket


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 200))
def test_a_pause_stays_within_half_and_whole_of_its_ceiling(draw: float, attempts: int) -> None:
    backoff = Backoff(1.0, 60.0, draw=lambda: draw)
    for attempt in range(attempts):
        ceiling = min(60.0, 2.0**attempt)
        assert ceiling / 2 <= backoff.next() <= ceiling


def test_success_starts_the_pauses_over() -> None:
    backoff = Backoff(1.0, 60.0, draw=lambda: 1.0)
    assert [backoff.next(), backoff.next(), backoff.next()] == [1.0, 2.0, 4.0]
    backoff.reset()
    assert backoff.next() == 1.0


def test_nonsense_pauses_are_refused() -> None:
    with pytest.raises(ValueError, match="base"):
        Backoff(0)
    with pytest.raises(ValueError, match="rate"):
        TokenBucket(0)


@given(st.lists(st.floats(0, 2), min_size=1, max_size=60))
def test_in_no_second_more_calls_leave_than_burst_and_rate(gaps: list[float]) -> None:
    time = Time()
    bucket = TokenBucket(16, 4, monotonic=time)
    leaves = []
    for gap in gaps:
        time.now += gap / 40
        leaves.append(time.now + bucket.reserve())
    for start in leaves:
        assert sum(start <= leave < start + 1 - 1e-6 for leave in leaves) <= 20


def test_a_penalty_stops_everybody_for_its_time() -> None:
    time = Time()
    bucket = TokenBucket(10, 5, monotonic=time)
    bucket.penalise(2.0)
    assert bucket.reserve() == pytest.approx(2.1)
    time.now = 3.0
    assert bucket.reserve() == 0


async def test_a_cancelled_waiter_gives_its_place_back() -> None:
    time = Time()
    bucket = TokenBucket(1, 1, monotonic=time)
    await bucket.acquire()
    waiter = asyncio.create_task(bucket.acquire())
    await asyncio.sleep(0)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    assert bucket.reserve() == pytest.approx(1.0)
