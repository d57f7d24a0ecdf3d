"""What happened while nobody listened: private messages by their history."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import datetime

from smm_inbox.domain.errors import Rejected, Unsupported

from .account import Account, skip
from .mapping import messages, people, raw
from .mapping.harvest import Harvest, Malformed
from .mapping.keys import is_chat
from .mapping.raw import Raw

_log = logging.getLogger(__name__)

_PAGE = 200
_FIRST_LOOK = 50
"""Of a history: most conversations had less than this since the last look."""
_MOST_PAGES = 20
"""Of one history: beyond it lies somebody's flood, not a conversation."""
_MOST_CHAT_PAGES = 3
_NAMES = 4.0
"""Seconds that a history waits for the names of colleagues."""


async def missed_messages(account: Account, since: datetime) -> AsyncIterator[Harvest]:
    """Yield every conversation that moved after ``since``, each whole in one harvest.

    Raises ``Unsupported`` when the token lacks the right to messages.
    """
    offset = 0
    while True:
        answer = raw.obj(
            await account.api.call(
                "messages.getConversations",
                {
                    "count": _PAGE,
                    "offset": offset,
                    "filter": "all",
                    "extended": 1,
                    "fields": people.FIELDS,
                },
            )
        )
        entries = raw.items(answer.get("items"))
        account.directory.remember(people.everybody(answer))
        moved = [entry for entry in entries if _moved(entry, since)]
        for entry in moved:
            harvest = Harvest()
            conversation = raw.obj(entry.get("conversation"))
            messages.conversation_access(harvest, conversation)
            if (root := messages.chat_root(conversation, account.us)) is not None:
                account.snapshots.remember(root)
            if not await _only_message(account, harvest, entry):
                await _history(account, harvest, _peer(entry), since)
            if not harvest.empty:
                yield harvest
        offset += len(entries)
        total = raw.count(answer.get("count")) or 0
        # Pinned conversations come first whatever their age, so one old one ends nothing; a whole
        # page of them does.
        if not moved or not entries or offset >= total:
            return


async def _only_message(account: Account, into: Harvest, entry: Raw) -> bool:
    """Take the message of a conversation that has but one: most new customers write once."""
    last, peer = raw.obj(entry.get("last_message")), _peer(entry)
    known = raw.integer(raw.obj(entry.get("conversation")).get("last_conversation_message_id"))
    if known != 1 or last.get("conversation_message_id") != 1 or peer is None:
        return False
    await account.directory.learn(_admins([last]), within=_NAMES)
    _take(account, into, last, peer)
    return True


async def _history(account: Account, into: Harvest, peer: int | None, since: datetime) -> None:
    if peer is None:
        return
    found = await _entries(account, peer, since)
    # VK tells the newest first and dates in seconds: the order of one second is ours to keep.
    for entry in reversed(found):
        _take(account, into, entry, peer)


async def _entries(account: Account, peer: int, since: datetime) -> list[Raw]:
    """Messages of a conversation that are not older than ``since``, newest first."""
    found: list[Raw] = []
    offset, size = 0, _FIRST_LOOK
    for _ in range(_MOST_CHAT_PAGES if is_chat(peer) else _MOST_PAGES):
        try:
            answer = await read_history(account, peer, offset=offset, count=size)
        except (Unsupported, Rejected) as error:
            _log.warning("the history of one conversation is closed to us: %s", error)
            return found
        entries = raw.items(answer.get("items"))
        account.directory.remember(people.everybody(answer))
        lens = account.lens()
        fresh = [entry for entry in entries if messages.sent_at(entry, lens) >= since]
        await account.directory.learn(_admins(fresh), within=_NAMES)
        found.extend(fresh)
        offset += len(entries)
        size = _PAGE
        if len(fresh) < len(entries) or offset >= (raw.count(answer.get("count")) or 0):
            return found
        if not entries:
            return found
    _log.warning("a very long history was read in part only")
    return found


async def read_history(account: Account, peer: int, *, offset: int, count: int) -> Raw:
    """One page of a conversation, newest first."""
    return raw.obj(
        await account.api.call(
            "messages.getHistory",
            {
                "peer_id": peer,
                "offset": offset,
                "count": count,
                "extended": 1,
                "fields": people.FIELDS,
            },
        )
    )


def _take(account: Account, into: Harvest, entry: Raw, peer: int) -> None:
    lens = account.lens()
    try:
        messages.take(into, {"peer_id": peer, **entry}, lens)
        if raw.moment(entry.get("update_time")) is not None and not is_chat(peer):
            # It may have been stored before it was edited.
            messages.message_edit(into, {"peer_id": peer, **entry}, lens)
    except Malformed as error:
        skip("message of a history", error)


def _admins(entries: list[Raw]) -> set[int]:
    found = (raw.positive(entry.get("admin_author_id")) for entry in entries)
    return {number for number in found if number is not None}


def _peer(entry: Raw) -> int | None:
    return raw.integer(raw.obj(raw.obj(entry.get("conversation")).get("peer")).get("id"))


def _moved(entry: Raw, since: datetime) -> bool:
    told = raw.moment(raw.obj(entry.get("last_message")).get("date"))
    return told is None or told >= since
