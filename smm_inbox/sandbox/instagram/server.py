"""The sandbox Instagram as a running loopback server with its own thread and event loop."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from smm_inbox.sandbox.instagram import state as world
from smm_inbox.sandbox.instagram.customers import Customers
from smm_inbox.sandbox.instagram.routes import Routes
from smm_inbox.sandbox.instagram.state import State
from smm_inbox.sandbox.vk.http import HttpServer

STOP_SECONDS = 5.0


class InstagramSandbox(Customers):
    """An Instagram of one's own on 127.0.0.1.

    `with InstagramSandbox() as ig:` serves until the block ends; `ig.url` takes the place of
    https://graph.instagram.com. The methods of `Customers` script what people do.
    """

    token = world.TOKEN
    user_id = world.USER_ID
    username = world.USERNAME
    app_secret = world.APP_SECRET

    def __init__(
        self,
        *,
        seed: int = 0,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        control: bool = False,
    ) -> None:
        super().__init__(State(seed=seed, clock=clock))
        self._socket = socket.create_server(("127.0.0.1", port), backlog=1024)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.state.url = self.url
        self._routes = Routes(self, controlled=control)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Begin to serve; returns when connections are accepted."""
        self._thread = threading.Thread(target=self._run, name="sandbox-instagram", daemon=True)
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
        server = HttpServer(self._routes.answer, self.state.failures)
        await server.start(self._socket)
        self._ready.set()
        await self._stop.wait()
        await server.close()
