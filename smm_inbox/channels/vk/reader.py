"""The stream of batches: catching up first, then live by long poll, recovering from gaps."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from smm_inbox.channels.pacing import Backoff
from smm_inbox.domain.errors import Rejected, Retry, Unsupported
from smm_inbox.domain.ids import Cursor, RemoteId
from smm_inbox.domain.message import Batch, Gap
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr

from . import setup
from .account import Account
from .backfill import missed_messages
from .backfill_comments import CommentBackfill
from .cursor import Position, load, timestamp
from .elsewhere import Elsewhere
from .mapping import events, raw
from .mapping.harvest import Harvest
from .mapping.raw import Raw

_log = logging.getLogger(__name__)

WAIT = 25
"""Seconds of one long poll; proxies cut longer ones."""
LONG_PAUSE = timedelta(minutes=15)
"""After a longer pause VK's queue is not trusted to be whole: its size is not documented."""
OVERLAP = timedelta(minutes=10)
"""Backfill reaches back this much more: clocks differ and VK shows some things late."""
_PATIENCE = timedelta(seconds=4)
_TOPICS, _CROWD = 50, 20
"""Discussions that the cursor keeps, and the most people who wait in one of them."""
_MOST_FAILURES = 6
"""In a row, about a minute, before the account counts as cut off."""
_HISTORY_LOST = frozenset({1, 3})
_EXPECTED = frozenset({1, 2, 3})


@dataclass(frozen=True, slots=True)
class _Server:
    url: str
    key: str


class Reader:
    """Reads one community. The server address outlives a run: VK rations it (error 29)."""

    def __init__(
        self, account: Account, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self.account = account
        self.pause = pause
        self.elsewhere = Elsewhere(account)
        self._server: _Server | None = None

    def run(self, cursor: Cursor | None) -> AsyncIterator[Batch]:
        """Yield what happened since ``cursor``, for ever."""
        return _Run(self, load(cursor)).batches()

    async def poll(self, ts: str, wait: int) -> Raw:
        """Ask the long-poll server once."""
        if self._server is None:
            await self.fresh_ts()
        server = self._server
        if server is None:
            raise Retry(_nonsense())
        return await self.account.api.poll(server.url, server.key, ts, wait)

    def forget_server(self) -> None:
        """The key is no good any more: the next poll asks for another."""
        self._server = None

    async def fresh_ts(self) -> str:
        """Ask VK for a server; returns the position of now."""
        self._server = None
        try:
            answer = raw.obj(
                await self.account.api.call(
                    "groups.getLongPollServer", {"group_id": self.account.us.group_id}
                )
            )
        except (Rejected, Unsupported) as error:
            raise await setup.no_events(self.account, error) from None
        url, key = raw.address(answer.get("server")), answer.get("key")
        ts = timestamp(answer.get("ts"))
        if not url or not isinstance(key, str) or ts is None:
            raise Retry(_nonsense())
        self._server = _Server(url, key)
        return ts


class _Run:
    """One run of the stream, from a stored position on."""

    def __init__(self, reader: Reader, position: Position | None) -> None:
        self._reader = reader
        self._account = reader.account
        self._trouble = Backoff(1.0, 60.0)
        self._hurry = Backoff(0.2, 10.0)
        self._first = position is None
        self._recovered = False
        self._position = position or Position("0", self._account.context.backfill_since)

    async def batches(self) -> AsyncIterator[Batch]:
        """Everything since the position, for ever."""
        try:
            async for batch in self._stream():
                yield batch
        finally:
            self._reader.elsewhere.stop()

    async def _stream(self) -> AsyncIterator[Batch]:
        account = self._account
        for name in self._position.mention_posts:
            account.memory.mention_posts.put(RemoteId(name), None)
        for topic, people in self._position.asking.items():
            account.memory.asking.put(RemoteId(topic), people)
        if self._first:
            yield await self._begin()
        else:
            # Also after a long pause: edits and deletions are nowhere but in VK's queue.
            async for batch in self._polls(drain=True):
                yield batch
        paused = account.api.now() - self._position.at > LONG_PAUSE
        if self._first or (paused and not self._recovered):
            async for batch in self._recover(gap=False):
                yield batch
        else:
            self._position = replace(self._position, at=account.api.now())
            yield Batch(cursor=self._cursor(), caught_up=True)
        async for batch in self._polls(drain=False):
            yield batch

    async def _begin(self) -> Batch:
        """Note where the queue stands before anything is read.

        Edits are nowhere but in the queue: a first look that is killed in the middle must find
        those of the comments it has brought already. ``at`` lets the next start look again.
        """
        long_ago = self._account.api.now() - 2 * LONG_PAUSE
        ts, at = await self._reader.fresh_ts(), min(self._position.at, long_ago)
        self._position = replace(self._position, ts=ts, at=at)
        return Batch(cursor=self._cursor())

    async def _polls(self, *, drain: bool) -> AsyncIterator[Batch]:
        """Poll for ever; with ``drain`` until the queue is empty, without moving ``at``."""
        clock = asyncio.get_running_loop().time
        while True:
            started = clock()
            answer = await self._reader.poll(self._position.ts, 1 if drain else WAIT)
            if answer.get("failed") is not None:
                async for batch in self._failed(answer):
                    yield batch
                continue
            updates, ts = answer.get("updates"), timestamp(answer.get("ts"))
            if not isinstance(updates, list) or ts is None:
                raise Retry(_nonsense())
            self._trouble.reset()
            if updates:
                self._hurry.reset()
            elif drain:
                self._position = replace(self._position, ts=ts)
                return
            elif clock() - started < WAIT / 50:
                # A server that does not wait would be asked thousands of times a minute.
                await self._reader.pause(self._hurry.next())
            yield await self._digest(raw.items(updates), ts, live=not drain)

    async def _failed(self, answer: Raw) -> AsyncIterator[Batch]:
        code = raw.integer(answer.get("failed"))
        _log.info("long poll failed: %s", code)
        if self._trouble.attempts >= _MOST_FAILURES:
            self._reader.forget_server()
            # Nothing arrives: the operator has to see that on the screen.
            raise Retry(
                tr("VK gives no new events (failed {code}); we will try again.").format(
                    code=code if code is not None else "?"
                )
            )
        pause = self._trouble.next()
        # A single expected failure is mended at once; an unknown one, or a row of them, is not.
        if self._trouble.attempts > 1 or code not in _EXPECTED:
            await self._reader.pause(pause)
        if code not in _HISTORY_LOST:
            self._reader.forget_server()
            return
        # The new ts comes before the backfill: what happens meanwhile waits in the queue.
        told = timestamp(answer.get("ts")) if code == 1 else None
        self._position = replace(self._position, ts=told or await self._reader.fresh_ts())
        async for batch in self._recover(gap=True):
            yield batch

    async def _recover(self, *, gap: bool) -> AsyncIterator[Batch]:
        """Fetch what was missed after ``position.at``; the last batch carries the cursor."""
        account, missed_since = self._account, self._position.at
        now = account.api.now()
        since = max(missed_since - OVERLAP, account.context.backfill_since)
        _log.info("catching up since %s", since.isoformat(timespec="seconds"))
        try:
            async for harvest in missed_messages(account, since):
                await account.complete(harvest, patience=_PATIENCE)
                yield harvest.batch()
        except Unsupported as error:
            _log.warning("messages cannot be fetched: %s", error)
        counts = dict(self._position.comment_counts)
        comments = CommentBackfill(account, since, counts, self._reader.pause)
        async for harvest in comments.run():
            await account.complete(harvest, patience=_PATIENCE)
            yield harvest.batch()
        last = await self._reader.elsewhere.look()
        await account.complete(last, patience=_PATIENCE)
        if gap and not comments.complete:
            last.gaps.append(Gap(missed_since, now, SafeText(self._gap_sentence())))
        self._position = replace(self._position, at=now, comment_counts=comments.counts)
        self._recovered = True
        yield last.batch(self._cursor(), caught_up=True)

    async def _digest(self, updates: list[Raw], ts: str, *, live: bool) -> Batch:
        account = self._account
        fresh, ids = self._unseen(updates)
        wanted = {number for update in fresh for number in events.people_in(update)}
        if wanted:
            await account.directory.learn(wanted, within=_PATIENCE.total_seconds())
        harvest = self._reader.elsewhere.collect() if live else Harvest()
        lens = account.lens()
        for update in fresh:
            events.apply(harvest, update, lens)
        await account.complete(harvest, patience=_PATIENCE)
        self._position = replace(self._position.after(ids), ts=ts)
        if live:
            self._position = replace(self._position, at=account.api.now())
        return harvest.batch(self._cursor(), caught_up=live)

    def _unseen(self, updates: list[Raw]) -> tuple[list[Raw], list[str]]:
        fresh: list[Raw] = []
        ids: list[str] = []
        for update in updates:
            event_id = events.event_id(update)
            if event_id and (event_id in ids or self._position.has_seen(event_id)):
                continue
            ids.append(event_id)
            fresh.append(update)
        return fresh, ids

    def _cursor(self) -> Cursor:
        memory = self._account.memory
        asking: dict[str, frozenset[int]] = {}
        for topic in memory.asking.keys()[-_TOPICS:]:
            people = memory.asking.get(topic) or frozenset()
            if 0 < len(people) <= _CROWD:
                asking[topic] = people
        posts = tuple(memory.mention_posts.keys()[-100:])
        return replace(self._position, mention_posts=posts, asking=asking).dump()

    def _gap_sentence(self) -> str:
        if not self._account.api.rights.can("wall.getComments"):
            return tr(
                "Comments of this time may be missing: look at the community's page, and add "
                "service_key to the account so that they can be fetched next time."
            )
        return tr("Some comments of this time could not be fetched: look at the community's page.")


def _nonsense() -> str:
    return tr("Something that is not VK answers in its place; we will try again.")
