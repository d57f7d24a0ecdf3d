"""The sandbox Instagram as a running loopback server with its own thread and event loop."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from smm_inbox.sandbox.common.http import HttpServer
from smm_inbox.sandbox.common.server import HOST, ServerThread, listening
from smm_inbox.sandbox.instagram import state as world
from smm_inbox.sandbox.instagram.customers import Customers
from smm_inbox.sandbox.instagram.routes import Routes
from smm_inbox.sandbox.instagram.state import State


class InstagramSandbox(Customers, ServerThread):
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
        self._socket = listening(port)
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        Customers.__init__(self, State(seed=seed, clock=clock))
        ServerThread.__init__(self, "sandbox-instagram", self._socket)
        self.state.url = self.url
        self._routes = Routes(self, controlled=control)

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        server = HttpServer(self._routes.answer, self.state.failures)
        await server.start(self._socket)
        yield
        await server.close()
