"""``send``: one answer through the ordinary outbox, waited for."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.feed import Draft
from smm_inbox.domain.ids import ConversationId, OutboxId
from smm_inbox.domain.outgoing import OutState
from smm_inbox.domain.text import clean
from smm_inbox.locale import tr

from .exits import Exit, UsageError
from .output import say_json

if TYPE_CHECKING:
    from smm_inbox.services.container import Services

_MOST_INPUT = 1_000_000

_WORST_FIRST = (
    OutState.FAILED,
    OutState.AMBIGUOUS,
    OutState.SENDING,
    OutState.QUEUED,
    OutState.SENT,
)


def text_of(argument: str) -> str:
    """The answer out of ``--text``; ``-`` stands for standard input.

    Raises:
        UsageError: nothing is left to send, or it is not UTF-8.
    """
    try:
        if argument == "-":
            raw = sys.stdin.buffer.read(_MOST_INPUT).decode("utf-8-sig")
        else:
            raw = argument.encode("utf-8").decode("utf-8")
    except UnicodeError:
        raise UsageError(tr("The text of the answer is not in UTF-8.")) from None
    text = clean(raw).strip()
    if not text:
        raise UsageError(tr("The answer is empty: there is nothing to send."))
    return text


async def send(services: Services, conversation: int, text: str, wait: float) -> Exit:
    """Queue the answer without an undo window, wait for its fate and print it."""
    card = await services.feed.card(ConversationId(conversation))
    if card is None:
        raise UsageError(
            tr("There is no conversation number {number}.").format(number=conversation)
        )
    answer = Draft(text=text, reply_kind=ReplyKind.IN_PLACE, reply_to=None)
    try:
        if account := services.accounts.live(card.row.account):
            services.accounts.open_channel(account)  # what it can do decides how to send
        # What the operator began in the composer is not ours to throw away.
        queued = await services.replies.send(card.row.id, answer, undo=False, keep_draft=True)
    except InboxError as refused:
        _tell(OutState.FAILED, [], refused.sentence)
        return Exit.NOT_SENT
    # Only the account that is needed: sending one answer does not collect everybody's messages.
    await services.start({card.row.account})
    state, remote_ids, reason = await _fate(services, queued.outbox, wait)
    if state is OutState.QUEUED:
        # Never attempted: what keeps the account away is the reason.
        reason = reason or services.accounts.health(card.row.account).why
    _tell(state, remote_ids, reason)
    return Exit.FINE if state is OutState.SENT else Exit.NOT_SENT


async def _fate(
    services: Services, parts: tuple[OutboxId, ...], wait: float
) -> tuple[OutState, list[str], str]:
    """The fate of all parts of an answer: the worst state, every id, the first reason."""
    # Side by side: the parts share the time to wait.
    fates = await asyncio.gather(*(services.outbox.settled(part, wait) for part in parts))
    worst = next(state for state in _WORST_FIRST if any(fate[0] is state for fate in fates))
    reason = next((fate[2] for fate in fates if fate[2]), "")
    return worst, [fate[1] for fate in fates if fate[1]], reason


def _tell(state: OutState, remote_ids: list[str], reason: str) -> None:
    outcome: dict[str, object] = {
        "state": state,
        "remote_id": remote_ids[-1] if remote_ids else None,
        "reason": reason or None,
    }
    if len(remote_ids) > 1:
        outcome["remote_ids"] = remote_ids
    say_json(outcome)
