"""What happened while nobody listened: comments and visitors' posts, as far as tokens can read."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from smm_inbox.channels.pacing import Backoff
from smm_inbox.domain.errors import ChannelError, Retry, Unsupported

from .account import Account, skip
from .mapping import comments, people, posts, raw
from .mapping.harvest import Harvest, Malformed
from .mapping.keys import Section, Subject
from .mapping.raw import Raw

_log = logging.getLogger(__name__)

T = TypeVar("T")

_POSTS = 100
_PAGE = 100
_IN_THREAD = 10
_MOST_PAGES = 30
_LIVELY = timedelta(days=30)
"""Under younger posts every comment is compared, under older ones when their number moved."""
_PIECES = 40
"""Videos, goods and topics looked through."""


@dataclass(slots=True)
class CommentBackfill:
    """One run. ``complete`` tells afterwards whether something had to be left out."""

    account: Account
    since: datetime
    counts: dict[int, int]
    """Number of comments by post, from the last run; renewed by this one."""
    pause: Callable[[float], Awaitable[None]]
    complete: bool = True
    _fresh_counts: dict[int, int] = field(default_factory=dict)

    async def run(self) -> AsyncIterator[Harvest]:
        """Yield what was written after ``since``, thread by thread."""
        async for harvest in self._wall():
            yield harvest
        if self._fresh_counts:
            self.counts = self._fresh_counts
        for part in (self._topics, self._photos, self._videos, self._products):
            async for harvest in part():
                yield harvest

    async def _wall(self) -> AsyncIterator[Harvest]:
        wall = await self._read("wall.get", self._own(count=_POSTS))
        if wall is None:
            self.complete = False
            return
        suggested = await self._read(
            "wall.get", self._own(count=_POSTS, filter="suggests"), right="wall.get:suggests"
        )
        for entry in (*raw.items(wall.get("items")), *raw.items((suggested or {}).get("items"))):
            harvest = self._post(entry)
            if not harvest.empty:
                yield harvest
            number = raw.positive(entry.get("id"))
            if number and self._worth_reading(entry, number):
                subject = Subject(Section.WALL, self.account.us.owner, number)
                async for found in self._threads(subject):
                    yield found

    def _post(self, entry: Raw) -> Harvest:
        """Our post as a snapshot, a visitor's as a conversation when it is new."""
        harvest = Harvest()
        try:
            posts.wall_post_new(harvest, entry, self.account.lens())
        except Malformed as error:
            skip("post", error)
        for root in harvest.roots.values():
            self.account.snapshots.remember(root)
        harvest.messages = [m for m in harvest.messages if m.sent_at >= self.since]
        if not harvest.messages:
            return Harvest()
        return harvest

    def _worth_reading(self, post: Raw, number: int) -> bool:
        total = raw.count(raw.obj(post.get("comments")).get("count"))
        if total is not None:
            self._fresh_counts[number] = total
        moment = raw.moment(post.get("date"))
        lively = moment is None or moment >= self.since - _LIVELY
        if lively:
            return total != 0
        return bool(self.counts) and total != self.counts.get(number)

    async def _threads(self, subject: Subject) -> AsyncIterator[Harvest]:
        """All threads under a post; a long thread is read on by itself."""
        for page in range(_MOST_PAGES):
            answer = await self._comments(subject, offset=page * _PAGE)
            if answer is None:
                self.complete = False
                return
            entries = raw.items(answer.get("items"))
            harvest = Harvest()
            for entry in entries:
                thread = raw.obj(entry.get("thread"))
                inner = raw.items(thread.get("items"))
                number = raw.positive(entry.get("id"))
                if number and (raw.count(thread.get("count")) or 0) > len(inner):
                    inner = await self._long_thread(subject, number) or inner
                self._take_all(harvest, [entry, *inner], subject)
            if not harvest.empty:
                yield harvest
            if len(entries) < _PAGE:
                return

    async def _long_thread(self, subject: Subject, root: int) -> list[Raw]:
        found: list[Raw] = []
        for page in range(_MOST_PAGES):
            answer = await self._comments(subject, offset=page * _PAGE, comment_id=root)
            entries = raw.items((answer or {}).get("items"))
            found.extend(entries)
            dates = [raw.moment(entry.get("date")) for entry in entries]
            if len(entries) < _PAGE or any(date and date < self.since for date in dates):
                break
        return found[::-1]

    async def _comments(self, subject: Subject, **more: object) -> Raw | None:
        return await self._read(
            "wall.getComments",
            {
                "owner_id": subject.owner,
                "post_id": subject.id,
                "count": _PAGE,
                "thread_items_count": _IN_THREAD,
                "preview_length": 0,
                "sort": "desc",
                "extended": 1,
                "fields": people.FIELDS,
                **more,
            },
        )

    async def _topics(self) -> AsyncIterator[Harvest]:
        group = self.account.us.group_id
        answer = await self._read(
            "board.getTopics", {"group_id": group, "order": 1, "count": _PIECES}, optional=True
        )
        for topic in raw.items((answer or {}).get("items")):
            number, updated = raw.positive(topic.get("id")), raw.moment(topic.get("updated"))
            if number is None or (updated is not None and updated < self.since):
                continue
            subject = Subject(Section.BOARD, self.account.us.owner, number)
            self.account.snapshots.remember(posts.snapshot(topic, subject, self.account.lens()))
            params = {"group_id": group, "topic_id": number}
            async for harvest in self._flat("board.getComments", params, subject):
                yield harvest

    async def _photos(self) -> AsyncIterator[Harvest]:
        if not self.account.api.rights.can("photos.getAllComments"):
            return
        answer = await self._read("photos.getAllComments", self._own(count=_PAGE), optional=True)
        harvest = Harvest()
        for entry in raw.items((answer or {}).get("items")):
            photo = raw.positive(entry.get("pid") or entry.get("photo_id"))
            if photo:
                subject = Subject(Section.PHOTO, self.account.us.owner, photo)
                self._take_all(harvest, [entry], subject)
        if not harvest.empty:
            yield harvest

    async def _videos(self) -> AsyncIterator[Harvest]:
        if not self.account.api.rights.can("video.get", "video.getComments"):
            return
        answer = await self._read("video.get", self._own(count=_PIECES), optional=True)
        for video in raw.items((answer or {}).get("items")):
            number = raw.positive(video.get("id"))
            if number is None or raw.count(video.get("comments")) == 0:
                continue
            subject = Subject(Section.VIDEO, self.account.us.owner, number)
            params = {"owner_id": subject.owner, "video_id": number}
            async for harvest in self._flat("video.getComments", params, subject):
                yield harvest

    async def _products(self) -> AsyncIterator[Harvest]:
        if not self.account.api.rights.can("market.get", "market.getComments"):
            return
        answer = await self._read("market.get", self._own(count=_PIECES), optional=True)
        for product in raw.items((answer or {}).get("items")):
            number = raw.positive(product.get("id"))
            if number is None:
                continue
            subject = Subject(Section.MARKET, self.account.us.owner, number)
            params = {"owner_id": subject.owner, "item_id": number}
            async for harvest in self._flat("market.getComments", params, subject):
                yield harvest

    async def _flat(
        self, method: str, params: Mapping[str, object], subject: Subject
    ) -> AsyncIterator[Harvest]:
        """Comments of places without threads, newest first."""
        for page in range(_MOST_PAGES):
            answer = await self._read(
                method,
                {
                    **params,
                    "count": _PAGE,
                    "offset": page * _PAGE,
                    "sort": "desc",
                    "extended": 1,
                    "fields": people.FIELDS,
                },
                optional=True,
            )
            entries = raw.items((answer or {}).get("items"))
            harvest = Harvest()
            # Oldest first: a later comment may answer an earlier one, whose thread is then known.
            self._take_all(harvest, entries[::-1], subject)
            if not harvest.empty:
                yield harvest
            dates = [raw.moment(entry.get("date")) for entry in entries]
            if len(entries) < _PAGE or any(date and date < self.since for date in dates):
                return

    def _take_all(self, into: Harvest, entries: list[Raw], subject: Subject) -> None:
        lens = self.account.lens()
        found = Harvest()
        for entry in entries:
            try:
                comments.take(found, entry, lens, subject)
            except Malformed as error:
                skip("comment", error)
        fresh = [message for message in found.messages if message.sent_at >= self.since]
        into.removals.extend(found.removals)
        # The root comment comes along even when it is old: it is shown above the thread.
        wanted = {message.place.thread for message in fresh}
        for message in found.messages:
            if message.sent_at < self.since and message.remote_id not in wanted:
                lens.memory.untold.put(message.remote_id, None)
        if not fresh:
            return
        for message in found.messages:
            if message.sent_at >= self.since:
                into.messages.append(message)
            elif message.remote_id in wanted:
                roots = Harvest(messages=[message])
                roots.without_awaiting()
                into.messages.extend(roots.messages)
        into.people |= found.people
        into.subjects |= found.subjects

    async def _read(
        self, method: str, params: Mapping[str, object], *, right: str = "", optional: bool = False
    ) -> Raw | None:
        """One page, or ``None`` when it is not to be had: comments never hold messages up."""
        backoff = Backoff(0.5, 4.0)
        while True:
            try:
                answer = raw.obj(await self.account.api.call(method, params, right=right))
            except Retry:
                if backoff.attempts >= 2:
                    self.complete = False
                    return None
                await self.pause(backoff.next())
            except Unsupported:
                return None
            except ChannelError as error:
                _log.warning("%s is not to be had: %s", method, error)
                self.complete = self.complete and optional
                return None
            else:
                self.account.directory.remember(people.everybody(answer))
                return answer

    def _own(self, **more: object) -> dict[str, object]:
        return {
            "owner_id": self.account.us.owner,
            "extended": 1,
            "fields": people.FIELDS,
            **more,
        }
