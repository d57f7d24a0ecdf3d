"""Edits, deletions and restorations of messages that are stored already."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.ids import ConversationId, MessageId, RemoteId
from smm_inbox.domain.message import Edit, Removal
from smm_inbox.storage import journal, messages
from smm_inbox.storage.rows import dump_attachments, to_us

from .step import Pass


async def edit(step: Pass, changes: Sequence[Edit]) -> None:
    """Messages were edited: the journal notes what is news."""
    last = {_moment(change): change for change in changes}
    for change in changes:
        row = await messages.find(step.tx, step.account, change.kind, change.remote_id)
        # After a crash edits are told once more, and where the history was read first they follow
        # its text: what they end with stands already.
        final = last[_moment(change)]
        if row is None or (change is not final and _stands(row, final)):
            continue
        if await apply(step, row, change):
            await _note(step, journal.Event.EDITED, row)


async def apply(step: Pass, row: sqlite3.Row, change: Edit) -> bool:
    """Apply an edit unless it is older than what is stored or says the same; tell whether.

    Networks count in seconds: of two edits of one second the one told later is taken for the
    later one. Where that was wrong, the next look at the history sets it right.
    """
    at = to_us(change.edited_at)
    if _stands(row, change) or (row["edited_at"] is not None and row["edited_at"] > at):
        return False
    await messages.change_text(
        step.tx,
        MessageId(row["id"]),
        row["text"],
        change.text,
        change.attachments,
        change.edited_at,
    )
    return True


def _moment(change: Edit) -> tuple[Kind, RemoteId, datetime]:
    return change.kind, change.remote_id, change.edited_at


def _stands(row: sqlite3.Row, change: Edit) -> bool:
    """Whether the message says this already."""
    same_files = (
        change.attachments is None or dump_attachments(change.attachments) == row["attachments"]
    )
    return same_files and bool(row["text"] == change.text)


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
