"""Messages of ours that are on the network: edited and deleted there."""

from __future__ import annotations

from smm_inbox.domain.clock import Clock
from smm_inbox.domain.ids import MessageId
from smm_inbox.domain.outgoing import OutAction, OutState
from smm_inbox.domain.text import clean
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


class Published:
    """Commands on what we have sent."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        accounts: Accounts,
        deadlines: Deadlines,
        bus: Bus,
        feed: Feed,
        sender: Outbox,
    ) -> None:
        self._db = db
        self._clock = clock
        self._accounts = accounts
        self._deadlines = deadlines
        self._bus = bus
        self._feed = feed
        self._sender = sender

    async def edit(self, message: MessageId, text: str) -> None:
        """Change the text of a message of ours on the network."""
        cleaned = clean(text).strip()
        if not cleaned:
            raise ReplyRefused(tr("The answer is empty: write something first."))
        await self._act(message, OutAction.EDIT, cleaned)

    async def delete(self, message: MessageId) -> None:
        """Delete a message on the network, for everybody."""
        await self._act(message, OutAction.DELETE, "")

    async def _act(self, message: MessageId, action: OutAction, text: str) -> None:
        found = await subjects.find(self._db, self._feed, message)
        caps, now = self._accounts.capabilities(found.account), self._clock.now()
        allowed = permissions.can_edit if action is OutAction.EDIT else permissions.can_delete
        if not allowed(found.shown, found.kind, caps, now):
            raise ReplyRefused(tr("The network does not allow that for this message any more."))
        async with self._db.transaction() as tx:
            former = await outbox.of_message(tx, message, action)
            if former is not None and former.state is not OutState.SENDING:
                await outbox.remove(tx, former.id)
            await outbox.put(
                tx,
                account=found.account,
                conversation=found.conversation,
                message=message,
                action=action,
                token=answers.draw_token(),
                text=text,
                now=now,
                due_at=now,
            )
            await conversations.refresh(tx, [found.conversation], self._deadlines.of)
        self._bus.publish(FeedChanged(frozenset({found.conversation})))
        self._sender.poke()
