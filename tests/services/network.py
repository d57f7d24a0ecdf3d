"""A network under the test's hand: a channel that does what it is told, and a settable clock."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from smm_inbox.channels.base import Channel, ChannelContext, ChannelFactory
from smm_inbox.config.options import OptionSpec
from smm_inbox.domain.channel import Capabilities, Identity, Limitation, ReplyKind
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import Ambiguous, Unsupported
from smm_inbox.domain.ids import AccountId, Cursor, RemoteId, Token
from smm_inbox.domain.message import Batch, Outgoing, SendReceipt
from smm_inbox.domain.text import SafeText

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

CAPABILITIES = Capabilities(
    kinds=frozenset(Kind),
    reply_kinds={
        Kind.DIRECT: frozenset({ReplyKind.IN_PLACE}),
        Kind.COMMENT: frozenset({ReplyKind.IN_PLACE, ReplyKind.PRIVATE}),
    },
    max_text={Kind.DIRECT: 40, Kind.COMMENT: 30},
    splits=frozenset({Kind.DIRECT}),
    idempotent_send=True,
    token_lifetime=timedelta(hours=1),
    edit=frozenset({Kind.DIRECT, Kind.COMMENT}),
    edit_window=timedelta(days=1),
    delete_own=frozenset({Kind.DIRECT, Kind.COMMENT}),
    delete_theirs=frozenset({Kind.COMMENT}),
    upload={Kind.DIRECT: 2},
    max_file_size=1000,
)


class FakeClock:
    """Time stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    def pass_by(self, **span: float) -> None:
        """Let ``timedelta(**span)`` pass."""
        self.moment += timedelta(**span)


@dataclass
class Effect:
    """Arrives, but the answer is lost on its way back."""

    error: Exception = field(default_factory=lambda: Ambiguous("The line broke."))


@dataclass
class Hang:
    """Stands on the wire until ``let_go`` is set; ``effect``: the message has arrived already."""

    effect: bool = False
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Say:
    """The network gives this id instead of the one it draws."""

    remote_id: str


Step = Exception | Effect | Hang | Say | None
"""One scripted outcome of ``send``; ``None`` delivers."""


@dataclass
class World:
    """The network itself: it survives a restart of the program."""

    delivered: list[Outgoing] = field(default_factory=list)
    """Every message that took effect; a repeated token takes effect once."""
    ids: dict[Token, RemoteId] = field(default_factory=dict)
    calls: list[Outgoing] = field(default_factory=list)
    edits: list[tuple[RemoteId, str]] = field(default_factory=list)
    deletions: list[RemoteId] = field(default_factory=list)
    looks: int = 0
    swallows_repeats: bool = False
    """Whether the network knows repeated tokens; without it a repetition is seen as a double."""
    number: int = 0

    def take(self, message: Outgoing) -> RemoteId:
        if self.swallows_repeats and message.token in self.ids:
            return self.ids[message.token]
        self.number += 1
        self.delivered.append(message)
        self.ids[message.token] = RemoteId(f"sent-{self.number}")
        return self.ids[message.token]

    @property
    def texts(self) -> list[str]:
        """Texts that arrived, in their order."""
        return [str(message.text) for message in self.delivered]


class ScriptedChannel:
    """A channel that does what the test told it."""

    def __init__(self, account: AccountId, world: World) -> None:
        self.account = account
        self.world = world
        self.capabilities = CAPABILITIES
        self.limitations: tuple[Limitation, ...] = ()
        self.outcomes: deque[Step] = deque()
        """What the next sends, edits and deletions do; empty: they succeed."""
        self.connects: deque[Exception | None] = deque()
        self.feeds: asyncio.Queue[Batch | Exception | None] = asyncio.Queue()
        """What ``updates`` yields; an exception is raised, ``None`` ends the stream."""
        self.find: Callable[[Outgoing], Awaitable[SendReceipt | None]] = self.look_into_record
        self.cursors: list[Cursor | None] = []
        """Cursors that ``updates`` was asked to go on from."""
        self.connected = 0
        self.closed = 0
        self.deaf = asyncio.Event()
        """Set: ``updates`` and ``close`` stand still for ever."""
        self.closed_place = ""
        self.live = True
        """Whether ``updates`` begins with an empty batch that says it has caught up."""

    async def connect(self) -> Identity:
        self.connected += 1
        if self.connects and (error := self.connects.popleft()) is not None:
            raise error
        return Identity("1", SafeText("Тёплый угол"), SafeText("corner"))

    async def updates(self, cursor: Cursor | None) -> AsyncIterator[Batch]:
        self.cursors.append(cursor)
        if self.live:
            yield Batch(caught_up=True)
        while True:
            if self.deaf.is_set():
                await asyncio.Event().wait()
            batch = await self.feeds.get()
            if batch is None:
                return
            if isinstance(batch, Exception):
                raise batch
            yield batch

    async def send(self, message: Outgoing) -> SendReceipt:
        self.world.calls.append(message)
        said = await self._play(lambda: self.world.take(message))
        return SendReceipt(said or self.world.take(message))

    async def edit(self, place: Place, remote_id: RemoteId, text: str) -> None:
        await self._play(lambda: self.world.edits.append((remote_id, text)))
        self.world.edits.append((remote_id, text))

    async def delete(self, place: Place, remote_id: RemoteId) -> None:
        await self._play(lambda: self.world.deletions.append(remote_id))
        self.world.deletions.append(remote_id)

    async def _play(self, effect: Callable[[], object]) -> RemoteId | None:
        step = self.outcomes.popleft() if self.outcomes else None
        if isinstance(step, Exception):
            raise step
        if isinstance(step, Effect):
            effect()
            raise step.error
        if isinstance(step, Hang):
            said = effect() if step.effect else None
            step.begun.set()
            await step.let_go.wait()
            return RemoteId(said) if isinstance(said, str) else None
        if isinstance(step, Say):
            effect()
            return RemoteId(step.remote_id)
        return None

    async def find_sent(self, message: Outgoing) -> SendReceipt | None:
        self.world.looks += 1
        return await self.find(message)

    async def look_into_record(self, message: Outgoing) -> SendReceipt | None:
        found = self.world.ids.get(message.token)
        return None if found is None else SendReceipt(found)

    async def cannot_tell(self, message: Outgoing) -> SendReceipt | None:
        raise Unsupported("Look yourself.")

    def private_place(self, contact: RemoteId) -> Place:
        return Place(Kind.DIRECT, RemoteId(f"talk-{contact}"), contact=contact)

    def reply_closed(self, place: Place) -> str:
        return self.closed_place

    async def close(self) -> None:
        self.closed += 1
        if self.deaf.is_set():
            await asyncio.Event().wait()


class Factory:
    """Gives every account its channel; the same one over and over, so that tests can reach it."""

    name = "scripted"
    short = "СК"
    options: tuple[OptionSpec, ...] = ()

    def __init__(self) -> None:
        self.worlds: dict[AccountId, World] = {}
        self.channels: dict[AccountId, ScriptedChannel] = {}
        self.contexts: list[ChannelContext] = []

    def create(self, context: ChannelContext) -> Channel:
        self.contexts.append(context)
        return self.channel(context.account)

    def channel(self, account: AccountId) -> ScriptedChannel:
        """The channel of an account, built when it is first asked for."""
        if account not in self.channels:
            world = self.worlds.setdefault(account, World())
            self.channels[account] = ScriptedChannel(account, world)
        return self.channels[account]

    def restart(self) -> None:
        """Forget the channels and keep the networks, as a new process does."""
        self.channels.clear()

    def of(self, name: str) -> ChannelFactory:
        """What ``services`` asks for a channel by its name."""
        return self
