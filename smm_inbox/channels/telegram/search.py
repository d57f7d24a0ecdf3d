"""Looking in a chat for an answer of ours whose fate is unknown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from telethon.tl import functions, types

from smm_inbox.domain.errors import Unsupported
from smm_inbox.domain.message import Outgoing
from smm_inbox.locale import tr

from . import topics
from .account import Account
from .mapping.keys import marked, message_name
from .mapping.messages import bundles
from .mapping.places import answered
from .targets import Address

_PAGE = 100
_MOST_PAGES = 5
_SKEW = timedelta(seconds=5)
"""Telegram counts in whole seconds, and its clock was read a while ago."""

_CHANGE = timedelta(days=1)
"""By how much a clock may have been set wrong."""


@dataclass(frozen=True, slots=True)
class Found:
    """A message, or an album with the number of its first part."""

    number: int
    numbers: tuple[int, ...]
    at: datetime | None = None


async def find(
    account: Account,
    message: Outgoing,
    address: Address,
    letters: Sequence[tuple[str, int]],
    taken: Collection[str],
    *,
    anew: bool = False,
) -> list[Found] | None:
    """Find every letter (text and number of files) of an answer, or ``None``.

    Args:
        account: Whose chat it is.
        message: The answer; nothing older than its first attempt is looked at.
        address: Where it went.
        letters: What it left as.
        taken: Names of messages that are known to be other answers.
        anew: Telegram has the answer, but a first look did not find it: this computer's clock was
            changed in between. Now the newest that fits is taken, up to a day older.

    Raises ``Unsupported`` when the chat has grown too far to look through.
    """
    since = _since(account, message)
    candidates = await _ours(account, address, since - _CHANGE if anew else since)
    if anew:
        candidates.reverse()
    free = [
        parts
        for parts in candidates
        if message_name(address.peer, int(parts[0].id)) not in taken
        and address.reply_to in {None, answered(parts[0])}
    ]
    found: list[Found] = []
    for text, files in letters:
        match = next((parts for parts in free if _matches(parts, text, files)), None)
        if match is None:
            return None
        free.remove(match)
        numbers = tuple(int(part.id) for part in match)
        found.append(Found(numbers[0], numbers, match[0].date.astimezone(UTC)))
    return found


async def _ours(account: Account, address: Address, since: datetime) -> list[list[Any]]:
    """Our own messages of a chat since a time, albums together, the oldest first."""
    wanted = await account.input_peer(address.peer)
    person = address.suggester
    topic = await account.input_peer(person) if person is not None else None
    us = account.memory.ours_in(address.peer) | {account.us.user}
    found: list[Any] = []
    offset = 0
    for _ in range(_MOST_PAGES):
        answer = await account.call(
            topics.history(wanted, topic, offset=offset)
            if topic is not None
            else functions.messages.GetHistoryRequest(
                peer=wanted,
                offset_id=offset,
                offset_date=None,
                add_offset=0,
                limit=_PAGE,
                max_id=0,
                min_id=0,
                hash=0,
            )
        )
        account.learn(answer)
        page = [m for m in getattr(answer, "messages", ()) if isinstance(m, types.Message)]
        found += [m for m in page if m.date >= since and (m.out or _by(m, us, person))]
        if len(page) < _PAGE or any(m.date < since for m in page):
            return bundles(found)
        offset = min(int(m.id) for m in page)
    raise Unsupported(
        tr("Too much has been written since: look in Telegram whether the answer is there.")
    )


def _by(message: types.Message, us: Collection[int], person: int | None) -> bool:
    """Whether one of us wrote it; in the topic of ``person``: whether they did not."""
    author = marked(message.from_id)
    return author in us if person is None else author not in {None, person}


def _matches(parts: Sequence[Any], text: str, files: int) -> bool:
    said = next((part.message for part in parts if part.message), "")
    with_files = sum(
        1
        for part in parts
        if isinstance(part.media, types.MessageMediaPhoto | types.MessageMediaDocument)
    )
    return _normal(said) == _normal(text) and with_files == files


def _normal(text: str) -> str:
    """A text as compared: Telegram trims it."""
    return " ".join(text.split())


def _since(account: Account, message: Outgoing) -> datetime:
    first = message.first_attempt_at or account.context.clock.now()
    return (first + account.ahead - _SKEW).replace(microsecond=0)
