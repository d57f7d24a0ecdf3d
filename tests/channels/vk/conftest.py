"""A sandbox VK and channels connected to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any

import pytest

from smm_inbox.channels.vk import api
from smm_inbox.channels.vk.channel import VkChannel
from smm_inbox.channels.vk.rights import Role
from smm_inbox.sandbox.vk import VkSandbox

from .support import context

Open = Callable[..., Awaitable[VkChannel]]


@pytest.fixture(autouse=True)
def hurry(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sandbox be called as fast as it answers, unless a test is about the pace."""
    if "pace" not in request.node.name:
        monkeypatch.setattr(api, "PACE", dict.fromkeys(Role, (1000.0, 100)))


@pytest.fixture
def vk() -> Iterator[VkSandbox]:
    with VkSandbox(seed=1) as sandbox:
        yield sandbox
        assert sandbox.state.failures == []


@pytest.fixture
async def opened(vk: VkSandbox) -> AsyncIterator[Open]:
    """Open a channel of the sandbox's community: ``await opened()``, connected."""
    channels: list[VkChannel] = []

    async def make(
        *,
        service: bool = False,
        user: bool = False,
        connect: bool = True,
        also: Mapping[str, object] | None = None,
        **more: Any,
    ) -> VkChannel:
        options: dict[str, object] = {
            "group_id": vk.group_id,
            "token": vk.token,
            "api_url": vk.url,
        }
        options |= {"service_key": vk.service_key} if service else {}
        options |= {"user_token": vk.user_token} if user else {}
        options |= also or {}
        channel = VkChannel(context(options, **more))
        channels.append(channel)
        if connect:
            await channel.connect()
        return channel

    yield make
    for channel in channels:
        await channel.close()
