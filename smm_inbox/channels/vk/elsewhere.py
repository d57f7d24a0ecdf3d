"""Mentions on foreign pages: no event tells of them, so they are looked for every few minutes."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from smm_inbox.domain.errors import ChannelError

from .account import Account, skip
from .api import SEARCH
from .mapping import mentions, people, posts, raw
from .mapping.harvest import Harvest, Malformed, Recent
from .mapping.raw import Raw

_log = logging.getLogger(__name__)

EVERY = timedelta(minutes=5)
_LOOK_BACK = timedelta(hours=6)
"""Search finds a post some time after it was written."""
_COUNT = 50


class Elsewhere:
    """Best effort: VK shows what it likes to show."""

    def __init__(self, account: Account, *, within: float = 10.0) -> None:
        self._account = account
        self._within = within
        self._next: datetime | None = None
        self._since: datetime | None = None
        self._found: Recent[tuple[int, int], None] = Recent(2_000)
        self._task: asyncio.Task[Harvest] | None = None

    def collect(self) -> Harvest:
        """What a look in the background has found; starts the next one when it is time.

        Live messages do not wait for a search: its finds come with a later batch.
        """
        task = self._task
        if task is None:
            if self._next is None or self._account.api.now() >= self._next:
                self._task = asyncio.create_task(self.look(), name="vk mentions elsewhere")
            return Harvest()
        if not task.done():
            return Harvest()
        self._task = None
        return Harvest() if task.cancelled() else task.result()

    def stop(self) -> None:
        """End a look that is under way."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def look(self) -> Harvest:
        """Mentions found since the last look; nothing when it is not time yet or VK refuses."""
        harvest = Harvest()
        now = self._account.api.now()
        if self._next is not None and now < self._next:
            return harvest
        self._next = now + EVERY
        since = self._since or self._account.context.backfill_since
        try:
            async with asyncio.timeout(self._within):
                for item in await self._items(since):
                    self._take(harvest, item)
        except (TimeoutError, ChannelError) as error:
            _log.info("mentions elsewhere are not to be had now (%s)", type(error).__name__)
        else:
            self._since = now - _LOOK_BACK
        return harvest

    async def _items(self, since: datetime) -> list[Raw]:
        api, us = self._account.api, self._account.us
        start = int(since.timestamp())
        found: list[Raw] = []
        if api.rights.can("newsfeed.getMentions"):
            answer = await api.call(
                "newsfeed.getMentions",
                {"owner_id": us.owner, "start_time": start, "count": _COUNT},
                lane=SEARCH,
            )
            found += raw.items(raw.obj(answer).get("items"))
        if us.screen_name and api.rights.can("newsfeed.search"):
            answer = await api.call(
                "newsfeed.search",
                {
                    "q": f"@{us.screen_name}",
                    "start_time": start,
                    "count": _COUNT,
                    "extended": 1,
                    "fields": people.FIELDS,
                },
                lane=SEARCH,
            )
            self._account.directory.remember(people.everybody(answer))
            # Search also finds the bare word; only a real mention is meant for us.
            found += [
                item
                for item in raw.items(raw.obj(answer).get("items"))
                if mentions.mentions(item.get("text"), us)
            ]
        return found

    def _take(self, harvest: Harvest, item: Raw) -> None:
        key = (raw.integer(item.get("owner_id")) or 0, raw.integer(item.get("id")) or 0)
        if key in self._found:
            return
        self._found.put(key, None)
        try:
            posts.found_elsewhere(harvest, item, self._account.lens())
        except Malformed as error:
            skip("mention", error)
