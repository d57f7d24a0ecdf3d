"""The sandbox Telegram as a running loopback server with its own thread and event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from smm_inbox.sandbox.common.links import say_nothing
from smm_inbox.sandbox.common.server import HOST, STOP_SECONDS, ServerThread, listening
from smm_inbox.sandbox.telegram import keys
from smm_inbox.sandbox.telegram.connection import Connection
from smm_inbox.sandbox.telegram.customers import Customers
from smm_inbox.sandbox.telegram.dispatch import Dispatch
from smm_inbox.sandbox.telegram.faults import FaultKind
from smm_inbox.sandbox.telegram.keeping import load, save
from smm_inbox.sandbox.telegram.media_shapes import DC
from smm_inbox.sandbox.telegram.state import Push, State
from smm_inbox.sandbox.telegram.world import (
    API_HASH,
    API_ID,
    BOT_TOKEN,
    CHANNEL_ID,
    MY_PHONE,
    furnish,
)


class TelegramSandbox(Customers, ServerThread):
    """A Telegram of one's own on 127.0.0.1.

    `with TelegramSandbox() as tg:` serves until the block ends. A client needs `tg.host`,
    `tg.port`, `tg.dc` and `tg.public_key_pem`, or a session file from `tg.write_session`. The
    methods of `Customers` script what people do.

    Args:
        seed: Repeats codes, hashes and faults.
        port: 0 takes a free one.
        clock: The network's time, by which it dates what happens; packets keep to this machine's.
        furnished: Begin with the cafe's world.
        state_file: Kept up to date before every answer; read at the start when it exists.
        proxy_secret: 16 bytes; clients may then also come as to an MTProxy.
    """

    host = HOST
    dc = DC
    api_id = API_ID
    api_hash = API_HASH
    phone = MY_PHONE
    bot_token = BOT_TOKEN
    channel_id = CHANNEL_ID

    def __init__(
        self,
        *,
        seed: int = 0,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        furnished: bool = True,
        state_file: Path | None = None,
        proxy_secret: bytes = b"",
    ) -> None:
        self._socket = listening(port)
        self.port: int = self._socket.getsockname()[1]
        self.public_key_pem = keys.public_key_pem()
        state = State(seed=seed, clock=clock)
        self._file = state_file
        if state_file is not None and state_file.exists():
            load(state, state_file)
        elif furnished:
            furnish(state)
        state.address = (HOST, self.port)
        Customers.__init__(self, state)
        ServerThread.__init__(self, "sandbox-telegram", self._socket)
        self._proxy_secret = proxy_secret
        self._links: set[Connection] = set()
        self._last_id = 0
        self._server: asyncio.Server | None = None
        self._dispatch = Dispatch(state, self._flush)

    def cut(self) -> None:
        """Cut the network: every connection is reset and new ones are refused."""
        self._in_loop(self._cut())

    def restore(self) -> None:
        """Mend it, on the same port."""
        self._in_loop(self._restore())

    def drop_connections(self, *, reset: bool = True) -> None:
        """Every connection breaks once; new ones are welcome."""
        self._in_loop(self._drop(reset=reset))

    def keep(self) -> None:
        """Write the state file now, if there is one and something changed."""
        if self._file is not None and self.state.dirty:
            save(self.state, self._file)

    @property
    def online(self) -> int:
        """Connections that get updates right now."""
        return sum(1 for link in list(self._links) if link.listening and not link.closed)

    def _in_loop(self, work: Coroutine[Any, Any, None]) -> None:
        if self._loop is None:
            work.close()
            raise RuntimeError("the sandbox does not run")
        asyncio.run_coroutine_threadsafe(work, self._loop).result(STOP_SECONDS)

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        self.state.wake = partial(self._soon, self._flush)
        self._server = await asyncio.start_server(self._accepted, sock=self._socket, backlog=1024)
        self.keep()
        yield
        self.state.wake = lambda: None
        await self._cut()
        await self._dispatch.close()
        self.keep()

    async def _cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._drop(reset=True)

    async def _restore(self) -> None:
        if self._server is None:
            self._socket = listening(self.port)
            self._server = await asyncio.start_server(
                self._accepted, sock=self._socket, backlog=1024
            )

    async def _drop(self, *, reset: bool) -> None:
        for link in list(self._links):
            if reset:
                link.reset()
            else:
                link.close()
        # The tasks of the connections end before anybody relies on them being gone.
        await asyncio.sleep(0)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.state.connects += 1
        link = Connection(self.state, writer, self._dispatch, self._next_id)
        fault = self.state.faults.take("accept")
        self._links.add(link)
        try:
            if fault is not None and fault.kind is FaultKind.RESET:
                link.reset()
            elif fault is not None and fault.kind is FaultKind.HANG:
                await say_nothing(reader, fault.seconds)
            elif fault is None:
                await link.run(reader, self._proxy_secret)
        finally:
            self._links.discard(link)
            writer.close()

    def _next_id(self, kind: int) -> int:
        """Message ids are the time in 2^-32 seconds and always grow; the low bits tell the kind."""
        now = int(self.state.wire() * 2**32) & ~3
        if now <= self._last_id < now + (5 << 32):
            now = self._last_id + 4
        self._last_id = now
        return now + kind

    def _flush(self) -> None:
        self.keep()
        while self.state.pushes:
            push = self.state.pushes.popleft()
            for link in list(self._links):
                if _meant_for(link, push):
                    link.push(push.body)


def _meant_for(link: Connection, push: Push) -> bool:
    if link.key is None or link.closed:
        return False
    if push.account < 0:
        # For one key that nobody is logged in on yet: its QR code was scanned.
        return link.key.id == -push.account
    if link.key.account != push.account or not link.listening:
        return False
    return (link.key.id, link.session) != push.but
