"""Calls at Instagram's pace: rates, the hour's allowance, retries of reads, translated errors."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from smm_inbox.channels.pacing import Backoff
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import RateLimited, Retry
from smm_inbox.locale import tr

from . import errors
from .client import Answer, Client
from .credentials import Credentials
from .failures import Failure
from .mapping import raw
from .selection import Selection, render
from .usage import Usage

_log = logging.getLogger(__name__)

HOURLY = 190
"""Reads in any hour. Meta documents no floor; 200 a user and hour is seen on this host."""
DIRECT_SPACING = timedelta(seconds=0.55)
"""Between two reads of conversations: two a second are allowed."""
ATTEMPTS = 3
_STOP_AT = 100
_HOUR = timedelta(hours=1)

Pause = Callable[[float], Awaitable[None]]


class Api:
    """Reads and writes of one account."""

    def __init__(
        self,
        client: Client,
        credentials: Credentials,
        clock: Clock,
        *,
        hourly: int = HOURLY,
        pause: Pause = asyncio.sleep,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._client = client
        self._credentials = credentials
        self._clock = clock
        self._draw = draw
        self._hourly = hourly
        self.pause = pause
        self.usage = Usage()
        self.missing: set[str] = set()
        """Fields this flavour of the API does not know."""
        self.skew = timedelta()
        """How much Instagram's clock is ahead of ours."""
        self._reads: deque[datetime] = deque()
        self._last_direct: datetime | None = None
        self._turn = asyncio.Lock()
        self._limit_pause = errors.LIMIT_PAUSE

    def now(self) -> datetime:
        """Instagram's time."""
        return self._clock.now() + self.skew

    def room(self) -> int:
        """Reads left in this hour."""
        horizon = self._clock.now() - _HOUR
        while self._reads and not horizon < self._reads[0] <= self._clock.now():
            self._reads.popleft()
        return max(0, self._hourly - len(self._reads))

    async def read(
        self,
        path: str,
        wanted: Selection = (),
        *,
        direct: bool = False,
        urgent: bool = False,
        limit: int | None = None,
        after: str = "",
        **params: str,
    ) -> raw.Raw:
        """A GET, repeated after passing faults; fields nobody knows are left out for ever.

        ``urgent`` reads are asked for by a person and do not wait for the hour's allowance.
        """
        backoff = Backoff(0.5, 8.0, draw=self._draw)
        for attempt in range(ATTEMPTS + len(_words(wanted))):
            query = {name: value for name, value in params.items() if value}
            if wanted:
                query["fields"] = render(wanted, self.missing)
            if limit is not None:
                query["limit"] = str(limit)
            if after:
                query["after"] = after
            try:
                return (await self._get(path, query, direct=direct, urgent=urgent)).body
            except errors.NoField as error:
                if not error.name or error.name in self.missing:
                    raise
                _log.info("the field %s is not known here", error.name)
                self.missing.add(error.name)
            except (errors.TooMuch, errors.DeadCursor):
                raise
            except Retry:
                if attempt + 1 >= ATTEMPTS:
                    raise
                await self.pause(backoff.next())
        raise Retry(tr("Instagram answers with a fault of its own; we will try again."))

    async def write(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> raw.Raw:
        """A POST or DELETE, made once: there is no key that would make a repetition harmless."""
        return (await self._call(method, path, params, body, effect=True)).body

    async def _get(
        self, path: str, query: Mapping[str, str], *, direct: bool, urgent: bool
    ) -> Answer:
        while not urgent and not self.room():
            left = self._reads[0] + _HOUR - self._clock.now()
            await self.pause(max(left.total_seconds(), 0.0) + 0.01)
        if not direct:
            self._reads.append(self._clock.now())
            return await self._call("GET", path, query, None, effect=False)
        # One after another to the end: two that leave apart may still arrive together.
        async with self._turn:
            if self._last_direct is not None:
                wait = self._last_direct + DIRECT_SPACING - self._clock.now()
                if timedelta() < wait <= DIRECT_SPACING:  # a clock set back must not stop us
                    await self.pause(wait.total_seconds())
            self._last_direct = self._clock.now()
            self._reads.append(self._last_direct)
            return await self._call("GET", path, query, None, effect=False)

    async def _call(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None,
        body: Mapping[str, object] | None,
        *,
        effect: bool,
    ) -> Answer:
        try:
            answer = await self._client.call(
                method, path, self._credentials.token, params=params, body=body
            )
        except Failure as failure:
            error = errors.translate(
                failure, effect=effect, now=self._clock.now(), limit_pause=self._limit_pause
            )
            if isinstance(error, RateLimited):
                # Every further call prolongs it: the second time in a row we wait longer.
                self._limit_pause = min(self._limit_pause * 2, timedelta(hours=1))
        else:
            self._learn(answer)
            return answer
        raise error

    def _learn(self, answer: Answer) -> None:
        self._limit_pause = errors.LIMIT_PAUSE
        if answer.server_time is not None:
            skew = answer.server_time - self._clock.now()
            # The header counts whole seconds and travels: only a real difference counts.
            self.skew = skew if abs(skew) > timedelta(seconds=5) else timedelta()
        if answer.usage is not None:
            self.usage = answer.usage

    def check_usage(self) -> None:
        """Stop before Instagram stops us.

        Raises:
            RateLimited: the headers say that everything is used up.
        """
        if self.usage.percent < _STOP_AT:
            return
        pause = timedelta(minutes=self.usage.regain) if self.usage.regain else errors.LIMIT_PAUSE
        self.usage = Usage()
        raise RateLimited(
            tr(
                "Instagram's limit of calls is reached; we will go on by ourselves when it is "
                "lifted."
            ),
            self._clock.now() + pause,
        )


def _words(wanted: Selection) -> list[str]:
    return [part if isinstance(part, str) else part.name for part in wanted]
