"""Saves unfinished texts: soon after every change, in order, each to its own conversation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from smm_inbox.domain.errors import InboxError

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_LOG = logging.getLogger(__name__)
DELAY = 0.2
"""Seconds: changes closer together than this are saved as one."""


class DraftKeeper(Generic[K, V]):
    """Collects changes and writes the newest one of each conversation (``K``).

    A failed save keeps its change and is tried again with the next one; ``failed`` is told why.
    """

    def __init__(
        self,
        save: Callable[[K, V | None], Awaitable[None]],
        *,
        failed: Callable[[str], None],
        delay: float = DELAY,
    ) -> None:
        self._save = save
        self._failed = failed
        self._delay = delay
        self._pending: dict[K, V | None] = {}
        self._known: dict[K, V | None] = {}
        self._task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    @property
    def unsaved(self) -> int:
        """Conversations whose newest draft is not in the database yet."""
        return len(self._pending)

    def change(self, conversation: K, draft: V | None) -> None:
        """Remember the newest draft of a conversation; ``None`` when nothing is left of it."""
        if self._known.get(conversation, ...) == draft:
            return
        self._known[conversation] = draft
        self._pending[conversation] = draft
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._later(), name="drafts")

    def know(self, conversation: K, draft: V | None) -> None:
        """Note what the database holds, so that it is not written again."""
        if conversation not in self._pending:
            self._known[conversation] = draft

    def sent(self, conversation: K) -> None:
        """The draft became an answer: nothing of it is left to save."""
        self._pending.pop(conversation, None)
        self._known[conversation] = None

    async def flush(self) -> None:
        """Save everything now; returns when it is in the database."""
        async with self._lock:
            while self._pending:
                conversation, draft = next(iter(self._pending.items()))
                try:
                    await self._save(conversation, draft)
                except InboxError as error:
                    self._failed(error.sentence)
                    return
                # A key pressed meanwhile has put a newer draft there: that one stays.
                if self._pending.get(conversation, ...) is draft:
                    del self._pending[conversation]

    async def _later(self) -> None:
        await asyncio.sleep(self._delay)
        try:
            await self.flush()
        except Exception:
            _LOG.exception("a draft could not be saved")
            raise
