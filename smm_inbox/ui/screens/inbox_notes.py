"""Commands of the inbox that write notes: beside the conversation, never into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.ids import MANUAL, ContactId, ConversationId, MessageId
from smm_inbox.domain.note import Note, Purpose
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr

from .. import safe
from ..widgets.feed import Feed
from .inbox_moderation import InboxModeration

if TYPE_CHECKING:
    from smm_inbox.domain.feed import ConversationCard

    from ..widgets.note_box import Sheet


class InboxNotes(InboxModeration):
    """Notes, and answers given elsewhere."""

    _carried: str | None = None
    """What was an answer before it became a note, to become one again."""
    _answer_kind = ReplyKind.IN_PLACE
    """How the answer that became a note was to go."""
    _answer_to: MessageId | None = None
    """The message that it was to answer."""

    # Beginning

    async def action_note_write(self) -> None:
        """Write a note on the conversation."""
        self._answer_kind, self._answer_to = ReplyKind.IN_PLACE, None
        if self.subject is not None:
            if self._reading(self.subject):
                self._answer_to = self.talk.reply_target
            await self.command_now(self._take_up(self.subject, Purpose.CONVERSATION))

    async def action_reply_in_place(self) -> None:
        """Answer; where no network carries an answer, write down what was answered elsewhere."""
        row = self.subject_row
        if row is not None and row.account == MANUAL:
            await self.command_now(self._take_up(row.id, Purpose.ELSEWHERE))
        else:
            await super().action_reply_in_place()

    async def _take_up(
        self,
        conversation: ConversationId,
        purpose: Purpose,
        *,
        author: ContactId | None = None,
        note: Note | None = None,
        text: str | None = None,
    ) -> None:
        """Open the field with ``text``, or with what was left in it."""
        self._carried = None
        if self.composer.active and not await self._keep_and_close():
            return
        if self.note_box.active and not await self._put_note_away():
            return
        card = await self.services.feed.card(conversation)
        if card is None:
            return
        if self.talk.conversation != conversation:
            page = await self.services.feed.messages(conversation)
            self.pinned = conversation
            self.talk.show(card, page, await self.margin_of(card))
        if text is None:
            text = note.text if note else await self.services.notes.draft(conversation, purpose)
        from ..widgets.note_box import Sheet  # noqa: PLC0415 - when something is first written

        sheet = Sheet(
            conversation, purpose, _name_of(card), author=author, editing=note.id if note else None
        )
        self._from_list = self.feed.has_focus
        self.pinned = conversation
        self.add_class("-talking")
        if note is None:
            self.note_keeper.know((conversation, purpose), text)
        await self.lay_out_fields()
        self.note_box.open(sheet, text)
        self.show_frame()

    # From an answer to a note and back

    async def action_composer_note(self) -> None:
        """Make a note of what is written."""
        await self.command_now(self._answer_to_note())

    async def _answer_to_note(self) -> None:
        composer = self.composer
        await composer.settled()
        target = composer.target
        if target is None or target.editing is not None:
            return
        conversation, text = target.conversation, composer.area.text
        self._answer_kind, self._answer_to = target.kind, target.reply_to
        kept = await self.services.notes.draft(conversation, Purpose.CONVERSATION)
        from_list = self._from_list
        if kept or not text.strip() or composer.files:
            # Both have words of their own: each keeps them.
            await self._take_up(conversation, Purpose.CONVERSATION)
        else:
            # Stored as a note before it is gone as an answer.
            await self.services.notes.save_draft(conversation, Purpose.CONVERSATION, text)
            composer.replace_text("")
            await self._take_up(conversation, Purpose.CONVERSATION, text=text)
            self._carried = text
        self._from_list = from_list

    async def action_note_switch(self) -> None:
        """Make an answer of what is written."""
        await self.command_now(self._note_to_answer())

    async def _note_to_answer(self) -> None:
        box = self.note_box
        await box.settled()
        sheet = box.sheet
        if sheet is None or not sheet.switches:
            return
        text, from_list = box.text, self._from_list
        carried, self._carried = self._carried, None
        if not await self._put_note_away():
            return
        composer = self.composer
        here = self.talk.message(self._answer_to)
        await self._write(sheet.conversation, self._answer_kind, here.id if here else None)
        self._from_list = from_list
        target = composer.target
        if target is None or target.conversation != sheet.conversation:
            self._back()
            return
        if target.option.closed or not text.strip() or composer.area.text.strip():
            return
        composer.replace_text(text)
        await composer.settled()
        await self.keep_drafts()
        await self.services.notes.save_draft(sheet.conversation, Purpose.CONVERSATION, "")
        if text != carried:
            words = tr("This was begun as a note: make sure that the customer may read it.")
            safe.toast(self.app, words, severity="warning")

    # Ending

    async def action_note_save(self) -> None:
        """Keep it."""
        await self.command_now(self._keep_sheet(close=False))

    async def action_note_save_close(self) -> None:
        """Keep it and close the conversation."""
        await self.command_now(self._keep_sheet(close=True))

    async def _keep_sheet(self, *, close: bool) -> None:
        box = self.note_box
        await box.settled()
        sheet, text = box.sheet, box.text
        if sheet is None or box.area.frozen:
            return
        box.area.frozen = True
        try:
            await self.note_keeper.flush()
            said = await self._stored(sheet, text, close=close)
        finally:
            box.area.frozen = False
        if sheet.editing is None:
            self.note_keeper.sent((sheet.conversation, sheet.purpose))
        box.close()
        await self._read_talk(self.talk.conversation)
        self.talk.to_the_end()
        self._back()
        self.notice(tr("{done} · {key} — undo").format(done=said, key=self.key_of("undo")))

    async def _stored(self, sheet: Sheet, text: str, *, close: bool) -> str:
        notes, where = self.services.notes, sheet.conversation
        if sheet.purpose is Purpose.ELSEWHERE:
            await self.services.manual.answer(where, text, close_after=close)
            return tr("The answer is written down")
        if sheet.editing is not None:
            await notes.edit(sheet.editing, text, where)
        else:
            await notes.write(where, text, author=sheet.author)
        if close:
            await self.services.triage.close([where])
        return tr("The note is kept")

    async def action_note_leave(self) -> None:
        """Leave; what is written is kept."""
        await self.command_now(self._leave_note())

    async def _leave_note(self) -> None:
        if self.note_box.active and await self._put_note_away():
            self._back()

    async def _put_note_away(self) -> bool:
        """Close the field, unless its text could not be stored: then it stays."""
        await self.keep_drafts()
        if self.note_keeper.unsaved:
            return False
        self.note_box.close()
        return True

    async def keep_drafts(self) -> None:
        """Store what was typed and not stored yet; a note that is being changed is changed."""
        await super().keep_drafts()
        box = self.note_box
        await box.settled()
        sheet, text = box.sheet, box.text
        if sheet is not None and sheet.editing is None:
            self.note_changed(sheet, text)
        elif sheet is not None and sheet.editing is not None and text.strip():
            await self.services.notes.edit(sheet.editing, text, sheet.conversation)
        await self.note_keeper.flush()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click into the list ends writing; what is written is kept."""
        listed = isinstance(event.widget, Feed) and event.widget is self.focused
        if listed and self.noting:
            self.command(self._leave_note(), "leave a note")

    # Notes that are there

    async def action_message_edit(self) -> None:
        """Change the selected note, or our answer on the network."""
        note, talk = self.talk.selected_note, self.talk.conversation
        if note is None or talk is None:
            await super().action_message_edit()
        else:
            self.command(self._take_up(talk, Purpose.CONVERSATION, note=note), "change a note")

    def action_message_delete(self) -> None:
        """Delete the selected note, or the message on the network."""
        note, talk = self.talk.selected_note, self.talk.conversation
        if note is None or talk is None:
            super().action_message_delete()
        else:
            self.command(self._delete_note(note, talk), "delete a note")

    async def _delete_note(self, note: Note, where: ConversationId) -> None:
        await self.services.notes.delete(note.id, where)
        done = tr("The note is deleted")
        self.notice(tr("{done} · {key} — undo").format(done=done, key=self.key_of("undo")))

    def can_change(self, action: str) -> bool:
        """Whether a command on the selected message or note makes sense."""
        if self.talk.has_focus and self.talk.selected_note is not None:
            return action != "message_hide"
        return super().can_change(action)

    def can_note(self, action: str) -> bool:
        """Whether a command of this room makes sense now."""
        sheet = self.note_box.sheet if self.noting else None
        target = self.composer.target if self.answering else None
        return {
            "note_write": self.subject is not None,
            "note_switch": sheet is not None and sheet.switches,
            "composer_note": target is not None and target.editing is None,
        }.get(action, True)


def _name_of(card: ConversationCard) -> SafeText:
    contact = card.contact.name if card.contact else ""
    return SafeText(contact or card.row.name or card.title or tr("No name"))
