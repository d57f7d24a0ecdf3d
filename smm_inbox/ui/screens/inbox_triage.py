"""Commands of the inbox that sort conversations: close, reopen, type, spam, undo."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from smm_inbox.domain.conversation import MessageType, Status
from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.listing import FeedRow, View
from smm_inbox.locale import ntr, tr

from .. import format as fmt
from .inbox_select import InboxSelect

Change = Callable[[Collection[ConversationId]], Awaitable[int]]


class InboxTriage(InboxSelect):
    """Sorting."""

    @property
    def subject_row(self) -> FeedRow | None:
        """The row of the conversation commands act upon."""
        card, row = self.card, self.feed.current
        if row is not None and row.id == self.subject:
            return row
        return card.row if card else None

    def action_status_close(self) -> None:
        """Close: no answer needed. Then the next one."""
        row, targets = self.subject_row, self.targets
        said = tr("Closed, no answer needed")
        if row is not None and targets == (row.id,) and row.awaiting > 1:
            # One of several was answered, perhaps: the others are not to go unnoticed.
            said = ntr(
                "Closed; {count} message is left without an answer",
                "Closed; {count} messages are left without an answer",
                row.awaiting,
            ).format(count=fmt.number(row.awaiting))
        self.sort(self.services.triage.no_answer, said, leaves=True)

    async def action_status_in_progress(self) -> None:
        """An interim answer was given."""
        self.sort(self.services.triage.in_progress, tr("Marked as in progress"))

    def action_status_reopen(self) -> None:
        """Open a closed conversation again."""
        triage, snoozed = self.services.triage, self.lists(View.SNOOZED)
        change = triage.bring_back if snoozed else triage.reopen
        leaves = snoozed or self.lists(View.CLOSED) or self.lists(View.SPAM)
        self.sort(change, tr("Open again"), leaves=leaves)

    def action_spam_toggle(self) -> None:
        """Spam, or not spam."""
        spam = self.services.triage.spam
        if self.lists(View.SPAM):

            async def back(ids: Collection[ConversationId]) -> int:
                return await spam(ids, False)

            self.sort(back, tr("Not spam"), leaves=True)
        else:
            self.sort(spam, tr("Marked as spam"), leaves=True)

    def action_type_question(self) -> None:
        """A question."""
        self._type(MessageType.QUESTION)

    def action_type_thanks(self) -> None:
        """Thanks."""
        self._type(MessageType.THANKS)

    def action_type_complaint(self) -> None:
        """A complaint."""
        self._type(MessageType.COMPLAINT)

    def action_type_neutral(self) -> None:
        """Neutral."""
        self._type(MessageType.NEUTRAL)

    def _type(self, wanted: MessageType) -> None:
        row = self.subject_row
        # The same key again takes the mark away.
        value = None if row is not None and row.type is wanted else wanted
        said = tr("Type: {type}").format(type=fmt.type_word(value)) if value else tr("Type removed")

        async def change(ids: Collection[ConversationId]) -> int:
            return await self.services.triage.set_type(ids, value)

        self.sort(change, said)

    def sort(self, change: Change, said: str, *, leaves: bool = False) -> None:
        """Change the selection, or the conversation itself."""
        self.sort_these(self.targets, change, said, leaves=leaves)

    def sort_these(
        self, targets: tuple[ConversationId, ...], change: Change, said: str, *, leaves: bool
    ) -> None:
        """Change conversations; ``leaves``: they are about to leave the list."""
        if not targets:
            return
        if leaves:
            self._go_on(targets)
        self.command(self._changed(change, targets, said), said)

    async def _changed(
        self, change: Change, targets: tuple[ConversationId, ...], said: str
    ) -> None:
        count = await change(targets)
        if len(targets) > 1:
            said = tr("{done}: {count}").format(done=said, count=fmt.number(count))
        if count:
            self.notice(tr("{done} · {key} — undo").format(done=said, key=self.key_of("undo")))

    def _go_on(self, leaving: tuple[ConversationId, ...]) -> None:
        """Step to the next row at once: the next press must not hit the one that is leaving."""
        gone = frozenset(leaving)
        self.feed.leave(gone)
        if self.pinned is None:
            # What has left cannot be seen to be selected any more.
            self.unselect()
            return
        if self.pinned not in gone:
            return
        after = self.feed.current
        if after is not None and after.id not in gone:
            self.hold(after.id)
        else:
            self.release()

    def lists(self, view: View) -> bool:
        """Whether this list is shown."""
        return self.feed.model.query.view is view

    # Undo

    async def action_undo(self) -> None:
        """Take back the last thing done."""
        await self.command_now(self._undo())

    async def _undo(self) -> None:
        undone = await self.services.undo.last()
        if undone is None:
            self.notice(tr("There is nothing to take back."))
            return
        self.notice(undone.sentence)
        if undone.conversation is None:
            return
        await self.feed.reload()
        await self.feed.select(undone.conversation)
        if undone.draft_restored:
            await self.resume_draft(undone.conversation)

    async def resume_draft(self, conversation: ConversationId) -> None:
        """Put the draft of a conversation back into the composer."""
        raise NotImplementedError

    def can_sort(self, action: str) -> bool:
        """Whether a command of this room makes sense for the row under the cursor."""
        row = self.subject_row
        if row is None:
            return action == "undo"
        if len(self.targets) > 1:
            return True
        closed = row.status is Status.CLOSED
        away = closed or row.snoozed_until is not None or self.lists(View.SPAM)
        return {
            "status_close": not closed,
            "status_in_progress": row.status is not Status.IN_PROGRESS and not closed,
            "status_reopen": away,
        }.get(action, True)
