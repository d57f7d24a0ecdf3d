"""The ground of the inbox screen: its panes, what they show, and how they stay fresh."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, cast

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.timer import Timer

from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.feed import ConversationCard, Counts, Draft, FeedQuery
from smm_inbox.domain.ids import AccountId, ConversationId
from smm_inbox.locale import tr

from .. import format as fmt
from .. import safe
from ..messages import KeysPending, Stale
from ..widgets.composer import Composer
from ..widgets.conversation import Conversation
from ..widgets.draft_keeper import DraftKeeper
from ..widgets.feed import Feed
from ..widgets.sidebar import Sidebar, entries
from ..widgets.statusline import Footer, Hints, StatusFacts, StatusLine

if TYPE_CHECKING:
    from smm_inbox.services.container import Services

    from ..app import InboxApp

_PREVIEW_PAUSE = 0.06
"""Seconds the cursor must rest before the conversation beside it is read."""
_PAGE = 50
NARROW = 100


class InboxBase(Screen[None]):
    """Panes and reading; commands are in the rooms above."""

    AUTO_FOCUS = "#feed"
    # Textual declares them without ClassVar.
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [  # noqa: RUF012
        (0, "-narrow"),
        (NARROW, "-medium"),
        (140, "-roomy"),
        (180, "-wide"),
    ]
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-low"), (40, "-tall")]  # noqa: RUF012

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.counts = Counts()
        self.pinned: ConversationId | None = None
        """The conversation held open; without one the pane follows the cursor of the feed."""
        self.keeper = DraftKeeper(services.replies.save_draft, failed=self.complain)
        self._channels: dict[AccountId, str] = {}
        self._commands = asyncio.Lock()
        self._stale = False
        self._stale_talk = False
        self._refreshing = False
        self._rest: Timer | None = None
        self._leaving_at: datetime | None = None
        self._from_list = True
        """Whether the answer being written was begun from the list."""

        self._build()

    def _build(self) -> None:
        """Make the panes; they are kept by name, because work may end after the screen has."""
        clock, zone = self.services.clock, self.services.settings.hours.zone
        self._learn_channels()
        self.status_line = StatusLine(id="status")
        self.sidebar = Sidebar(id="sidebar")
        self.feed = Feed(
            self.services.feed,
            now=clock.now,
            zone=zone,
            channels=self._channels,
            keys=self.key_of,
            id="feed",
        )
        self.talk = Conversation(
            now=clock.now,
            zone=zone,
            channels=self._channels,
            keys=self.key_of,
            id="conversation",
        )
        self.composer = Composer(self.draft_changed, id="composer")
        self.footer = Footer(id="footer")
        self.hints = Hints(id="hints")

    # Panes

    def compose(self) -> ComposeResult:
        """Put the panes in their places."""
        yield self.status_line
        with Horizontal(id="main"):
            yield self.sidebar
            yield self.feed
            with Vertical(id="talk"):
                yield self.talk
                yield self.composer
        yield self.footer
        yield self.hints

    @property
    def desk(self) -> InboxApp:
        """The app, as what it is."""
        return cast("InboxApp", self.app)

    @property
    def narrow(self) -> bool:
        """Whether only one pane fits."""
        return self.size.width < NARROW

    @property
    def subject(self) -> ConversationId | None:
        """The conversation commands act upon."""
        if self.pinned is not None:
            return self.pinned
        row = self.feed.current
        return row.id if row else None

    @property
    def card(self) -> ConversationCard | None:
        """The card of the subject, when it is on the screen."""
        card = self.talk.card
        return card if card is not None and card.row.id == self.subject else None

    def now(self) -> datetime:
        """The present moment."""
        return self.services.clock.now()

    def key_of(self, command: str) -> str:
        """The key of a command, as the operator reads it."""
        return self.desk.registry[command].first_key

    def complain(self, sentence: str) -> None:
        """Say what went wrong."""
        safe.toast(self.app, sentence, severity="error")

    def notice(self, sentence: str) -> None:
        """Say something short in the last line, for some seconds."""
        self._leaving_at = None
        self.footer.notice(sentence)
        self.set_timer(5.0, self._notice_over)

    def _notice_over(self) -> None:
        if self._leaving_at is None:
            self.footer.notice("")

    def leaving(self, at: datetime) -> None:
        """Count down to the moment when an answer leaves."""
        self._leaving_at = at
        self._count_down()

    def _count_down(self) -> None:
        if self._leaving_at is None:
            return
        if self._leaving_at <= self.now():
            self._leaving_at = None
            self.footer.notice("")
            return
        left = fmt.countdown(self._leaving_at, self.now())
        words = tr("Leaves in {time} · {key} — take back")
        self.footer.notice(words.format(time=left, key=self.key_of("undo")))

    # Commands of the operator

    def command(self, work: Coroutine[object, object, None], name: str) -> None:
        """Run a command to its end, one after another, whatever happens to the screen."""
        self.desk.background(self._in_turn(work), name=name)

    async def _in_turn(self, work: Coroutine[object, object, None]) -> None:
        async with self._commands:
            await work
        self.refresh_data()

    async def command_now(self, work: Coroutine[object, object, None]) -> None:
        """Run a command to its end before the next key is looked at: it moves the focus."""
        try:
            await self._in_turn(work)
        except InboxError as error:
            self.complain(error.sentence)

    # Life

    def on_mount(self) -> None:
        """Read the first list and start the clock."""
        self.set_interval(1.0, self._tick)
        self.show_list(FeedQuery())

    @work(group="list", exclusive=True, exit_on_error=False)
    async def show_list(self, query: FeedQuery) -> None:
        """Switch the feed to another list."""
        titles = {account.id: account.title for account in self.services.accounts.list()}
        self.feed.account_title = titles.get(query.account, "") if query.account else ""
        try:
            await self.feed.show(query)
        except InboxError as error:
            self.complain(error.sentence)
        self.refresh_data()

    def on_stale(self, message: Stale) -> None:
        """Ask again for what is on the screen."""
        if message.accounts:
            self._learn_channels()
        # What can be offered in a conversation depends on its account.
        talk = bool(message.accounts) or self.talk.conversation in message.conversations
        self.refresh_data(talk=talk)

    def on_screen_resume(self) -> None:
        """Look again after another screen was on top."""
        if self.feed.model.loaded:
            self.refresh_data()

    def on_keys_pending(self, message: KeysPending) -> None:
        """Show how the sequence may go on."""
        self.hints.tell(message.pressed, message.hints)

    async def keep_drafts(self) -> None:
        """Store what was typed and not stored yet."""
        await self.composer.settled()
        self._note_draft()
        await self.keeper.flush()

    def draft_changed(self, conversation: ConversationId, draft: Draft | None) -> None:
        """Keep the draft."""
        self.keeper.change(conversation, draft)

    def _note_draft(self) -> None:
        composer = self.composer
        target = composer.target
        if target is not None and target.editing is None:
            self.keeper.change(target.conversation, composer.draft)

    def _tick(self) -> None:
        self.feed.tick()
        self.talk.tick()
        self._count_down()
        self.show_frame()

    def _learn_channels(self) -> None:
        for account in self.services.accounts.list():
            self._channels[account.id] = account.short

    # Reading

    def refresh_data(self, *, talk: bool = True) -> None:
        """Read everything on the screen again; requests meanwhile become one."""
        self._stale = True
        self._stale_talk = self._stale_talk or talk
        if not self._refreshing:
            self._refreshing = True
            self.run_worker(self._refresh(), group="refresh", exit_on_error=False)

    async def _refresh(self) -> None:
        try:
            while self._stale:
                talk, self._stale, self._stale_talk = self._stale_talk, False, False
                await self.feed.reload(follow_top=self._filling())
                self.counts = await self.services.feed.counts()
                self.show_frame()
                if talk:
                    await self._read_talk(self.talk.conversation)
        except InboxError as error:
            self.complain(error.sentence)
        finally:
            self._refreshing = False

    def _filling(self) -> bool:
        """Whether an account is being read for the first time since the start."""
        early = {HealthState.CONNECTING, HealthState.CATCHING_UP}
        return any(account.health.state in early for account in self.services.accounts.list())

    def on_feed_moved(self) -> None:
        """Follow the cursor with the conversation beside it, once it rests."""
        self.show_frame()
        if self.pinned is not None or (self.narrow and not self.has_class("-talking")):
            return
        wanted = self.subject
        if wanted == self.talk.conversation:
            return
        if self._rest is not None:
            self._rest.stop()
        if self.talk.card is None or wanted is None:
            self.follow()
        else:
            self._rest = self.set_timer(_PREVIEW_PAUSE, self.follow)

    def follow(self) -> None:
        """Show the conversation of the moment."""
        self._follow(self.subject)

    @work(group="talk", exclusive=True, exit_on_error=False)
    async def _follow(self, conversation: ConversationId | None) -> None:
        await self._read_talk(conversation)

    async def _read_talk(self, conversation: ConversationId | None) -> None:
        if conversation is None:
            if self.subject is None:
                self.talk.show(None, None)
            return
        known = len(self.talk.messages) if self.talk.conversation == conversation else 0
        try:
            card = await self.services.feed.card(conversation)
            page = await self.services.feed.messages(conversation, limit=max(_PAGE, known))
        except InboxError as error:
            self.complain(error.sentence)
            return
        # The cursor may have gone on while the database answered.
        if conversation in {self.subject, self.talk.conversation}:
            self.talk.show(card, page)
            self.show_frame()

    def on_conversation_earlier_wanted(self) -> None:
        """Load a page of older messages."""
        self.run_worker(self._read_earlier(), group="earlier", exit_on_error=False)

    async def _read_earlier(self) -> None:
        conversation, messages = self.talk.conversation, self.talk.messages
        if conversation is None or not messages:
            return
        try:
            page = await self.services.feed.messages(
                conversation, before=messages[0].id, limit=_PAGE
            )
        except InboxError as error:
            self.complain(error.sentence)
            return
        if self.talk.conversation == conversation and self.talk.messages[:1] == messages[:1]:
            self.talk.prepend(page)

    # Frame

    def show_frame(self) -> None:
        """Repaint the status line, the sidebar and the keys that work now."""
        if not self.is_mounted:
            return
        settings, accounts = self.services.settings, self.services.accounts.list()
        bad = {HealthState.NEEDS_LOGIN, HealthState.BROKEN}
        trouble = [
            f"{account.short}: {fmt.health_word(account.health.state)}"
            for account in accounts
            if account.health.state in bad
        ]
        self.status_line.tell(
            StatusFacts(
                business=settings.business,
                operator=settings.operator,
                counts=self.counts,
                now=self.now(),
                zone=settings.hours.zone,
                trouble=", ".join(trouble),
            )
        )
        query = self.feed.model.query
        self.sidebar.show(entries(self.counts, accounts, query, self.now()))
        self.show_keys()

    def show_keys(self) -> None:
        """Offer the keys that work where the focus is."""
        if self.app.screen is self:
            self.footer.offer(self.desk.footer_commands)
