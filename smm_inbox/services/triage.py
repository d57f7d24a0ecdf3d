"""Triage: what the operator decides about conversations; everything can be undone."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from smm_inbox.domain.clock import Clock
from smm_inbox.domain.conversation import MessageType, Status
from smm_inbox.domain.ids import ConversationId, MessageId
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import ntr
from smm_inbox.storage import conversations, journal, sorting
from smm_inbox.storage.database import Database, Transaction
from smm_inbox.storage.rows import to_us
from smm_inbox.storage.sorting import Decision, Standing, Standings

from .bus import Bus, FeedChanged
from .deadlines import Deadlines
from .duty import Duty
from .moderation import Moderation
from .promises import Promises
from .undo import Undo, Undone

AT_ONCE = 200
"""Conversations a transaction: a draft or an arrival waits for some 50 ms at most."""


@dataclass(slots=True)
class _Done:
    """What a decision changed, to be taken back."""

    decision: Decision
    before: dict[ConversationId, Standing] = field(default_factory=dict)
    dismissed: dict[ConversationId, list[MessageId]] = field(default_factory=dict)
    reports: dict[ConversationId, int] = field(default_factory=dict)
    """Promises to tell the result, made by closing public complaints."""


def portions(ids: Collection[ConversationId]) -> Iterator[list[ConversationId]]:
    """The conversations without doubles, in portions of one transaction each."""
    left = iter(dict.fromkeys(ids))
    while portion := list(islice(left, AT_ONCE)):
        yield portion


class Triage:
    """Commands on one or many conversations. Each returns how many it changed.

    Many are changed in portions; ``z`` takes all of them back at once, also those of a command
    that could not be finished.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        deadlines: Deadlines,
        bus: Bus,
        undo: Undo,
        duty: Duty,
        moderation: Moderation,
        promises: Promises,
    ) -> None:
        self._moderation = moderation
        self._promises = promises
        self._db = db
        self._clock = clock
        self._deadlines = deadlines
        self._bus = bus
        self._undo = undo
        self._duty = duty
        self.snoozed = asyncio.Event()
        """Set when something was put aside: whoever sleeps until the next waking looks again."""

    async def close(self, ids: Collection[ConversationId]) -> int:
        """Close; whatever still awaits there needs no answer."""
        decision: Decision = {"status": Status.CLOSED, "snoozed_until": None}
        return await self._decide(ids, decision, journal.Event.STATUS, "closed", dismiss=True)

    async def no_answer(self, ids: Collection[ConversationId]) -> int:
        """No answer needed: the same as closing, the customer is not counted as waiting."""
        return await self.close(ids)

    async def reopen(self, ids: Collection[ConversationId]) -> int:
        """Bring back from closed, snoozed or spam."""
        decision: Decision = {"status": Status.NEW, "snoozed_until": None, "spam": 0}
        return await self._decide(ids, decision, journal.Event.STATUS, "new")

    async def in_progress(self, ids: Collection[ConversationId]) -> int:
        """An interim answer was given, the result is still owed."""
        decision: Decision = {"status": Status.IN_PROGRESS}
        return await self._decide(ids, decision, journal.Event.STATUS, "in_progress")

    async def set_type(self, ids: Collection[ConversationId], value: MessageType | None) -> int:
        """Say what the customer wants; a complaint goes ahead of equals."""
        return await self._decide(ids, {"type": value}, journal.Event.TYPE, str(value or ""))

    async def spam(self, ids: Collection[ConversationId], value: bool = True) -> int:
        """Put into the spam, or take out of it."""
        return await self._decide(ids, {"spam": value}, journal.Event.SPAM, "1" if value else "0")

    async def star(self, ids: Collection[ConversationId], value: bool = True) -> int:
        """Mark with a star, or take it away."""
        decision: Decision = {"starred": value}
        return await self._decide(ids, decision, journal.Event.STARRED, "1" if value else "0")

    async def snooze(self, ids: Collection[ConversationId], until: datetime) -> int:
        """Put aside until a moment; a new customer message brings it back earlier."""
        decision: Decision = {"snoozed_until": to_us(until)}
        changed = await self._decide(ids, decision, journal.Event.SNOOZED, until.isoformat())
        self.snoozed.set()
        return changed

    async def bring_back(self, ids: Collection[ConversationId]) -> int:
        """Bring back before its time what was put aside."""
        decision: Decision = {"snoozed_until": None}
        return await self._decide(ids, decision, journal.Event.WOKEN, "by hand")

    async def wake(self) -> None:
        """Bring back everything whose snooze has passed."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            woken = await conversations.wake(tx, now)
            await self._write(tx, journal.Event.WOKEN, await sorting.standing(tx, woken), now, "")
        if woken:
            self._bus.publish(FeedChanged(frozenset(woken)))

    async def _decide(
        self,
        ids: Collection[ConversationId],
        decision: Decision,
        event: journal.Event,
        value: str,
        *,
        dismiss: bool = False,
    ) -> int:
        done = _Done(decision)
        try:
            for portion in portions(ids):
                await self._decide_some(portion, done, event, value, dismiss=dismiss)
        finally:
            if done.before:
                self._moderation.poke()
                self._undo.push(lambda: self._restore(done))
                self._bus.publish(FeedChanged(frozenset(done.before)))
        return len(done.before)

    async def _decide_some(
        self,
        portion: list[ConversationId],
        done: _Done,
        event: journal.Event,
        value: str,
        *,
        dismiss: bool,
    ) -> None:
        now = self._clock.now()
        async with self._db.transaction() as tx:
            before = await sorting.standing(tx, portion)
            dismissed = await sorting.dismiss(tx, portion) if dismiss else {}
            changed = {
                which: one
                for which, one in before.items()
                if one.after(done.decision) != one or which in dismissed
            }
            await sorting.decide(tx, changed, done.decision)
            await self._write(tx, event, changed, now, value)
            for which, one in changed.items():
                await self._follow(tx, which, one, one.after(done.decision))
            await conversations.refresh(tx, changed, self._deadlines.of)
            closes = done.decision.get("status") == Status.CLOSED
            reports = await self._promises.owe_reports(tx, changed) if closes else {}
        done.before |= changed
        done.dismissed |= dismissed
        done.reports |= reports

    async def _restore(self, done: _Done) -> Undone:
        for portion in portions(done.before):
            await self._restore_some(portion, done)
        self._moderation.poke()
        self._bus.publish(FeedChanged(frozenset(done.before)))
        count = len(done.before)
        sentence = ntr(
            "Taken back: the conversation is as it was.",
            "Taken back: {count} conversations are as they were.",
            count,
        ).format(count=count)
        return Undone(SafeText(sentence), next(iter(done.before)))

    async def _restore_some(self, portion: list[ConversationId], done: _Done) -> None:
        clock = self._clock.now()
        async with self._db.transaction() as tx:
            waited = [message for one in portion for message in done.dismissed.get(one, ())]
            await sorting.await_again(tx, waited)
            await self._promises.forget(
                tx, [done.reports[one] for one in portion if one in done.reports]
            )
            decided = {which: done.before[which].after(done.decision) for which in portion}
            now, back = await sorting.take_back(tx, done.before, decided)
            for which, present in now.items():
                await self._follow(tx, which, present, back[which])
            await self._write(tx, journal.Event.UNDONE, back, clock, "")
            await conversations.refresh(tx, back, self._deadlines.of)

    async def _follow(
        self, tx: Transaction, which: ConversationId, before: Standing, after: Standing
    ) -> None:
        """The network's own spam goes with the decision."""
        if bool(before.spam) != bool(after.spam):
            await self._moderation.follow_spam(tx, which, before.account, bool(after.spam))

    async def _write(
        self,
        tx: Transaction,
        event: journal.Event,
        conversations: Standings,
        now: datetime,
        value: str,
    ) -> None:
        await sorting.note(tx, event, conversations, now, operator=self._duty.operator, value=value)
