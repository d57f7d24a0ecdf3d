"""The whole engine over a real file and a scripted network, with short words for tests."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.domain.channel import HealthState, ReplyKind
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.feed import ConversationCard, Draft, FeedQuery, MessageRow, View
from smm_inbox.domain.ids import AccountId, ConversationId, Cursor, MessageId, OutboxId, RemoteId
from smm_inbox.domain.message import Batch, Direction, NetworkMessage
from smm_inbox.domain.text import SafeText
from smm_inbox.services.bus import DeliveryChanged, Event
from smm_inbox.services.container import Services
from smm_inbox.services.replies import Queued
from smm_inbox.storage.database import Database
from tests.services.network import START, Factory, FakeClock, ScriptedChannel, World

CAFE = AccountId("cafe")
BAR = AccountId("bar")
DEADLINE = 5.0


def direct(guest: str = "maria") -> Place:
    """The private talk with a guest."""
    return Place(Kind.DIRECT, RemoteId(f"talk-{guest}"), contact=RemoteId(guest))


def thread(opener: str | None = None, name: str = "soup") -> Place:
    """A thread of comments; ``opener`` wrote its first one."""
    return Place(
        Kind.COMMENT,
        RemoteId(f"thread-{name}"),
        contact=None if opener is None else RemoteId(opener),
        public=True,
    )


def at(minutes: float) -> datetime:
    """``minutes`` after the start of the clock."""
    return START + timedelta(minutes=minutes)


def came(
    remote_id: str,
    text: str = "Есть столик?",
    *,
    place: Place | None = None,
    author: str | None = "maria",
    minute: float = 0,
    **more: object,
) -> NetworkMessage:
    """A message of a guest."""
    message = NetworkMessage(
        place=place or direct(),
        remote_id=RemoteId(remote_id),
        direction=Direction.IN,
        text=SafeText(text),
        sent_at=at(minute),
        author=None if author is None else RemoteId(author),
    )
    return _with(message, more)


def ours(
    remote_id: str,
    text: str = "Есть, ждём вас",
    *,
    place: Place | None = None,
    minute: float = 0,
    **more: object,
) -> NetworkMessage:
    """A message of the business, as the network shows it."""
    message = NetworkMessage(
        place=place or direct(),
        remote_id=RemoteId(remote_id),
        direction=Direction.OUT,
        text=SafeText(text),
        sent_at=at(minute),
    )
    return _with(message, more)


def _with(message: NetworkMessage, more: Mapping[str, object]) -> NetworkMessage:
    return replace(message, **more)  # type: ignore[arg-type]


def batch(*messages: NetworkMessage, cursor: str | None = None) -> Batch:
    """What a channel has read."""
    return Batch(messages=messages, cursor=None if cursor is None else Cursor(cursor))


async def eventually(what: Callable[[], object | Awaitable[object]], *, tell: str = "") -> None:
    """Wait until ``what`` is true; fail when it does not become so."""
    with suppress(TimeoutError):
        async with asyncio.timeout(DEADLINE):
            while True:
                now = what()
                if inspect.isawaitable(now):
                    now = await now
                if now:
                    return
                await asyncio.sleep(0.002)
    raise AssertionError(tell or f"never came true: {what}")


class Desk:
    """One program with its accounts; ``restart`` is the next program over the same file."""

    def __init__(self, folder: Path, *names: AccountId, **settings: object) -> None:
        self.settings = Settings(
            data_dir=folder,
            operator="Анна",
            accounts=tuple(
                AccountSettings(id=name, channel="scripted", title=str(name))
                for name in (names or (CAFE,))
            ),
        )
        self.settings = replace(self.settings, **settings)  # type: ignore[arg-type]
        self.clock = FakeClock()
        self.factory = Factory()
        self.events: list[Event] = []
        self.services: Services
        self.db: Database

    async def open(self) -> Desk:
        """What ``bootstrap.open_services`` does, with the clock and the network of the test."""
        self.db = await Database.open(self.settings.data_dir / "inbox.db")
        self.services = Services(self.settings, self.db, self.clock, self.factory.of)
        self.services.bus.subscribe(self.events.append)
        await self.services.prepare()
        return self

    async def close(self) -> None:
        await self.services.stop()
        await self.db.close()

    async def kill(self) -> None:
        """End the program in the middle of everything: nothing more is written down."""
        await self.services.outbox.stop()
        await self.services.stop()
        await self.db.close()

    async def restart(self) -> Desk:
        """Kill it and open it again; the networks keep what arrived."""
        await self.kill()
        self.factory.restart()
        return await self.open()

    async def online(self, *names: AccountId) -> None:
        """Connect and wait until every account has caught up."""
        await self.services.start()
        for name in names or tuple(self.services.accounts.all()):
            await eventually(
                lambda name=name: (  # type: ignore[misc]
                    self.services.accounts.health(name).state is HealthState.ONLINE
                ),
                tell=f"{name} did not come online",
            )

    # --- short words ------------------------------------------------------------------------------

    def channel(self, name: AccountId = CAFE) -> ScriptedChannel:
        return self.factory.channel(name)

    def world(self, name: AccountId = CAFE) -> World:
        return self.channel(name).world

    async def store(self, *messages: NetworkMessage, account: AccountId = CAFE) -> None:
        """Let messages arrive."""
        await self.services.ingest.store(account, batch(*messages))

    async def talk(self, place: Place | None = None) -> ConversationId:
        """The number of a conversation."""
        place = place or direct()
        row = await self.db.one(
            "SELECT id FROM conversations WHERE kind = ? AND remote_id = ?",
            (place.kind, place.conversation),
        )
        assert row is not None, "there is no such conversation"
        return ConversationId(row["id"])

    async def card(self, place: Place | None = None) -> ConversationCard:
        card = await self.services.feed.card(await self.talk(place))
        assert card is not None
        return card

    async def shown(self, place: Place | None = None) -> list[MessageRow]:
        """The messages of a conversation, oldest first."""
        return list((await self.services.feed.messages(await self.talk(place))).messages)

    async def states(self, place: Place | None = None) -> dict[str, str]:
        """Text of every message of a conversation and its state."""
        return {str(row.text): str(row.state) for row in await self.shown(place)}

    async def awaiting(self, place: Place | None = None) -> int:
        """How many messages of a conversation wait, as its row in the feed says."""
        return (await self.card(place)).row.awaiting

    async def listed(self, view: View = View.AWAITING) -> list[ConversationId]:
        """The conversations of a view."""
        feed, query = self.services.feed, FeedQuery(view)
        while True:
            before = await feed.total(query)
            page = await feed.page(query)
            if before == await feed.total(query):  # nothing happened between the questions
                assert len(page.rows) == before
                return [row.id for row in page.rows]

    async def message_id(self, remote_id: str) -> MessageId:
        row = await self.db.one("SELECT id FROM messages WHERE remote_id = ?", (remote_id,))
        assert row is not None
        return MessageId(row["id"])

    async def answer(
        self,
        text: str = "Есть, ждём вас",
        *,
        place: Place | None = None,
        to: str | None = None,
        kind: ReplyKind = ReplyKind.IN_PLACE,
        files: tuple[str, ...] = (),
        close_after: bool = False,
        undo: bool = False,
    ) -> Queued:
        """Send an answer from the composer, by default without an undo window."""
        reply_to = None if to is None else await self.message_id(to)
        draft = Draft(text, kind, reply_to, files)
        return await self.services.replies.send(
            await self.talk(place), draft, close_after=close_after, undo=undo
        )

    async def settled(self, queued: Queued) -> None:
        """Wait until every part of an answer has left the outbox."""
        await eventually(lambda: self._gone(queued.outbox), tell="the answer did not settle")

    async def _gone(self, rows: tuple[OutboxId, ...]) -> bool:
        marks = ", ".join("?" * len(rows))
        found = await self.db.all(f"SELECT id FROM outbox WHERE id IN ({marks})", rows)
        return not found

    async def outbox_state(self, row: OutboxId) -> str:
        """State of an outbox row; ``gone`` when it is settled."""
        found = await self.db.one("SELECT state FROM outbox WHERE id = ?", (row,))
        return "gone" if found is None else str(found["state"])

    async def reaches(self, row: OutboxId, state: str) -> None:
        """Wait until an outbox row is in ``state``."""

        async def there() -> bool:
            return await self.outbox_state(row) == state

        await eventually(there, tell=f"{row} did not become {state}")

    def later(self, **span: float) -> None:
        """Let time pass and tell the outbox."""
        self.clock.pass_by(**span)
        self.services.outbox.poke()

    async def journal(self) -> list[str]:
        """The events of the journal, in their order."""
        return [row["event"] for row in await self.db.all("SELECT event FROM journal ORDER BY id")]

    def told(self) -> list[DeliveryChanged]:
        """What was told about deliveries."""
        return [event for event in self.events if isinstance(event, DeliveryChanged)]
