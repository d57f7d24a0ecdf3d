"""A loopback server in a thread and an event loop of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
STOP_SECONDS = 5.0


def listening(port: int, backlog: int = 1024) -> socket.socket:
    """A loopback socket that already listens; port 0 takes a free one."""
    return socket.create_server((HOST, port), backlog=backlog)


class ServerThread(ABC):
    """Serves from `start` to `stop`, or until a `with` block ends.

    Args:
        name: Name of the thread.
        sockets: Closed by `stop` when nobody ever served on them.
    """

    def __init__(self, name: str, *sockets: socket.socket) -> None:
        self._name = name
        self._unserved = sockets
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Begin to serve; returns when connections are accepted."""
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()
        self._ready.wait(STOP_SECONDS)
        return self

    def stop(self) -> None:
        """Drop every connection and end; safe to call twice."""
        thread, self._thread = self._thread, None
        if thread is None or self._loop is None or self._ended is None:
            for sock in self._unserved:
                sock.close()
            return
        self._loop.call_soon_threadsafe(self._ended.set)
        thread.join(STOP_SECONDS)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        async with self._serving():
            self._ready.set()
            await self._ended.wait()

    @abstractmethod
    def _serving(self) -> AbstractAsyncContextManager[None]:
        """Accept connections inside the block, and drop them all after it; runs in the loop."""

    def _soon(self, action: Callable[[], object]) -> None:
        """Run something in the loop, if there is one; may be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(action)
