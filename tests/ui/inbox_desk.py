"""A whole engine over a real SQLite file and a network made of paper, for tests of the screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from textual.pilot import Pilot

from smm_inbox.channels.base import ChannelContext
from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.config.options import OptionSpec
from smm_inbox.domain.channel import Capabilities, Identity, Limitation, ReplyKind
from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Kind, Place, Root
from smm_inbox.domain.errors import NeedsHuman, Rejected
from smm_inbox.domain.ids import AccountId, ConversationId, Cursor, RemoteId
from smm_inbox.domain.message import (
    Attachment,
    AttachmentKind,
    Batch,
    Direction,
    NetworkMessage,
    Outgoing,
    SendReceipt,
)
from smm_inbox.domain.text import clean, clean_line
from smm_inbox.services.container import Services
from smm_inbox.storage.database import Database
from smm_inbox.ui.app import InboxApp
from smm_inbox.ui.screens.inbox import InboxScreen

VK = AccountId("cafe-vk")
PAPER = Capabilities(
    kinds=frozenset({Kind.DIRECT, Kind.COMMENT, Kind.MENTION}),
    reply_kinds={
        Kind.DIRECT: frozenset({ReplyKind.IN_PLACE}),
        Kind.COMMENT: frozenset({ReplyKind.IN_PLACE, ReplyKind.PRIVATE}),
        Kind.MENTION: frozenset({ReplyKind.IN_PLACE}),
    },
    max_text={Kind.DIRECT: 4096, Kind.COMMENT: 200, Kind.MENTION: 200},
    splits=frozenset({Kind.DIRECT}),
    idempotent_send=True,
    edit=frozenset({Kind.DIRECT, Kind.COMMENT}),
    delete_own=frozenset({Kind.DIRECT, Kind.COMMENT}),
    upload={Kind.DIRECT: 2},
    max_file_size=1_000_000,
)


class PaperChannel:
    """A network that writes down what it is asked to send."""

    capabilities = PAPER
    limitations: tuple[Limitation, ...] = ()

    def __init__(self, context: ChannelContext) -> None:
        self.account = context.account
        self.sent: list[Outgoing] = []
        self.edited: list[tuple[RemoteId, str]] = []
        self.deleted: list[RemoteId] = []
        self.refuse = ""
        self.page = ""
        """What the operator has to open before anything is sent."""

    async def connect(self) -> Identity:
        return Identity("1", clean_line("Тёплый угол"))

    async def updates(self, cursor: Cursor | None) -> AsyncIterator[Batch]:
        yield Batch(cursor=Cursor("1"), caught_up=True)
        await asyncio.Event().wait()

    async def send(self, message: Outgoing) -> SendReceipt:
        if self.page:
            raise NeedsHuman("Prove that you are no robot.", self.page)
        if self.refuse:
            raise Rejected(self.refuse)
        self.sent.append(message)
        return SendReceipt(RemoteId(f"out-{len(self.sent)}"), datetime.now(UTC))

    async def find_sent(self, message: Outgoing) -> SendReceipt | None:
        return None

    async def edit(self, place: Place, remote_id: RemoteId, text: str) -> None:
        self.edited.append((remote_id, text))

    async def delete(self, place: Place, remote_id: RemoteId) -> None:
        self.deleted.append(remote_id)

    def private_place(self, contact: RemoteId) -> Place:
        return Place(kind=Kind.DIRECT, conversation=contact, contact=contact)

    async def close(self) -> None:
        return None


class PaperFactory:
    name = "paper"
    short = "ВК"
    options: tuple[OptionSpec, ...] = ()

    def __init__(self) -> None:
        self.made: list[PaperChannel] = []

    def create(self, context: ChannelContext) -> PaperChannel:
        self.made.append(PaperChannel(context))
        return self.made[-1]


class TestClock:
    """Time of this machine, moved as a test likes."""

    __test__ = False

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Desk:
    """Services, and ways to let customers write."""

    def __init__(self, services: Services, factory: PaperFactory, clock: TestClock) -> None:
        self.services = services
        self.clock = clock
        self._factory = factory
        self._number = 0

    @property
    def account(self) -> AccountId:
        return VK

    @property
    def network(self) -> PaperChannel:
        return self._factory.made[0]

    async def direct(self, name: str, *texts: str, ago: int = 5, **more: object) -> None:
        """A customer writes privately."""
        person = self._person(name, **more)
        place = Place(Kind.DIRECT, person.remote_id, contact=person.remote_id)
        await self._store(person, place, texts, ago, ())

    async def photo(self, name: str, *, ago: int = 5) -> None:
        """A customer sends a picture without a word."""
        person = self._person(name)
        place = Place(Kind.DIRECT, person.remote_id, contact=person.remote_id)
        picture = Attachment(AttachmentKind.PHOTO, clean_line("суп.jpg"), 140_000)
        await self._store(person, place, ("",), ago, (picture,))

    async def comment(self, name: str, *texts: str, ago: int = 5, **more: object) -> None:
        """A customer writes under the post about soup."""
        person = self._person(name, **more)
        root = Root(
            RemoteId("post-1"),
            "post",
            clean("Новое меню: тыквенный суп и яблочный пирог.\nПриходите погреться!"),
            url="https://vk.example/wall-1_1",
            posted_at=self.clock.now() - timedelta(days=3),
        )
        place = Place(
            Kind.COMMENT,
            RemoteId(f"post-1/{person.remote_id}"),
            contact=person.remote_id,
            public=True,
            root=root.remote_id,
            url="https://vk.example/wall-1_1?reply=5",
        )
        await self._store(person, place, texts, ago, (), roots=(root,))

    async def thread(self, *said: tuple[str, str], ago: int = 5) -> None:
        """Several people write in one thread under the post about soup."""
        place = Place(Kind.COMMENT, RemoteId("post-1/thread"), public=True)
        for name, text in said:
            await self._store(self._person(name), place, (text,), ago, ())

    def _person(self, name: str, **more: object) -> Contact:
        followers, city = more.get("followers", 1200), more.get("city", "Казань")
        return Contact(
            RemoteId(f"person-{abs(hash(name)) % 10**9}"),
            clean_line(name),
            handle=clean_line(more.get("handle", "guest")),
            followers=followers if isinstance(followers, int) else None,
            city=clean_line(city),
            url="https://vk.example/guest",
        )

    async def _store(
        self,
        person: Contact,
        place: Place,
        texts: tuple[str, ...],
        ago: int,
        attachments: tuple[Attachment, ...],
        roots: tuple[Root, ...] = (),
    ) -> None:
        messages: list[NetworkMessage] = []
        for text in texts:
            self._number += 1
            messages.append(
                NetworkMessage(
                    place,
                    RemoteId(f"m{self._number}"),
                    Direction.IN,
                    clean(text),
                    self.clock.now() - timedelta(minutes=ago) + timedelta(seconds=self._number),
                    author=person.remote_id,
                    attachments=attachments,
                )
            )
        batch = Batch(messages=tuple(messages), contacts=(person,), roots=roots)
        await self.services.ingest.store(VK, batch)

    async def id_of(self, name: str) -> ConversationId:
        """The conversation with a person, wherever it is listed."""
        from smm_inbox.domain.feed import FeedQuery, View

        for view in View:
            page = await self.services.feed.page(FeedQuery(view=view))
            for row in page.rows:
                if row.name == name:
                    return row.id
        raise AssertionError(f"nobody is called {name}")


@asynccontextmanager
async def open_desk(folder: Path, **settings: object) -> AsyncIterator[Desk]:
    """Open an engine with one account; nothing is started before the app does."""
    clock, factory = TestClock(), PaperFactory()
    values: dict[str, object] = {
        "data_dir": folder,
        "business": "Тёплый угол",
        "operator": "Анна",
        "accounts": (AccountSettings(VK, "paper", "Тёплый угол ВК"),),
    }
    values.update(settings)
    db = await Database.open(folder / "inbox.db")
    services = Services(
        Settings(**values),  # type: ignore[arg-type]
        db,
        clock,
        lambda _name: factory,
    )
    try:
        await services.prepare()
        yield Desk(services, factory, clock)
        await services.stop()
    finally:
        await db.close()


async def until(
    condition: Callable[[], bool] | Callable[[], Awaitable[bool]], seconds: float = 20.0
) -> None:
    """Wait until ``condition`` holds; fails after ``seconds``."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        held = condition()
        if not isinstance(held, bool):
            held = await held
        if held:
            return
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError("waited in vain")
        await asyncio.sleep(0.01)


NO_WAIT = {"direct": timedelta(), "comment": timedelta()}


@asynccontextmanager
async def running(desk: Desk, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Screen]:
    """The app on a screen of ``size``, its first list read."""
    app = InboxApp(desk.services)
    async with app.run_test(size=size, notifications=True) as pilot:
        screen = Screen(app, pilot)
        await until(lambda: screen.inbox.feed.model.loaded)
        await pilot.pause()
        yield screen


class Screen:
    """What a test sees and does at the keyboard."""

    def __init__(self, app: InboxApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def inbox(self) -> InboxScreen:
        screen = self.app.screen_stack[0]
        assert isinstance(screen, InboxScreen)
        return screen

    @property
    def text(self) -> str:
        """Everything on the screen, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text for strip in strips)

    @property
    def name(self) -> str:
        """Who is under the cursor."""
        row = self.inbox.feed.current
        return row.name if row else ""

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def write(self, text: str) -> None:
        """Type as a keyboard does, letter by letter."""
        names = {" ": "space", "\n": "enter", ",": "comma", ".": "full_stop"}
        await self.pilot.press(*(names.get(char, char) for char in text))

    async def sees(self, *words: str) -> None:
        """Wait until all the words are on the screen."""
        try:
            await until(lambda: all(word in self.text for word in words))
        except AssertionError:
            raise AssertionError(f"{words} not in:\n{self.text}") from None

    async def stands_on(self, name: str) -> None:
        """Wait until a customer is under the cursor."""
        try:
            await until(lambda: self.name == name)
        except AssertionError:
            raise AssertionError(f"{name} expected, {self.name} found:\n{self.text}") from None
