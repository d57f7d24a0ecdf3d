"""The sandbox VK as a running loopback server with its own thread and event loop."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from smm_inbox.sandbox.common.http import HttpServer
from smm_inbox.sandbox.common.server import HOST, ServerThread, listening
from smm_inbox.sandbox.vk.customers import Customers
from smm_inbox.sandbox.vk.model import GROUP_ID
from smm_inbox.sandbox.vk.routes import Routes
from smm_inbox.sandbox.vk.state import State
from smm_inbox.sandbox.vk.tokens import COMMUNITY_TOKEN, SERVICE_TOKEN, USER_TOKEN
from smm_inbox.sandbox.vk.world import furnish


class VkSandbox(Customers, ServerThread):
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
        self._socket = listening(port)
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        Customers.__init__(self, State(self.url, seed=seed, clock=clock))
        ServerThread.__init__(self, "sandbox-vk", self._socket)
        if furnished:
            furnish(self.state)
        self._routes = Routes(self.state, self if control else None)

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        self.state.events.wake = partial(self._soon, self._routes.wake)
        server = HttpServer(self._routes.answer, self.state.failures)
        await server.start(self._socket)
        yield
        self.state.events.wake = lambda: None
        await server.close()
