"""Updates between Telethon, which pushes them, and the engine, which asks for them."""

from __future__ import annotations

import asyncio
from collections import deque

from .mapping.updates import GAPS, INTERESTING

_MOST = 10_000
"""Updates held while the database is busy; beyond that the chats are simply read again."""


class Arrivals:
    """A bounded queue of updates that concern us."""

    def __init__(self) -> None:
        self._updates: deque[object] = deque()
        self._some = asyncio.Event()
        self.gap = False
        """Something was missed or changed: the chats have to be read again."""
        self.unstored = False
        """What was taken last is not known to be stored yet."""

    def put(self, update: object) -> None:
        """Take an update from Telethon."""
        if isinstance(update, INTERESTING) and len(self._updates) < _MOST:
            self._updates.append(update)
        elif isinstance(update, INTERESTING + GAPS):
            self.gap = True
        else:
            return
        self._some.set()

    def nudge(self) -> None:
        """Ask for a look at the chats."""
        self.gap = True
        self._some.set()

    def wake(self) -> None:
        """Let the reader look at its connection."""
        self._some.set()

    def take(self) -> list[object]:
        """Everything that has come so far."""
        taken = list(self._updates)
        self._updates.clear()
        self._some.clear()
        return taken

    @property
    def settled(self) -> bool:
        """Whether everything that came is stored."""
        return not self._updates and not self.unstored

    async def wait(self, seconds: float) -> None:
        """Wait until something comes, at most ``seconds``."""
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._some.wait()
        except TimeoutError:
            return
