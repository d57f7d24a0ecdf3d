"""The ground of the inbox screen: what its panes show, and how they stay fresh."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work
from textual.timer import Timer

from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId, ConversationId
from smm_inbox.domain.listing import Counts, FeedQuery
from smm_inbox.locale import tr

from ..messages import KeysPending, Stale
from .inbox_panes import InboxPanes

if TYPE_CHECKING:
    from smm_inbox.domain.feed import ConversationCard
    from smm_inbox.domain.person import Margin
    from smm_inbox.services.container import Services
    from smm_inbox.services.place import Place

_PREVIEW_PAUSE = 0.06
"""Seconds the cursor must rest before the conversation beside it is read."""
_FIELDS_PAUSE = 0.3
"""Seconds after which the fields for writing are made when nobody wanted them before."""
_PAGE = 50


class InboxBase(InboxPanes):
    """Reading; commands are in the rooms above."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._commands = asyncio.Lock()
        self._stale = False
        self._stale_talk = False
        self._refreshing = False
        self._rest: Timer | None = None
        self._filled: set[AccountId] = set()
        """Accounts that were online once: what arrives now is news, not the first filling."""

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
        self.set_timer(_FIELDS_PAUSE, self.lay_out_fields)
        self.come_back()

    def come_back(self) -> None:
        """Show the first list."""
        raise NotImplementedError

    @work(group="list", exclusive=True, exit_on_error=False)
    async def show_list(self, query: FeedQuery) -> None:
        """Switch the feed to another list."""
        await self.list_now(query)

    async def list_now(self, query: FeedQuery, place: Place | None = None) -> None:
        """Switch the feed to another list, at its top or where ``place`` was."""
        titles = {account.id: account.title for account in self.services.accounts.list()}
        self.feed.account_title = titles.get(query.account, "") if query.account else ""
        try:
            if query.search:
                await self.services.search.ensure(query.search)
            if place is None or place.cursor is None or place.key is None:
                await self.feed.show(query)
            else:
                await self.feed.come_back(query, place.cursor, place.key)
            self._name_list()
        except InboxError as error:
            self.complain(error.sentence)
        self.refresh_data()

    def _name_list(self) -> None:
        """Tell the feed what the search it shows is called."""
        text = self.feed.model.query.search
        saved = (one.name for one in self.counts.searches if one.query == text)
        self.feed.call_search(next(saved, None) or tr("Search: {text}").format(text=text))

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
                former, self.counts = self.counts, await self.services.feed.counts()
                await self._follow_list(former)
                self._name_list()
                self.counted()
                self.show_frame()
                if talk:
                    await self._read_talk(self.talk.conversation)
        except InboxError as error:
            self.complain(error.sentence)
        finally:
            self._refreshing = False

    async def _follow_list(self, former: Counts) -> None:
        """Go on showing a saved list whose query was changed: a tag in it has another name."""
        query = self.feed.model.query
        shown = {one.id for one in former.searches if one.query == query.search}
        now = next((one for one in self.counts.searches if one.id in shown), None)
        if now is not None and now.query != query.search:
            await self.feed.show(replace(query, search=now.query))

    def counted(self) -> None:
        """Called when the counts were read anew."""

    def _filling(self) -> bool:
        """Whether an account is being read for the first time since the start."""
        early = {HealthState.CONNECTING, HealthState.CATCHING_UP}
        accounts = self.services.accounts.list()
        self._filled |= {one.id for one in accounts if one.health.state is HealthState.ONLINE}
        return any(one.health.state in early and one.id not in self._filled for one in accounts)

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

    async def _read_talk(self, conversation: ConversationId | None, at_least: int = 0) -> None:
        if conversation is None:
            if self.subject is None:
                self.talk.show(None, None)
            return
        try:
            while True:
                limit = max(_PAGE, at_least, self._loaded_of(conversation))
                card = await self.services.feed.card(conversation)
                page = await self.services.feed.messages(conversation, limit=limit)
                margin = await self.margin_of(card)
                if self._loaded_of(conversation) <= limit:
                    break  # otherwise earlier ones came meanwhile and would be lost again
        except InboxError as error:
            self.complain(error.sentence)
            return
        # The cursor may have gone on while the database answered.
        if conversation in {self.subject, self.talk.conversation}:
            self.talk.show(card, page, margin)
            self.show_frame()

    def _loaded_of(self, conversation: ConversationId) -> int:
        """How many messages of a conversation are on the screen."""
        return len(self.talk.messages) if self.talk.conversation == conversation else 0

    async def margin_of(self, card: ConversationCard | None) -> Margin | None:
        """What stands beside a conversation and is never sent."""
        if card is None:
            return None
        return await self.services.people.margin(card.row.id, card.contact_id)

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
