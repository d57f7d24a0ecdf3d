"""Background tasks: named, strongly held, their failures logged, their end bounded."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine

_log = logging.getLogger(__name__)


class TaskSet:
    """Tasks of one owner."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
        """Run ``work`` in the background until it ends or ``stop`` is called."""
        task = asyncio.create_task(_logged(work, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def __len__(self) -> int:
        return len(self._tasks)

    async def stop(self, timeout: float) -> None:  # noqa: ASYNC109 - a bound, not a cancellation
        """Cancel everything and wait at most ``timeout`` seconds for it to end."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=timeout)


async def _logged(work: Coroutine[object, object, None], name: str) -> None:
    try:
        await work
    except Exception:
        _log.exception("background task %s failed", name)
