"""Replies: drafts, warnings, and from the composer into the outbox."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from smm_inbox.config.model import Settings
from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.feed import ConversationCard, Draft
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId, OutboxId
from smm_inbox.domain.message import Attachment, LocalFile
from smm_inbox.domain.outgoing import OutAction
from smm_inbox.domain.promise import Promised
from smm_inbox.domain.text import LengthUnit, SafeText, clean, length_in, split_text
from smm_inbox.locale import ntr, tr
from smm_inbox.storage import contacts, conversations, drafts, journal, outbox, own, reading
from smm_inbox.storage.database import Database, Transaction

from . import answers
from .accounts import Accounts
from .bus import Bus, FeedChanged
from .composing import Composing, Plan, ReplyRefused
from .courtesy import Courtesy
from .deadlines import Deadlines
from .duty import Duty
from .outbox import Outbox
from .promises import Promises
from .script_uses import ScriptUses, closes
from .undo import Action, Undo, Undone
from .unsent import Unsent


@dataclass(frozen=True, slots=True)
class Queued:
    """An answer on its way."""

    conversation: ConversationId
    """Where it stands: for a private answer to a comment, the direct conversation."""
    outbox: tuple[OutboxId, ...]
    not_before: datetime
    """End of the undo window."""
    parts: int
    answer: MessageId
    """The last part."""
    promises: tuple[Promised, ...] = ()
    """What it promises the customer, written down with it."""
    waiting: int = 0
    """Messages of the conversation that wait besides: it stays open as long as they do."""
    not_done: SafeText = SafeText("")
    """What a script should have done besides and could not; the answer is on its way all the same.
    """


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
        composing: Composing,
        unsent: Unsent,
        sender: Outbox,
        undo: Undo,
        courtesy: Courtesy,
        duty: Duty,
        promises: Promises,
        uses: ScriptUses,
    ) -> None:
        self._composing = composing
        self._duty = duty
        self._promises = promises
        self._uses = uses
        self._unsent = unsent
        self._courtesy = courtesy
        self._settings = settings
        self._db = db
        self._clock = clock
        self._accounts = accounts
        self._deadlines = deadlines
        self._bus = bus
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
        promises: bool = True,
    ) -> Queued:
        """Check an answer, queue it and clear the draft, in one transaction.

        ``undo`` false: it leaves at once. ``keep_draft``: it did not come out of the composer,
        whose draft stays. ``promises`` false: what it promises is not written down.

        Raises ``ReplyRefused`` with a sentence; then nothing changed and the draft is kept.
        """
        plan = await self._composing.plan(conversation, draft)
        now = self._clock.now()
        channel = self._settings_channel(plan.account)
        window = self._settings.undo_window(channel, plan.kind) if undo else timedelta()
        found = self._promises.found_in(draft.text) if promises else ()
        used = () if keep_draft else await self._uses.used(conversation, draft.text)
        await self._uses.refuse_stale(used, draft.text)
        close_after = close_after or closes(used)
        async with self._db.transaction() as tx:
            queued = await self._queue(tx, plan, draft, now, now + window, close_after, found)
            await self._uses.note(tx, plan.account, conversation, queued.answer, draft.text, used)
            if not keep_draft:
                await drafts.drop(tx, conversation)
            touched = {conversation, queued.conversation}
            await conversations.refresh(tx, touched, self._deadlines.of)
            waiting = await conversations.awaiting(tx, conversation)
        self._bus.publish(FeedChanged(frozenset(touched)))
        self._sender.poke()
        if queued.promises:
            self._promises.given.set()
        with self._undo.apart() as acts:
            undone = await self._uses.act(conversation, used)
        self._undo.push(lambda: self._undo_send(queued.outbox[0], tuple(acts)))
        return replace(queued, not_done=undone, waiting=waiting)

    async def _queue(
        self,
        tx: Transaction,
        plan: Plan,
        draft: Draft,
        now: datetime,
        due_at: datetime,
        close_after: bool,
        promises: tuple[Promised, ...],
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
            token = answers.draw_token()
            answer = await own.insert(
                tx,
                plan.account,
                target,
                kind=plan.kind,
                text=part,
                token=token,
                reply_to=plan.reply_to if number == 0 else None,
                addressee=plan.addressee,
                attachments=_shown(plan.files) if last else (),
                operator=self._duty.operator,
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
            operator=self._duty.operator,
            parts=len(rows),
        )
        await self._promises.record(tx, plan.account, target, answer, promises)
        return Queued(target, tuple(rows), due_at, len(rows), answer, promises)

    async def _undo_send(self, row: OutboxId, acts: tuple[Action, ...]) -> Undone | None:
        """Take an answer back, and then what its scripts did to the conversation."""
        try:
            where = await self._unsent.take_back(row)
        except ReplyRefused as refused:
            return Undone(SafeText(refused.sentence))
        for act in reversed(acts):
            await act()
        sentence = SafeText(tr("Not sent: the answer is back in the composer."))
        return Undone(sentence, where, draft_restored=True)

    def _settings_channel(self, account: AccountId) -> str:
        live = self._accounts.live(account)
        return "" if live is None else live.settings.channel


def _shown(files: tuple[LocalFile, ...]) -> tuple[Attachment, ...]:
    return tuple(Attachment(kind=f.kind, name=f.name, size=f.size) for f in files)
