"""Blocking libraries behind daemon threads: callers wait, quitting does not.

``asyncio.to_thread`` and executors join their threads at exit, so a hung socket would hold the
program back for as long as it hangs. These threads are daemons and are simply left behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


class Unfinished(Exception):
    """The bridge stopped waiting for a call. ``started`` tells whether it may have had effect."""

    def __init__(self, *, started: bool) -> None:
        super().__init__("the call was given up" if started else "the call was never started")
        self.started = started


@dataclass(slots=True, eq=False)
class _Job:
    run: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    started: bool = False
    dropped: bool = False
    guard: threading.Lock = field(default_factory=threading.Lock)

    def claim(self) -> bool:
        """Whether the job is still wanted; from then on it counts as started."""
        with self.guard:
            self.started = not self.dropped
            return self.started

    def drop(self) -> bool:
        """Give the job up; returns whether it had started."""
        with self.guard:
            self.dropped = True
            return self.started

    def execute(self) -> None:
        if not self.claim():
            return
        result: Any = None
        error: BaseException | None = None
        try:
            result = self.run()
        except BaseException as raised:
            error = raised
        # The loop may be closed by now: then nobody is left to tell.
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._settle, result, error)

    def _settle(self, result: Any, error: BaseException | None) -> None:
        if self.future.done():
            return
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(error)


class _Lane:
    """One thread working through one bounded queue, started with its first job.

    A thread that hangs in a job nobody waits for can be left behind for a new one.
    """

    def __init__(self, name: str, size: int) -> None:
        self._jobs: queue.Queue[_Job | None] = queue.Queue(size)
        self._stop = threading.Event()
        self._name = name
        self._thread: threading.Thread | None = None
        self._running: tuple[_Job, float] | None = None

    def put(self, job: _Job) -> bool:
        if self._thread is None:
            self._begin()
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            return False
        return True

    def renew(self, after: float) -> bool:
        running = self._running
        if running is None or not running[0].dropped or time.monotonic() - running[1] < after:
            return False
        self._running = None
        self._begin()
        return True

    def close(self) -> None:
        self._stop.set()
        with contextlib.suppress(queue.Full):
            self._jobs.put_nowait(None)

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        mine = threading.current_thread()
        while not self._stop.is_set() and self._thread is mine:
            job = self._jobs.get()
            if job is None:
                return
            self._running = (job, time.monotonic())
            job.execute()
            if self._thread is mine:
                self._running = None


class Bridge:
    """Runs blocking calls in lanes of its own, so that one kind of call never waits for another."""

    def __init__(self, name: str, lanes: tuple[str, ...], *, queue_size: int = 64) -> None:
        self._name = name
        self._lanes = {lane: _Lane(f"{name}-{lane}", queue_size) for lane in lanes}
        self._open: set[_Job] = set()
        self._closed = False

    async def call(self, run: Callable[[], T], *, lane: str, within: float) -> T:
        """Run ``run`` in ``lane`` and return its result.

        Raises what ``run`` raises, and ``Unfinished`` when ``within`` seconds have passed, when
        the lane's queue is full or when the bridge is closed.
        """
        job = self._job(run)
        if not self._lanes[lane].put(job):
            raise Unfinished(started=False)
        result: T = await self._outcome(job, within)
        return result

    def renew(self, lane: str, *, after: float) -> bool:
        """Give ``lane`` a new thread when its own hangs; returns whether it did.

        It hangs when nobody waits any more for what it has been doing for ``after`` seconds. What
        the old thread holds must not be used again: it may wake up at any time.
        """
        return not self._closed and self._lanes[lane].renew(after)

    async def detached(self, run: Callable[[], T], *, label: str, within: float) -> T:
        """Run ``run`` in a thread of its own: for a call that may hang for long, as a long poll."""
        job = self._job(run)
        threading.Thread(target=job.execute, name=f"{self._name}-{label}", daemon=True).start()
        result: T = await self._outcome(job, within)
        return result

    def close(self) -> None:
        """Stop at once; threads that hang are left behind. May be called twice."""
        self._closed = True
        for lane in self._lanes.values():
            lane.close()
        for job in tuple(self._open):
            started = job.drop()
            if not job.future.done():
                job.future.set_exception(Unfinished(started=started))

    def _job(self, run: Callable[[], T]) -> _Job:
        if self._closed:
            raise Unfinished(started=False)
        loop = asyncio.get_running_loop()
        return _Job(run, loop, loop.create_future())

    async def _outcome(self, job: _Job, within: float) -> Any:
        self._open.add(job)
        try:
            async with asyncio.timeout(within):
                return await job.future
        except TimeoutError:
            if job.future.done() and not job.future.cancelled():
                raise  # the call's own TimeoutError, not ours
            raise Unfinished(started=job.drop()) from None
        finally:
            job.drop()
            self._open.discard(job)
