"""Replies: from the composer into the outbox, and back while there is time."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from smm_inbox.config.model import Settings
from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.feed import ConversationCard, Draft
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId, OutboxId, Token
from smm_inbox.domain.message import Attachment, LocalFile
from smm_inbox.domain.outgoing import TAKE_BACK, OutAction, OutState
from smm_inbox.domain.text import LengthUnit, SafeText, clean, length_in, split_text
from smm_inbox.locale import ntr, tr
from smm_inbox.storage import contacts, conversations, drafts, journal, messages, outbox, reading
from smm_inbox.storage.database import Database, Transaction
from smm_inbox.storage.outbox import OutboxRow

from . import answers, permissions, settle
from .accounts import Accounts
from .bus import Bus, FeedChanged
from .composing import Composing, Plan, ReplyRefused
from .courtesy import Courtesy
from .deadlines import Deadlines
from .feed import Feed
from .outbox import Outbox
from .undo import Undo, Undone

_SAFETY = timedelta(minutes=5)
"""A token this close to the end of its life is not trusted any more."""


@dataclass(frozen=True, slots=True)
class Queued:
    """An answer on its way."""

    conversation: ConversationId
    """Where it stands: for a private answer to a comment, the direct conversation."""
    outbox: tuple[OutboxId, ...]
    not_before: datetime
    """End of the undo window."""
    parts: int


class Replies:
    """Commands of the composer."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        clock: Clock,
        accounts: Accounts,
        deadlines: Deadlines,
        bus: Bus,
        feed: Feed,
        sender: Outbox,
        undo: Undo,
        courtesy: Courtesy,
    ) -> None:
        self._composing = Composing(db, accounts, feed)
        self._courtesy = courtesy
        self._settings = settings
        self._db = db
        self._clock = clock
        self._accounts = accounts
        self._deadlines = deadlines
        self._bus = bus
        self._feed = feed
        self._sender = sender
        self._undo = undo

    # --- drafts -----------------------------------------------------------------------------------

    async def save_draft(self, conversation: ConversationId, draft: Draft | None) -> None:
        """Keep what stands in the composer; ``None`` or an empty draft forgets it."""
        empty = draft is None or (not draft.text.strip() and not draft.files)
        async with self._db.transaction() as tx:
            if empty or draft is None:
                await drafts.drop(tx, conversation)
            elif await conversations.exists(tx, conversation):
                kept = replace(draft, text=clean(draft.text))
                await drafts.save(tx, conversation, kept, self._clock.now())
            else:
                raise ReplyRefused(tr("There is no such conversation any more."))
            await conversations.refresh(tx, [conversation], self._deadlines.of)
        self._bus.publish(FeedChanged(frozenset({conversation})))
        if not empty:
            await self._show_typing(conversation)

    async def _show_typing(self, conversation: ConversationId) -> None:
        if not self._courtesy.wanted():
            return
        facts = await reading.facts(self._db, conversation)
        if facts is not None:
            self._courtesy.typing(facts.account, facts.place)

    def warnings(self, card: ConversationCard, text: str, kind: ReplyKind) -> tuple[SafeText, ...]:
        """What the operator should know before sending; forbids nothing."""
        option = next((item for item in card.options if item.kind is kind), None)
        caps = self._accounts.capabilities(card.row.account)
        if option is None or not option.max_text:
            return ()
        unit = LengthUnit.CODE_POINTS if caps is None else caps.unit
        if length_in(text, unit) <= option.max_text:
            return ()
        if not option.splits:
            over = length_in(text, unit) - option.max_text
            sentence = ntr("{n} character too long", "{n} characters too long", over)
            return (SafeText(sentence.format(n=over)),)
        parts = len(split_text(text, option.max_text, unit))
        sentence = ntr("Will leave in {n} part", "Will leave in {n} parts", parts)
        return (SafeText(sentence.format(n=parts)),)

    # --- sending ----------------------------------------------------------------------------------

    async def send(
        self,
        conversation: ConversationId,
        draft: Draft,
        *,
        close_after: bool = False,
        undo: bool = True,
        keep_draft: bool = False,
    ) -> Queued:
        """Check an answer, queue it and clear the draft, in one transaction.

        ``undo`` false: it leaves at once. ``keep_draft``: it did not come out of the composer,
        whose draft stays.

        Raises ``ReplyRefused`` with a sentence; then nothing changed and the draft is kept.
        """
        plan = await self._composing.plan(conversation, draft)
        now = self._clock.now()
        channel = self._settings_channel(plan.account)
        window = self._settings.undo_window(channel, plan.kind) if undo else timedelta()
        async with self._db.transaction() as tx:
            queued = await self._queue(tx, plan, draft, now, now + window, close_after)
            if not keep_draft:
                await drafts.drop(tx, conversation)
            touched = {conversation, queued.conversation}
            await conversations.refresh(tx, touched, self._deadlines.of)
        self._undo.push(lambda: self._undo_send(queued.outbox[0]))
        self._bus.publish(FeedChanged(frozenset(touched)))
        self._sender.poke()
        return queued

    async def _queue(
        self,
        tx: Transaction,
        plan: Plan,
        draft: Draft,
        now: datetime,
        due_at: datetime,
        close_after: bool,
    ) -> Queued:
        target = plan.written_in
        if plan.place is not None:
            person = None
            if plan.place.contact is not None:
                person = await contacts.ensure(tx, plan.account, plan.place.contact, now)
            target = await conversations.ensure(
                tx, plan.account, plan.place, contact=person, root=None
            )
        rows: list[OutboxId] = []
        answer = MessageId(0)
        for number, part in enumerate(plan.parts):
            last = number == len(plan.parts) - 1
            token = draw_token()
            answer = await messages.insert_own(
                tx,
                plan.account,
                target,
                kind=plan.kind,
                text=part,
                token=token,
                reply_to=plan.reply_to if number == 0 else None,
                addressee=plan.addressee,
                attachments=_shown(plan.files) if last else (),
                operator=self._settings.operator,
                # One microsecond apart, so that the parts stand in their order.
                now=now + timedelta(microseconds=number),
            )
            rows.append(
                await outbox.put(
                    tx,
                    account=plan.account,
                    conversation=target,
                    message=answer,
                    action=OutAction.SEND,
                    token=token,
                    text=part,
                    now=now,
                    due_at=due_at,
                    files=plan.files if last else (),
                    after=rows[-1] if rows else None,
                    close_after=close_after and last and target == plan.written_in,
                    draft=answers.dump(plan.written_in, draft, number),
                    extra=plan.notes,
                )
            )
        # The last part carries the customer's waiting: only a whole answer is an answer.
        await answers.cover(
            tx, plan.written_in, answer, kind=plan.written_kind, author=plan.addressee_id
        )
        await journal.write(
            tx,
            journal.Event.QUEUED,
            plan.account,
            now,
            conversation=target,
            message=answer,
            operator=self._settings.operator,
            parts=len(rows),
        )
        return Queued(target, tuple(rows), due_at, len(rows))

    # --- taking back, sending again ---------------------------------------------------------------

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
                operator=self._settings.operator,
            )
            touched = {where, first.conversation}
            await conversations.refresh(tx, touched, self._deadlines.of)
        self._bus.publish(FeedChanged(frozenset(touched)))
        return where

    async def _undo_send(self, row: OutboxId) -> Undone | None:
        try:
            where = await self.take_back(row)
        except ReplyRefused as refused:
            return Undone(SafeText(refused.sentence))
        sentence = SafeText(tr("Not sent: the answer is back in the composer."))
        return Undone(sentence, where, draft_restored=True)

    async def _erase(self, tx: Transaction, parts: Sequence[OutboxRow]) -> None:
        """Make an answer that did not leave undone: whom it covered waits again."""
        for part in reversed(parts):
            await outbox.remove(tx, part.id)
            if part.action is OutAction.SEND:
                await messages.uncover(tx, part.message)
                await messages.erase(tx, part.message)
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
            for part in parts:
                if part.state not in {OutState.FAILED, OutState.AMBIGUOUS}:
                    continue
                await outbox.move(tx, part, OutState.QUEUED, due_at=now)
                if part.action is OutAction.SEND:
                    await messages.set_out_state(tx, part.message, OutState.QUEUED)
                if self._token_is_old(part, now):
                    await outbox.renew_token(tx, part.id, part.message, draw_token())
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
                operator=self._settings.operator,
            )
            await conversations.refresh(tx, touched, self._deadlines.of)
        self._bus.publish(FeedChanged(frozenset(touched)))
        self._sender.poke()

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
                tx, found, None, self._clock.now(), self._settings.operator
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
                operator=self._settings.operator,
            )
            touched = {where, first.conversation}
            await conversations.refresh(tx, touched, self._deadlines.of)
        if first.action is OutAction.SEND:
            self._undo.push(lambda: self._undo_discard(where, draft))
        self._bus.publish(FeedChanged(frozenset(touched)))

    async def _undo_discard(self, where: ConversationId, draft: Draft) -> Undone:
        await self.save_draft(where, answers.join(draft, await drafts.read(self._db, where)))
        sentence = SafeText(tr("The answer is back in the composer."))
        return Undone(sentence, where, draft_restored=True)

    # --- our own messages on the network ----------------------------------------------------------

    async def edit_sent(self, message: MessageId, text: str) -> None:
        """Change the text of a message of ours on the network."""
        cleaned = clean(text).strip()
        if not cleaned:
            raise ReplyRefused(tr("The answer is empty: write something first."))
        await self._act(message, OutAction.EDIT, cleaned)

    async def delete(self, message: MessageId) -> None:
        """Delete a message on the network, for everybody."""
        await self._act(message, OutAction.DELETE, "")

    async def _act(self, message: MessageId, action: OutAction, text: str) -> None:
        found = await self._feed.message(message)
        row = await self._db.one(
            "SELECT account, conversation_id, kind FROM messages WHERE id = ?", (message,)
        )
        if found is None or row is None:
            raise ReplyRefused(tr("The message is gone."))
        account, kind = AccountId(row["account"]), Kind(row["kind"])
        caps, now = self._accounts.capabilities(account), self._clock.now()
        allowed = permissions.can_edit if action is OutAction.EDIT else permissions.can_delete
        if not allowed(found, kind, caps, now):
            raise ReplyRefused(tr("The network does not allow that for this message any more."))
        conversation = ConversationId(row["conversation_id"])
        async with self._db.transaction() as tx:
            former = await outbox.of_message(tx, message, action)
            if former is not None and former.state is not OutState.SENDING:
                await outbox.remove(tx, former.id)
            await outbox.put(
                tx,
                account=account,
                conversation=conversation,
                message=message,
                action=action,
                token=draw_token(),
                text=text,
                now=now,
                due_at=now,
            )
            await conversations.refresh(tx, [conversation], self._deadlines.of)
        self._bus.publish(FeedChanged(frozenset({conversation})))
        self._sender.poke()

    def _settings_channel(self, account: AccountId) -> str:
        live = self._accounts.live(account)
        return "" if live is None else live.settings.channel


def draw_token() -> Token:
    """A positive 31-bit number: fits VK's int32 ``random_id``, where zero means no protection."""
    return Token(str(secrets.randbelow(2**31 - 1) + 1))


def _shown(files: tuple[LocalFile, ...]) -> tuple[Attachment, ...]:
    return tuple(Attachment(kind=f.kind, name=f.name, size=f.size) for f in files)
