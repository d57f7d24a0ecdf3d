"""Emoji that the operator puts on customers' messages."""

from __future__ import annotations

from smm_inbox.domain.clock import Clock
from smm_inbox.domain.ids import ConversationId, MessageId
from smm_inbox.domain.outgoing import OutAction, OutState
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr
from smm_inbox.storage import conversations, outbox
from smm_inbox.storage.database import Database

from . import answers, permissions, subjects
from .accounts import Accounts
from .bus import Bus, FeedChanged
from .composing import ReplyRefused
from .deadlines import Deadlines
from .feed import Feed
from .outbox import Outbox
from .undo import Undo, Undone

_REACTING = (OutAction.REACT, OutAction.UNREACT)


class Reactions:
    """Puts an emoji on a message and takes it back; each is a row of the outbox.

    An emoji is no answer: whoever waits goes on waiting.
    """

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

    async def put(self, message: MessageId, emoji: str) -> None:
        """Put ``emoji`` on a customer's message in place of a former one; empty takes it back.

        ``z`` undoes it. Raises ``ReplyRefused`` when the network does not offer that here.
        """
        former, _ = await self._queue(message, emoji)
        if former != emoji:
            self._undo.push(lambda: self._take_back(message, former))

    async def _take_back(self, message: MessageId, former: str) -> Undone:
        async with self._db.transaction() as tx:
            waiting = await outbox.of_message(tx, message, OutAction.REACT)
            waiting = waiting or await outbox.of_message(tx, message, OutAction.UNREACT)
        left = waiting is None or waiting.attempts > 0
        _, conversation = await self._queue(message, former)
        if former:
            sentence = tr("The former reaction is put back.")
        elif left:
            sentence = tr("The reaction is being taken back; the customer may have seen it.")
        else:
            sentence = tr("The reaction did not leave.")
        return Undone(SafeText(sentence), conversation)

    async def _queue(self, message: MessageId, emoji: str) -> tuple[str, ConversationId]:
        """Let the network have ``emoji`` on the message.

        Returns what was meant to be on it, and the conversation it stands in.
        """
        found = await subjects.find(self._db, self._feed, message)
        conversation, caps = found.conversation, self._accounts.capabilities(found.account)
        offered = permissions.reactions(found.shown, found.kind, caps)
        if not offered or (emoji and emoji not in offered):
            raise ReplyRefused(tr("The network does not allow that for this message any more."))
        now = self._clock.now()
        async with self._db.transaction() as tx:
            meant, begun = str(found.shown.reaction), False
            for former in await outbox.of_conversation(tx, conversation, _REACTING):
                if former.message != message:
                    continue
                meant = str(former.outgoing.text)
                begun = begun or former.attempts > 0 or former.state is not OutState.QUEUED
                if former.state is not OutState.SENDING:
                    await outbox.remove(tx, former.id)
            if begun or emoji != found.shown.reaction:
                await outbox.put(
                    tx,
                    account=found.account,
                    conversation=conversation,
                    message=message,
                    action=OutAction.REACT if emoji else OutAction.UNREACT,
                    token=answers.draw_token(),
                    text=emoji,
                    now=now,
                    due_at=now,
                )
            await conversations.refresh(tx, [conversation], self._deadlines.of)
        self._bus.publish(FeedChanged(frozenset({conversation})))
        self._sender.poke()
        return meant, conversation
