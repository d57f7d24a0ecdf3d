"""Commands of the inbox that choose what is listed and what is open."""

from __future__ import annotations

from dataclasses import replace

from textual import events

from smm_inbox.domain.ids import ConversationId, TagId
from smm_inbox.domain.listing import FeedQuery, Order, View
from smm_inbox.locale import tr

from ..widgets.conversation import Conversation
from ..widgets.feed import Feed
from ..widgets.sidebar import VIEWS, Choice, Sidebar, entries
from .inbox_base import InboxBase


class InboxLists(InboxBase):
    """Lists, opening and going back."""

    # Opening and going back

    def action_move_open(self) -> None:
        """Hold the conversation under the cursor open."""
        row = self.feed.current
        if row is not None:
            self.hold(row.id)

    def action_move_back(self) -> None:
        """Back to the list."""
        if self.pinned is not None or self.has_class("-talking"):
            self.release()
        elif self.feed.model.query != FeedQuery():
            self.choose_list(FeedQuery(order=self.feed.model.query.order))

    def on_feed_opened(self) -> None:
        """A click on the selected row."""
        self.action_move_open()

    def on_conversation_clicked(self) -> None:
        """A click into the pane holds its conversation."""
        if self.pinned is None and self.talk.conversation is not None:
            self.hold(self.talk.conversation)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The focus says which keys work."""
        if event.widget is not self.focused:
            return  # told late: keys typed fast have moved the focus on since
        if isinstance(event.widget, Feed) and self.answering:
            # A click into the list ends writing; the draft is kept.
            self.command(self.leave_answer(), "leave an answer")
        elif isinstance(event.widget, Feed):
            self.pinned = None
            self.on_feed_moved()
        elif isinstance(event.widget, Conversation) and self.pinned is None:
            self.pinned = self.talk.conversation
        self.call_after_refresh(self.show_keys)

    async def leave_answer(self) -> None:
        """Leave the answer being written; the draft is kept."""
        raise NotImplementedError

    def hold(self, conversation: ConversationId) -> None:
        """Show a conversation and put the focus on it."""
        self.pinned = conversation
        self.add_class("-talking")
        self.set_focus(self.talk, scroll_visible=False)
        if self.talk.conversation != conversation:
            self.follow()
        self.show_frame()

    def release(self) -> None:
        """Give the focus back to the list."""
        self.pinned = None
        self.remove_class("-talking")
        self.set_focus(self.feed, scroll_visible=False)
        self.on_feed_moved()

    def action_root_toggle(self) -> None:
        """Show or fold the post, long texts and earlier wordings."""
        if self.card is None:
            self.action_move_open()
        self.talk.toggle_opened()

    def action_browser_open(self) -> None:
        """Open what an unsent answer asks for, the selected message, or the conversation."""
        card = self.card
        chosen = self.talk.selected if self.talk.has_focus else None
        stuck = self.talk.unsent
        if stuck is not None and stuck.reason_url:
            self.desk.browse(stuck.reason_url)
        elif chosen is not None and chosen.url:
            self.desk.browse(chosen.url)
        elif card is not None:
            self.desk.browse(card.url or (card.root.url if card.root else ""))
        elif self.subject is not None:
            self.command(self._browse(self.subject), "open in the browser")

    async def _browse(self, conversation: ConversationId) -> None:
        card = await self.services.feed.card(conversation)
        self.desk.browse(card.url if card else "")

    # Lists

    def choose_list(self, query: FeedQuery) -> None:
        """Show another list."""
        self.release()
        self.show_list(query)

    def _view(self, view: View) -> None:
        self.choose_list(replace(self.feed.model.query, view=view, search=""))

    def _turn(self, step: int) -> None:
        at = VIEWS.index(self.feed.model.query.view)
        self._view(VIEWS[(at + step) % len(VIEWS)])

    def action_view_next(self) -> None:
        """Next list."""
        self._turn(1)

    def action_view_previous(self) -> None:
        """Previous list."""
        self._turn(-1)

    def action_view_choose(self) -> None:
        """Choose a list or an account from an overlay."""
        query, now = self.feed.model.query, self.now()
        lines = entries(self.counts, self.services.accounts.list(), query, now, every_tag=True)
        from .inbox_pick import PickScreen  # noqa: PLC0415 - when it is first shown

        screen: PickScreen[Choice] = PickScreen(
            tr("Lists, accounts and tags"), lines, start=Choice(view=query.view)
        )
        self.app.push_screen(screen, self._picked)

    def on_sidebar_picked(self, message: Sidebar.Picked) -> None:
        """A line of the sidebar was clicked."""
        self._picked(message.choice)

    def _picked(self, choice: Choice | None) -> None:
        if choice is None:
            return
        query = self.feed.model.query
        if choice.view is not None:
            self._view(choice.view)
        elif choice.tag is not None:
            self._choose_tag(choice.tag)
        elif choice.search:
            self.choose_list(FeedQuery(View.OPEN, order=query.order, search=choice.search))
        else:
            self.choose_list(replace(query, account=choice.account))

    def _choose_tag(self, tag: TagId) -> None:
        """All open conversations with a tag; the chosen tag once more takes the filter off."""
        query = self.feed.model.query
        if query.tag == tag:
            self.choose_list(replace(query, tag=None))
        else:
            self.choose_list(replace(query, tag=tag, view=View.OPEN, search=""))

    def take_off_tag(self) -> None:
        """Take the filter by tag off."""
        self.choose_list(replace(self.feed.model.query, tag=None))

    def action_view_order(self) -> None:
        """Closest to the deadline first, or newest first."""
        query = self.feed.model.query
        order = Order.NEWEST if query.order is Order.DEADLINE else Order.DEADLINE
        self.choose_list(replace(query, order=order))

    def action_view_account(self) -> None:
        """One account, the next one, all of them."""
        query = self.feed.model.query
        ids = [None, *(account.id for account in self.services.accounts.list())]
        at = ids.index(query.account) if query.account in ids else 0
        self.choose_list(replace(query, account=ids[(at + 1) % len(ids)]))

    def action_view_awaiting(self) -> None:
        """Everybody who waits."""
        self._view(View.AWAITING)

    def action_view_open(self) -> None:
        """All open."""
        self._view(View.OPEN)

    def action_view_direct(self) -> None:
        """Private messages."""
        self._view(View.DIRECT)

    def action_view_comments(self) -> None:
        """Comments."""
        self._view(View.COMMENTS)

    def action_view_mentions(self) -> None:
        """Mentions."""
        self._view(View.MENTIONS)

    def action_view_reviews(self) -> None:
        """Reviews."""
        self._view(View.REVIEWS)

    def action_view_snoozed(self) -> None:
        """Snoozed."""
        self._view(View.SNOOZED)

    def action_view_starred(self) -> None:
        """With a star."""
        self._view(View.STARRED)

    def action_view_drafts(self) -> None:
        """Drafts."""
        self._view(View.DRAFTS)

    def action_view_not_sent(self) -> None:
        """Not sent."""
        self._view(View.NOT_SENT)

    def action_view_closed(self) -> None:
        """Closed."""
        self._view(View.CLOSED)

    def action_view_spam(self) -> None:
        """Spam."""
        self._view(View.SPAM)
