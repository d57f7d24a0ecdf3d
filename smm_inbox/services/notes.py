"""Notes: written, changed and deleted here; there is no way from a note to a network."""

from __future__ import annotations

from datetime import datetime

from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import ContactId, ConversationId
from smm_inbox.domain.note import MAX_NOTE, Note, NoteId, Purpose
from smm_inbox.domain.text import SafeText, clean
from smm_inbox.locale import tr
from smm_inbox.storage import conversations, journal, notes
from smm_inbox.storage.database import Database, Transaction

from .bus import Bus, FeedChanged
from .undo import Undo, Undone


class NoteRefused(InboxError):
    """The note cannot be written as it is; its text is kept."""


class Notes:
    """Commands on notes; each can be taken back."""

    def __init__(self, db: Database, clock: Clock, bus: Bus, undo: Undo, operator: str) -> None:
        self._db = db
        self._clock = clock
        self._bus = bus
        self._undo = undo
        self._operator = operator

    async def on_conversation(self, conversation: ConversationId) -> tuple[Note, ...]:
        """Notes on a conversation, oldest first."""
        return await notes.on_conversation(self._db, conversation)

    async def on_person(self, contact: ContactId) -> tuple[Note, ...]:
        """Notes on a person, whatever channel they were written on, oldest first."""
        return await notes.on_person(self._db, contact)

    async def write(
        self, conversation: ConversationId, text: str, *, author: ContactId | None = None
    ) -> NoteId:
        """Write a note on a conversation, or on its ``author``; the draft of it is forgotten.

        Raises ``NoteRefused`` with a sentence; then nothing changed.
        """
        words = _checked(text)
        now = self._clock.now()
        purpose = Purpose.CONVERSATION if author is None else Purpose.AUTHOR
        async with self._db.transaction() as tx:
            if not await conversations.exists(tx, conversation):
                raise NoteRefused(tr("There is no such conversation any more."))
            number = await notes.insert(
                tx,
                conversation=conversation if author is None else None,
                contact=author,
                text=words,
                operator=self._operator,
                now=now,
            )
            await notes.save_draft(tx, conversation, purpose, SafeText(""), now)
            written = await notes.get(tx, number)
            if written is not None:
                await self._note_down(tx, journal.Event.NOTE_WRITTEN, written, now)
        self._undo.push(lambda: self._unwrite(number, conversation, purpose))
        self._tell(conversation)
        return number

    async def edit(self, note: NoteId, text: str, where: ConversationId) -> None:
        """Change the text of a note seen in the conversation ``where``."""
        words = _checked(text)
        now = self._clock.now()
        async with self._db.transaction() as tx:
            before = await notes.get(tx, note)
            if before is None:
                raise NoteRefused(tr("The note is gone."))
            if before.text == words:
                return
            await notes.change(tx, note, words, now)
            await self._note_down(tx, journal.Event.NOTE_EDITED, before, now)
        self._undo.push(lambda: self._unedit(before, words, where))
        self._tell(where)

    async def delete(self, note: NoteId, where: ConversationId) -> None:
        """Delete a note seen in the conversation ``where``."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            before = await notes.get(tx, note)
            if before is None:
                raise NoteRefused(tr("The note is gone."))
            await self._note_down(tx, journal.Event.NOTE_DELETED, before, now)
            await notes.remove(tx, note)
        self._undo.push(lambda: self._undelete(before, where))
        self._tell(where)

    # --- what is being written --------------------------------------------------------------------

    async def draft(self, conversation: ConversationId, purpose: Purpose) -> SafeText:
        """What was left unfinished; empty when nothing was."""
        return await notes.draft(self._db, conversation, purpose)

    async def save_draft(self, conversation: ConversationId, purpose: Purpose, text: str) -> None:
        """Keep what is being written; an empty text forgets it."""
        async with self._db.transaction() as tx:
            if await conversations.exists(tx, conversation):
                await notes.save_draft(tx, conversation, purpose, clean(text), self._clock.now())

    # --- undo -------------------------------------------------------------------------------------

    async def _unwrite(
        self, note: NoteId, where: ConversationId, purpose: Purpose
    ) -> Undone | None:
        now = self._clock.now()
        async with self._db.transaction() as tx:
            written = await notes.get(tx, note)
            if written is None:
                return None
            await self._note_down(tx, journal.Event.UNDONE, written, now)
            await notes.remove(tx, note)
            if not await notes.draft(tx, where, purpose):
                await notes.save_draft(tx, where, purpose, written.text, now)
        self._tell(where)
        return Undone(SafeText(tr("The note is taken back; its text waits as a draft.")), where)

    async def _unedit(self, before: Note, words: SafeText, where: ConversationId) -> Undone | None:
        now = self._clock.now()
        async with self._db.transaction() as tx:
            present = await notes.get(tx, before.id)
            if present is None or present.text != words:
                return None
            await notes.change(tx, before.id, before.text, before.edited_at)
            await self._note_down(tx, journal.Event.UNDONE, before, now)
        self._tell(where)
        return Undone(SafeText(tr("The note says again what it said before.")), where)

    async def _undelete(self, before: Note, where: ConversationId) -> Undone:
        async with self._db.transaction() as tx:
            await notes.put_back(tx, before)
            await self._note_down(tx, journal.Event.UNDONE, before, self._clock.now())
        self._tell(where)
        return Undone(SafeText(tr("The note is there again.")), where)

    async def _note_down(
        self, tx: Transaction, event: journal.Event, note: Note, now: datetime
    ) -> None:
        """A line of the journal; what the note says is nobody's business there."""
        await journal.write(
            tx,
            event,
            await notes.account_of(tx, note),
            now,
            conversation=note.conversation,
            operator=self._operator,
            note=note.id,
        )

    def _tell(self, conversation: ConversationId) -> None:
        self._bus.publish(FeedChanged(frozenset({conversation})))


def _checked(text: str) -> SafeText:
    words = SafeText(clean(text).strip())
    if not words:
        raise NoteRefused(tr("The note is empty: write a few words first."))
    if len(words) > MAX_NOTE:
        raise NoteRefused(
            tr("The note is too long: {limit} characters fit.").format(limit=MAX_NOTE)
        )
    return words
