"""The inbox: the screen the program starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.screen import Screen

from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.ids import ConversationId, OutboxId
from smm_inbox.domain.outgoing import TAKE_BACK, OutAction, OutState
from smm_inbox.locale import tr

from ..widgets.message_lines import is_unsent
from ..widgets.statusline import Footer
from .inbox_find import InboxFind
from .inbox_panes import NARROW

if TYPE_CHECKING:
    from smm_inbox.domain.feed import MessageRow

_SORTING = (
    *("status_", "type_", "spam_", "snooze_", "star_"),
    *("reply_", "author_", "browser_"),
)
"""Beginnings of actions on the conversation under the cursor."""


class InboxScreen(InboxFind, Screen[None]):
    """Feed, conversation and composer, with the commands for answers that did not leave."""

    def on_resize(self, event: events.Resize) -> None:
        """A pane that becomes visible needs its conversation."""
        if event.size.width >= NARROW and self.talk.conversation != self.subject:
            self.follow()

    async def on_footer_pressed(self, message: Footer.Pressed) -> None:
        """A key of the footer was clicked."""
        await self.desk.run_command(message.command)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can work now."""
        if action == "reply_private":
            return self._can_reply_privately()
        if action in {"message_edit", "message_delete", "message_hide", "message_react"}:
            return self.can_change(action)
        if action.startswith("note_") or action == "composer_note":
            return self.can_note(action)
        if action == "message_files":
            return self.can_fetch()
        if action.startswith("delivery_"):
            return self._can_deliver(action)
        if action in {"promise_add", "colleague_ask", "playbook_open"}:
            return self.subject is not None
        if action == "view_account":
            return len(self.services.accounts.list()) > 1
        if action.startswith("select_"):
            return self.feed.current is not None
        if action.startswith(_SORTING):
            return self.can_sort(action)
        if action in {"composer_send", "composer_send_close"}:
            target = self.composer.target if self.answering else None
            return target is not None and not target.option.closed
        if action.startswith("search_"):
            return self.can_find(action)
        if action == "move_open":
            return self.feed.current is not None
        return True

    def _can_reply_privately(self) -> bool:
        row = self.subject_row
        if row is None:
            return False
        if self.card is not None:
            return any(one.kind is ReplyKind.PRIVATE for one in self.card.options)
        return any(
            ReplyKind.PRIVATE in account.capabilities.reply_kinds.get(row.kind, ())
            for account in self.services.accounts.list()
            if account.id == row.account and account.capabilities is not None
        )

    # Answers that did not leave

    def _can_deliver(self, action: str) -> bool:
        row = self.subject_row
        if row is None:
            return False
        message = self.talk.unsent if self.card is not None else None
        if message is None:
            return row.unsent > 0 or (action == "delivery_take_back" and row.pending > 0)
        state, sending = message.state, message.action is OutAction.SEND
        return {
            "delivery_retry": is_unsent(message),
            "delivery_confirm": sending and state is OutState.AMBIGUOUS,
            "delivery_take_back": sending and state in TAKE_BACK,
            "delivery_discard": is_unsent(message),
        }.get(action, False)

    async def _unsent(self, conversation: ConversationId) -> MessageRow | None:
        """The answer a delivery key acts upon, also when its conversation is not on the screen."""
        if self.talk.conversation == conversation:
            return self.talk.unsent
        page = await self.services.feed.messages(conversation)
        waiting = [message for message in page.messages if message.outbox is not None]
        return next((one for one in reversed(waiting) if is_unsent(one)), None) or (
            waiting[-1] if waiting else None
        )

    def action_delivery_retry(self) -> None:
        """Send again."""
        self._deliver("retry")

    def action_delivery_confirm(self) -> None:
        """The operator saw that it did arrive."""
        self._deliver("confirm")

    def action_delivery_take_back(self) -> None:
        """Back into the composer."""
        self._deliver("take_back")

    def action_delivery_discard(self) -> None:
        """Drop it."""
        self._deliver("discard")

    def _deliver(self, what: str) -> None:
        if self.subject is not None:
            self.command(self._delivered(self.subject, what), f"delivery: {what}")

    async def _delivered(self, conversation: ConversationId, what: str) -> None:
        message = await self._unsent(conversation)
        outbox: OutboxId | None = message.outbox if message else None
        if outbox is None:
            self.notice(tr("There is no answer here that waits for a decision."))
            return
        unsent = self.services.unsent
        if what == "retry":
            await unsent.retry(outbox)
            self.notice(tr("The answer leaves once more."))
        elif what == "confirm":
            await unsent.confirm_sent(outbox)
            self.notice(tr("Noted: the answer did arrive."))
        elif what == "discard":
            await unsent.discard(outbox)
            undo = tr("Dropped · {key} — undo").format(key=self.key_of("undo"))
            self.notice(undo)
        else:
            await self.resume_draft(await unsent.take_back(outbox))
