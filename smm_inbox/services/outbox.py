"""The outbox worker: brings what is due to the networks, exactly once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from smm_inbox.channels.base import Channel
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import Ambiguous, AuthExpired, ChannelError, Unsupported
from smm_inbox.domain.ids import OutboxId
from smm_inbox.domain.message import SendReceipt
from smm_inbox.domain.outgoing import OutAction, OutState
from smm_inbox.locale import tr
from smm_inbox.storage import outbox as store
from smm_inbox.storage import own
from smm_inbox.storage.database import Database
from smm_inbox.storage.outbox import OutboxRow

from . import acts
from .accounts import Accounts
from .bus import Bus
from .courtesy import Courtesy
from .deadlines import Deadlines
from .duty import Duty
from .outcomes import Outcomes, retry_pause
from .tasks import TaskSet

_log = logging.getLogger(__name__)

_AT_ONCE = 4
"""Answers of an account on the wire at the same time: one slow upload must not hold up the others,
and an account whose network hangs must not hold up the other accounts."""
_FAULT_PAUSE = 1.0
"""Seconds to wait after the database refused: the disk may have room again."""
_SEND_TIMEOUT = 300.0
"""A belt over the channel's own timeouts; an upload of the largest file fits in."""


class Outbox:
    """Delivers queued answers, retries them with the same token, and settles their fate."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        accounts: Accounts,
        deadlines: Deadlines,
        bus: Bus,
        duty: Duty,
        courtesy: Courtesy,
    ) -> None:
        self._db = db
        self._clock = clock
        self._accounts = accounts
        self._outcomes = Outcomes(db, clock, accounts, deadlines, bus, duty, courtesy)
        self._wake = asyncio.Event()
        self._flying: dict[OutboxId, OutboxRow] = {}
        self._missed: Counter[OutboxId] = Counter()
        """How often an answer in doubt turned out not to be there."""
        self._tasks = TaskSet()
        self._settled = asyncio.Condition()
        accounts.on_change(lambda _: self._wake.set())

    async def recover(self) -> None:
        """Rows a killed process left on the wire: their fate is unknown until looked at."""
        await self._doubt_stranded(tr("The program was closed while sending."))

    def start(self) -> None:
        """Begin to deliver."""
        self._tasks.spawn(self._run(), "delivery")

    async def stop(self) -> None:
        """End; whatever is on the wire is looked for at the next start. At most a second."""
        await self._tasks.stop(1.0)

    def poke(self) -> None:
        """Something became due."""
        self._wake.set()

    async def settled(
        self,
        row: OutboxId,
        timeout: float,  # noqa: ASYNC109 - part of the promise
    ) -> tuple[OutState, str, str]:
        """Wait until an answer is sent, failed, or ``timeout`` seconds are over.

        Returns (state, remote id, reason); a state still on its way comes with its reason.
        """
        message = await store.message_of(self._db, row) or 0
        deadline = asyncio.get_running_loop().time() + timeout
        while True:
            state, remote_id, reason = await self._outcomes.of(row, message)
            if state in {OutState.SENT, OutState.FAILED}:
                return state, remote_id, reason
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return state, remote_id, reason
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left, 1.0)), self._settled:
                    await self._settled.wait()

    async def deliver_due(self, wait: float) -> int:
        """Wait up to ``wait`` seconds until nothing is due; return how many are still unsettled."""
        deadline = asyncio.get_running_loop().time() + wait
        while asyncio.get_running_loop().time() < deadline:
            if not self._flying and not await self._due():
                break
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.2), self._settled:
                    await self._settled.wait()
        return await store.count_pending(self._db)

    # --- the loop ---------------------------------------------------------------------------------

    async def _run(self) -> None:
        fresh = True
        while True:
            self._wake.clear()
            try:
                if fresh:
                    await store.look_once_more(self._db, self._clock.now())
                    fresh = False
                await self._doubt_stranded(tr("What became of this answer could not be noted."))
                for row in await self._due():
                    self._launch(row)
                await self._rest()
            except Exception:
                # As in the supervisor: a refusing database must not end delivery for the session.
                _log.exception("the outbox cannot be read")
                await asyncio.sleep(_FAULT_PAUSE)

    def _launch(self, row: OutboxRow) -> None:
        flying = self._flying.values()
        if row.conversation in {other.conversation for other in flying}:
            return  # one at a time, so that they arrive in their order
        if sum(other.account == row.account for other in flying) >= _AT_ONCE:
            return
        self._flying[row.id] = row
        self._tasks.spawn(self._deliver(row), f"deliver {row.id}")

    async def _due(self) -> list[OutboxRow]:
        """What may leave now: due, in order, and its account can be talked to."""
        now = self._clock.now()
        found: list[OutboxRow] = []
        for account in self._accounts.all():
            if self._accounts.channel_of(account):
                found += await store.due(self._db, account, now)
        return found

    async def _doubt_stranded(self, why: str) -> None:
        """Rows on the wire that nobody here delivers: killed, or the disk was full at the end."""
        if not await store.on_the_wire(self._db) - self._flying.keys():
            return
        async with self._db.transaction() as tx:
            stranded = [row for row in await store.leftovers(tx) if row.id not in self._flying]
            for row in stranded:
                await self._outcomes.doubt(tx, row, why, self._clock.now())
                await self._outcomes.refresh(tx, row)
        for row in stranded:
            self._outcomes.tell(row, OutState.AMBIGUOUS, why)

    async def _rest(self) -> None:
        """Sleep until something is due, ends, or an account comes back."""
        seconds: float | None = None
        due_at = await store.next_due(self._db)
        if due_at is not None:
            left = (due_at - self._clock.now()).total_seconds()
            # Due already: its account is away or the wire is full, and an event ends the wait.
            seconds = 1.0 if left <= 0 else min(max(left, 0.02), 3600.0)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _deliver(self, row: OutboxRow) -> None:
        try:
            channel = self._accounts.channel_of(row.account)
            if channel is None:
                return
            if row.state is OutState.AMBIGUOUS:
                await self._look(row, channel)
            else:
                await self._attempt(row, channel)
        except asyncio.CancelledError:
            raise
        except Exception:
            _log.exception("delivery of %d failed", row.id)
            await asyncio.sleep(_FAULT_PAUSE)
        finally:
            self._flying.pop(row.id, None)
            self._wake.set()
            async with self._settled:
                self._settled.notify_all()

    # --- one attempt ------------------------------------------------------------------------------

    async def _attempt(self, row: OutboxRow, channel: Channel) -> None:
        now = self._clock.now()
        async with self._db.transaction() as tx:
            current = await store.get(tx, row.id)
            if current is None or current.state is not OutState.QUEUED or current.due_at > now:
                return  # taken back, or settled by its echo, since it was looked up
            await store.begin_attempt(tx, current, now)
            if current.action is OutAction.SEND:
                await own.set_state(tx, current.message, OutState.SENDING)
            first = current.outgoing.first_attempt_at or now
            row = replace(
                current,
                state=OutState.SENDING,
                attempts=current.attempts + 1,
                outgoing=replace(current.outgoing, first_attempt_at=first),
            )
        self._outcomes.tell(row)
        try:
            async with asyncio.timeout(_SEND_TIMEOUT):
                receipt = await self._call(row, channel)
        except ChannelError as error:
            await self._outcomes.failed(row, error)
        except TimeoutError:
            await self._outcomes.failed(row, Ambiguous(tr("The network did not answer in time.")))
        except Exception:
            # A fault of ours inside the channel: whether the call left the machine is unknown.
            _log.exception("sending %d failed", row.id)
            await self._outcomes.failed(
                row, Ambiguous(tr("Something went wrong while sending: details are in the log."))
            )
        else:
            self._missed.pop(row.id, None)
            await self._outcomes.succeeded(row, receipt)

    async def _call(self, row: OutboxRow, channel: Channel) -> SendReceipt | None:
        if row.action is OutAction.SEND:
            return await channel.send(row.outgoing)
        await acts.perform(row, channel)
        return None

    async def _look(self, row: OutboxRow, channel: Channel) -> None:
        """Find out what became of an answer whose fate is unknown."""
        if row.action is not OutAction.SEND:
            await self._outcomes.requeue(
                row, "", self._clock.now()
            )  # everything else repeats safely
            return
        try:
            async with asyncio.timeout(_SEND_TIMEOUT):
                receipt = await channel.find_sent(row.outgoing)
        except Unsupported as error:
            await self._outcomes.leave_to_operator(row, error)
            return
        except AuthExpired as error:
            self._outcomes.reconnect(row.account)
            await self._outcomes.look_later(row, error.sentence)
            return
        except (ChannelError, TimeoutError) as error:
            await self._outcomes.look_later(row, str(error))
            return
        if receipt is None:
            # Once it is repeated at once; a network that goes on failing is not hammered.
            self._missed[row.id] += 1
            times = self._missed[row.id]
            pause = retry_pause(times) if times > 1 else timedelta()
            why = row.reason if pause else ""
            await self._outcomes.requeue(row, why, self._clock.now() + pause)
        else:
            self._missed.pop(row.id, None)
            await self._outcomes.succeeded(row, receipt)
