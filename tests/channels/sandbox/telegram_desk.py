"""Unmodified telethon at the sandbox Telegram."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from telethon import TelegramClient
from telethon.crypto import AuthKey, rsa
from telethon.sessions import MemorySession

from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.telegram.world import ME

PATIENCE = 8.0


def session_for(tg: TelegramSandbox, account: int | None = None) -> Any:
    """A session in memory; logged in when an account is named."""
    session = MemorySession()
    session.set_dc(tg.dc, tg.host, tg.port)
    if account is not None:
        session.auth_key = AuthKey(tg.issue_key(account))
    return session


def make_client(tg: TelegramSandbox, session: Any, **options: Any) -> Any:
    """A client as the facts recommend it."""
    rsa.add_key(tg.public_key_pem, old=False)
    settings: dict[str, Any] = {
        "auto_reconnect": False,
        "raise_last_call_error": True,
        "request_retries": 1,
        "flood_sleep_threshold": 0,
        "sequential_updates": True,
        "retry_delay": 0,
        "connection_retries": 1,
    }
    return TelegramClient(session, tg.api_id, tg.api_hash, **{**settings, **options})


@asynccontextmanager
async def connected(
    tg: TelegramSandbox, account: int | None = ME, *, session: Any = None, **options: Any
) -> AsyncIterator[Any]:
    """A connected client; logged in unless ``account`` is None."""
    client = make_client(tg, session or session_for(tg, account), **options)
    try:
        await client.connect()
        yield client
    finally:
        await client.disconnect()


class Heard:
    """What a client's handlers were given, in order."""

    def __init__(self, client: Any, *events: Any) -> None:
        self.events: list[Any] = []
        for event in events:
            client.add_event_handler(self._take, event)

    async def _take(self, event: Any) -> None:
        self.events.append(event)

    async def first(self, count: int = 1) -> list[Any]:
        """The first events, once so many have come."""
        await until(lambda: len(self.events) >= count)
        return self.events[:count]

    @property
    def texts(self) -> list[str]:
        """Their texts."""
        return [event.raw_text for event in self.events]


async def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait for a condition, not for a time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it never came")
        await asyncio.sleep(0.01)
