"""Asynchronous calls to VK: the right token, the right pace, errors named by remedy."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from smm_inbox.channels.bridge import Bridge, Unfinished
from smm_inbox.channels.pacing import TokenBucket
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import ChannelError, Unsupported

from . import errors
from .client import Client
from .failures import ApiFailure, Failure
from .rights import Rights, Role

_log = logging.getLogger(__name__)

OPERATOR = "operator"
BACKGROUND = "background"
SEARCH = "search"
"""Searches may take long; names and snapshots must not wait behind them."""

Params = Mapping[str, object]

# Community tokens: 20 calls a second, all others 3. The burst is part of the allowance: in any one
# second at most burst + rate calls leave.
PACE = {Role.COMMUNITY: (16.0, 4), Role.SERVICE: (2.9, 1), Role.USER: (2.9, 1)}
_PATIENCE = 45.0
_UPLOAD_PATIENCE = 180.0
_TOO_FAST = 6
_TOO_FAST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    params: Params
    right: str
    lane: str
    effect: bool
    repeatable: bool

    @property
    def once(self) -> bool:
        """Whether a second call would be a second effect."""
        return self.effect and not self.repeatable


class Api:
    """All calls of one account. Raises only ``domain.errors``."""

    def __init__(
        self,
        client: Client,
        rights: Rights,
        clock: Clock,
        *,
        bucket: Callable[[float, int], TokenBucket] = TokenBucket,
    ) -> None:
        self.rights = rights
        self._client = client
        self._clock = clock
        self._bridge = Bridge("vk", (OPERATOR, BACKGROUND, SEARCH))
        self._buckets = {role: bucket(*PACE[role]) for role in rights.roles}

    def now(self) -> datetime:
        """The time on VK's clock, as far as known: messages are dated by it."""
        offset = self._client.server_offset
        return self._clock.now() + offset if offset is not None else self._clock.now()

    async def call(
        self,
        method: str,
        params: Params,
        *,
        right: str = "",
        lane: str = BACKGROUND,
        effect: bool = False,
        repeatable: bool = False,
    ) -> object:
        """Call ``method`` with the first token that may and return its ``response``.

        ``effect`` marks calls that change something: when the answer to one is lost, the call is
        ``Ambiguous``, unless it is ``repeatable``. ``right`` is what the call counts as when
        the method alone does not tell what it needs. Raises ``Unsupported`` when no token of this
        account can do it.
        """
        right = right or method
        refused: ChannelError | None = None
        job = _Call(method, params, right, lane, effect=effect, repeatable=repeatable)
        for role in self.rights.candidates(right):
            try:
                return await self._attempt(role, job)
            except Unsupported as error:
                refused = error
        if refused is not None and not self._is_missing(right):
            raise refused
        raise errors.missing_token(self.rights.lacks(right))

    async def act(self, method: str, params: Params, *, repeatable: bool = False) -> object:
        """Call a method on behalf of the operator: it changes something and must not queue."""
        return await self.call(method, params, lane=OPERATOR, effect=True, repeatable=repeatable)

    async def probe(self, role: Role, method: str, params: Params) -> object:
        """Call ``method`` with the token of ``role`` and no other: to see whether it is alive."""
        job = _Call(method, params, f"{method}:{role}", BACKGROUND, effect=False, repeatable=False)
        return await self._attempt(role, job)

    async def poll(self, server: str, key: str, ts: str, wait: int) -> dict[str, object]:
        """One long poll; given up a little after its own timeouts."""
        return await self._detached(
            lambda: self._client.poll(server, key, ts, wait), "poll", wait + 25.0
        )

    async def upload(self, url: str, field: str, path: Path, name: str) -> dict[str, object]:
        """Send one file. Nothing is visible to the customer yet, so it may be repeated."""
        return await self._detached(
            lambda: self._client.upload(url, field, path, name), "upload", _UPLOAD_PATIENCE
        )

    def close(self) -> None:
        """Stop everything at once."""
        self._bridge.close()
        self._client.close()

    async def _attempt(self, role: Role, job: _Call) -> object:
        for attempt in range(_TOO_FAST_ATTEMPTS):
            await self._buckets[role].acquire()
            try:
                answer = await self._bridge.call(
                    lambda: self._client.method(role, job.lane, job.method, job.params),
                    lane=job.lane,
                    within=_PATIENCE,
                )
            except Unfinished as lost:
                # The timeouts of the library are for each packet: who sends a byte now and then
                # would hold the lane for ever.
                if self._bridge.renew(job.lane, after=_PATIENCE):
                    self._client.abandon(job.lane)
                raise errors.unfinished(started=lost.started, effect=job.once) from None
            except Failure as failure:
                if _is(failure, _TOO_FAST) and attempt + 1 < _TOO_FAST_ATTEMPTS:
                    self._buckets[role].penalise(0.5 * (attempt + 1))
                    continue
                raise self._judge(role, job, failure) from None
            self.rights.prove(role, job.right)
            return answer
        raise AssertionError("the loop above always returns or raises")

    def _judge(self, role: Role, job: _Call, failure: Failure) -> ChannelError:
        told = errors.translate(failure, effect=job.once, now=self._clock.now())
        if errors.lacks_right(failure, effect=job.effect):
            _log.info("%s is not for the %s token: %s", job.right, role, failure)
            self.rights.refuse(role, job.right, for_good=errors.is_about_the_token(failure))
            return Unsupported(told.sentence)
        if role is not Role.COMMUNITY and errors.token_is_dead(failure):
            # The community token alone carries the account: a dead extra costs its extras only.
            _log.warning("the %s token is not accepted any more", role)
            self.rights.bury(role)
            return Unsupported(errors.dead(role))
        _log.info("%s failed: %s", job.method, failure)
        return told

    def _is_missing(self, method: str) -> bool:
        """Whether another kind of token than the ones tried would be the proper one."""
        return self.rights.lacks(method) not in self.rights.roles - self.rights.dead

    async def _detached(
        self, run: Callable[[], dict[str, object]], label: str, within: float
    ) -> dict[str, object]:
        try:
            return await self._bridge.detached(run, label=label, within=within)
        except Unfinished as lost:
            raise errors.unfinished(started=lost.started, effect=False) from None
        except Failure as failure:
            _log.info("%s failed: %s", label, failure)
            raise errors.translate(failure, effect=False, now=self._clock.now()) from None


def _is(failure: Failure, code: int) -> bool:
    return isinstance(failure, ApiFailure) and failure.code == code


__all__ = ["BACKGROUND", "OPERATOR", "SEARCH", "Api", "Params"]
