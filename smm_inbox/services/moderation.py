"""Hiding on the network, and moving what was called spam to the network's own spam."""

from __future__ import annotations

from datetime import datetime

from smm_inbox.channels.base import SupportsSpam
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId
from smm_inbox.domain.outgoing import SPAM_MOVES, OutAction, OutState
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr
from smm_inbox.storage import conversations, messages, outbox
from smm_inbox.storage.database import Database, Transaction

from . import answers, permissions, subjects
from .accounts import Accounts
from .bus import Bus, FeedChanged
from .composing import ReplyRefused
from .deadlines import Deadlines
from .feed import Feed
from .outbox import Outbox
from .undo import Undo, Undone

_HIDING = (OutAction.HIDE, OutAction.SHOW)


class Moderation:
    """Durable actions on other people's messages: each is a row of the outbox."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        accounts: Accounts,
        deadlines: Deadlines,
        bus: Bus,
        feed: Feed,
        sender: Outbox,
        undo: Undo,
    ) -> None:
        self._db = db
        self._clock = clock
        self._accounts = accounts
        self._deadlines = deadlines
        self._bus = bus
        self._feed = feed
        self._sender = sender
        self._undo = undo

    async def hide(self, message: MessageId, *, hidden: bool) -> None:
        """Hide a message on the network from everybody, or show it again; ``z`` takes it back.

        Raises ``ReplyRefused`` when the network does not offer that for this message.
        """
        await self._queue_hiding(message, hidden)
        self._undo.push(lambda: self._undo_hiding(message, hidden))

    async def _undo_hiding(self, message: MessageId, hidden: bool) -> Undone:
        conversation = await self._queue_hiding(message, not hidden)
        sentence = tr("The message is shown again.") if hidden else tr("The message is hidden.")
        return Undone(SafeText(sentence), conversation)

    async def _queue_hiding(self, message: MessageId, hidden: bool) -> ConversationId:
        found = await subjects.find(self._db, self._feed, message)
        conversation, caps = found.conversation, self._accounts.capabilities(found.account)
        if not permissions.can_hide(found.shown, found.kind, caps):
            raise ReplyRefused(tr("The network does not allow that for this message any more."))
        async with self._db.transaction() as tx:
            for former in await outbox.of_conversation(tx, conversation, _HIDING):
                if former.message == message and former.state is not OutState.SENDING:
                    await outbox.remove(tx, former.id)
            action = OutAction.HIDE if hidden else OutAction.SHOW
            await self._put(tx, found.account, conversation, message, action)
            await conversations.refresh(tx, [conversation], self._deadlines.of)
        self._bus.publish(FeedChanged(frozenset({conversation})))
        self._sender.poke()
        return conversation

    async def follow_spam(
        self, tx: Transaction, conversation: ConversationId, account: AccountId, spam: bool
    ) -> None:
        """Queue the move that goes with a decision, where the network has a spam of its own.

        A move the other way that has not begun is dropped instead. ``poke`` belongs behind the
        transaction.
        """
        live = self._accounts.live(account)
        if live is None or not isinstance(live.channel, SupportsSpam):
            return
        message = await messages.newest_inbound(tx, conversation)
        if message is None:
            return
        action = OutAction.SPAM if spam else OutAction.NOT_SPAM
        untouched = False
        for former in await outbox.of_conversation(tx, conversation, SPAM_MOVES):
            if former.state is OutState.SENDING:
                untouched = False
                continue
            begun = former.attempts > 0 or former.state is not OutState.QUEUED
            untouched = former.action is not action and not begun
            await outbox.remove(tx, former.id)
        if not untouched:
            await self._put(tx, account, conversation, message, action)

    def poke(self) -> None:
        """A move may have been queued."""
        self._sender.poke()

    async def _put(
        self,
        tx: Transaction,
        account: AccountId,
        conversation: ConversationId,
        message: MessageId,
        action: OutAction,
    ) -> None:
        now: datetime = self._clock.now()
        await outbox.put(
            tx,
            account=account,
            conversation=conversation,
            message=message,
            action=action,
            token=answers.draw_token(),
            text="",
            now=now,
            due_at=now,
        )
