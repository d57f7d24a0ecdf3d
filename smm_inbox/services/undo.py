"""The undo stack: `z` takes back the last thing the operator did."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.text import SafeText

_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back."""

    sentence: SafeText
    conversation: ConversationId | None = None
    draft_restored: bool = False


Action = Callable[[], Awaitable[Undone | None]]
"""Takes one thing back; ``None`` when there is nothing left to take back."""


class Undo:
    """The last things the operator did, newest on top."""

    def __init__(self) -> None:
        self._stack: deque[Action] = deque(maxlen=_DEPTH)

    @contextmanager
    def apart(self) -> Iterator[list[Action]]:
        """Collect what is pushed meanwhile instead of stacking it: the caller makes one of it."""
        outer, self._stack = self._stack, deque(maxlen=_DEPTH)
        collected: list[Action] = []
        try:
            yield collected
        finally:
            collected.extend(self._stack)
            self._stack = outer

    def push(self, action: Action) -> None:
        """Remember how to take back what was just done."""
        self._stack.append(action)

    async def last(self) -> Undone | None:
        """Take back the last thing; ``None`` when nothing is left.

        What could not be taken back now (the disk is full) stays on top.
        """
        while self._stack:
            action = self._stack.pop()
            try:
                undone = await action()
            except InboxError:
                self._stack.append(action)
                raise
            if undone is not None:
                return undone
        return None
