"""Commands of the inbox that search: the archive, and lists kept from searches."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import ConversationId, MessageId
from smm_inbox.domain.listing import FeedQuery, Ranking, SavedSearch, View
from smm_inbox.locale import tr

from .inbox_shift import InboxShift

Then = Callable[[str], Coroutine[object, object, None]]
"""What is done with a name that was given."""
_AROUND = 30
"""Messages read above one that was found."""


class InboxFind(InboxShift):
    """Searching."""

    _looked_for = ""
    _ranking = Ranking.RELEVANCE

    def action_search_open(self) -> None:
        """Search the archive."""
        from .search import SearchChoice, SearchScreen  # noqa: PLC0415 - when it is first shown

        def done(choice: SearchChoice | None) -> None:
            if choice is None:
                return
            self._looked_for, self._ranking = choice.text, choice.ranking
            if choice.conversation is not None:
                self.command_opened(choice.conversation, choice.message)
            elif choice.as_list:
                self._list(" ".join(choice.text.split()))

        screen = SearchScreen(
            self.services, self._channels, text=self._looked_for, ranking=self._ranking
        )
        self.app.push_screen(screen, done)

    def _list(self, text: str) -> None:
        query = self.feed.model.query
        self.choose_list(FeedQuery(View.OPEN, order=query.order, search=text))

    # Opening at a message

    def command_opened(self, conversation: ConversationId, message: MessageId | None) -> None:
        """Hold a conversation open at one of its messages."""
        self.hold(conversation)
        if message is not None:
            work = self._go_to(conversation, message)
            self.run_worker(work, group="found", exclusive=True, exit_on_error=False)

    async def _go_to(self, conversation: ConversationId, message: MessageId) -> None:
        try:
            depth = await self.services.search.depth(conversation, message)
        except InboxError as error:
            self.complain(error.sentence)
            return
        await self._read_talk(conversation, depth + _AROUND)
        if conversation == self.subject:
            self.talk.point_at(message)

    # Saved lists

    @property
    def _shown_list(self) -> SavedSearch | None:
        """The saved list that is shown."""
        text = self.feed.model.query.search
        return next((one for one in self.counts.searches if one.query == text), None)

    def can_find(self, action: str) -> bool:
        """Whether a command on lists makes sense for the one that is shown."""
        if action == "search_save":
            return bool(self.feed.model.query.search) and self._shown_list is None
        return action == "search_open" or self._shown_list is not None

    def action_search_save(self) -> None:
        """Keep the search that is listed."""
        text = self.feed.model.query.search

        async def save(name: str) -> None:
            await self.services.search.save(name, text)
            self._list_changed(tr("Saved: {name}").format(name=name))

        self._ask_name(tr("Name of the list"), text[:40], save, "save a list")

    def action_search_rename(self) -> None:
        """Give the list another name."""
        saved = self._shown_list
        if saved is None:
            return

        async def rename(name: str) -> None:
            await self.services.search.rename(saved.id, name)
            self._list_changed(tr("Renamed: {name}").format(name=name))

        self._ask_name(tr("New name of the list"), saved.name, rename, "rename a list")

    def action_search_remove(self) -> None:
        """Take the list out of the sidebar."""
        saved = self._shown_list
        if saved is None:
            return

        async def remove() -> None:
            await self.services.search.remove(saved.id)
            self._list_changed(tr("List removed: {name}").format(name=saved.name))

        self.command(remove(), "remove a list")
        self.choose_list(replace(self.feed.model.query, search=""))

    def _list_changed(self, done: str) -> None:
        self.notice(tr("{done} · {key} — undo").format(done=done, key=self.key_of("undo")))

    def _ask_name(
        self,
        title: str,
        name: str,
        then: Callable[[str], Coroutine[object, object, None]],
        what: str,
    ) -> None:
        from .one_line import LineScreen  # noqa: PLC0415 - when it is first shown

        def answered(given: str | None) -> None:
            if given is not None:
                self.command(then(given), what)

        self.app.push_screen(LineScreen(title, start=name, limit=40, select=True), answered)
