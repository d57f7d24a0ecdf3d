"""The look at all chats: after every connection and now and then, against our own marks.

Telegram's update state alone loses messages: a difference that fails is given up silently, and a
result that belongs to a channel may be counted for the account.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from telethon.tl import functions, types

from smm_inbox.domain.errors import Rejected, Unsupported
from smm_inbox.domain.message import Gap
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr

from . import topics
from .account import Account, entities_in
from .cursor import Position
from .digest import Digest
from .directory import Directory
from .mapping import people
from .mapping.harvest import Harvest
from .mapping.keys import SERVICE_USERS, channel_number, is_person, marked

_log = logging.getLogger(__name__)

_PAGE = 100
_MOST_PAGES = 20
"""Pages of dialogs, and of one chat's history, that one look reads."""
_MARGIN = timedelta(hours=1)
"""Chats that were active this long before the last look are compared again."""


@dataclass(frozen=True, slots=True)
class Dialog:
    """A chat in the list of chats."""

    peer: int
    top: int
    """Number of its newest message."""
    mentions: int
    """Mentions of us that nobody has read."""
    pts: int | None = None
    """State of a channel's updates."""


class Sweep:
    """One look at all chats."""

    def __init__(
        self, account: Account, directory: Directory, digest: Digest, position: Position
    ) -> None:
        self._account = account
        self._directory = directory
        self._digest = digest
        self._position = position
        self._met: list[object] = []

    async def run(self, *, thorough: bool) -> AsyncIterator[Harvest]:
        """Yield what each chat has after its mark; the position moves with every harvest.

        Args:
            thorough: Also search groups for mentions that were read elsewhere already, and look
                for discussion groups anew; done after a connection, not every few minutes.
        """
        account, began = self._account, self._account.now()
        first = self._position.at is None
        since = account.context.backfill_since
        if self._position.at is not None:
            since = max(since, self._position.at - _MARGIN)
        dialogs = await self._dialogs(since)
        if thorough:
            await self._find_groups(dialogs)
        account.memory.links.update(
            {g: c for g, c in self._position.links.items() if g not in account.memory.links}
        )
        self._follow(dialogs)
        for dialog in self._with_silent_groups(dialogs):
            if 0 < dialog.top <= self._position.mark(dialog.peer):
                continue
            async for harvest in self._chat(dialog, thorough=thorough):
                yield harvest
        self._position.at = began
        if first:
            _log.info("first look: %d chats", len(dialogs))

    async def _chat(self, dialog: Dialog, *, thorough: bool) -> AsyncIterator[Harvest]:
        peer, memory = dialog.peer, self._account.memory
        chat = memory.chats.get(peer)
        try:
            if is_person(peer):
                if peer in SERVICE_USERS or peer in memory.bots or peer == self._account.us.user:
                    return
                yield await self._history(dialog)
            elif peer in memory.links:
                yield await self._history(dialog)
            elif chat is not None and chat.monoforum:
                yield await self._letters(dialog)
            elif chat is None or not chat.broadcast:
                yield await self._mentions(dialog, thorough=thorough)
        except (Rejected, Unsupported) as error:
            # A chat that cannot be read must not keep the others from being read.
            _log.info("a chat cannot be read: %s", error)

    # --- the list of chats ------------------------------------------------------------------------

    async def _dialogs(self, since: datetime) -> list[Dialog]:
        """Chats that were active after ``since``, the newest first."""
        account, found = self._account, dict[int, Dialog]()
        offset: tuple[datetime | None, int, Any] = (None, 0, types.InputPeerEmpty())
        for _ in range(_MOST_PAGES):
            answer = await account.ask(
                functions.messages.GetDialogsRequest(
                    offset_date=offset[0],
                    offset_id=offset[1],
                    offset_peer=offset[2],
                    limit=_PAGE,
                    hash=0,
                )
            )
            people.learn(account.memory, entities_in(answer))
            self._met += entities_in(answer)
            dates = {
                (marked(m.peer_id), int(m.id)): m.date
                for m in getattr(answer, "messages", ())
                if isinstance(m, types.Message | types.MessageService)
            }
            page = [d for d in getattr(answer, "dialogs", ()) if isinstance(d, types.Dialog)]
            fresh = 0
            last: tuple[int, int] | None = None
            for entry in page:
                peer, top = marked(entry.peer), int(entry.top_message)
                if peer is None:
                    continue
                date = dates.get((peer, top))
                if not entry.pinned and date is not None:
                    last = (peer, top)
                if peer in found or (date is not None and date < since):
                    continue
                fresh += 1
                found[peer] = Dialog(peer, top, int(entry.unread_mentions_count), entry.pts)
            if not isinstance(answer, types.messages.DialogsSlice) or last is None:
                break
            oldest = dates[last]
            if oldest < since or not fresh:
                break
            offset = (oldest, last[1], await account.input_peer(last[0]))
        return list(found.values())

    async def _find_groups(self, dialogs: list[Dialog]) -> None:
        """Learn which groups discuss our channels."""
        memory = self._account.memory
        links: dict[int, int] = {}
        for chat in [memory.chats.get(dialog.peer) for dialog in dialogs]:
            if chat is None or not (chat.broadcast and chat.ours and chat.has_link):
                continue
            group = await self._directory.linked(chat.peer)
            if group is not None:
                links[group] = chat.peer
                await self._directory.adopt(group, chat.peer)
        self._position.links = {**self._position.links, **links}

    def _follow(self, dialogs: list[Dialog]) -> None:
        """Hear of edits and deletions of comments and letters, also of those we missed."""
        account, memory = self._account, self._account.memory
        chats = [entity for entity in self._met if isinstance(entity, types.Channel)]
        for dialog in dialogs:
            chat = memory.chats.get(dialog.peer)
            read_whole = dialog.peer in memory.links or (chat is not None and chat.monoforum)
            if read_whole and dialog.pts and account.wire is not None:
                account.wire.follow(channel_number(dialog.peer), dialog.pts, [], chats)

    def _with_silent_groups(self, dialogs: list[Dialog]) -> list[Dialog]:
        """Also discussion groups that are not among our chats: they are read all the same."""
        listed = {dialog.peer for dialog in dialogs}
        memory = self._account.memory
        silent = [
            Dialog(group, 0, 0)
            for group in memory.links
            if group not in listed and (chat := memory.chats.get(group)) and chat.outside
        ]
        return [*dialogs, *silent]

    # --- one chat ---------------------------------------------------------------------------------

    async def _history(self, dialog: Dialog) -> Harvest:
        """Everything after the mark; without one, as far back as a first start looks."""
        mark = self._position.mark(dialog.peer)
        since = self._account.context.backfill_since
        peer = await self._account.input_peer(dialog.peer)
        found: list[Any] = []
        offset = 0
        whole = False
        for _ in range(_MOST_PAGES):
            answer = await self._account.ask(
                functions.messages.GetHistoryRequest(
                    peer=peer,
                    offset_id=offset,
                    offset_date=None,
                    add_offset=0,
                    limit=_PAGE,
                    max_id=0,
                    min_id=mark,
                    hash=0,
                )
            )
            self._account.learn(answer)
            page = [m for m in getattr(answer, "messages", ()) if getattr(m, "id", 0) > mark]
            found += page
            dates = [m.date for m in page if isinstance(getattr(m, "date", None), datetime)]
            if len(page) < _PAGE or (not mark and dates and min(dates) < since):
                whole = True
                break
            offset = min(int(m.id) for m in page)
        if not mark:
            found = [m for m in found if getattr(m, "date", since) >= since]
        harvest = await self._digest.history(found)
        if not whole:
            harvest.gaps.append(self._gap(found, since))
        newest = max((int(m.id) for m in found), default=0)
        self._position.advance(dialog.peer, max(dialog.top, newest))
        return harvest

    async def _letters(self, dialog: Dialog) -> Harvest:
        """What people wrote to a channel of ours."""
        mark = self._position.mark(dialog.peer)
        since = self._account.context.backfill_since
        found, whole = await topics.letters(self._account, dialog.peer, mark, since)
        harvest = await self._digest.history(found)
        if not whole:
            harvest.gaps.append(self._gap(found, since))
        newest = max((int(m.id) for m in found), default=0)
        self._position.advance(dialog.peer, max(dialog.top, newest))
        return harvest

    async def _mentions(self, dialog: Dialog, *, thorough: bool) -> Harvest:
        """Messages of a group that mention us or answer us."""
        mark = self._position.mark(dialog.peer)
        peer = await self._account.input_peer(dialog.peer)
        found: list[Any] = []
        if thorough:
            found += await self._search(peer, mark, types.InputMessagesFilterMyMentions())
        if dialog.mentions:
            answer = await self._account.ask(
                functions.messages.GetUnreadMentionsRequest(
                    peer=peer, offset_id=0, add_offset=0, limit=_PAGE, max_id=0, min_id=mark
                )
            )
            self._account.learn(answer)
            found += getattr(answer, "messages", ())
        if found and thorough:
            found += await self._search(
                peer, mark, types.InputMessagesFilterEmpty(), types.InputPeerSelf()
            )
        since = self._account.context.backfill_since
        harvest = await self._digest.history(
            {int(m.id): m for m in found if getattr(m, "date", since) >= since}.values()
        )
        self._position.advance(dialog.peer, dialog.top)
        return harvest

    async def _search(
        self, peer: object, mark: int, what: object, author: object = None
    ) -> list[Any]:
        answer = await self._account.ask(
            functions.messages.SearchRequest(
                peer=peer,
                q="",
                filter=what,
                min_date=None,
                max_date=None,
                offset_id=0,
                add_offset=0,
                limit=_PAGE,
                max_id=0,
                min_id=mark,
                hash=0,
                from_id=author,
            )
        )
        self._account.learn(answer)
        return [m for m in getattr(answer, "messages", ()) if getattr(m, "id", 0) > mark]

    def _gap(self, found: list[Any], since: datetime) -> Gap:
        dates = [m.date for m in found if isinstance(getattr(m, "date", None), datetime)]
        until = min(dates, default=self._account.now()).astimezone(UTC)
        return Gap(
            self._position.at or since,
            until,
            SafeText(tr("A chat had too many messages to fetch them all: look at it in Telegram.")),
        )
