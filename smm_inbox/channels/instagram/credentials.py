"""The token: its age, its daily refresh, and the warning before it ends."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from smm_inbox.domain.channel import Limitation
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import AuthExpired, ChannelError
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import ntr

from . import errors, files
from .client import Client
from .failures import Failure
from .mapping import raw

_log = logging.getLogger(__name__)

NAME = "token.json"
LIFE = timedelta(days=60)
"""A token pasted by hand has an unknown age: this is the most it can have left."""
_YOUNG = timedelta(hours=24)
_EARLY = timedelta(days=30)
"""Refreshed when less is left: a laptop may be off for a fortnight."""
_ONCE = timedelta(days=1)
WARN_DAYS = (14, 7, 2)


@dataclass(slots=True)
class _Kept:
    token: str
    obtained_at: datetime
    expires_at: datetime
    known: bool
    """Instagram itself named the age; otherwise it is a guess."""
    tried_at: datetime | None = None


class Credentials:
    """The token of one account; a refreshed one lives in a private file of the account."""

    def __init__(self, pasted: str, folder: Path, clock: Clock) -> None:
        self._pasted = pasted
        self._mark = hashlib.sha256(pasted.encode()).hexdigest()
        self._path = folder / NAME
        self._clock = clock
        self._kept = self._load()

    @property
    def token(self) -> str:
        """The token in force. Never shown, never logged."""
        return self._kept.token

    @property
    def expires_at(self) -> datetime:
        """When it ends, at the latest."""
        return self._kept.expires_at

    def days_left(self) -> int:
        """Whole days until it ends."""
        return max(0, (self._kept.expires_at - self._clock.now()).days)

    def warning(self) -> Limitation | None:
        """What to say 14, 7 and 2 days before the end; nothing before that."""
        left = self.days_left()
        level = next((days for days in reversed(WARN_DAYS) if left <= days), None)
        if level is None:
            return None
        sentence = ntr(
            "The Instagram token ends in {n} day: make a new one in Meta's app dashboard and put "
            "it into the config file.",
            "The Instagram token ends in {n} days: make a new one in Meta's app dashboard and put "
            "it into the config file.",
            left,
        ).format(n=left)
        return Limitation(f"token.ends.{level}", SafeText(sentence), urgent=True)

    def due(self) -> bool:
        """Whether a refresh is worth a call now."""
        now, kept = self._clock.now(), self._kept
        if kept.tried_at is not None and timedelta() <= now - kept.tried_at < _ONCE:
            return False
        if not kept.known:
            return True
        return now - kept.obtained_at > _YOUNG and kept.expires_at - now < _EARLY

    async def refresh(self, client: Client) -> bool:
        """Ask for a fresh token and keep it before it is used; a refusal keeps the old one.

        Raises:
            AuthExpired: the token is dead.
            ChannelError: no answer came; nothing is known.
        """
        self._kept.tried_at = self._clock.now()
        query = {"grant_type": "ig_refresh_token", "access_token": self._kept.token}
        try:
            answer = await client.call(
                "GET", "refresh_access_token", self._kept.token, params=query, versioned=False
            )
        except Failure as failure:
            error = errors.translate(failure, effect=False, now=self._clock.now())
        else:
            return self._take(answer.body)
        if isinstance(error, AuthExpired):
            raise error
        _log.info("the token was not refreshed: %s", type(error).__name__)
        self._save()
        return False

    def _take(self, answer: raw.Raw) -> bool:
        token, seconds = answer.get("access_token"), raw.count(answer.get("expires_in"))
        if not isinstance(token, str) or not token.isprintable() or not token or not seconds:
            return False
        now = self._clock.now()
        life = timedelta(seconds=min(seconds, 10 * 365 * 86_400))
        former, self._kept = self._kept, _Kept(token, now, now + life, known=True, tried_at=now)
        if not self._save():
            self._kept = former  # the old one is good as well, and stands where it is found again
            return False
        _log.info("the token was refreshed, it lives %s days", life.days)
        return True

    def _load(self) -> _Kept:
        stored = files.load(self._path)
        token = stored.get("token")
        obtained, expires = _time(stored.get("obtained_at")), _time(stored.get("expires_at"))
        if (
            stored.get("pasted") == self._mark
            and isinstance(token, str)
            and token
            and obtained
            and expires
        ):
            tried = _time(stored.get("tried_at"))
            return _Kept(token, obtained, expires, stored.get("known") is True, tried)
        # A new one was put into the config file: what was kept belongs to the old one.
        now = self._clock.now()
        return _Kept(self._pasted, now, now + LIFE, known=False)

    def _save(self) -> bool:
        kept = self._kept
        value: raw.Raw = {
            "pasted": self._mark,
            "token": kept.token,
            "obtained_at": int(kept.obtained_at.timestamp()),
            "expires_at": int(kept.expires_at.timestamp()),
            "known": kept.known,
        }
        if kept.tried_at is not None:
            value["tried_at"] = int(kept.tried_at.timestamp())
        try:
            files.save(self._path, value)
        except ChannelError as error:
            _log.warning("the token cannot be kept: %s", error)
            return False
        return True


def _time(value: object) -> datetime | None:
    found = raw.moment(value)
    return found.astimezone(UTC) if found else None
