"""A sandbox Instagram and channels connected to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smm_inbox.channels.instagram.channel import InstagramChannel
from smm_inbox.sandbox.instagram import InstagramSandbox

from .support import Time, context

Open = Callable[..., Awaitable[InstagramChannel]]


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def ig(time: Time) -> Iterator[InstagramSandbox]:
    with InstagramSandbox(seed=1, clock=time) as sandbox:
        yield sandbox
        assert sandbox.state.failures == []


@pytest.fixture
async def opened(ig: InstagramSandbox, time: Time, tmp_path: Path) -> AsyncIterator[Open]:
    """Open a channel of the sandbox's account: ``await opened()``, connected."""
    channels: list[InstagramChannel] = []

    async def make(*, connect: bool = True, since: Any = None, **more: Any) -> InstagramChannel:
        options: dict[str, object] = {"token": ig.token, "base_url": ig.url, **more}
        extra = {} if since is None else {"since": since}
        made = context(options, tmp_path, time, **extra)
        channel = InstagramChannel(made, pause=time.pause)
        channels.append(channel)
        if connect:
            await channel.connect()
        return channel

    yield make
    for channel in channels:
        await channel.close()
