"""The end of a delivery, the same whether the network answered or its echo came first."""

from __future__ import annotations

from datetime import datetime

from smm_inbox.domain.conversation import Status
from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.message import SendReceipt
from smm_inbox.domain.outgoing import OutState, check_transition
from smm_inbox.storage import conversations, journal, outbox, own, waiting
from smm_inbox.storage.database import Transaction
from smm_inbox.storage.outbox import OutboxRow

from . import answers


async def delivered(
    tx: Transaction, row: OutboxRow, receipt: SendReceipt | None, now: datetime, operator: str
) -> set[ConversationId]:
    """Record that an answer arrived: its id, the end of the customer's waiting, the journal.

    Without a receipt the operator saw that it did; the network's id is learnt later, if ever.
    Returns the conversations to refresh.
    """
    check_transition(row.state, OutState.SENT)
    touched = {row.conversation}
    if row.state is OutState.FAILED:
        touched.add(await answers.cover_again(tx, row, now))
    touched |= await waiting.covered_in(tx, row.message)
    if receipt is None:
        await own.set_state(tx, row.message, OutState.SENT)
    else:
        await own.set_delivered(
            tx, row.message, receipt.remote_id, receipt.sent_at or now, receipt.url
        )
    await waiting.settle_covered(tx, row.message)
    await outbox.remove(tx, row.id)
    if row.close_after:
        await conversations.set_status(tx, row.conversation, Status.CLOSED)
    await journal.write(
        tx,
        journal.Event.SENT,
        row.account,
        now,
        conversation=row.conversation,
        message=row.message,
        operator=operator,
        attempts=row.attempts,
        outbox=row.id,
    )
    return touched
