"""Commands of the inbox that select rows, and the place that is kept over a restart."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.listing import FeedQuery
from smm_inbox.locale import ntr, tr

from ..widgets.feed import Feed
from .inbox_lists import InboxLists

if TYPE_CHECKING:
    from smm_inbox.services.container import Services
    from smm_inbox.services.place import Place

_log = logging.getLogger(__name__)
_Sight = tuple[FeedQuery, ConversationId | None, int]


class InboxSelect(InboxLists):
    """Selecting, and coming back to where the operator was."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.selection = self.feed.selection
        self._sight: _Sight | None = None
        self._kept: _Sight | None = None

    @property
    def targets(self) -> tuple[ConversationId, ...]:
        """What a command of sorting changes: the selection, or the conversation itself.

        A conversation that is held open is meant alone.
        """
        if self.pinned is None and self.selection:
            return self.selection.ids
        return () if self.subject is None else (self.subject,)

    # Selecting

    def action_select_toggle(self) -> None:
        """Select the row, or take it out."""
        row = self.feed.current
        if row is not None:
            self.selection.toggle(row.id)
            self._selected()

    def action_select_down(self) -> None:
        """Select the row and the next one."""
        self._extend(1)

    def action_select_up(self) -> None:
        """Select the row and the one above."""
        self._extend(-1)

    def _extend(self, step: int) -> None:
        row = self.feed.current
        if row is None:
            return
        self.feed.step(step)
        target = self.feed.current
        if target is None or target.id == row.id:
            if row.id not in self.selection:
                self.selection.toggle(row.id)
        else:
            self.selection.extend(row.id, target.id, step)
        self._selected()

    async def action_select_all(self) -> None:
        """Select everything in this list as it is now; what arrives later is not in it."""
        await self.command_now(self._select_all())

    async def _select_all(self) -> None:
        ids = await self.services.feed.ids(self.feed.model.query)
        self.selection.replace(ids)
        self._selected()
        said = ntr(
            "Selected: the only one in this list",
            "Selected: all {count} in this list",
            len(ids),
        ).format(count=len(ids))
        back = tr("{done} · {key} — select nothing").format(done=said, key=self.key_of("move.back"))
        self.notice(back if ids else tr("There is nothing to select here."))

    def on_feed_marked(self, message: Feed.Marked) -> None:
        """The mark of a row was clicked."""
        self.selection.toggle(message.conversation)
        self._selected()

    def _selected(self) -> None:
        self.feed.refresh()
        self.show_frame()

    def unselect(self) -> None:
        """Select nothing."""
        self.selection.clear()
        self._selected()

    def action_move_back(self) -> None:
        """Back to the list; there, select nothing; then take the filters off."""
        held = self.pinned is not None or self.has_class("-talking")
        if self.selection and not held:
            self.unselect()
        else:
            super().action_move_back()

    def choose_list(self, query: FeedQuery) -> None:
        """Show another list; what is selected in one list is not selected in the next."""
        if replace(query, order=self.feed.model.query.order) != self.feed.model.query:
            self.selection.clear()
        super().choose_list(query)

    # The place

    def come_back(self) -> None:
        """Begin where the program was left."""
        self._come_back()

    @work(group="list", exclusive=True, exit_on_error=False)
    async def _come_back(self) -> None:
        try:
            place = await self.services.places.last()
        except InboxError as error:
            self.complain(error.sentence)
            await self.list_now(FeedQuery())
            return
        self.selection.replace(place.selection)
        self.feed.tag = place.tag
        await self.list_now(place.query, place)
        self._kept = self._sight = self._seen()

    def _seen(self) -> _Sight:
        row = self.feed.current
        return self.feed.model.query, row.id if row else None, self.selection.version

    def _tick(self) -> None:
        super()._tick()
        if not self.feed.model.loaded:
            return
        before, self._sight = self._sight, self._seen()
        # While the cursor runs nothing is written.
        if self._sight == before != self._kept:
            self.desk.background(self._keep_place(), name="keep the place")

    async def keep_drafts(self) -> None:
        """Store what was typed, and where the operator was."""
        await super().keep_drafts()
        if self.feed.model.loaded:
            await self._keep_place()

    async def _keep_place(self) -> None:
        self._kept = self._seen()
        try:
            await self.services.places.keep(self._place())
        except InboxError as error:
            # No reason to disturb anybody: at the worst the next start begins at the top.
            _log.warning("the place in the list was not kept: %s", error)

    def _place(self) -> Place:
        from smm_inbox.services.place import Place  # noqa: PLC0415 - the engine has loaded it

        row, model = self.feed.current, self.feed.model
        # At the top the start stays at the top: whoever is more urgent by then stands there.
        if row is None or model.position == 1:
            return Place(model.query, selection=self.selection.ids)
        return Place(model.query, row.id, row.key, self.selection.ids)
