"""What the tests of the VK channel share."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from smm_inbox.channels.base import ChannelContext
from smm_inbox.channels.vk.channel import VkChannel
from smm_inbox.channels.vk.mapping.events import apply
from smm_inbox.channels.vk.mapping.harvest import Harvest, Lens, Memory
from smm_inbox.channels.vk.mapping.mentions import Ourselves
from smm_inbox.domain.ids import AccountId, Token
from smm_inbox.domain.message import Batch, NetworkMessage, Outgoing
from smm_inbox.domain.text import SafeText

FIXTURES = Path(__file__).parents[2] / "fixtures" / "vk"
GROUP = 999000001
US = Ourselves(GROUP, "warm_corner_cafe")
ARRIVAL = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    def __init__(self, now: datetime | None = None) -> None:
        self.time = now or datetime.now(UTC)

    def now(self) -> datetime:
        return self.time


def load(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def lens(memory: Memory | None = None) -> Lens:
    return Lens(US, ARRIVAL, memory or Memory())


def harvest(name: str, memory: Memory | None = None) -> Harvest:
    """What one long-poll fixture brings."""
    into, seen_by = Harvest(), lens(memory)
    for update in load(name)["updates"]:
        apply(into, update, seen_by)
    return into


def only(name: str, memory: Memory | None = None) -> NetworkMessage:
    """The one message of a fixture."""
    (message,) = harvest(name, memory).messages
    return message


def context(options: Mapping[str, object], **more: Any) -> ChannelContext:
    return ChannelContext(
        account=AccountId("cafe-vk"),
        options=options,
        clock=more.get("clock", SystemClock()),
        data_dir=Path("."),
        backfill_since=more.get("since", datetime.now(UTC) - timedelta(days=30)),
    )


class Stream:
    """Reads batches and keeps what came, as the inbox would."""

    def __init__(self, channel: VkChannel, cursor: Any = None) -> None:
        self.batches: list[Batch] = []
        self.cursor = cursor
        self._updates: AsyncIterator[Batch] = channel.updates(cursor)

    @property
    def messages(self) -> list[NetworkMessage]:
        return [message for batch in self.batches for message in batch.messages]

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]

    async def until(self, done: Callable[[Batch], bool], seconds: float = 20) -> Batch:
        async with asyncio.timeout(seconds):
            async for batch in self._updates:
                self.batches.append(batch)
                self.cursor = batch.cursor or self.cursor
                if done(batch):
                    return batch
        raise AssertionError("the stream ended")

    async def caught_up(self) -> Batch:
        return await self.until(lambda batch: batch.caught_up)

    async def text(self, wanted: str) -> NetworkMessage:
        """Read until a message with these words comes."""
        batch = await self.until(lambda batch: any(wanted in m.text for m in batch.messages))
        return next(m for m in batch.messages if wanted in m.text)

    async def close(self) -> None:
        await self._updates.aclose()  # type: ignore[attr-defined]


def answer(to: NetworkMessage, text: str, token: int = 4711, **more: Any) -> Outgoing:
    return Outgoing(to.place, SafeText(text), Token(str(token)), reply_to=to.remote_id, **more)
