"""The panes of the inbox screen and the frame around them."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.screen import Screen
from textual.timer import Timer

from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.ids import MANUAL, AccountId, ConversationId
from smm_inbox.domain.listing import Counts
from smm_inbox.domain.note import Purpose
from smm_inbox.locale import tr

from .. import format as fmt
from .. import safe
from ..widgets.conversation import Conversation
from ..widgets.draft_keeper import DraftKeeper
from ..widgets.feed import Feed
from ..widgets.sidebar import Sidebar, entries
from ..widgets.statusline import Footer, Hints, StatusFacts, StatusLine
from ..widgets.suggestion_line import SuggestionLine

if TYPE_CHECKING:
    from smm_inbox.domain.feed import ConversationCard, Draft
    from smm_inbox.services.container import Services

    from ..app import InboxApp
    from ..widgets.composer import Composer
    from ..widgets.note_box import NoteBox, Sheet

NARROW = 100
"""Below this width one pane at a time is shown."""


if TYPE_CHECKING:
    _Ground = Screen[None]
else:
    # Textual looks every class of a screen through when it is made. The rooms need none of that:
    # they are plain classes, and only ``InboxScreen``, which joins them, is a screen.
    _Ground = object


class InboxPanes(_Ground):
    """Panes and frame; what is read into them and the commands are in the rooms above."""

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
        self._notice_ends: Timer | None = None
        self.pinned: ConversationId | None = None
        """The conversation held open; without one the pane follows the cursor of the feed."""
        self.keeper: DraftKeeper[ConversationId, Draft] = DraftKeeper(
            self._save_draft, failed=self.complain
        )
        self.note_keeper: DraftKeeper[tuple[ConversationId, Purpose], str] = DraftKeeper(
            self._save_note_draft, failed=self.complain
        )
        self._laying_out = asyncio.Lock()
        self._channels: dict[AccountId, str] = {}
        self._leaving_at: datetime | None = None
        self._said_beside = ""
        self._from_list = True
        """Whether the answer being written was begun from the list."""

        self._build()

    def fit(self, size: Size) -> None:
        """Take the shape for a size before the first frame: later every style is found anew."""
        for at_hand, points in (
            (size.width, self.HORIZONTAL_BREAKPOINTS),
            (size.height, self.VERTICAL_BREAKPOINTS),
        ):
            fitting = [name for least, name in points or () if at_hand >= least]
            self.add_class(*fitting[-1:], update=False)

    async def _save_draft(self, conversation: ConversationId, draft: Draft | None) -> None:
        await self.services.replies.save_draft(conversation, draft)

    async def _save_note_draft(
        self, sheet: tuple[ConversationId, Purpose], text: str | None
    ) -> None:
        await self.services.notes.save_draft(*sheet, text or "")

    def note_changed(self, sheet: Sheet, text: str) -> None:
        """Keep what is written of a note."""
        if sheet.editing is None:
            self.note_keeper.change((sheet.conversation, sheet.purpose), text)

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
        self.side = Vertical(id="talk")
        self.suggested = SuggestionLine(id="suggestions")
        self.footer = Footer(id="footer")
        self.hints = Hints(id="hints")

    # Panes

    def compose(self) -> ComposeResult:
        """Put the panes in their places."""
        yield self.status_line
        with Horizontal(id="main"):
            yield self.sidebar
            yield self.feed
            with self.side:
                yield self.talk
                yield self.suggested
        yield self.footer
        yield self.hints

    @cached_property
    def composer(self) -> Composer:
        """Where an answer is written; ``lay_out_fields`` puts it in its place."""
        from ..widgets.composer import Composer  # noqa: PLC0415 - after the first frame

        return Composer(self.draft_changed, id="composer")

    @cached_property
    def note_box(self) -> NoteBox:
        """Where a note is written; ``lay_out_fields`` puts it in its place."""
        from ..widgets.note_box import NoteBox  # noqa: PLC0415 - after the first frame

        return NoteBox(self.note_changed, id="note-box")

    async def lay_out_fields(self) -> None:
        """Put the fields for writing below the conversation, unless they are there.

        They are hidden until something is written, so the first frame does not wait for them.
        """
        async with self._laying_out:
            if self.side.is_attached and not self.composer.is_attached:
                await self.side.mount(self.composer, self.note_box)

    @property
    def answering(self) -> bool:
        """Whether an answer is being written."""
        return "composer" in vars(self) and self.composer.active

    @property
    def noting(self) -> bool:
        """Whether a note is being written."""
        return "note_box" in vars(self) and self.note_box.active

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
        if self._notice_ends is not None:
            self._notice_ends.stop()  # of the sentence before, which is over already
        self._notice_ends = self.set_timer(5.0, self._notice_over)

    def _notice_over(self) -> None:
        if self._leaving_at is None:
            self.footer.notice("")

    def leaving(self, at: datetime, also: str = "") -> None:
        """Count down to the moment when an answer leaves; ``also`` is said beside it."""
        self._leaving_at = at
        self._said_beside = also
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
        said = words.format(time=left, key=self.key_of("undo"))
        self.footer.notice(f"{said} · {self._said_beside}" if self._said_beside else said)

    def draft_changed(self, conversation: ConversationId, draft: Draft | None) -> None:
        """Keep the draft of the answer being written."""
        self.keeper.change(conversation, draft)

    def _learn_channels(self) -> None:
        for account in self.services.accounts.list():
            self._channels[account.id] = account.short
        self._channels.setdefault(MANUAL, "")  # the kind says it all

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
                operator=self.services.duty.operator,
                counts=self.counts,
                now=self.now(),
                zone=settings.hours.zone,
                trouble=", ".join(trouble),
                selected=len(self.feed.selection),
            )
        )
        query = self.feed.model.query
        if query.tag is not None:
            known = (one.tag for one in self.counts.tags if one.tag.id == query.tag)
            self.feed.tag = next(known, self.feed.tag)
        self.sidebar.show(entries(self.counts, accounts, query, self.now()))
        self.show_keys()

    def show_keys(self) -> None:
        """Offer the keys that work where the focus is."""
        if self.is_current:
            self.footer.offer(self.desk.footer_commands)
