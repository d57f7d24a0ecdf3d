"""Where an answer goes, and under which numbers it leaves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from smm_inbox.domain.conversation import Place
from smm_inbox.domain.errors import Rejected
from smm_inbox.domain.ids import AccountId
from smm_inbox.domain.message import Outgoing
from smm_inbox.locale import tr

from .mapping.keys import Target, message_number, parse_place


@dataclass(frozen=True, slots=True)
class Address:
    """A chat, and the message in it that is answered."""

    peer: int
    reply_to: int | None
    suggester: int | None = None
    """In the messages of a channel: the person the answer is for."""


def target_of(place: Place) -> Target:
    """Where a conversation stands; raises ``Rejected`` when that is nowhere in Telegram."""
    target = parse_place(place)
    if target is None:
        raise Rejected(tr("This conversation has no place in Telegram where an answer could go."))
    return target


def address_of(message: Outgoing) -> Address:
    """Where an answer goes; raises ``Rejected`` for a place that is not one of ours."""
    target = target_of(message.place)
    answered = message_number(message.reply_to) if message.reply_to is not None else None
    return Address(
        target.peer,
        answered or target.root,
        target.author if target.suggestions else None,
    )


def random_id(account: AccountId, message: Outgoing, part: str = "") -> int:
    """The number by which Telegram knows a repetition: always the same for the same answer.

    Raises ``Rejected`` for an answer without a token: it could leave twice.
    """
    if not message.token:
        raise Rejected(tr("This answer has no number of its own: write it again."))
    name = f"{account}\n{message.token}\n{part}"
    digest = hashlib.sha256(name.encode()).digest()
    # Positive and never zero; Telegram takes any 64-bit number.
    return (int.from_bytes(digest[:8], "big") >> 1) or 1
