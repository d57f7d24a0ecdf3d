"""What becomes of an attempt: sent, queued again, in doubt or failed, written down and told."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import (
    Ambiguous,
    AuthExpired,
    ChannelError,
    NeedsHuman,
    RateLimited,
    Rejected,
    Retry,
    Unsupported,
)
from smm_inbox.domain.ids import AccountId, OutboxId
from smm_inbox.domain.message import LOST, SendReceipt
from smm_inbox.domain.outgoing import MAX_RETRY, SPAM_MOVES, OutAction, OutState
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr
from smm_inbox.storage import conversations, journal, own, waiting
from smm_inbox.storage import outbox as store
from smm_inbox.storage.database import Database, Transaction
from smm_inbox.storage.outbox import OutboxRow

from . import acts, settle
from .accounts import Accounts
from .bus import Bus, DeliveryChanged, FeedChanged
from .courtesy import Courtesy
from .deadlines import Deadlines
from .duty import Duty

_log = logging.getLogger(__name__)

_LOOK_AGAIN = timedelta(seconds=20)
"""Pause before looking again for an answer whose fate is unknown."""
_FIRST_LOOK = timedelta(seconds=1)


def retry_pause(attempts: int) -> timedelta:
    """Pause after the n-th attempt: 2 s, 4 s, 8 s … at most ``MAX_RETRY``."""
    return min(timedelta(seconds=2 ** min(attempts, 9)), MAX_RETRY)


class Outcomes:
    """Writes down how an attempt ended, one transaction each, and tells the screen."""

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
        self._deadlines = deadlines
        self._bus = bus
        self._duty = duty
        self._courtesy = courtesy

    async def succeeded(self, row: OutboxRow, receipt: SendReceipt | None) -> None:
        """It arrived, or what was asked of the network is done."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            current = await store.get(tx, row.id)
            if current is None:
                return  # its echo was faster
            if receipt is not None:
                touched = await settle.delivered(tx, current, receipt, now, self._duty.operator)
                await conversations.refresh(tx, touched, self._deadlines.of)
            else:
                await acts.applied(tx, current, now, self._duty.operator)
                await self.refresh(tx, row)
        self.tell(row, OutState.SENT)
        if row.action is OutAction.SEND:
            self._courtesy.read(row.account, row.outgoing.place)

    async def failed(self, row: OutboxRow, error: ChannelError) -> None:
        """It did not arrive: what happens next depends on the remedy the error names."""
        now = self._clock.now()
        if row.outgoing.extra:
            async with self._db.transaction() as tx:
                await store.save_notes(tx, row.id, row.outgoing.extra)
        match error:
            case Retry():
                await self.requeue(row, error.sentence, now + retry_pause(row.attempts))
            case RateLimited():
                await self.requeue(row, error.sentence, max(error.until, now))
            case AuthExpired():
                self.reconnect(row.account)
                await self.requeue(row, error.sentence, now + retry_pause(row.attempts))
            case Ambiguous():
                async with self._db.transaction() as tx:
                    current = await store.get(tx, row.id)
                    if current is None:
                        return
                    await self.doubt(tx, current, error.sentence, now + _FIRST_LOOK)
                    await self.refresh(tx, row)
                self.tell(row, OutState.AMBIGUOUS, error.sentence)
            case _ if row.action in SPAM_MOVES:
                await self._let_go(row, error)
            case NeedsHuman():
                await self._give_up(row, error.sentence, error.url)
            case Rejected() | Unsupported():
                await self._give_up(row, error.sentence)
            case _:
                await self._give_up(row, error.sentence)

    def reconnect(self, account: AccountId) -> None:
        """The credentials are dead: let the supervisor find out and say so."""
        live = self._accounts.live(account)
        if live is not None:
            _log.info("account %s: a send found the credentials dead", account)
            live.ready.clear()
            live.reconnect.set()

    async def requeue(self, row: OutboxRow, why: str, due_at: datetime) -> None:
        """Let it try again at ``due_at``."""
        async with self._db.transaction() as tx:
            current = await store.get(tx, row.id)
            if current is None or current.state is OutState.QUEUED:
                return  # settled by its echo, or the operator did not want to wait
            reason = clean_line(why, limit=500)
            await store.move(tx, current, OutState.QUEUED, due_at=due_at, reason=reason)
            if current.action is OutAction.SEND:
                await own.set_state(tx, current.message, OutState.QUEUED)
            await self.refresh(tx, row)
        self.tell(row)

    async def doubt(self, tx: Transaction, row: OutboxRow, why: str, look_at: datetime) -> None:
        """Whether it arrived is unknown: look from ``look_at`` on."""
        await store.move(
            tx, row, OutState.AMBIGUOUS, due_at=look_at, reason=clean_line(why, limit=500)
        )
        await store.save_notes(tx, row.id, {LOST: "1"})
        if row.action is OutAction.SEND:
            await own.set_state(tx, row.message, OutState.AMBIGUOUS)
        await journal.write(
            tx,
            journal.Event.AMBIGUOUS,
            row.account,
            self._clock.now(),
            conversation=row.conversation,
            message=row.message,
        )

    async def look_later(self, row: OutboxRow, why: str) -> None:
        """Nothing could be learnt about its fate now."""
        async with self._db.transaction() as tx:
            await store.look_again(tx, row.id, self._clock.now() + _LOOK_AGAIN, clean_line(why))

    async def leave_to_operator(self, row: OutboxRow, error: Unsupported) -> None:
        """The network cannot tell: from here on only a person decides."""
        async with self._db.transaction() as tx:
            await store.look_again(tx, row.id, None, clean_line(error.sentence))
        self.tell(row, OutState.AMBIGUOUS, error.sentence)

    async def _let_go(self, row: OutboxRow, error: ChannelError) -> None:
        """What was decided here stands without the network: nothing is left to decide."""
        async with self._db.transaction() as tx:
            await store.remove(tx, row.id)
            await self.refresh(tx, row)
        if isinstance(error, Unsupported):
            _log.info("account %s has no spam of its own: %s", row.account, error)
            self.tell(row)
        else:
            self.tell(row, OutState.FAILED, error.sentence)

    async def _give_up(self, row: OutboxRow, why: str, url: str = "") -> None:
        now = self._clock.now()
        sentence = SafeText(clean_line(why, limit=500))
        async with self._db.transaction() as tx:
            current = await store.get(tx, row.id)
            if current is None:
                return
            parts = (current, *await store.followers(tx, current.id))
            touched = {current.conversation}
            for part in parts:
                touched |= await waiting.covered_in(tx, part.message)
                await store.move(tx, part, OutState.FAILED, reason=sentence, url=url)
                if part.action is OutAction.SEND:
                    await own.set_state(tx, part.message, OutState.FAILED)
                    await waiting.uncover(tx, part.message)
            await journal.write(
                tx,
                journal.Event.FAILED,
                row.account,
                now,
                conversation=row.conversation,
                message=row.message,
                operator=self._duty.operator,
                reason=sentence,
            )
            await conversations.refresh(tx, touched, self._deadlines.of)
        self.tell(row, OutState.FAILED, sentence, url)

    async def refresh(self, tx: Transaction, row: OutboxRow) -> None:
        """Refresh every conversation this answer stands in or covers."""
        touched = await waiting.covered_in(tx, row.message) | {row.conversation}
        await conversations.refresh(tx, touched, self._deadlines.of)

    # --- telling ----------------------------------------------------------------------------------

    def tell(
        self, row: OutboxRow, state: OutState | None = None, sentence: str = "", url: str = ""
    ) -> None:
        """Tell the screen, with the state when it is news for the operator."""
        if state is not None:
            self._bus.publish(
                DeliveryChanged(row.conversation, row.id, state, SafeText(sentence), url)
            )
        self._bus.publish(FeedChanged(frozenset({row.conversation})))

    async def of(self, row: OutboxId, message: int) -> tuple[OutState, str, str]:
        """State, network id and reason of an answer: of its row, or of its message afterwards."""
        found = await store.get(self._db, row)
        if found is not None:
            reason = f"{found.reason} {found.reason_url}".rstrip()
            return found.state, found.remote_id or "", reason
        left = await self._db.one("SELECT state, remote_id FROM messages WHERE id = ?", (message,))
        if left is None:
            return OutState.FAILED, "", tr("The answer was taken back.")
        return OutState(left["state"]), left["remote_id"] or "", ""
