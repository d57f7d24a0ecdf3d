"""The sync supervisor: one task an account; its failure touches no other."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from smm_inbox.channels.pacing import Backoff
from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import (
    Ambiguous,
    AuthExpired,
    ChannelError,
    InboxError,
    NeedsHuman,
    RateLimited,
    Rejected,
    Retry,
    Unsupported,
)
from smm_inbox.domain.ids import AccountId
from smm_inbox.domain.message import Batch
from smm_inbox.locale import tr
from smm_inbox.storage import accounts as stored
from smm_inbox.storage.database import Database

from .accounts import Accounts, LiveAccount
from .ingest import Ingest
from .tasks import TaskSet

_log = logging.getLogger(__name__)

_BROKEN_PAUSE = timedelta(minutes=10)
"""How long an account that needs a change outside waits before it looks again by itself."""
_IDLE_SAVE = timedelta(minutes=1)
"""An empty poll is written down no more often than this."""


@dataclass(frozen=True, slots=True)
class AccountReport:
    """What one catch-up of an account brought."""

    account: AccountId
    ok: bool
    received: int
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class _Pause:
    """What to do after a failure."""

    state: HealthState
    why: str
    until: datetime | None
    """``None``: only a person ends it."""


class Sync:
    """Keeps every account connected and read."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        accounts: Accounts,
        ingest: Ingest,
        backoff: Callable[[], Backoff] = Backoff,
    ) -> None:
        self._db = db
        self._clock = clock
        self._accounts = accounts
        self._ingest = ingest
        self._make_backoff = backoff
        self._tasks = TaskSet()

    def start(self, only: Collection[AccountId] | None = None) -> None:
        """Begin to read every enabled account, or ``only`` some of them."""
        for account in self._accounts.all().values():
            if account.settings.enabled and (only is None or account.id in only):
                self._tasks.spawn(self._supervise(account), f"sync {account.id}")

    async def stop(self) -> None:
        """End every account's task, in at most a second."""
        await self._tasks.stop(1.0)

    async def run_once(
        self,
        accounts: Collection[AccountId] | None = None,
        *,
        limit: timedelta = timedelta(minutes=10),
    ) -> list[AccountReport]:
        """Catch up the named accounts (``None``: all enabled ones) side by side, once each."""
        chosen = [
            account
            for account in self._accounts.all().values()
            if (account.settings.enabled if accounts is None else account.id in accounts)
        ]
        return list(await asyncio.gather(*(self._once(account, limit) for account in chosen)))

    async def _once(self, account: LiveAccount, limit: timedelta) -> AccountReport:
        received = 0

        def count(arrived: int) -> None:
            nonlocal received
            received += arrived

        try:
            async with asyncio.timeout(limit.total_seconds()):
                await self._read(account, Backoff(), count, once=True)
        except InboxError as error:
            pause = self._remedy(account, error, Backoff())
            self._accounts.set_health(account.id, pause.state, pause.why, pause.until)
            return AccountReport(account.id, False, received, error.told)
        except TimeoutError:
            why = tr("The network did not finish in time: try again later.")
            self._accounts.set_health(account.id, HealthState.WAITING, why)
            return AccountReport(account.id, False, received, why)
        except Exception:
            _log.exception("account %s: reading failed", account.id)
            return AccountReport(account.id, False, received, _fault())
        return AccountReport(account.id, True, received)

    async def _supervise(self, account: LiveAccount) -> None:
        backoff = self._make_backoff()
        while True:
            account.reconnect.clear()
            pause: _Pause | None
            try:
                pause = await self._until_lost(account, backoff)
            except InboxError as error:
                pause = self._remedy(account, error, backoff)
            except Exception:
                # The one place where an unknown failure is held: it must not end the account.
                _log.exception("account %s: reading failed", account.id)
                pause = self._remedy(account, Retry(_fault()), backoff)
            finally:
                account.ready.clear()
            if pause is not None:
                await self._pause(account, pause, backoff)

    async def _until_lost(self, account: LiveAccount, backoff: Backoff) -> _Pause | None:
        """Read until the connection is lost (a pause) or a new one is asked for (``None``)."""
        reading = asyncio.create_task(self._read(account, backoff, lambda _: None, once=False))
        asked = asyncio.create_task(account.reconnect.wait())
        try:
            await asyncio.wait({reading, asked}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                return None
            reading.result()
            return self._remedy(account, Retry(tr("The connection ended.")), backoff)
        finally:
            for task in (reading, asked):
                task.cancel()
            await asyncio.gather(reading, asked, return_exceptions=True)

    async def _read(
        self,
        account: LiveAccount,
        backoff: Backoff,
        count: Callable[[int], None],
        *,
        once: bool,
    ) -> None:
        self._accounts.set_health(account.id, HealthState.CONNECTING)
        channel = await self._accounts.load_channel(account)
        await self._accounts.identify(account.id, await channel.connect())
        self._accounts.set_health(account.id, HealthState.CATCHING_UP)
        account.ready.set()
        cursor = await stored.cursor(self._db, account.id)
        saved_at = self._clock.now() - _IDLE_SAVE
        updates = channel.updates(cursor)
        try:
            async for batch in updates:
                idle = batch.cursor == cursor and not _has_content(batch)
                if not idle or self._clock.now() - saved_at >= _IDLE_SAVE:
                    count((await self._ingest.store(account.id, batch)).arrived)
                    saved_at = self._clock.now()
                cursor = batch.cursor or cursor
                await self._accounts.note_success(account.id, with_gaps=bool(batch.gaps))
                backoff.reset()
                if batch.caught_up or account.health.state is HealthState.ONLINE:
                    self._accounts.set_health(account.id, HealthState.ONLINE)
                    if once:
                        return
            if once:
                raise Retry(tr("The connection ended."))
        finally:
            await _close(updates)

    def _remedy(self, account: LiveAccount, error: InboxError, backoff: Backoff) -> _Pause:
        now = self._clock.now()
        if not isinstance(error, ChannelError):
            # The database or the channel package: look again when a person may have helped.
            return _Pause(HealthState.BROKEN, error.sentence, now + timedelta(seconds=30))
        match error:
            case RateLimited():
                return _Pause(HealthState.WAITING, error.sentence, max(error.until, now))
            case AuthExpired():
                return _Pause(HealthState.NEEDS_LOGIN, error.sentence, None)
            case NeedsHuman() | Rejected() | Unsupported():
                return _Pause(HealthState.BROKEN, error.told, now + _BROKEN_PAUSE)
            case Retry() | Ambiguous():
                pause = timedelta(seconds=backoff.next())
                return _Pause(HealthState.WAITING, error.sentence, now + pause)
            case _:
                raise AssertionError(f"an error without a remedy: {type(error).__name__}")

    async def _pause(self, account: LiveAccount, pause: _Pause, backoff: Backoff) -> None:
        self._accounts.set_health(account.id, pause.state, pause.why, pause.until)
        seconds = None
        if pause.until is not None:
            seconds = max(0.05, (pause.until - self._clock.now()).total_seconds())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await account.reconnect.wait()
                backoff.reset()


def _has_content(batch: Batch) -> bool:
    return bool(
        batch.messages
        or batch.edits
        or batch.removals
        or batch.access
        or batch.gaps
        or batch.contacts
        or batch.roots
    )


def _fault() -> str:
    return tr("Something went wrong inside the program: details are in the log file.")


async def _close(updates: object) -> None:
    """Close an async generator; a plain iterator has nothing to close."""
    close = getattr(updates, "aclose", None)
    if close is not None:
        with contextlib.suppress(RuntimeError):
            await close()
