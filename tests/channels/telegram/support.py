"""What the tests of the Telegram channel share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from smm_inbox.channels.base import ChannelContext
from smm_inbox.channels.telegram.channel import TelegramChannel
from smm_inbox.domain.ids import AccountId, Cursor, Token
from smm_inbox.domain.message import Batch, NetworkMessage, Outgoing
from smm_inbox.domain.text import SafeText
from smm_inbox.sandbox.telegram import TelegramSandbox

SECONDS = 20.0


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def options(tg: TelegramSandbox, folder: Path, **more: object) -> dict[str, object]:
    key = folder / "server.pem"
    key.write_text(tg.public_key_pem, encoding="ascii")
    server = {"host": tg.host, "port": tg.port, "dc": tg.dc, "public_key": str(key)}
    return {"api_id": tg.api_id, "api_hash": tg.api_hash, "server": server, **more}


def context(
    values: Mapping[str, object], folder: Path, *, since: datetime | None = None
) -> ChannelContext:
    return ChannelContext(
        account=AccountId("cafe-tg"),
        options=values,
        clock=SystemClock(),
        data_dir=folder,
        backfill_since=since or datetime.now(UTC) - timedelta(days=30),
    )


class Stream:
    """Reads batches and keeps what came, as the inbox would."""

    def __init__(self, channel: TelegramChannel, cursor: Cursor | None = None) -> None:
        self.batches: list[Batch] = []
        self.cursor = cursor
        self._updates: AsyncIterator[Batch] = channel.updates(cursor)

    @property
    def messages(self) -> list[NetworkMessage]:
        return [message for batch in self.batches for message in batch.messages]

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]

    async def until(self, done: Callable[[Batch], bool], seconds: float = SECONDS) -> Batch:
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


def ids_once(messages: list[NetworkMessage]) -> None:
    names = [(m.place.kind, m.remote_id) for m in messages]
    assert len(names) == len(set(names))
