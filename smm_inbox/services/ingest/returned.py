"""Answers that left and came back: not delivered, and whom they answered waits again."""

from __future__ import annotations

import sqlite3

from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.feed import Draft
from smm_inbox.domain.ids import ConversationId, MessageId, RemoteId
from smm_inbox.domain.message import Direction, SendReceipt, Undelivered
from smm_inbox.domain.outgoing import OutAction, OutState
from smm_inbox.services import answers, settle
from smm_inbox.storage import journal, messages, outbox, own, waiting
from smm_inbox.storage.database import Transaction

from .step import Pass


async def take(step: Pass, news: Undelivered) -> None:
    """Mark an answer as not delivered; the operator finds it beside those that never left.

    Told again, or of an answer that is not ours, it changes nothing.
    """
    tx = step.tx
    row = await _answer(step, news)
    if row is None or row["direction"] != Direction.OUT:
        return
    answer, conversation = MessageId(row["id"]), ConversationId(row["conversation_id"])
    unsettled = await outbox.of_message(tx, answer, OutAction.SEND)
    if unsettled is not None and unsettled.state is not OutState.FAILED:
        # The report was faster than the network's word that it took the answer.
        receipt = SendReceipt(news.remote_id)
        step.touched |= await settle.delivered(tx, unsettled, receipt, step.now, row["operator"])
    elif row["state"] != OutState.SENT:
        return
    await own.set_state(tx, answer, OutState.FAILED)
    draft = Draft(row["text"], ReplyKind.IN_PLACE, await _replied(tx, row))
    unsent = await outbox.put(
        tx,
        account=step.account,
        conversation=conversation,
        message=answer,
        action=OutAction.SEND,
        token=answers.draw_token(),
        text=row["text"],
        now=step.now,
        due_at=step.now,
        draft=answers.dump(conversation, draft, 0),
    )
    failed = await outbox.get(tx, unsent)
    if failed is not None:
        await outbox.move(tx, failed, OutState.FAILED, reason=news.reason)
    step.touched |= {conversation} | await waiting.wait_again(tx, answer)
    step.returned.append((conversation, unsent, news.reason))
    await journal.write(
        tx,
        journal.Event.FAILED,
        step.account,
        step.now,
        conversation=conversation,
        message=answer,
        operator=row["operator"],
        reason=news.reason,
        returned=1,
    )


async def _answer(step: Pass, news: Undelivered) -> sqlite3.Row | None:
    row = await messages.find(step.tx, step.account, news.kind, news.remote_id)
    if row is None and news.token is not None:
        row = await own.of_token(step.tx, step.account, news.token)
    return row


async def _replied(tx: Transaction, row: sqlite3.Row) -> MessageId | None:
    if row["reply_to"] is None:
        return None
    found = await messages.find(tx, row["account"], row["kind"], RemoteId(row["reply_to"]))
    return None if found is None else MessageId(found["id"])
