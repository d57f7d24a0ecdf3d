"""The sandbox VK as a running loopback server with its own thread and event loop."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from smm_inbox.sandbox.vk.customers import Customers
from smm_inbox.sandbox.vk.http import HttpServer
from smm_inbox.sandbox.vk.model import GROUP_ID
from smm_inbox.sandbox.vk.routes import Routes
from smm_inbox.sandbox.vk.state import State
from smm_inbox.sandbox.vk.tokens import COMMUNITY_TOKEN, SERVICE_TOKEN, USER_TOKEN
from smm_inbox.sandbox.vk.world import furnish

STOP_SECONDS = 5.0


class VkSandbox(Customers):
    """A VK network of one's own on 127.0.0.1.

    `with VkSandbox() as vk:` serves until the block ends; `vk.url` takes the place of
    https://api.vk.ru. The methods of `Customers` script what people do.
    """

    group_id = GROUP_ID
    token = COMMUNITY_TOKEN
    service_key = SERVICE_TOKEN
    user_token = USER_TOKEN

    def __init__(
        self,
        *,
        seed: int = 0,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        furnished: bool = True,
        control: bool = False,
    ) -> None:
        self._socket = socket.create_server(("127.0.0.1", port), backlog=1024)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        super().__init__(State(self.url, seed=seed, clock=clock))
        if furnished:
            furnish(self.state)
        self._routes = Routes(self.state, self if control else None)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Begin to serve; returns when connections are accepted."""
        self._thread = threading.Thread(target=self._run, name="sandbox-vk", daemon=True)
        self._thread.start()
        self._ready.wait(STOP_SECONDS)
        return self

    def stop(self) -> None:
        """Drop every connection and end; safe to call twice."""
        thread, self._thread = self._thread, None
        if thread is None or self._loop is None or self._stop is None:
            self._socket.close()
            return
        self._loop.call_soon_threadsafe(self._stop.set)
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
        self._stop = asyncio.Event()
        self.state.events.wake = self._wake
        server = HttpServer(self._routes.answer, self.state.failures)
        await server.start(self._socket)
        self._ready.set()
        await self._stop.wait()
        self.state.events.wake = lambda: None
        await server.close()

    def _wake(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._routes.wake)
