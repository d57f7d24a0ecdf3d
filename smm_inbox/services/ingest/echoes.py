"""Answers of ours that come back: written here, or given on the phone or in a browser."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.ids import ContactId, ConversationId, MessageId
from smm_inbox.domain.message import Direction, NetworkMessage, SendReceipt
from smm_inbox.domain.outgoing import OutAction, OutState
from smm_inbox.services import settle
from smm_inbox.storage import journal, messages, outbox, own, waiting

from .step import Pass

# A network's clock may run behind ours: an echo this much older than the attempt is still an echo.
_CLOCK_SKEW = timedelta(minutes=10)


async def recognise(step: Pass, conversation: ConversationId, message: NetworkMessage) -> bool:
    """Recognise an answer that was written here; settle it when its fate was open."""
    tx = step.tx
    row: sqlite3.Row | None = None
    if message.token is not None:
        row = await own.by_token(tx, step.account, conversation, message.token)
    if row is None and message.token is None:
        row = await own.in_doubt(tx, conversation, message.text, message.sent_at + _CLOCK_SKEW)
    if row is None:
        return False
    answer = MessageId(row["id"])
    unsettled = await outbox.of_message(tx, answer, OutAction.SEND)
    if unsettled is None:
        # Delivered before under a provisional id: the echo knows the lasting one.
        await own.set_delivered(tx, answer, message.remote_id, message.sent_at, message.url)
        return True
    receipt = SendReceipt(message.remote_id, message.sent_at, message.url)
    step.touched |= await settle.delivered(tx, unsettled, receipt, step.now, row["operator"])
    step.delivered.append((conversation, unsettled.id))
    return True


async def elsewhere(
    step: Pass,
    conversation: ConversationId,
    message: NetworkMessage,
    author: ContactId | None,
) -> None:
    """Store an answer given elsewhere and end the waiting of whom it speaks to."""
    tx = step.tx
    stored = await messages.insert(
        tx,
        step.account,
        conversation,
        message,
        author=author,
        state=OutState.SENT,
        deleted_at=step.buried.get((message.place.kind, message.remote_id)),
        now=step.now,
    )
    step.answers.pop(conversation, None)
    if message.automatic:
        return
    whom = await _answered_whom(step, conversation, message)
    if whom is not None:
        await waiting.mark_answered(tx, conversation, author=whom or None, until=message.sent_at)
    await journal.write(
        tx,
        journal.Event.ANSWERED_ELSEWHERE,
        step.account,
        step.now,
        conversation=conversation,
        message=stored,
        operator=message.operator,
    )


async def _answered_whom(
    step: Pass, conversation: ConversationId, message: NetworkMessage
) -> int | None:
    """Whose waiting an answer given elsewhere ends: a contact, 0 for everybody, or nobody."""
    if message.place.kind is Kind.DIRECT:
        return 0
    if message.reply_to is not None:
        target = await messages.find(step.tx, step.account, message.place.kind, message.reply_to)
        inbound = target is not None and target["direction"] == Direction.IN
        if target is not None and inbound and target["author_id"] is not None:
            return int(target["author_id"])
    addressee = await step.person(message.addressee)
    if addressee is not None:
        return addressee
    authors = await waiting.authors(step.tx, conversation)
    if len(authors) == 1:
        return authors[0] or 0
    root_author = await step.person(message.place.contact)
    return root_author if root_author in authors else None
