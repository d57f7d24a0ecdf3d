"""From a batch of a channel to the database: in one transaction, everything exactly once."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from smm_inbox.domain.clock import Clock
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.ids import (
    AccountId,
    ContactId,
    ConversationId,
    MessageId,
    OutboxId,
    RemoteId,
)
from smm_inbox.domain.message import (
    Batch,
    Direction,
    Edit,
    InState,
    NetworkMessage,
    Removal,
    SendReceipt,
)
from smm_inbox.domain.outgoing import OutAction, OutState
from smm_inbox.domain.triage import is_bare_thanks
from smm_inbox.storage import accounts, contacts, conversations, journal, messages, outbox
from smm_inbox.storage.database import Database, Transaction
from smm_inbox.storage.rows import dump_attachments, to_us

from . import settle
from .bus import Bus, DeliveryChanged, FeedChanged
from .deadlines import Deadlines

# A network's clock may run behind ours: an echo this much older than the attempt is still an echo.
_CLOCK_SKEW = timedelta(minutes=10)


@dataclass(slots=True)
class _Pass:
    """What one batch has touched so far."""

    tx: Transaction
    account: AccountId
    now: datetime
    known: set[messages.Key] = field(default_factory=set)
    buried: dict[messages.Key, int] = field(default_factory=dict)
    people: dict[RemoteId, ContactId] = field(default_factory=dict)
    places: dict[tuple[Place, ContactId | None], ConversationId] = field(default_factory=dict)
    answers: dict[ConversationId, int | None] = field(default_factory=dict)
    """When each conversation was last answered elsewhere, in microseconds."""
    reopened: set[ConversationId] = field(default_factory=set)
    lines: list[journal.Line] = field(default_factory=list)
    touched: set[ConversationId] = field(default_factory=set)
    delivered: list[tuple[ConversationId, OutboxId]] = field(default_factory=list)
    arrived: int = 0


@dataclass(frozen=True, slots=True)
class Stored:
    """What a batch brought."""

    arrived: int
    conversations: frozenset[ConversationId]


def _in_time(message: NetworkMessage) -> tuple[datetime, bool]:
    """Order of a batch. Networks count in seconds: a question stands before an answer of it."""
    return message.sent_at, message.direction is Direction.OUT


class Ingest:
    """Stores what channels read."""

    def __init__(self, db: Database, clock: Clock, deadlines: Deadlines, bus: Bus) -> None:
        self._db = db
        self._clock = clock
        self._deadlines = deadlines
        self._bus = bus

    async def store(self, account: AccountId, batch: Batch) -> Stored:
        """Store a batch and its cursor together; what is known already changes nothing."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            step = _Pass(tx, account, now)
            for contact in batch.contacts:
                step.people[contact.remote_id] = await contacts.upsert(tx, account, contact, now)
            for root in batch.roots:
                await contacts.upsert_root(tx, account, root)
            keys = {(str(m.place.kind), str(m.remote_id)) for m in batch.messages}
            step.known = await messages.known(tx, account, keys)
            step.buried = await messages.buried(tx, account, keys)
            for message in sorted(batch.messages, key=_in_time):
                await self._message(step, message)
            for conversation in step.reopened:
                await conversations.reopen(tx, conversation)
            for edit in batch.edits:
                await self._edit(step, edit)
            for removal in batch.removals:
                await self._removal(step, removal)
            for access in batch.access:
                known = await conversations.set_blocked(
                    tx,
                    account,
                    access.kind,
                    access.conversation,
                    access.blocked,
                    access.window_until,
                )
                if known is not None:
                    step.touched.add(known)
            await accounts.add_gaps(tx, account, batch.gaps)
            if batch.cursor is not None:
                await accounts.save_cursor(tx, account, batch.cursor, now)
            await accounts.save_success(tx, account, now)
            await journal.append(tx, step.lines)
            await conversations.refresh(tx, step.touched, self._deadlines.of)
        for conversation, row in step.delivered:
            self._bus.publish(DeliveryChanged(conversation, row, OutState.SENT))
        if step.touched or batch.contacts or batch.roots:
            self._bus.publish(FeedChanged(frozenset(step.touched), step.arrived))
        return Stored(step.arrived, frozenset(step.touched))

    # --- messages ---------------------------------------------------------------------------------

    async def _message(self, step: _Pass, message: NetworkMessage) -> None:
        key = (str(message.place.kind), str(message.remote_id))
        if key in step.known:
            await self._known(step, message)
            return
        step.known.add(key)
        author = await self._person(step, message.author)
        conversation = await self._conversation(step, message, author)
        if message.direction is Direction.OUT:
            if not await self._own_echo(step, conversation, message):
                await self._answered_elsewhere(step, conversation, message, author)
        else:
            await self._inbound(step, conversation, message, author)
        if message.mentions_us:
            await conversations.mark_mention(step.tx, conversation)
        step.touched.add(conversation)

    async def _person(self, step: _Pass, remote_id: RemoteId | None) -> ContactId | None:
        if remote_id is None:
            return None
        if remote_id not in step.people:
            step.people[remote_id] = await contacts.ensure(
                step.tx, step.account, remote_id, step.now
            )
        return step.people[remote_id]

    async def _conversation(
        self, step: _Pass, message: NetworkMessage, author: ContactId | None
    ) -> ConversationId:
        place = message.place
        contact = await self._person(step, place.contact)
        if contact is None and message.direction is Direction.IN:
            contact = author
        if (place, contact) in step.places:
            return step.places[place, contact]
        root = None
        if place.root is not None:
            root = await contacts.root_id(step.tx, step.account, place.root)
        step.places[place, contact] = await conversations.ensure(
            step.tx, step.account, place, contact=contact, root=root
        )
        return step.places[place, contact]

    async def _known(self, step: _Pass, message: NetworkMessage) -> None:
        """A message that came again: only a later edit of it is news."""
        edited = message.edited_at
        if edited is None:
            return
        row = await messages.find(step.tx, step.account, message.place.kind, message.remote_id)
        if row is None:
            return
        again = Edit(
            message.place.kind, message.remote_id, message.text, edited, message.attachments
        )
        if await self._change(step, row, again):
            step.touched.add(ConversationId(row["conversation_id"]))

    async def _inbound(
        self,
        step: _Pass,
        conversation: ConversationId,
        message: NetworkMessage,
        author: ContactId | None,
    ) -> None:
        tx = step.tx
        deleted = step.buried.get((message.place.kind, message.remote_id))
        state = await self._first_state(step, conversation, message, author)
        stored = await messages.insert(
            tx,
            step.account,
            conversation,
            message,
            author=author,
            state=state,
            deleted_at=deleted,
            now=step.now,
        )
        if state is InState.AWAITING and deleted is None:
            step.reopened.add(conversation)
            step.arrived += 1
        step.lines.append(
            journal.line(
                journal.Event.ARRIVED,
                step.account,
                step.now,
                conversation=conversation,
                message=stored,
                state=str(state),
            )
        )

    async def _first_state(
        self,
        step: _Pass,
        conversation: ConversationId,
        message: NetworkMessage,
        author: ContactId | None,
    ) -> InState:
        if message.automatic or not message.needs_answer:
            return InState.DISMISSED
        if conversation not in step.answers:
            step.answers[conversation] = await messages.last_answer_elsewhere(step.tx, conversation)
        latest = step.answers[conversation]
        if (
            latest is not None
            and latest >= to_us(message.sent_at)
            and await messages.answered_later(
                step.tx,
                conversation,
                author=author,
                author_remote=message.author,
                direct=message.place.kind is Kind.DIRECT,
                opener=message.author is not None and message.author == message.place.contact,
                remote_id=message.remote_id,
                sent_at=message.sent_at,
            )
        ):
            return InState.ANSWERED
        if is_bare_thanks(message.text, message.attachments):
            waiting = await messages.awaiting_authors(step.tx, conversation)
            if not waiting and await messages.we_wrote(step.tx, conversation):
                return InState.DISMISSED
        return InState.AWAITING

    # --- our own messages -------------------------------------------------------------------------

    async def _own_echo(
        self, step: _Pass, conversation: ConversationId, message: NetworkMessage
    ) -> bool:
        """Recognise an answer that was written here; settle it when its fate was open."""
        tx = step.tx
        row: sqlite3.Row | None = None
        if message.token is not None:
            row = await messages.own_by_token(tx, step.account, conversation, message.token)
        if row is None and message.token is None:
            row = await messages.own_in_doubt(
                tx, conversation, message.text, message.sent_at + _CLOCK_SKEW
            )
        if row is None:
            return False
        own = MessageId(row["id"])
        waiting = await outbox.of_message(tx, own, OutAction.SEND)
        if waiting is None:
            # Delivered before under a provisional id: the echo knows the lasting one.
            await messages.set_delivered(tx, own, message.remote_id, message.sent_at, message.url)
            return True
        receipt = SendReceipt(message.remote_id, message.sent_at, message.url)
        step.touched |= await settle.delivered(tx, waiting, receipt, step.now, row["operator"])
        step.delivered.append((conversation, waiting.id))
        return True

    async def _answered_elsewhere(
        self,
        step: _Pass,
        conversation: ConversationId,
        message: NetworkMessage,
        author: ContactId | None,
    ) -> None:
        tx = step.tx
        stored = await messages.insert(
            tx,
            step.account,
            conversation,
            message,
            author=author,
            state=OutState.SENT,
            deleted_at=step.buried.get((message.place.kind, message.remote_id)),
            now=step.now,
        )
        step.answers.pop(conversation, None)
        if message.automatic:
            return
        whom = await self._answered_whom(step, conversation, message)
        if whom is not None:
            await messages.mark_answered(
                tx, conversation, author=whom or None, until=message.sent_at
            )
        await journal.write(
            tx,
            journal.Event.ANSWERED_ELSEWHERE,
            step.account,
            step.now,
            conversation=conversation,
            message=stored,
            operator=message.operator,
        )

    async def _answered_whom(
        self, step: _Pass, conversation: ConversationId, message: NetworkMessage
    ) -> int | None:
        """Whose waiting an answer given elsewhere ends: a contact, 0 for everybody, or nobody."""
        if message.place.kind is Kind.DIRECT:
            return 0
        if message.reply_to is not None:
            target = await messages.find(
                step.tx, step.account, message.place.kind, message.reply_to
            )
            inbound = target is not None and target["direction"] == Direction.IN
            if target is not None and inbound and target["author_id"] is not None:
                return int(target["author_id"])
        addressee = await self._person(step, message.addressee)
        if addressee is not None:
            return addressee
        waiting = await messages.awaiting_authors(step.tx, conversation)
        if len(waiting) == 1:
            return waiting[0] or 0
        root_author = await self._person(step, message.place.contact)
        return root_author if root_author in waiting else None

    # --- later changes ----------------------------------------------------------------------------

    async def _edit(self, step: _Pass, edit: Edit) -> None:
        row = await messages.find(step.tx, step.account, edit.kind, edit.remote_id)
        if row is not None and await self._change(step, row, edit):
            await self._note(step, journal.Event.EDITED, row)

    async def _change(self, step: _Pass, row: sqlite3.Row, edit: Edit) -> bool:
        """Apply an edit unless it is older than what is stored or was applied before."""
        message, at = MessageId(row["id"]), to_us(edit.edited_at)
        same_files = (
            edit.attachments is None or dump_attachments(edit.attachments) == row["attachments"]
        )
        if same_files and row["text"] == edit.text:
            return False
        if row["edited_at"] is not None and row["edited_at"] > at:
            return False
        # Networks count in seconds: of two edits of one second the one told later is the later
        # one, unless it is the former told again.
        if row["edited_at"] == at and await messages.was_text(step.tx, message, edit.text):
            return False
        await messages.change_text(
            step.tx, message, row["text"], edit.text, edit.attachments, edit.edited_at
        )
        return True

    async def _removal(self, step: _Pass, removal: Removal) -> None:
        tx = step.tx
        row = await messages.find(tx, step.account, removal.kind, removal.remote_id)
        if row is None:
            if removal.restored:
                await messages.exhume(tx, step.account, removal.kind, removal.remote_id)
            else:
                await messages.bury(tx, step.account, removal.kind, removal.remote_id, removal.at)
            return
        if (row["deleted_at"] is None) == removal.restored:
            return
        await messages.set_deleted(
            tx, MessageId(row["id"]), None if removal.restored else removal.at
        )
        event = journal.Event.RESTORED if removal.restored else journal.Event.DELETED
        await self._note(step, event, row)

    async def _note(self, step: _Pass, event: journal.Event, row: sqlite3.Row) -> None:
        conversation = ConversationId(row["conversation_id"])
        step.touched.add(conversation)
        await journal.write(
            step.tx,
            event,
            step.account,
            step.now,
            conversation=conversation,
            message=MessageId(row["id"]),
        )
