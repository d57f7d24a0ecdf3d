"""Answers that did not arrive yet: taken back, sent again, confirmed or thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from smm_inbox.domain.clock import Clock
from smm_inbox.domain.feed import Draft
from smm_inbox.domain.ids import ConversationId, OutboxId
from smm_inbox.domain.outgoing import TAKE_BACK, OutAction, OutState
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr
from smm_inbox.storage import conversations, drafts, journal, messages, outbox, own, waiting
from smm_inbox.storage.database import Database, Transaction
from smm_inbox.storage.outbox import OutboxRow
from smm_inbox.storage.rows import load_attachments

from . import answers, settle
from .accounts import Accounts
from .bus import Bus, FeedChanged
from .composing import ReplyRefused
from .deadlines import Deadlines
from .duty import Duty
from .outbox import Outbox
from .undo import Undo, Undone

_SAFETY = timedelta(minutes=5)
"""A token this close to the end of its life is not trusted any more."""


class Unsent:
    """Commands on answers in the outbox."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        accounts: Accounts,
        deadlines: Deadlines,
        bus: Bus,
        sender: Outbox,
        undo: Undo,
        duty: Duty,
    ) -> None:
        self._db = db
        self._clock = clock
        self._accounts = accounts
        self._deadlines = deadlines
        self._bus = bus
        self._sender = sender
        self._undo = undo
        self._duty = duty

    async def on_their_way(self) -> int:
        """How many answers have not left and will, without anybody doing anything."""
        return await outbox.count_answers(self._db)

    async def hasten(self) -> None:
        """End every undo window: nobody is going to take an answer back any more."""
        async with self._db.transaction() as tx:
            await outbox.end_undo_windows(tx, self._clock.now())
        self._sender.poke()

    async def take_back(self, row: OutboxId) -> ConversationId:
        """Take an answer that has not left back into the composer, whole.

        Raises ``ReplyRefused`` when it is on the wire or already gone.
        """
        now = self._clock.now()
        async with self._db.transaction() as tx:
            parts = await self._waiting_parts(tx, row)
            first = parts[0]
            where = answers.written_in(first)
            draft = answers.join(answers.unsent(parts), await drafts.read(tx, where))
            await self._erase(tx, parts)
            await drafts.save(tx, where, draft, now)
            await journal.write(
                tx,
                journal.Event.TAKEN_BACK,
                first.account,
                now,
                conversation=first.conversation,
                operator=self._duty.operator,
            )
            touched = {where, first.conversation}
            await conversations.refresh(tx, touched, self._deadlines.of)
        self._bus.publish(FeedChanged(frozenset(touched)))
        return where

    async def _erase(self, tx: Transaction, parts: Sequence[OutboxRow]) -> None:
        """Make an answer that did not leave undone: whom it covered waits again."""
        for part in reversed(parts):
            await outbox.remove(tx, part.id)
            if part.action is OutAction.SEND:
                await waiting.uncover(tx, part.message)
                if part.remote_id is None:  # what left and came back stays to be read
                    await own.erase(tx, part.message)
        await conversations.drop_if_empty(tx, parts[0].conversation)

    async def _waiting_parts(self, tx: Transaction, row: OutboxId) -> list[OutboxRow]:
        first = await outbox.get(tx, await outbox.first_part(tx, row))
        if first is None:
            raise ReplyRefused(tr("The answer has already left: it cannot be taken back."))
        if first.action is not OutAction.SEND or first.state not in TAKE_BACK:
            raise ReplyRefused(tr("The answer is just leaving: it cannot be taken back."))
        return [first, *await outbox.followers(tx, first.id)]

    async def retry(self, row: OutboxId) -> None:
        """Send again what failed or is in doubt, with the same token while the network knows it."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            first = await outbox.get(tx, await outbox.first_part(tx, row))
            if first is None or first.state not in {OutState.FAILED, OutState.AMBIGUOUS}:
                raise ReplyRefused(tr("There is nothing to send again here."))
            parts = [first, *await outbox.followers(tx, first.id)]
            if first.action is OutAction.SEND and first.remote_id is not None:
                parts = [await self._afresh(tx, first, now)]
            for part in parts:
                if part.state not in {OutState.FAILED, OutState.AMBIGUOUS}:
                    continue
                await outbox.move(tx, part, OutState.QUEUED, due_at=now)
                if part.action is OutAction.SEND:
                    await own.set_state(tx, part.message, OutState.QUEUED)
                if self._token_is_old(part, now):
                    await outbox.renew_token(tx, part.id, part.message, answers.draw_token())
            touched = {first.conversation}
            if first.action is OutAction.SEND:
                touched.add(await answers.cover_again(tx, parts[-1], now))
            await journal.write(
                tx,
                journal.Event.RETRIED,
                first.account,
                now,
                conversation=first.conversation,
                message=first.message,
                operator=self._duty.operator,
            )
            await conversations.refresh(tx, touched, self._deadlines.of)
        self._bus.publish(FeedChanged(frozenset(touched)))
        self._sender.poke()

    async def _afresh(self, tx: Transaction, part: OutboxRow, now: datetime) -> OutboxRow:
        """Let an answer that came back leave once more, as an answer of its own."""
        shown = await messages.get(tx, part.message)
        if shown is None or load_attachments(shown["attachments"]):
            # Which files they were on this machine is forgotten once an answer has left.
            raise ReplyRefused(
                tr("The files have to be attached again: take the answer back into the draft.")
            )
        token = answers.draw_token()
        copy = await own.send_anew(tx, part.message, token, now)
        await outbox.send_anew(tx, part, copy, token)
        anew = await outbox.get(tx, part.id)
        return anew or part

    def _token_is_old(self, part: OutboxRow, now: datetime) -> bool:
        """Whether a repetition needs a fresh one; never while the network may yet tell its fate."""
        if part.state is OutState.AMBIGUOUS and not outbox.only_operator_can_tell(part):
            return False
        first = part.outgoing.first_attempt_at
        caps = self._accounts.capabilities(part.account)
        if first is None or caps is None or caps.token_lifetime is None:
            return False
        return now - first > caps.token_lifetime - _SAFETY

    async def confirm_sent(self, row: OutboxId) -> None:
        """The operator saw on the network that a doubtful answer did arrive."""
        async with self._db.transaction() as tx:
            found = await outbox.get(tx, row)
            if (
                found is None
                or found.action is not OutAction.SEND
                or found.state not in {OutState.FAILED, OutState.AMBIGUOUS}
            ):
                raise ReplyRefused(tr("There is nothing to confirm here."))
            touched = await settle.delivered(
                tx, found, None, self._clock.now(), self._duty.operator
            )
            await conversations.refresh(tx, touched, self._deadlines.of)
        self._bus.publish(FeedChanged(frozenset(touched)))
        self._sender.poke()  # the parts behind it may go

    async def discard(self, row: OutboxId) -> None:
        """Throw away an answer that failed; ``z`` brings it back into the composer's draft."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            first = await outbox.get(tx, await outbox.first_part(tx, row))
            if first is None or first.state not in {OutState.FAILED, OutState.AMBIGUOUS}:
                raise ReplyRefused(tr("There is nothing to discard here."))
            parts = [first, *await outbox.followers(tx, first.id)]
            where, draft = answers.written_in(first), answers.unsent(parts)
            await self._erase(tx, parts)
            await journal.write(
                tx,
                journal.Event.DISCARDED,
                first.account,
                now,
                conversation=first.conversation,
                operator=self._duty.operator,
            )
            touched = {where, first.conversation}
            await conversations.refresh(tx, touched, self._deadlines.of)
        if first.action is OutAction.SEND:
            self._undo.push(lambda: self._undo_discard(where, draft))
        self._bus.publish(FeedChanged(frozenset(touched)))

    async def _undo_discard(self, where: ConversationId, draft: Draft) -> Undone:
        async with self._db.transaction() as tx:
            joined = answers.join(draft, await drafts.read(tx, where))
            if not await conversations.exists(tx, where):
                return Undone(SafeText(tr("There is no such conversation any more.")))
            await drafts.save(tx, where, joined, self._clock.now())
            await conversations.refresh(tx, [where], self._deadlines.of)
        self._bus.publish(FeedChanged(frozenset({where})))
        sentence = SafeText(tr("The answer is back in the composer."))
        return Undone(sentence, where, draft_restored=True)
