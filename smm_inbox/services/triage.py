"""Triage: what the operator decides about conversations; everything can be undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from smm_inbox.domain.clock import Clock
from smm_inbox.domain.conversation import MessageType, Status
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import ntr
from smm_inbox.storage import conversations, journal, waiting
from smm_inbox.storage.database import Database, Transaction

from .bus import Bus, FeedChanged
from .deadlines import Deadlines
from .duty import Duty
from .moderation import Moderation
from .undo import Undo, Undone

_Columns = dict[str, str | int | None]
_Step = Callable[[Transaction, ConversationId, "_Before"], Awaitable[None]]


@dataclass(slots=True)
class _Before:
    """State of one conversation before the operator changed it."""

    columns: _Columns
    after: _Columns = field(default_factory=dict)
    dismissed: list[MessageId] = field(default_factory=list)


class Triage:
    """Commands on one or many conversations. Each returns how many it changed."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        deadlines: Deadlines,
        bus: Bus,
        undo: Undo,
        duty: Duty,
        moderation: Moderation,
    ) -> None:
        self._moderation = moderation
        self._db = db
        self._clock = clock
        self._deadlines = deadlines
        self._bus = bus
        self._undo = undo
        self._duty = duty

    async def close(self, ids: Collection[ConversationId]) -> int:
        """Close; whatever still awaits there needs no answer."""

        async def step(tx: Transaction, which: ConversationId, before: _Before) -> None:
            before.dismissed = await waiting.dismiss(tx, which)
            await conversations.set_status(tx, which, Status.CLOSED)

        return await self._apply(ids, step, journal.Event.STATUS, "closed")

    async def no_answer(self, ids: Collection[ConversationId]) -> int:
        """No answer needed: the same as closing, the customer is not counted as waiting."""
        return await self.close(ids)

    async def reopen(self, ids: Collection[ConversationId]) -> int:
        """Bring back from closed, snoozed or spam."""

        async def step(tx: Transaction, which: ConversationId, before: _Before) -> None:
            await conversations.set_status(tx, which, Status.NEW)
            await conversations.set_snooze(tx, which, None)
            await conversations.set_spam(tx, which, False)

        return await self._apply(ids, step, journal.Event.STATUS, "new")

    async def in_progress(self, ids: Collection[ConversationId]) -> int:
        """An interim answer was given, the result is still owed."""

        async def step(tx: Transaction, which: ConversationId, before: _Before) -> None:
            await conversations.set_status(tx, which, Status.IN_PROGRESS)

        return await self._apply(ids, step, journal.Event.STATUS, "in_progress")

    async def set_type(self, ids: Collection[ConversationId], value: MessageType | None) -> int:
        """Say what the customer wants; a complaint goes ahead of equals."""

        async def step(tx: Transaction, which: ConversationId, before: _Before) -> None:
            await conversations.set_type(tx, which, value)

        return await self._apply(ids, step, journal.Event.TYPE, str(value or ""))

    async def spam(self, ids: Collection[ConversationId], value: bool = True) -> int:
        """Put into the spam, or take out of it."""

        async def step(tx: Transaction, which: ConversationId, before: _Before) -> None:
            await conversations.set_spam(tx, which, value)

        return await self._apply(ids, step, journal.Event.SPAM, "1" if value else "0")

    async def snooze(self, ids: Collection[ConversationId], until: datetime) -> int:
        """Put aside until a moment; a new customer message brings it back earlier."""

        async def step(tx: Transaction, which: ConversationId, before: _Before) -> None:
            await conversations.set_snooze(tx, which, until)

        return await self._apply(ids, step, journal.Event.SNOOZED, until.isoformat())

    async def wake(self) -> None:
        """Bring back everything whose snooze has passed."""
        async with self._db.transaction() as tx:
            woken = await conversations.wake(tx, self._clock.now())
        if woken:
            self._bus.publish(FeedChanged(frozenset(woken)))

    async def _apply(
        self,
        ids: Collection[ConversationId],
        step: _Step,
        event: journal.Event,
        value: str,
    ) -> int:
        now = self._clock.now()
        before: dict[ConversationId, _Before] = {}
        async with self._db.transaction() as tx:
            for which in dict.fromkeys(ids):
                columns = await conversations.state(tx, which)
                if not columns:
                    continue
                change = _Before(columns)
                await step(tx, which, change)
                change.after = await conversations.state(tx, which)
                if change.after == change.columns and not change.dismissed:
                    continue
                before[which] = change
                await self._write(tx, event, which, now, value)
                await self._follow(tx, which, change.columns, change.after)
            await conversations.refresh(tx, before.keys(), self._deadlines.of)
        if before:
            self._moderation.poke()
            self._undo.push(lambda: self._restore(before))
            self._bus.publish(FeedChanged(frozenset(before)))
        return len(before)

    async def _restore(self, before: dict[ConversationId, _Before]) -> Undone:
        now = self._clock.now()
        async with self._db.transaction() as tx:
            for which, old in before.items():
                await waiting.await_again(tx, old.dismissed)
                present = await conversations.state(tx, which)
                await conversations.restore(tx, which, old.columns, old.after)
                await self._follow(tx, which, present, await conversations.state(tx, which))
                await self._write(tx, journal.Event.UNDONE, which, now, "")
            await conversations.refresh(tx, before.keys(), self._deadlines.of)
        self._moderation.poke()
        self._bus.publish(FeedChanged(frozenset(before)))
        count = len(before)
        sentence = ntr(
            "Taken back: the conversation is as it was.",
            "Taken back: {count} conversations are as they were.",
            count,
        ).format(count=count)
        return Undone(SafeText(sentence), next(iter(before)))

    async def _follow(
        self, tx: Transaction, which: ConversationId, before: _Columns, after: _Columns
    ) -> None:
        """The network's own spam goes with the decision."""
        if before.get("spam") != after.get("spam"):
            await self._moderation.follow_spam(tx, which, bool(after.get("spam")))

    async def _write(
        self,
        tx: Transaction,
        event: journal.Event,
        which: ConversationId,
        now: datetime,
        value: str,
    ) -> None:
        row = await tx.one("SELECT account FROM conversations WHERE id = ?", (which,))
        if row is not None:
            await journal.write(
                tx,
                event,
                AccountId(row["account"]),
                now,
                conversation=which,
                operator=self._duty.operator,
                value=value,
            )
