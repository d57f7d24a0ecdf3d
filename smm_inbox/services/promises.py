"""Promises: found in answers, kept in sight, and told of before they are due."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from smm_inbox.config.model import Settings
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.conversation import Status
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId
from smm_inbox.domain.promise import Promise, Promised, PromiseKind, PromiseState
from smm_inbox.domain.promise_text import read_moment, read_promise, recognise
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr
from smm_inbox.storage import conversations, journal, sorting
from smm_inbox.storage import promises as store
from smm_inbox.storage.database import Database, Transaction

from .bus import Bus, FeedChanged, PromiseDue
from .deadlines import Deadlines
from .duty import Duty
from .undo import Undo, Undone

_EARLY = timedelta(minutes=15)
"""How long before it is due a promise is told of; a near one when half of its time is over."""
_REPORT_AFTER = 60
"""Minutes of the next business day until the result of a public complaint is asked for."""


def remind_at(now: datetime, due: datetime) -> datetime:
    """When the operator is told of a promise given ``now``: in time to say something still."""
    return max(due - _EARLY, now + (due - now) / 2)


class Promises:
    """Promises given to customers."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        clock: Clock,
        bus: Bus,
        undo: Undo,
        deadlines: Deadlines,
        duty: Duty,
    ) -> None:
        self._hours = settings.hours
        self._db = db
        self._clock = clock
        self._bus = bus
        self._undo = undo
        self._deadlines = deadlines
        self._duty = duty
        self.given = asyncio.Event()
        """Set when there is a new time to remind of: whoever sleeps until the next looks again."""

    # Finding and writing down

    def found_in(self, text: str) -> tuple[Promised, ...]:
        """Promises in an answer that is being written."""
        return recognise(text, self._clock.now(), self._hours)

    def read(self, line: str) -> Promised | None:
        """A promise written by hand: what, and by when; ``None`` for an empty line."""
        return read_promise(line, self._clock.now(), self._hours)

    def moment(self, line: str) -> datetime | None:
        """The time a line names; ``None`` when it names none."""
        return read_moment(line, self._clock.now(), self._hours)

    async def record(
        self,
        tx: Transaction,
        account: AccountId,
        conversation: ConversationId,
        message: MessageId,
        found: Sequence[Promised],
    ) -> None:
        """Write down what an answer promises, in the transaction that queues it."""
        now = self._clock.now()
        for promised in found:
            await store.add(
                tx,
                conversation,
                promised,
                remind_at=remind_at(now, promised.due),
                now=now,
                operator=self._duty.operator,
                message=message,
            )
            await self._write(
                tx, journal.Event.PROMISED, account, conversation, due=promised.due.isoformat()
            )

    async def owe_reports(
        self, tx: Transaction, closed: Collection[ConversationId]
    ) -> dict[ConversationId, int]:
        """Public complaints that were answered and are closed now owe their thread the result.

        Returns the new promises by conversation; ``forget`` takes them back.
        """
        owing = await store.owing_reports(tx, closed)
        if not owing:
            return {}
        now = self._clock.now()
        due = self._hours.add(self._hours.end_of_day(now), _REPORT_AFTER)
        promised = Promised(tr("tell the result in the same thread"), due)
        return {
            conversation: await store.add(
                tx,
                conversation,
                promised,
                remind_at=due,
                now=now,
                operator=self._duty.operator,
                kind=PromiseKind.REPORT,
            )
            for conversation in owing
        }

    async def forget(self, tx: Transaction, promises: Collection[int]) -> None:
        """Take back what was owed by mistake, in the transaction that takes back why."""
        for promise in promises:
            await store.remove(tx, promise)

    async def add(self, conversation: ConversationId, phrase: str, due: datetime) -> int:
        """Write a promise down by hand: one given on the telephone, say.

        Raises ``InboxError`` when the conversation is gone meanwhile.
        """
        now = self._clock.now()
        promised = Promised(clean_line(phrase), due)
        async with self._db.transaction() as tx:
            account = await conversations.account_of(tx, conversation)
            if account is None:
                raise InboxError(tr("There is no such conversation any more."))
            promise = await store.add(
                tx,
                conversation,
                promised,
                remind_at=remind_at(now, due),
                now=now,
                operator=self._duty.operator,
            )
            await self._write(
                tx, journal.Event.PROMISED, account, conversation, due=due.isoformat()
            )
        self._undo.push(lambda: self._forget(promise, conversation))
        self._tell(conversation)
        return promise

    async def _forget(self, promise: int, conversation: ConversationId) -> Undone:
        async with self._db.transaction() as tx:
            await store.remove(tx, promise)
            account = await conversations.account_of(tx, conversation) or journal.NO_ACCOUNT
            await self._write(tx, journal.Event.UNDONE, account, conversation)
        self._tell(conversation)
        return Undone(SafeText(tr("The promise is forgotten.")), conversation)

    # Looking

    async def open_ones(self) -> tuple[Promise, ...]:
        """What is promised, the most urgent first."""
        return await store.open_ones(self._db)

    async def of(self, conversation: ConversationId) -> tuple[Promise, ...]:
        """What is promised in one conversation."""
        return await store.of_conversation(self._db, conversation)

    # Settling

    async def keep(self, promise: int) -> bool:
        """It was done; ``False`` when it is not open any more."""
        return await self._settle(promise, PromiseState.KEPT, journal.Event.PROMISE_KEPT)

    async def drop(self, promise: int) -> bool:
        """It is not owed any more, or never was a promise."""
        return await self._settle(promise, PromiseState.DROPPED, journal.Event.PROMISE_DROPPED)

    async def _settle(self, promise: int, state: PromiseState, event: journal.Event) -> bool:
        async with self._db.transaction() as tx:
            found = await store.get(tx, promise)
            if found is None or found.state is not PromiseState.OPEN:
                return False
            await store.settle(tx, promise, state, self._clock.now())
            await self._write(tx, event, found.account, found.conversation)
        self._undo.push(lambda: self._reopen(found))
        self._tell(found.conversation)
        return True

    async def _reopen(self, before: Promise) -> Undone:
        async with self._db.transaction() as tx:
            await store.settle(tx, before.id, PromiseState.OPEN, None)
            await self._write(tx, journal.Event.UNDONE, before.account, before.conversation)
        self._tell(before.conversation)
        return Undone(SafeText(tr("The promise is open again.")), before.conversation)

    async def move(self, promise: int, due: datetime) -> bool:
        """Another time was agreed with the customer."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            found = await store.get(tx, promise)
            if found is None or found.state is not PromiseState.OPEN:
                return False
            await store.move(tx, promise, due, remind_at(now, due))
            await self._write(
                tx,
                journal.Event.PROMISE_MOVED,
                found.account,
                found.conversation,
                due=due.isoformat(),
            )
        self._undo.push(lambda: self._move_back(found))
        self._tell(found.conversation)
        return True

    async def _move_back(self, before: Promise) -> Undone:
        async with self._db.transaction() as tx:
            await store.move(tx, before.id, before.due, before.remind_at)
            await self._write(tx, journal.Event.UNDONE, before.account, before.conversation)
        self._tell(before.conversation)
        return Undone(SafeText(tr("The promise has its old time again.")), before.conversation)

    # Reminding

    async def next_reminder(self) -> int | None:
        """When somebody has to be told next, in UTC microseconds."""
        return await store.next_reminder(self._db)

    async def remind(self) -> tuple[Promise, ...]:
        """Bring what is nearly due back into sight, each once, and tell of it.

        A conversation that was closed or put aside comes back as work in progress.
        """
        now = self._clock.now()
        async with self._db.transaction() as tx:
            found = await store.take_reminders(tx, now)
            for promise in found:
                await _bring_back(tx, promise.conversation)
                await self._write(tx, journal.Event.REMINDED, promise.account, promise.conversation)
            back = {promise.conversation for promise in found}
            await conversations.refresh(tx, back, self._deadlines.of)
        if found:
            self._bus.publish(FeedChanged(frozenset(back)))
        for promise in found:
            self._bus.publish(PromiseDue(promise))
        return tuple(found)

    def _tell(self, conversation: ConversationId) -> None:
        self.given.set()
        self._bus.publish(FeedChanged(frozenset({conversation})))

    async def _write(
        self,
        tx: Transaction,
        event: journal.Event,
        account: AccountId,
        conversation: ConversationId,
        due: str = "",
    ) -> None:
        await journal.write(
            tx,
            event,
            account,
            self._clock.now(),
            conversation=conversation,
            operator=self._duty.operator,
            due=due,
        )


async def _bring_back(tx: Transaction, conversation: ConversationId) -> None:
    row = await tx.one(
        "SELECT status, snoozed_until FROM conversations WHERE id = ?", (conversation,)
    )
    if row is None:
        return
    if row["snoozed_until"] is not None:
        await sorting.decide(tx, [conversation], {"snoozed_until": None})
    if row["status"] == Status.CLOSED:
        await conversations.set_status(tx, conversation, Status.IN_PROGRESS)
