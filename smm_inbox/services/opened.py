"""Questions about one conversation: its card, its messages, and what can be done with them."""

from __future__ import annotations

from dataclasses import replace

from smm_inbox.channels.base import SupportsReplyCheck
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.feed import ConversationCard, MessagePage, MessageRow
from smm_inbox.domain.ids import MANUAL, ConversationId, MessageId
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr
from smm_inbox.storage import drafts, promises, reading
from smm_inbox.storage import feed as lists
from smm_inbox.storage.database import Database
from smm_inbox.storage.reading import ConversationFacts

from . import permissions
from .accounts import Accounts


class Opened:
    """The read side of an open conversation."""

    def __init__(self, db: Database, clock: Clock, accounts: Accounts) -> None:
        self._db = db
        self._clock = clock
        self._accounts = accounts

    async def card(self, conversation: ConversationId) -> ConversationCard | None:
        """The conversation without its messages; ``None`` when there is no such one."""
        row = await lists.any_row(self._db, conversation)
        facts = await reading.facts(self._db, conversation)
        if row is None or facts is None:
            return None
        target = await reading.target(self._db, conversation)
        contact_id = facts.contact_id if target is None or not target[1] else target[1]
        contact = facts.contact
        if contact_id is not None and contact_id != facts.contact_id:
            contact = await reading.contact_of(self._db, contact_id)
        thread_root = None
        if facts.thread is not None:
            thread_root = await reading.thread_root(
                self._db, facts.account, facts.kind, facts.thread
            )
        # Nobody sends anything to what was entered by hand: the way is closed by its own sentence.
        known = facts.account == MANUAL or self._accounts.live(facts.account) is not None
        return ConversationCard(
            row=row,
            contact_id=contact_id,
            contact=contact,
            title=facts.title,
            url=facts.url,
            root=facts.root,
            thread_root=thread_root,
            others=()
            if contact_id is None
            else await reading.others(self._db, contact_id, conversation),
            options=permissions.reply_options(
                facts.kind,
                self._accounts.capabilities(facts.account),
                self._closed(facts),
                known=known,
            ),
            draft=await drafts.read(self._db, conversation),
            reply_target=None if target is None else target[0],
            remote_id=facts.remote_id,
            promises=()
            if row.promise_due is None
            else await promises.of_conversation(self._db, conversation),
        )

    async def messages(
        self, conversation: ConversationId, *, before: MessageId | None = None, limit: int = 50
    ) -> MessagePage:
        """The latest ``limit`` messages before ``before``, in time order."""
        facts = await reading.facts(self._db, conversation)
        if facts is None:
            return MessagePage((), earlier=False)
        found, earlier = await reading.messages(self._db, conversation, before=before, limit=limit)
        return MessagePage(tuple(self._allow(item, facts) for item in found), earlier)

    async def message(self, message: MessageId) -> MessageRow | None:
        """One message."""
        return await reading.message(self._db, message)

    def _allow(self, message: MessageRow, facts: ConversationFacts) -> MessageRow:
        caps = self._accounts.capabilities(facts.account)
        now = self._clock.now()
        edit = permissions.can_edit(message, facts.kind, caps, now)
        delete = permissions.can_delete(message, facts.kind, caps, now)
        hide = permissions.can_hide(message, facts.kind, caps)
        emoji = permissions.reactions(message, facts.kind, caps)
        if not (edit or delete or hide or emoji):
            return message
        return replace(message, can_edit=edit, can_delete=delete, can_hide=hide, reactions=emoji)

    def _closed(self, facts: ConversationFacts) -> SafeText:
        if facts.account == MANUAL:
            return SafeText(tr("This was entered by hand: no network carries an answer to it."))
        live = self._accounts.live(facts.account)
        if live is not None and not live.settings.enabled:
            # Queued, it would wait until somebody remembers the config file.
            return SafeText(
                tr("This account is switched off in the config file: it cannot answer.")
            )
        if facts.blocked:
            return facts.blocked
        if facts.window_until is not None and facts.window_until <= self._clock.now():
            return SafeText(
                tr(
                    "The network's time for an answer is over: it becomes possible when the "
                    "customer writes again."
                )
            )
        channel = None if live is None else live.channel
        if not isinstance(channel, SupportsReplyCheck):
            return SafeText("")
        return clean_line(channel.reply_closed(facts.place), limit=500)
