"""Who can help: colleagues, asking them, and the conversations that wait for their word."""

from __future__ import annotations

from collections.abc import Collection

from smm_inbox.config.model import Settings
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.colleague import Colleague, by_topic, read_colleague
from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.fold import stems
from smm_inbox.domain.ids import AccountId, ConversationId, OutboxId, RemoteId
from smm_inbox.domain.message import NEW_LETTER, Direction
from smm_inbox.domain.outgoing import OutAction
from smm_inbox.domain.text import SafeText, clean, clean_line, one_line
from smm_inbox.locale import tr
from smm_inbox.storage import colleagues as store
from smm_inbox.storage import contacts, conversations, drafts, journal, outbox, own
from smm_inbox.storage.database import Database, Transaction

from . import answers
from .bus import Bus, FeedChanged
from .composing import ReplyRefused
from .deadlines import Deadlines
from .duty import Duty
from .feed import Feed
from .outbox import Outbox
from .undo import Undo, Undone
from .unsent import Unsent

_DIGEST_MESSAGES = 10
_DIGEST_TEXT = 1000


class Colleagues:
    """Colleagues of the business; every change can be taken back."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        clock: Clock,
        bus: Bus,
        undo: Undo,
        deadlines: Deadlines,
        feed: Feed,
        sender: Outbox,
        unsent: Unsent,
        duty: Duty,
    ) -> None:
        self._settings = settings
        self._db = db
        self._clock = clock
        self._bus = bus
        self._undo = undo
        self._deadlines = deadlines
        self._feed = feed
        self._sender = sender
        self._unsent = unsent
        self._duty = duty

    # Who there is

    async def all(self) -> tuple[Colleague, ...]:
        """Every colleague in the order of the business."""
        return await store.all_of(self._db)

    async def for_conversation(self, conversation: ConversationId) -> list[Colleague]:
        """Every colleague, those who know about its latest messages first."""
        page = await self._feed.messages(conversation, limit=5)
        said = " ".join(one.text for one in page.messages if one.direction is Direction.IN)
        return by_topic(await self.all(), said, stems)

    async def put(self, line: str, known: int = 0) -> Colleague:
        """Store a colleague written as ``name | topics | contact | phrase``.

        Raises ``InboxError`` with a sentence when there is no name.
        """
        colleague = read_colleague(line, known)
        if colleague is None:
            raise InboxError(
                tr("Write a name first: “Oleg, chef | menu, allergens | +7 900 … | I will ask.”")
            )
        async with self._db.transaction() as tx:
            before = await store.get(tx, known) if known else None
            stored = await store.put(tx, colleague)
        self._undo.push(lambda: self._put_back(stored, before))
        return colleague

    async def remove(self, colleague: int) -> bool:
        """Forget a colleague; whether there was one."""
        async with self._db.transaction() as tx:
            before = await store.get(tx, colleague)
            if before is None:
                return False
            await store.remove(tx, colleague)
        self._undo.push(lambda: self._put_back(colleague, before))
        return True

    async def _put_back(self, colleague: int, before: Colleague | None) -> Undone:
        async with self._db.transaction() as tx:
            if before is None:
                await store.remove(tx, colleague)
            else:
                await store.put(tx, before)
        return Undone(SafeText(tr("The list of colleagues is as it was.")))

    # Asking

    async def digest(self, conversation: ConversationId) -> str:
        """What a colleague needs to know, as plain text to copy or to mail."""
        card = await self._feed.card(conversation)
        if card is None:
            raise InboxError(tr("There is no such conversation any more."))
        page = await self._feed.messages(conversation, limit=_DIGEST_MESSAGES)
        zone = self._settings.hours.zone
        name = card.row.name or (card.contact.name if card.contact else "") or tr("No name")
        lines = [tr("A question about {name}").format(name=name)]
        if card.root is not None and card.root.text:
            lines.append(tr("Under: “{text}”").format(text=one_line(card.root.text[:200])))
        lines.append("")
        for message in page.messages:
            who = tr("We") if message.direction is Direction.OUT else name
            if message.author is not None and message.author.name:
                who = message.author.name
            text = message.text[:_DIGEST_TEXT].strip() or tr("[attachment]")
            lines.append(f"{message.sent_at.astimezone(zone):%d.%m %H:%M} {who}: {text}")
        if card.url:
            lines += ["", card.url]
        return "\n".join(lines)

    async def asked(self, conversation: ConversationId) -> SafeText:
        """Whom a conversation waits for; empty when for nobody."""
        return SafeText(await store.asked(self._db, conversation))

    async def ask(self, ids: Collection[ConversationId], name: str) -> int:
        """Conversations wait for a colleague from now on; their customers keep waiting for us.

        Returns how many.
        """
        who = clean_line(name)
        return await self._mark(ids, who, journal.Event.ASKED)

    async def end(self, ids: Collection[ConversationId]) -> int:
        """The colleague has answered, or is not needed; returns how many waited."""
        return await self._mark(ids, SafeText(""), journal.Event.ASK_ENDED)

    async def _mark(
        self, ids: Collection[ConversationId], who: SafeText, event: journal.Event
    ) -> int:
        before: dict[ConversationId, str] = {}
        async with self._db.transaction() as tx:
            for conversation in dict.fromkeys(ids):
                account = await conversations.account_of(tx, conversation)
                was = await store.asked(tx, conversation)
                if account is None or was == who:
                    continue
                before[conversation] = was
                await self._set(tx, conversation, who)
                await journal.write(
                    tx,
                    event,
                    account,
                    self._clock.now(),
                    conversation=conversation,
                    operator=self._duty.operator,
                    value=who or was,
                )
        if before:
            self._undo.push(lambda: self._unmark(before))
            self._bus.publish(FeedChanged(frozenset(before)))
        return len(before)

    async def _set(self, tx: Transaction, conversation: ConversationId, who: str) -> None:
        if who:
            await store.ask(tx, conversation, who, self._clock.now(), self._duty.operator)
        else:
            await store.end_ask(tx, conversation)

    async def _unmark(self, before: dict[ConversationId, str]) -> Undone:
        async with self._db.transaction() as tx:
            for conversation, who in before.items():
                await self._set(tx, conversation, who)
        self._bus.publish(FeedChanged(frozenset(before)))
        return Undone(SafeText(tr("Taken back: as before the question.")), next(iter(before)))

    # By mail

    def mailbox(self) -> AccountId | None:
        """The account a question can be mailed from; ``None`` without a mailbox."""
        for account in self._settings.accounts:
            if account.channel == "email" and account.enabled:
                return account.id
        return None

    async def mail(self, colleague: Colleague, digest: str) -> OutboxId:
        """Send a digest by e-mail, through the outbox like every letter.

        The question stands in a conversation with the colleague of its own: the customer's keeps
        waiting. It waits out the undo window, and ``z`` takes it back.
        """
        account = self.mailbox()
        if account is None:
            raise InboxError(tr("No mailbox is connected: copy the question instead."))
        now = self._clock.now()
        token = answers.draw_token()
        text, address = clean(digest), RemoteId(colleague.address)
        place = Place(
            kind=Kind.DIRECT,
            conversation=RemoteId(f"ask-{token}"),
            contact=address,
            title=clean_line(text.partition("\n")[0], limit=100),
        )
        who = Contact(address, name=colleague.name, handle=SafeText(address))
        window = self._settings.undo_window("email", Kind.DIRECT)
        async with self._db.transaction() as tx:
            person = await contacts.upsert(tx, account, who, now)
            conversation = await conversations.ensure(tx, account, place, contact=person, root=None)
            message = await own.insert(
                tx,
                account,
                conversation,
                kind=Kind.DIRECT,
                text=text,
                token=token,
                reply_to=None,
                addressee=address,
                attachments=(),
                operator=self._duty.operator,
                now=now,
            )
            row = await outbox.put(
                tx,
                account=account,
                conversation=conversation,
                message=message,
                action=OutAction.SEND,
                token=token,
                text=text,
                now=now,
                due_at=now + window,
                close_after=True,
                extra={NEW_LETTER: "1"},
            )
            await journal.write(
                tx,
                journal.Event.QUEUED,
                account,
                now,
                conversation=conversation,
                message=message,
                operator=self._duty.operator,
                parts=1,
            )
            await conversations.refresh(tx, [conversation], self._deadlines.of)
        self._undo.push(lambda: self._undo_mail(row))
        self._bus.publish(FeedChanged(frozenset({conversation})))
        self._sender.poke()
        return row

    async def _undo_mail(self, row: OutboxId) -> Undone:
        try:
            where = await self._unsent.take_back(row)
        except ReplyRefused as refused:
            return Undone(SafeText(refused.sentence))
        async with self._db.transaction() as tx:
            # The customer's conversation still has the question: no second draft is needed.
            await drafts.drop(tx, where)
            await conversations.refresh(tx, [where], self._deadlines.of)
            await conversations.drop_if_empty(tx, where)
        self._bus.publish(FeedChanged(frozenset({where})))
        return Undone(SafeText(tr("Not sent: the question did not leave.")))
