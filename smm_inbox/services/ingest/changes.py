"""Edits, deletions and restorations of messages that are stored already."""

from __future__ import annotations

import sqlite3

from smm_inbox.domain.ids import ConversationId, MessageId
from smm_inbox.domain.message import Edit, Removal
from smm_inbox.storage import journal, messages
from smm_inbox.storage.rows import dump_attachments, to_us

from .step import Pass


async def edit(step: Pass, change: Edit) -> None:
    """A message was edited: the journal notes it when it is news."""
    row = await messages.find(step.tx, step.account, change.kind, change.remote_id)
    if row is not None and await apply(step, row, change):
        await _note(step, journal.Event.EDITED, row)


async def apply(step: Pass, row: sqlite3.Row, change: Edit) -> bool:
    """Apply an edit unless it is older than what is stored or was applied before; tell whether."""
    message, at = MessageId(row["id"]), to_us(change.edited_at)
    same_files = (
        change.attachments is None or dump_attachments(change.attachments) == row["attachments"]
    )
    if same_files and row["text"] == change.text:
        return False
    if row["edited_at"] is not None and row["edited_at"] > at:
        return False
    # Networks count in seconds: of two edits of one second the one told later is the later one,
    # unless it is the former told again. What a message came with is no edit: after a crash the
    # edits before it are told once more, and the last of them says the same.
    if row["edited_at"] == at and await messages.was_edited_to(
        step.tx, message, change.text, change.edited_at
    ):
        return False
    await messages.change_text(
        step.tx, message, row["text"], change.text, change.attachments, change.edited_at
    )
    return True


async def remove(step: Pass, removal: Removal) -> None:
    """A message was deleted or restored; a deletion of an unseen one is remembered."""
    tx = step.tx
    row = await messages.find(tx, step.account, removal.kind, removal.remote_id)
    if row is None:
        if removal.restored:
            await messages.exhume(tx, step.account, removal.kind, removal.remote_id)
        else:
            await messages.bury(tx, step.account, removal.kind, removal.remote_id, removal.at)
        return
    if (row["deleted_at"] is None) == removal.restored:
        return
    await messages.set_deleted(tx, MessageId(row["id"]), None if removal.restored else removal.at)
    event = journal.Event.RESTORED if removal.restored else journal.Event.DELETED
    await _note(step, event, row)


async def _note(step: Pass, event: journal.Event, row: sqlite3.Row) -> None:
    conversation = ConversationId(row["conversation_id"])
    step.touched.add(conversation)
    await journal.write(
        step.tx,
        event,
        step.account,
        step.now,
        conversation=conversation,
        message=MessageId(row["id"]),
    )
