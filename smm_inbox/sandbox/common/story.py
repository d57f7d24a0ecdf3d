"""The live part of the demo: somebody comes every few seconds, and reacts to what we answer."""

from __future__ import annotations

import heapq
import itertools
import queue
import random
import threading
import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Generic, Self, TypeVar

Coming = TypeVar("Coming")
"""What happens of itself: an arrival as data."""
Ours = TypeVar("Ours")
"""What the network tells of our answers."""
Line = TypeVar("Line")

TICK = 0.25
"""Seconds between two looks for whether the app listens yet."""


class Story(ABC, Generic[Coming, Ours]):
    """Plays the cafe's day on a network: `prepare()` the past, then `start()` the present.

    A `with` block does both and ends the day. The day begins when the app first listens.

    Args:
        listeners: Who is told of our answers; the story is among them while it runs.
        seed: The same seed tells the same story.
        pace: Seconds between two arrivals.
    """

    name: str
    """Of the thread."""
    opening: Sequence[Coming] = ()
    """Things that happen as soon as the app listens."""
    opening_step = 0.1
    """Paces between two of them."""
    first_arrival = 0.5
    """Paces from the beginning to the first arrival that is not of the opening."""

    def __init__(
        self,
        listeners: list[Callable[[Ours], None]],
        written: Iterable[Coming],
        seed: int,
        pace: float,
    ) -> None:
        self._listeners = listeners
        self._written: Iterator[Coming] = iter(written)
        self._pace = pace
        self._dice = random.Random(seed)  # noqa: S311 - a story, not a secret
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = itertools.count()
        self._heard: queue.SimpleQueue[Ours | None] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @abstractmethod
    def prepare(self) -> None:
        """Fill the history; call before the app connects for the first time."""

    @abstractmethod
    def _listened_to(self) -> bool:
        """Whether the app listens to the network by now."""

    @abstractmethod
    def _invented(self) -> Coming:
        """Somebody nobody wrote: the day has no end."""

    @abstractmethod
    def _arrive(self, coming: Coming) -> None:
        """Let it happen."""

    @abstractmethod
    def _react(self, ours: Ours) -> None:
        """An answer of ours arrived; whoever it is for thinks, and says something."""

    @abstractmethod
    def _broke_off(self, trace: str) -> None:
        """Note why the day ended early."""

    def start(self) -> None:
        """Let the day go on in a thread of its own, from the moment somebody listens."""
        self._listeners.append(self._heard.put)
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the day; safe to call twice."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stop.set()
            self._heard.put(None)
            self._listeners.remove(self._heard.put)
            thread.join(2.0)

    def __enter__(self) -> Self:
        self.prepare()
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            self._live()
        except Exception:
            # the screen shares this process: a traceback on it would be worse than a quiet day
            self._broke_off(traceback.format_exc())

    def _live(self) -> None:
        while not self._listened_to():
            if self._stop.wait(TICK):
                return
        for number, coming in enumerate(self.opening, 1):
            self._later(self.opening_step * number, partial(self._arrive, coming))
        self._later(self.first_arrival, self._next_arrival)
        while not self._stop.is_set():
            while self._due and self._due[0][0] <= time.monotonic():
                heapq.heappop(self._due)[2]()
            wait = max(self._due[0][0] - time.monotonic(), 0.0)
            with suppress(queue.Empty):
                ours = self._heard.get(timeout=wait)
                if ours is not None:
                    self._react(ours)

    def _next_arrival(self) -> None:
        self._arrive(next(self._written, None) or self._invented())
        self._later(self._dice.uniform(0.6, 1.4), self._next_arrival)

    def _later(self, paces: float, action: Callable[[], object]) -> None:
        self._after(paces * self._pace, action)

    def _after(self, seconds: float, action: Callable[[], object]) -> None:
        heapq.heappush(self._due, (time.monotonic() + seconds, next(self._numbers), action))


class Deck(Generic[Line]):
    """Lines in a random order: every one is heard once before any is heard again."""

    def __init__(self, lines: Sequence[Line], dice: random.Random) -> None:
        self._lines = lines
        self._dice = dice
        self._left: list[Line] = []

    def draw(self) -> Line:
        """The next line."""
        if not self._left:
            self._left.extend(self._lines)
            self._dice.shuffle(self._left)
        return self._left.pop()
