"""The message a command is about: as it is shown, and where it belongs."""

from __future__ import annotations

from dataclasses import dataclass

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.feed import MessageRow
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId
from smm_inbox.locale import tr
from smm_inbox.storage.database import Database

from .composing import ReplyRefused
from .feed import Feed


@dataclass(frozen=True, slots=True)
class Subject:
    """A message that something is to be done with on its network."""

    shown: MessageRow
    account: AccountId
    conversation: ConversationId
    kind: Kind


async def find(db: Database, feed: Feed, message: MessageId) -> Subject:
    """The message as it is now; raises ``ReplyRefused`` when it is gone."""
    shown = await feed.message(message)
    row = await db.one(
        "SELECT account, conversation_id, kind FROM messages WHERE id = ?", (message,)
    )
    if shown is None or row is None:
        raise ReplyRefused(tr("The message is gone."))
    return Subject(
        shown,
        AccountId(row["account"]),
        ConversationId(row["conversation_id"]),
        Kind(row["kind"]),
    )
