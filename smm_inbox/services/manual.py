"""What comes from outside the networks: entered by hand, with the same deadlines and statuses.

There is no channel behind it: nothing can be read from a guest book and nothing delivered to it. An
answer is written down where it was given, and no outbox ever sees it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from smm_inbox.config.model import Settings
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Place, Root, Status
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import MANUAL, ContactId, ConversationId, MessageId, RemoteId
from smm_inbox.domain.manual import ManualEntry, parse
from smm_inbox.domain.manual_table import ManualTable, TableRefused, read_table
from smm_inbox.domain.message import Direction, InState, NetworkMessage
from smm_inbox.domain.note import Purpose
from smm_inbox.domain.outgoing import OutState
from smm_inbox.domain.person import Details
from smm_inbox.domain.text import SafeText, clean, fold
from smm_inbox.domain.ways import phone_shown
from smm_inbox.locale import ntr, tr
from smm_inbox.storage import (
    accounts,
    contacts,
    conversations,
    journal,
    manual,
    messages,
    notes,
    people,
    sorting,
)
from smm_inbox.storage.database import Database, Transaction
from smm_inbox.storage.sorting import Standings

from .bus import Bus, FeedChanged
from .deadlines import Deadlines
from .manual_words import refusal
from .promises import Promises
from .undo import Undo, Undone


class EntryRefused(InboxError):
    """The entry or the answer cannot be written down as it is."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a table."""

    added: int
    known: int
    """Rows that were there already."""


class Manual:
    """Commands on what was entered by hand."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        clock: Clock,
        deadlines: Deadlines,
        bus: Bus,
        undo: Undo,
        promises: Promises,
    ) -> None:
        self._settings = settings
        self._db = db
        self._clock = clock
        self._deadlines = deadlines
        self._bus = bus
        self._undo = undo
        self._promises = promises

    def parse(self, line: str) -> ManualEntry:
        """The fields of a line, as they would be stored now."""
        return parse(line, self._clock.now(), self._settings.hours)

    def read_table(self, raw: bytes) -> ManualTable:
        """The rows of a CSV file, broken ones named; raises ``EntryRefused`` for no table."""
        try:
            return read_table(raw, self._clock.now(), self._settings.hours)
        except TableRefused as error:
            raise EntryRefused(refusal(error)) from None

    async def add(self, entry: ManualEntry) -> ConversationId:
        """Make a conversation of an entry; it waits for an answer like any other.

        Raises ``EntryRefused`` when nothing was said.
        """
        async with self._db.transaction() as tx:
            rows = await self._insert(tx, entry, None)
        self._undo.push(lambda: self._remove([rows]))
        self._bus.publish(FeedChanged(frozenset({rows.conversation}), arrived=1))
        return rows.conversation

    async def add_all(self, entries: Sequence[tuple[ManualEntry, str]]) -> Imported:
        """Add the rows of a table, each with its digest: all of them or, on an error, none.

        A row whose digest is known is left alone, so the same table may be imported again.
        """
        made: list[manual.Rows] = []
        async with self._db.transaction() as tx:
            for entry, digest in entries:
                if not await manual.known(tx, digest):
                    made.append(await self._insert(tx, entry, digest))
        if made:
            self._undo.push(lambda: self._remove(made))
            touched = frozenset(rows.conversation for rows in made)
            self._bus.publish(FeedChanged(touched, arrived=len(made)))
        return Imported(len(made), len(entries) - len(made))

    async def _insert(self, tx: Transaction, entry: ManualEntry, digest: str | None) -> manual.Rows:
        if entry.empty:
            raise EntryRefused(tr("There is nothing to write down yet: who, and what about?"))
        now = self._clock.now()
        written = min(entry.written_at or now, now)
        await accounts.ensure(tx, MANUAL, MANUAL)
        author, fresh = await self._author(tx, entry, now)
        number = RemoteId(secrets.token_hex(8))
        root = Root(number, entry.source, SafeText(entry.stars), entry.link, posted_at=None)
        place = Place(
            entry.kind,
            number,
            contact=None,
            public=entry.kind is not entry.kind.MANUAL,
            url=entry.link,
        )
        root_id = await contacts.upsert_root(tx, MANUAL, root)
        conversation = await conversations.ensure(tx, MANUAL, place, contact=author, root=root_id)
        message = NetworkMessage(
            place=place,
            remote_id=number,
            direction=Direction.IN,
            text=_words(entry),
            sent_at=written,
            url=entry.link,
        )
        stored = await messages.insert(
            tx,
            MANUAL,
            conversation,
            message,
            author=author,
            state=InState.AWAITING,
            deleted_at=None,
            now=now,
        )
        await manual.insert(
            tx,
            conversation,
            source=entry.source,
            rating=entry.rating,
            due_at=entry.due_at,
            digest=digest,
        )
        await journal.write(
            tx,
            journal.Event.ARRIVED,
            MANUAL,
            now,
            conversation=conversation,
            message=stored,
            operator=self._settings.operator,
            state=str(InState.AWAITING),
            source=str(entry.source),
        )
        await conversations.refresh(tx, [conversation], self._deadlines.of)
        return manual.Rows(conversation, stored, author if fresh else None, root_id)

    async def _author(
        self, tx: Transaction, entry: ManualEntry, now: datetime
    ) -> tuple[ContactId, bool]:
        """The author of an entry: the known one with the same name and phone, or a new one."""
        key = entry.phone or fold(entry.email)
        # Two people of one name are two people; two names on one phone are, too.
        remote = f"{key} {fold(entry.name)}".strip() if key else secrets.token_hex(8)
        row = await tx.one(
            "SELECT id FROM contacts WHERE account = ? AND remote_id = ?", (MANUAL, remote)
        )
        if row is not None:
            return ContactId(row["id"]), False
        reach = SafeText(
            ", ".join(filter(None, (entry.phone and phone_shown(entry.phone), entry.email)))
        )
        name = entry.name or reach
        person = Contact(
            RemoteId(remote), SafeText(name), handle=reach if entry.name else SafeText("")
        )
        author = await contacts.upsert(tx, MANUAL, person, now)
        if reach:
            await people.save_details(tx, author, Details(reach=reach))
        return author, True

    async def _remove(self, made: Sequence[manual.Rows]) -> Undone:
        now = self._clock.now()
        async with self._db.transaction() as tx:
            for rows in made:
                if await manual.touched(tx, rows.conversation, rows.message):
                    sentence = tr("It was worked on since: close it instead of taking it back.")
                    return Undone(SafeText(sentence), rows.conversation)
            for rows in made:
                await manual.remove(tx, rows)
                await journal.write(
                    tx,
                    journal.Event.UNDONE,
                    MANUAL,
                    now,
                    conversation=rows.conversation,
                    operator=self._settings.operator,
                )
        self._bus.publish(FeedChanged(frozenset(rows.conversation for rows in made)))
        sentence = ntr("The entry is taken back.", "{count} entries are taken back.", len(made))
        return Undone(SafeText(sentence.format(count=len(made))))

    # --- answers given elsewhere ------------------------------------------------------------------

    async def answer(
        self, conversation: ConversationId, text: str, *, close_after: bool = False
    ) -> MessageId:
        """Write down what was answered elsewhere: nobody waits any more, nothing is sent.

        What it promises is written down with it, as with an answer that is sent.

        Raises ``EntryRefused`` with a sentence; then nothing changed.
        """
        words = SafeText(clean(text).strip())
        if not words:
            raise EntryRefused(tr("Write down what was answered: a few words are enough."))
        now, promised = self._clock.now(), self._promises.found_in(words)
        async with self._db.transaction() as tx:
            if not await manual.is_manual(tx, conversation):
                raise EntryRefused(tr("Only what was entered by hand is answered elsewhere."))
            before = await sorting.standing(tx, [conversation])
            row = await tx.one(
                "SELECT kind, remote_id FROM conversations WHERE id = ?", (conversation,)
            )
            if row is None:
                raise EntryRefused(tr("There is no such conversation any more."))
            said = NetworkMessage(
                place=Place(row["kind"], RemoteId(row["remote_id"])),
                remote_id=RemoteId(secrets.token_hex(8)),
                direction=Direction.OUT,
                text=words,
                sent_at=now,
                operator=SafeText(self._settings.operator),
            )
            number = await messages.insert(
                tx,
                MANUAL,
                conversation,
                said,
                author=None,
                state=OutState.SENT,
                deleted_at=None,
                now=now,
            )
            await self._promises.record(tx, MANUAL, conversation, number, promised)
            await manual.cover(tx, conversation, number)
            if close_after:
                await conversations.set_status(tx, conversation, Status.CLOSED)
            await notes.save_draft(tx, conversation, Purpose.ELSEWHERE, SafeText(""), now)
            await self._journal(tx, journal.Event.ANSWERED_ELSEWHERE, conversation, number, now)
            await conversations.refresh(tx, [conversation], self._deadlines.of)
            after = await sorting.standing(tx, [conversation])
        if promised:
            self._promises.given.set()
        self._undo.push(lambda: self._unanswer(conversation, number, words, (before, after)))
        self._bus.publish(FeedChanged(frozenset({conversation})))
        return number

    async def _unanswer(
        self,
        conversation: ConversationId,
        answer: MessageId,
        words: SafeText,
        states: tuple[Standings, Standings],
    ) -> Undone:
        now = self._clock.now()
        async with self._db.transaction() as tx:
            await manual.uncover(tx, answer)
            await sorting.take_back(tx, *states)
            if not await notes.draft(tx, conversation, Purpose.ELSEWHERE):
                await notes.save_draft(tx, conversation, Purpose.ELSEWHERE, words, now)
            await self._journal(tx, journal.Event.UNDONE, conversation, None, now)
            await conversations.refresh(tx, [conversation], self._deadlines.of)
        self._bus.publish(FeedChanged(frozenset({conversation})))
        sentence = tr("Taken back: the customer waits again; what you wrote waits as a draft.")
        return Undone(SafeText(sentence), conversation)

    async def _journal(
        self,
        tx: Transaction,
        event: journal.Event,
        conversation: ConversationId,
        message: MessageId | None,
        now: datetime,
    ) -> None:
        await journal.write(
            tx,
            event,
            MANUAL,
            now,
            conversation=conversation,
            message=message,
            operator=self._settings.operator,
        )


def _words(entry: ManualEntry) -> SafeText:
    """What the customer said; of an entry without words, what there is to see in a list."""
    return entry.text or SafeText(
        entry.stars or phone_shown(entry.phone) or entry.email or entry.link or entry.name
    )
