"""What the tests of the email channel share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from smm_inbox.channels.base import ChannelContext
from smm_inbox.channels.email.account import Timing
from smm_inbox.channels.email.channel import EmailChannel
from smm_inbox.domain.ids import AccountId, Token
from smm_inbox.domain.message import Batch, NetworkMessage, Outgoing, Removal
from smm_inbox.domain.text import SafeText
from smm_inbox.sandbox.mail import MailSandbox

QUICK = Timing(idle=0.25, poll=0.2, look=(0.0, 0.1), copy=(0.0, 0.1), command=10.0)


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def options(mail: MailSandbox, **more: object) -> dict[str, object]:
    """The account's table for a sandbox."""
    return {
        "address": mail.address,
        "password": "letmein",
        "imap": {"host": "127.0.0.1", "port": mail.imap_port, "security": "none"},
        "smtp": {"host": "127.0.0.1", "port": mail.smtp_port, "security": "none"},
        **more,
    }


def make(
    table: dict[str, object], folder: Path, *, timing: Timing = QUICK, days: int = 30
) -> EmailChannel:
    context = ChannelContext(
        account=AccountId("info-mail"),
        options=table,
        clock=SystemClock(),
        data_dir=folder,
        backfill_since=datetime.now(UTC) - timedelta(days=days),
    )
    return EmailChannel(context, timing)


class Stream:
    """Reads batches and keeps what came, as the inbox would: each message once."""

    def __init__(self, channel: EmailChannel, cursor: Any = None) -> None:
        self.batches: list[Batch] = []
        self.cursor = cursor
        self._updates: AsyncIterator[Batch] = channel.updates(cursor)

    @property
    def messages(self) -> list[NetworkMessage]:
        return [message for batch in self.batches for message in batch.messages]

    @property
    def removals(self) -> list[Removal]:
        return [removal for batch in self.batches for removal in batch.removals]

    @property
    def texts(self) -> list[str]:
        return [str(message.text) for message in self.messages]

    async def until(self, done: Callable[[Batch], bool], seconds: float = 15) -> Batch:
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

    async def rounds(self, count: int = 2) -> None:
        """Read until ``count`` more rounds are over."""
        for _ in range(count):
            await self.until(lambda batch: not batch.messages)

    async def close(self) -> None:
        await self._updates.aclose()  # type: ignore[attr-defined]


@asynccontextmanager
async def reading(
    mail: MailSandbox, folder: Path, cursor: Any = None, **more: object
) -> AsyncIterator[tuple[EmailChannel, Stream]]:
    """A channel that has caught up, and what it reads."""
    channel = make(options(mail, **more), folder)
    await channel.connect()
    stream = Stream(channel, cursor)
    await stream.caught_up()
    try:
        yield channel, stream
    finally:
        await stream.close()
        await channel.close()


def answer(to: NetworkMessage, text: str, token: int = 4711, **more: Any) -> Outgoing:
    more.setdefault("first_attempt_at", datetime.now(UTC))
    return Outgoing(to.place, SafeText(text), Token(str(token)), addressee=to.author, **more)


async def eventually(check: Callable[[], object], seconds: float = 10) -> None:
    """Wait until ``check`` holds."""
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            raise AssertionError(f"never came true: {check}")
        await asyncio.sleep(0.01)
