"""What an operator decides about conversations, many of them with a few statements."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from smm_inbox.domain.ids import AccountId, ConversationId, MessageId

from . import journal
from .database import Transaction


class Decision(TypedDict, total=False):
    """Columns a decision sets, with their new values."""

    status: str
    type: str | None
    spam: int
    snoozed_until: int | None
    starred: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation stands, as far as an operator can change it."""

    account: AccountId
    status: str
    type: str | None
    spam: int
    snoozed_until: int | None
    starred: int

    def after(self, decision: Decision) -> Standing:
        """How it stands after a decision."""
        return replace(self, **decision)

    def undone(self, decided: Standing, now: Standing) -> Standing:
        """How it stands when a decision that made ``decided`` of this one is taken back ``now``.

        What changed since (a customer wrote and the conversation came back) stays as it is now.
        """
        back = {
            column: getattr(self, column)
            for column in _COLUMNS
            if getattr(now, column) == getattr(decided, column)
            and not (column == "snoozed_until" and now.status != decided.status)
        }
        return replace(now, **back)


_COLUMNS = ("status", "type", "spam", "snoozed_until", "starred")


async def standing(
    tx: Transaction, conversations: Collection[ConversationId]
) -> dict[ConversationId, Standing]:
    """How conversations stand, in the order asked for; unknown ones are absent."""
    rows = await tx.all(
        f"SELECT id, account, {', '.join(_COLUMNS)} FROM conversations "
        "WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(conversations)),),
    )
    found = {ConversationId(row["id"]): _standing(row) for row in rows}
    return {which: found[which] for which in conversations if which in found}


def _standing(row: sqlite3.Row) -> Standing:
    return Standing(AccountId(row["account"]), *(row[column] for column in _COLUMNS))


async def decide(
    tx: Transaction, conversations: Collection[ConversationId], decision: Decision
) -> None:
    """Set the columns of a decision; the caller refreshes the conversations."""
    columns = [column for column in _COLUMNS if column in decision]
    values = [decision[column] for column in columns]  # type: ignore[literal-required]
    await tx.run(
        f"UPDATE conversations SET {', '.join(f'{column} = ?' for column in columns)} "
        "WHERE id IN (SELECT value FROM json_each(?))",
        (*values, json.dumps(list(conversations))),
    )


Standings = Mapping[ConversationId, Standing]


async def note(
    tx: Transaction,
    event: journal.Event,
    standings: Standings,
    now: datetime,
    *,
    operator: str,
    value: str,
) -> None:
    """Note in the journal what happened to each of some conversations."""
    await journal.append(
        tx,
        [
            journal.line(
                event, one.account, now, conversation=which, operator=operator, value=value
            )
            for which, one in standings.items()
        ],
    )


async def take_back(
    tx: Transaction, before: Standings, decided: Standings
) -> tuple[Standings, Standings]:
    """Take decisions back; returns how the conversations stood until now, and how they stand."""
    now = await standing(tx, decided)
    back = {which: before[which].undone(decided[which], one) for which, one in now.items()}
    await _put(tx, back)
    return now, back


async def _put(tx: Transaction, standings: Standings) -> None:
    """Let conversations stand as given."""
    await tx.many(
        f"UPDATE conversations SET {', '.join(f'{column} = ?' for column in _COLUMNS)} "
        "WHERE id = ?",
        [
            (*(getattr(one, column) for column in _COLUMNS), which)
            for which, one in standings.items()
        ],
    )


async def dismiss(
    tx: Transaction, conversations: Collection[ConversationId]
) -> dict[ConversationId, list[MessageId]]:
    """No answer needed: nothing in the conversations awaits any more. Returns what did.

    What an answer on its way covers is left alone: should it fail, the customer waits again.
    """
    rows = await tx.all(
        "UPDATE messages SET state = 'dismissed' "
        "WHERE conversation_id IN (SELECT value FROM json_each(?)) AND state = 'awaiting' "
        "AND answer_id IS NULL AND deleted_at IS NULL RETURNING conversation_id, id",
        (json.dumps(list(conversations)),),
    )
    found: dict[ConversationId, list[MessageId]] = {}
    for row in rows:
        found.setdefault(ConversationId(row["conversation_id"]), []).append(MessageId(row["id"]))
    return found


async def await_again(tx: Transaction, messages: Iterable[MessageId]) -> None:
    """Undo of ``dismiss``."""
    await tx.many(
        "UPDATE messages SET state = 'awaiting' WHERE id = ? AND state = 'dismissed'",
        [(message,) for message in messages],
    )
