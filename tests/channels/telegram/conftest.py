"""A sandbox Telegram and channels connected to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smm_inbox.channels.telegram import account as account_module
from smm_inbox.channels.telegram.channel import TelegramChannel
from smm_inbox.channels.telegram.session import NAME
from smm_inbox.sandbox.telegram import TelegramSandbox

from .support import context, options

Open = Callable[..., Awaitable[TelegramChannel]]


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sandbox be called as fast as it answers."""
    monkeypatch.setattr(account_module, "PACE", (1000.0, 100))


@pytest.fixture
def tg() -> Iterator[TelegramSandbox]:
    with TelegramSandbox(seed=1) as sandbox:
        yield sandbox


@pytest.fixture
async def opened(tg: TelegramSandbox, tmp_path: Path) -> AsyncIterator[Open]:
    """Open a channel of the sandbox's account: ``await opened()``, connected."""
    channels: list[TelegramChannel] = []

    async def make(
        *, bot: bool = False, login: bool = True, connect: bool = True, **more: Any
    ) -> TelegramChannel:
        for other in channels:  # one process at a time may use a session
            await other.close()
        folder = tmp_path / "account"
        folder.mkdir(mode=0o700, exist_ok=True)
        if not bot and login and not (folder / NAME).exists():
            tg.write_session(folder / NAME)
        if bot:
            more["bot_token"] = tg.bot_token
        channel = TelegramChannel(context(options(tg, tmp_path, **more), folder))
        channels.append(channel)
        if connect:
            await channel.connect()
        return channel

    yield make
    for channel in channels:
        await channel.close()
