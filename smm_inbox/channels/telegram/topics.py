"""What people write to a channel itself: Telegram keeps it by topics, one a person.

The chat as a whole is listed as a channel, a "monoforum"; its messages are read topic by topic
(core.telegram.org/api/monoforum).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from telethon.tl import functions, types

from .account import Account
from .mapping.keys import marked

PAGE = 100
_MOST_PAGES = 20
"""Pages of topics, and of one topic's history, that one look reads."""


async def letters(
    account: Account, monoforum: int, mark: int, since: datetime
) -> tuple[list[Any], bool]:
    """Messages of every topic after ``mark``, without one not older than ``since``.

    Returns the messages, and whether these are all.
    """
    parent = await account.input_peer(monoforum)
    found: list[Any] = []
    whole = True
    offset: tuple[datetime | None, int, Any] = (None, 0, types.InputPeerEmpty())
    for _ in range(_MOST_PAGES):
        answer = await account.ask(
            functions.messages.GetSavedDialogsRequest(
                offset_date=offset[0],
                offset_id=offset[1],
                offset_peer=offset[2],
                limit=PAGE,
                hash=0,
                parent_peer=parent,
            )
        )
        account.learn(answer)
        page = [d for d in getattr(answer, "dialogs", ()) if isinstance(d, types.MonoForumDialog)]
        fresh = [topic for topic in page if topic.top_message > mark]
        for topic in fresh:
            person = marked(topic.peer)
            if person is None:
                continue
            came, all_of_it = await _topic(account, parent, person, mark, since)
            found += came
            whole = whole and all_of_it
        if len(page) < PAGE or len(fresh) < len(page):
            return found, whole
        last, person = page[-1], marked(page[-1].peer)
        dates = {int(m.id): getattr(m, "date", None) for m in getattr(answer, "messages", ())}
        if person is None or not isinstance(dates.get(last.top_message), datetime):
            break
        offset = (
            dates[last.top_message],
            int(last.top_message),
            await account.input_peer(person),
        )
    return found, False


async def _topic(
    account: Account, parent: Any, person: int, mark: int, since: datetime
) -> tuple[list[Any], bool]:
    peer = await account.input_peer(person)
    found: list[Any] = []
    offset = 0
    for _ in range(_MOST_PAGES):
        answer = await account.ask(history(parent, peer, offset=offset, after=mark))
        account.learn(answer)
        page = [m for m in getattr(answer, "messages", ()) if getattr(m, "id", 0) > mark]
        found += [m for m in page if mark or getattr(m, "date", since) >= since]
        dates = [m.date for m in page if isinstance(getattr(m, "date", None), datetime)]
        if len(page) < PAGE or (not mark and dates and min(dates) < since):
            return found, True
        offset = min(int(m.id) for m in page)
    return found, False


def history(parent: Any, person: Any, *, offset: int = 0, after: int = 0) -> Any:
    """The request for a page of one person's topic, the newest messages first."""
    return functions.messages.GetSavedHistoryRequest(
        peer=person,
        offset_id=offset,
        offset_date=None,
        add_offset=0,
        limit=PAGE,
        max_id=0,
        min_id=after,
        hash=0,
        parent_peer=parent,
    )
