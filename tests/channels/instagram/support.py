"""What the tests of the Instagram channel share: settable time and a reader of the stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from smm_inbox.channels.base import ChannelContext
from smm_inbox.channels.instagram.channel import InstagramChannel
from smm_inbox.channels.instagram.mapping.harvest import Lens, Ourselves
from smm_inbox.domain.ids import AccountId, Token
from smm_inbox.domain.message import Batch, NetworkMessage, Outgoing
from smm_inbox.domain.text import SafeText

FIXTURES = Path(__file__).parents[2] / "fixtures" / "instagram"
US = Ourselves("17841405822304914", "9421736204557118", "teply_ugol_cafe")
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LENS = Lens(US, NOW)


def load(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


class Time:
    """One time for the network and the channel; a pause of the channel moves it."""

    def __init__(self) -> None:
        self.moment = NOW
        self.end: datetime | None = None
        """Pauses beyond it stand still: the simulation is over."""
        self.over = asyncio.Event()
        self.passing: Callable[[], object] = lambda: None
        """Called after every pause: what happens on the network meanwhile."""

    def now(self) -> datetime:
        return self.moment

    def __call__(self) -> float:
        return self.moment.timestamp()

    def pass_by(self, **span: float) -> None:
        self.moment += timedelta(**span)

    async def pause(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        if self.end is not None and self.moment >= self.end:
            self.over.set()
            await asyncio.Event().wait()
        self.passing()
        await asyncio.sleep(0)


def context(options: Mapping[str, object], folder: Path, clock: Any, **more: Any) -> ChannelContext:
    return ChannelContext(
        account=AccountId("cafe-ig"),
        options=options,
        clock=clock,
        data_dir=folder,
        backfill_since=more.get("since", clock.now() - timedelta(days=30)),
    )


class Stream:
    """Reads batches and keeps what came, as the inbox would."""

    def __init__(
        self, channel: InstagramChannel, cursor: Any = None, before: Sequence[Batch] = ()
    ) -> None:
        self.batches: list[Batch] = list(before)
        self.cursor = cursor
        self._updates: AsyncIterator[Batch] = channel.updates(cursor)

    @property
    def messages(self) -> list[NetworkMessage]:
        return [message for batch in self.batches for message in batch.messages]

    @property
    def texts(self) -> list[str]:
        return [str(message.text) for message in self.messages]

    def all(self, what: str) -> list[Any]:
        return [item for batch in self.batches for item in getattr(batch, what)]

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

    async def any(self, what: str) -> Any:
        """Read until something of a kind comes: edits, removals, access, contacts, gaps."""
        batch = await self.until(lambda batch: bool(getattr(batch, what)))
        return getattr(batch, what)[0]

    async def close(self) -> None:
        await self._updates.aclose()  # type: ignore[attr-defined]


def answer(to: NetworkMessage, text: str, **more: Any) -> Outgoing:
    return Outgoing(
        to.place,
        SafeText(text),
        Token(str(more.pop("token", 4711))),
        reply_to=more.pop("reply_to", to.remote_id if to.place.public else None),
        **more,
    )


def privately(channel: InstagramChannel, to: NetworkMessage, text: str, **more: Any) -> Outgoing:
    assert to.author is not None
    made = answer(to, text, reply_to=to.remote_id, **more)
    return replace(made, place=channel.private_place(to.author))
