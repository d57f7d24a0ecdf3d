"""Names and profiles of people, asked for in bulk and remembered for hours."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.errors import ChannelError, Rejected

from .api import Api
from .mapping import people, raw
from .mapping.harvest import Harvest, Memory, Recent

_log = logging.getLogger(__name__)

_USERS_AT_ONCE = 500
"""VK takes 1000; half of it keeps the request small enough for every gateway."""
_NO_PERSON = 10**12
"""Numbers from here on are nobody's; one of them would make VK refuse the whole request."""
_FRESH = timedelta(hours=6)
_REST = timedelta(seconds=30)
"""After a failure nobody is asked for this long: messages must not wait for a lame VK."""


class Directory:
    """Profiles of users and communities."""

    def __init__(self, api: Api, memory: Memory, own: int) -> None:
        self._api = api
        self._memory = memory
        self._own = own
        self._known: Recent[int, tuple[datetime, Contact | None]] = Recent(20_000)
        self._wanted: set[int] = set()
        self._told: set[int] = set()
        self._rest_until: datetime | None = None

    def remember(self, contacts: dict[int, Contact]) -> None:
        """Take over profiles that came along with another answer."""
        for number, contact in contacts.items():
            self._store(number, contact)

    def name(self, number: int) -> str:
        """Name of a user or community; empty when unknown."""
        return self._memory.names.get(number) or ""

    async def learn(self, numbers: Iterable[int], *, within: float) -> None:
        """Ask for those profiles that are not known; failures are logged and made up for later."""
        now = self._api.now()
        self._wanted.update(
            n
            for n in numbers
            if 0 < abs(n) < _NO_PERSON and n != self._own and not self._fresh(n, now)
        )
        if not self._wanted or (self._rest_until is not None and now < self._rest_until):
            return
        self._rest_until = None
        try:
            async with asyncio.timeout(within):
                await self._users(sorted(n for n in self._wanted if n > 0))
                await self._communities(sorted(-n for n in self._wanted if n < 0))
        except (TimeoutError, ChannelError) as error:
            self._rest_until = self._api.now() + _REST
            _log.info("profiles are not to be had now (%s)", type(error).__name__)

    async def fill(self, harvest: Harvest, *, within: float) -> None:
        """Add the contacts a harvest speaks of, and those that were owed to earlier ones."""
        await self.learn(harvest.people, within=within)
        owed = {n for n in self._told if self._known.get(n) is not None}
        self._told -= owed
        for number in (harvest.people | owed) - {self._own}:
            entry = self._known.get(number)
            if entry is None:
                self._told.add(number)
            elif entry[1] is not None:
                harvest.contacts[entry[1].remote_id] = entry[1]

    def _fresh(self, number: int, now: datetime) -> bool:
        entry = self._known.get(number)
        return entry is not None and now - entry[0] < _FRESH

    async def _users(self, numbers: list[int]) -> None:
        for start in range(0, len(numbers), _USERS_AT_ONCE):
            await self._chunk(numbers[start : start + _USERS_AT_ONCE])

    async def _chunk(self, numbers: list[int]) -> None:
        try:
            answer = await self._api.call(
                "users.get",
                {"user_ids": ",".join(map(str, numbers)), "fields": people.FIELDS},
            )
        except Rejected:
            # One number that VK does not know may make it refuse all: find it by halves.
            middle = len(numbers) // 2
            if middle == 0:
                self._settle(numbers, {})
                return
            await self._chunk(numbers[:middle])
            await self._chunk(numbers[middle:])
            return
        found = [people.user(entry) for entry in raw.items(answer)]
        self._settle(numbers, {int(c.remote_id): c for c in found if c is not None})

    async def _communities(self, numbers: list[int]) -> None:
        for start in range(0, len(numbers), _USERS_AT_ONCE):
            chunk = numbers[start : start + _USERS_AT_ONCE]
            answer = await self._api.call(
                "groups.getById",
                {
                    "group_ids": ",".join(map(str, chunk)),
                    "fields": "screen_name,members_count,city,photo_100",
                },
            )
            groups = raw.obj(answer).get("groups", answer)
            found = [people.community(entry) for entry in raw.items(groups)]
            self._settle(
                [-number for number in chunk], {int(c.remote_id): c for c in found if c is not None}
            )

    def _settle(self, asked: list[int], found: dict[int, Contact]) -> None:
        # Those VK says nothing about are remembered too, otherwise they would be asked for ever.
        for number in asked:
            self._store(number, found.get(number))

    def _store(self, number: int, contact: Contact | None) -> None:
        self._wanted.discard(number)
        self._known.put(number, (self._api.now(), contact))
        if contact is not None and contact.name:
            self._memory.names.put(number, contact.name)
