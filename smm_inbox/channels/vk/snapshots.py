"""Snapshots of what comments hang on, root comments of threads, and titles of chats."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta

from smm_inbox.domain.conversation import Root
from smm_inbox.domain.errors import ChannelError, Rejected, Unsupported
from smm_inbox.domain.ids import RemoteId

from .api import Api
from .mapping import comments, messages, people, posts, raw
from .mapping.harvest import Harvest, Lens, Malformed, Recent
from .mapping.keys import Section, Subject
from .mapping.raw import Raw

_log = logging.getLogger(__name__)

_FRESH = timedelta(hours=6)
_AT_ONCE = 100
_REST = timedelta(seconds=30)


class Snapshots:
    """Fetches with whatever token can read; without one a snapshot is a link."""

    def __init__(self, api: Api, since: datetime) -> None:
        self._api = api
        self._since = since
        self._known: Recent[RemoteId, tuple[datetime, Root]] = Recent(3_000)
        self._wanted: set[Subject] = set()
        self._chats: set[int] = set()
        self._threads: set[tuple[Subject, int]] = set()
        self._asked: Recent[tuple[Subject, int], None] = Recent(3_000)
        self._rest_until: datetime | None = None

    def remember(self, root: Root) -> None:
        """Take over a snapshot that came along with something else."""
        self._known.put(root.remote_id, (self._api.now(), root))

    async def fill(self, harvest: Harvest, lens: Lens, *, within: float) -> None:
        """Add the snapshots a harvest wants, and those owed to earlier ones."""
        for root in harvest.roots.values():
            self.remember(root)
        self._collect(harvest)
        if not (self._wanted or self._chats or self._threads):
            return
        now = self._api.now()
        if self._rest_until is not None and now < self._rest_until:
            return
        self._rest_until = None
        try:
            async with asyncio.timeout(within):
                await self._fetch(harvest, lens)
        except (TimeoutError, ChannelError) as error:
            self._rest_until = self._api.now() + _REST
            _log.info("snapshots are not to be had now (%s)", type(error).__name__)

    def _collect(self, harvest: Harvest) -> None:
        now = self._api.now()
        for subject in harvest.subjects:
            if subject.root in harvest.roots:
                continue
            entry = self._known.get(subject.root)
            if entry is not None:
                harvest.roots[subject.root] = entry[1]
            if entry is None or now - entry[0] > _FRESH:
                self._wanted.add(subject)
        for peer in harvest.chats:
            entry = self._known.get(messages.chat_name(peer))
            if entry is None or now - entry[0] > _FRESH:
                self._chats.add(peer)
            if entry is not None:
                harvest.roots[entry[1].remote_id] = entry[1]
        self._threads.update(thread for thread in harvest.threads if thread not in self._asked)

    async def _fetch(self, harvest: Harvest, lens: Lens) -> None:
        for section in Section:
            subjects = [s for s in self._wanted if s.section is section]
            for start in range(0, len(subjects), _AT_ONCE):
                await self._subjects(section, subjects[start : start + _AT_ONCE], harvest, lens)
        if self._chats:
            await self._titles(harvest, lens)
        for thread in tuple(self._threads):
            await self._root_comment(thread, harvest, lens)

    async def _subjects(
        self, section: Section, subjects: list[Subject], harvest: Harvest, lens: Lens
    ) -> None:
        found: dict[tuple[int, int], Raw] = {}
        try:
            for entry in await _LOADERS[section](self._api, subjects):
                owner = raw.integer(entry.get("owner_id")) or subjects[0].owner
                number = raw.positive(entry.get("id"))
                if number:
                    found[owner, number] = entry
        except (Unsupported, Rejected) as error:
            _log.info("no snapshots of %s: %s", section, type(error).__name__)
        for subject in subjects:
            payload = found.get((subject.owner, subject.id))
            known = self._known.get(subject.root)
            if payload is not None:
                root = posts.snapshot(payload, subject, lens)
            elif known is not None:
                root = known[1]  # deleted on VK meanwhile: what was kept is all there is
            else:
                root = posts.bare_snapshot(subject)
            self.remember(root)
            harvest.roots[root.remote_id] = root
            self._wanted.discard(subject)

    async def _titles(self, harvest: Harvest, lens: Lens) -> None:
        peers = sorted(self._chats)[:_AT_ONCE]
        found: list[Raw] = []
        try:
            answer = await self._api.call(
                "messages.getConversationsById", {"peer_ids": ",".join(map(str, peers))}
            )
            found = raw.items(raw.obj(answer).get("items"))
        except (Unsupported, Rejected) as error:
            _log.info("no titles of chats: %s", type(error).__name__)
        roots = {messages.chat_name(peer): Root(messages.chat_name(peer), "chat") for peer in peers}
        for conversation in found:
            root = messages.chat_root(conversation, lens.us)
            if root is not None:
                roots[root.remote_id] = root
        for root in roots.values():
            self.remember(root)
            harvest.roots[root.remote_id] = root
        self._chats.difference_update(peers)

    async def _root_comment(
        self, thread: tuple[Subject, int], harvest: Harvest, lens: Lens
    ) -> None:
        """Fetch the comment a thread began with, for the preview above the answer."""
        subject, number = thread
        self._threads.discard(thread)
        self._asked.put(thread, None)
        if subject.section is not Section.WALL or not self._api.rights.can("wall.getComments"):
            return
        try:
            answer = await self._api.call(
                "wall.getComments",
                {
                    "owner_id": subject.owner,
                    "post_id": subject.id,
                    "start_comment_id": number,
                    "count": 1,
                    "thread_items_count": 0,
                    "extended": 1,
                    "fields": people.FIELDS,
                },
            )
        except (Unsupported, Rejected):
            return
        found = Harvest()
        for entry in raw.items(raw.obj(answer).get("items")):
            if raw.positive(entry.get("id")) != number:
                continue
            try:
                comments.take(found, entry, lens, subject)
            except Malformed as error:
                _log.warning("root comment skipped: %s", error)
        # Older than the inbox itself: shown above the thread, but nobody waits for an answer to it.
        harvest.messages.extend(
            message if message.sent_at >= self._since else replace(message, needs_answer=False)
            for message in found.messages
        )
        harvest.people |= found.people


async def _posts(api: Api, subjects: list[Subject]) -> list[Raw]:
    names = ",".join(f"{s.owner}_{s.id}" for s in subjects)
    answer = await api.call("wall.getById", {"posts": names})
    return raw.items(raw.obj(answer).get("items", answer))


async def _photos(api: Api, subjects: list[Subject]) -> list[Raw]:
    names = ",".join(f"{s.owner}_{s.id}" for s in subjects)
    answer = await api.call("photos.getById", {"photos": names})
    return raw.items(raw.obj(answer).get("items", answer))


async def _videos(api: Api, subjects: list[Subject]) -> list[Raw]:
    names = ",".join(f"{s.owner}_{s.id}" for s in subjects)
    answer = await api.call("video.get", {"videos": names})
    return raw.items(raw.obj(answer).get("items"))


async def _products(api: Api, subjects: list[Subject]) -> list[Raw]:
    names = ",".join(f"{s.owner}_{s.id}" for s in subjects)
    answer = await api.call("market.getById", {"item_ids": names})
    return raw.items(raw.obj(answer).get("items"))


async def _topics(api: Api, subjects: list[Subject]) -> list[Raw]:
    found: list[Raw] = []
    for owner in {s.owner for s in subjects}:
        numbers = ",".join(str(s.id) for s in subjects if s.owner == owner)
        answer = await api.call("board.getTopics", {"group_id": -owner, "topic_ids": numbers})
        for entry in raw.items(raw.obj(answer).get("items")):
            found.append({**entry, "owner_id": owner, "from_id": entry.get("created_by")})
    return found


_LOADERS: dict[Section, Callable[[Api, list[Subject]], Coroutine[None, None, list[Raw]]]] = {
    Section.WALL: _posts,
    Section.PHOTO: _photos,
    Section.VIDEO: _videos,
    Section.MARKET: _products,
    Section.BOARD: _topics,
}
