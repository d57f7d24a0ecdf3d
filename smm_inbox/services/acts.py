"""What an outbox row does on the network besides sending; everything here may be repeated."""

from __future__ import annotations

from datetime import datetime

from smm_inbox.channels.base import (
    Channel,
    SupportsDelete,
    SupportsEdit,
    SupportsHide,
    SupportsReact,
    SupportsSpam,
)
from smm_inbox.domain.errors import Unsupported
from smm_inbox.domain.outgoing import OutAction
from smm_inbox.locale import tr
from smm_inbox.storage import journal, messages, outbox
from smm_inbox.storage.database import Transaction
from smm_inbox.storage.outbox import OutboxRow

_EVENTS = {
    OutAction.EDIT: journal.Event.EDITED,
    OutAction.DELETE: journal.Event.DELETED,
    OutAction.HIDE: journal.Event.HIDDEN,
    OutAction.SHOW: journal.Event.SHOWN,
    OutAction.REACT: journal.Event.REACTED,
    OutAction.UNREACT: journal.Event.UNREACTED,
}
"""Moving to the spam is not among them: the decision itself was noted."""


async def perform(row: OutboxRow, channel: Channel) -> None:
    """Do it on the network.

    Raises the classes of ``domain.errors``; ``Unsupported`` when the network lacks the power.
    """
    place, remote_id = row.outgoing.place, row.remote_id
    match row.action:
        case OutAction.SPAM | OutAction.NOT_SPAM if isinstance(channel, SupportsSpam):
            await channel.mark_spam(place, spam=row.action is OutAction.SPAM)
        case OutAction.EDIT if isinstance(channel, SupportsEdit) and remote_id is not None:
            await channel.edit(place, remote_id, row.outgoing.text)
        case OutAction.DELETE if isinstance(channel, SupportsDelete) and remote_id is not None:
            await channel.delete(place, remote_id)
        case OutAction.HIDE | OutAction.SHOW if (
            isinstance(channel, SupportsHide) and remote_id is not None
        ):
            await channel.hide(place, remote_id, hidden=row.action is OutAction.HIDE)
        case OutAction.REACT | OutAction.UNREACT if (
            isinstance(channel, SupportsReact) and remote_id is not None
        ):
            await channel.react(place, remote_id, str(row.outgoing.text))
        case _:
            raise Unsupported(tr("This network cannot do that."))


async def applied(tx: Transaction, row: OutboxRow, now: datetime, operator: str) -> None:
    """Record that it was done."""
    stored = await messages.get(tx, row.message)
    if stored is not None:
        match row.action:
            case OutAction.EDIT:
                await messages.change_text(
                    tx, row.message, stored["text"], row.outgoing.text, None, now
                )
            case OutAction.DELETE:
                await messages.set_deleted(tx, row.message, now)
            case OutAction.HIDE:
                await messages.set_hidden(tx, row.message, now)
            case OutAction.SHOW:
                await messages.set_hidden(tx, row.message, None)
            case OutAction.REACT | OutAction.UNREACT:
                await messages.set_reaction(tx, row.message, row.outgoing.text)
    await outbox.remove(tx, row.id)
    event = _EVENTS.get(row.action)
    if event is not None:
        await journal.write(
            tx,
            event,
            row.account,
            now,
            conversation=row.conversation,
            message=row.message,
            operator=operator,
        )
