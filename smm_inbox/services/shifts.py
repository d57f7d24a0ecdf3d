"""Shifts: who is on duty, what happened before they came, and what they leave to the next one."""

from __future__ import annotations

import asyncio
import contextlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from smm_inbox.config.model import Settings
from smm_inbox.config.paths import default_downloads_dir
from smm_inbox.config.reasons import why
from smm_inbox.domain.channel import HealthState
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.feed import FeedQuery, FeedRow, View
from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.promise import Promise
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import ntr, tr
from smm_inbox.storage import colleagues, journal, shifts
from smm_inbox.storage import feed as lists
from smm_inbox.storage.database import Database
from smm_inbox.storage.shifts import Shift

from .accounts import Accounts
from .board import Board
from .duty import Duty
from .feed import Feed
from .promises import Promises
from .undo import Undo, Undone

_LISTED = 15
"""Lines of each kind in a hand-over; more are only counted."""
_BACK = timedelta(hours=24)
"""How far "before you came" looks back for somebody who never was on duty."""


@dataclass(frozen=True, slots=True)
class Before:
    """What happened since somebody was last on duty."""

    since: datetime
    arrived: int
    answered: int
    waiting: int
    overdue: int
    promises: int
    handover: SafeText
    """What the one before left; empty when nothing was written."""
    left_by: SafeText


class Shifts:
    """The person on duty and the hand-over."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        clock: Clock,
        undo: Undo,
        duty: Duty,
        feed: Feed,
        accounts: Accounts,
        promises: Promises,
        board: Board,
    ) -> None:
        self._settings = settings
        self._db = db
        self._clock = clock
        self._undo = undo
        self._duty = duty
        self._feed = feed
        self._accounts = accounts
        self._promises = promises
        self._board = board

    async def present(self) -> Shift | None:
        """The shift that is going on."""
        found = await shifts.latest(self._db)
        return found[0] if found and found[0].ended_at is None else None

    async def names(self) -> tuple[SafeText, ...]:
        """Who was on duty lately, the latest first."""
        found = await shifts.latest(self._db, 50)
        return tuple(dict.fromkeys(shift.operator for shift in found))

    async def begin(self, name: str) -> None:
        """Somebody is on duty from now on: signs answers, stands in the journal.

        Raises ``InboxError`` with a sentence when there is no name.
        """
        who = clean_line(name.strip(), limit=60)
        if not who:
            raise InboxError(tr("Write the name of the one on duty."))
        before = await self.present()
        former = self._duty.operator
        async with self._db.transaction() as tx:
            shift = await shifts.start(tx, who, self._clock.now())
            await journal.write(
                tx,
                journal.Event.SHIFT_STARTED,
                journal.NO_ACCOUNT,
                self._clock.now(),
                operator=who,
            )
        self._duty.takes(who)
        reopen = None if before is None else before.id
        self._undo.push(lambda: self._unbegin(shift, reopen, former))

    async def _unbegin(self, shift: int, reopen: int | None, former: str) -> Undone:
        async with self._db.transaction() as tx:
            await shifts.drop(tx, shift, reopen)
        self._duty.takes(former)
        sentence = tr("On shift as before: {name}").format(name=self._duty.operator or "—")
        return Undone(SafeText(sentence))

    async def end(self, handover: str = "") -> None:
        """The shift is over; ``handover`` is shown to the next one."""
        before = await self.present()
        former = self._duty.operator
        async with self._db.transaction() as tx:
            # Who never began a shift hands over all the same.
            shift = before.id if before else await shifts.start(tx, former, self._clock.now())
            await shifts.end(tx, self._clock.now(), handover)
            await journal.write(
                tx,
                journal.Event.SHIFT_ENDED,
                journal.NO_ACCOUNT,
                self._clock.now(),
                operator=former,
            )
        self._duty.takes("")
        self._undo.push(lambda: self._unend(shift, former, began=before is not None))

    async def _unend(self, shift: int, former: SafeText, *, began: bool) -> Undone:
        async with self._db.transaction() as tx:
            if began:
                await shifts.reopen(tx, shift)
            else:
                await shifts.drop(tx, shift, None)
        self._duty.takes(former)
        return Undone(SafeText(tr("The shift goes on: {name}").format(name=former or "—")))

    # Before you came

    async def before(self, name: str = "") -> Before | None:
        """What happened since ``name`` (the one on duty) was last there; ``None`` when nothing."""
        who = name or self._duty.operator
        last = await shifts.last_of(self._db, who)
        now = self._clock.now()
        since = last.ended_at if last is not None and last.ended_at is not None else now - _BACK
        events = await shifts.happened(self._db, since)
        counts = await self._feed.counts()
        handed = next(
            (one for one in await shifts.latest(self._db, 10) if one.ended_at is not None), None
        )
        fresh = handed is not None and handed.ended_at is not None and handed.ended_at >= since
        found = Before(
            since=since,
            arrived=events.get(journal.Event.ARRIVED, 0),
            answered=events.get(journal.Event.SENT, 0)
            + events.get(journal.Event.ANSWERED_ELSEWHERE, 0),
            waiting=counts.awaiting,
            overdue=counts.overdue,
            promises=len(await self._promises.open_ones()),
            handover=handed.handover if handed is not None and fresh else SafeText(""),
            left_by=handed.operator if handed is not None and fresh else SafeText(""),
        )
        happened = found.arrived or found.answered or found.handover
        return found if happened or found.waiting or found.promises else None

    async def news(self) -> Before | None:
        """What to tell at the start: only after somebody else's shift, never to a lone operator."""
        ended = [one for one in await shifts.latest(self._db, 2) if one.ended_at is not None]
        if not ended or (ended[0].operator == self._duty.operator and not ended[0].handover):
            return None
        return await self.before()

    # Handing over

    async def handover(self) -> str:
        """What the next one has to know, as plain text.

        Who waits, what did not leave, what is promised, complaints, questions to colleagues, facts
        of the day, and connections that do not work.
        """
        now, zone = self._clock.now(), self._settings.hours.zone
        who = self._duty.operator or "—"
        head = tr("Hand-over {when}, {name}").format(
            when=f"{now.astimezone(zone):%d.%m.%Y %H:%M}", name=who
        )
        if self._settings.business:
            head = f"{self._settings.business}. {head}"
        parts = [
            head,
            await self._waiting(),
            await self._not_sent(),
            await self._promised(),
            await self._complaints(),
            await self._asks(),
            await self._facts(),
            self._broken(),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"

    async def save(self, text: str) -> Path:
        """Write a hand-over into the downloads folder, private, never over another file.

        Raises ``InboxError`` with a sentence when it cannot be written.
        """
        folder = self._settings.downloads_dir or default_downloads_dir()
        now = self._clock.now().astimezone(self._settings.hours.zone)
        stem = f"{tr('hand-over')} {now:%Y-%m-%d %H-%M-%S}"
        path = folder / f"{stem}.txt"

        def write() -> None:
            folder.mkdir(parents=True, exist_ok=True)
            try:
                with open(path, "x", encoding="utf-8", opener=_private) as file:
                    file.write(text)
            except FileExistsError:
                raise
            except OSError:
                # Half a hand-over looks like a whole one.
                with contextlib.suppress(OSError):
                    path.unlink()
                raise

        try:
            await asyncio.to_thread(write)
        except OSError as error:
            raise InboxError(
                tr("The file {file} cannot be written ({reason}).").format(
                    file=path, reason=why(error)
                )
            ) from None
        return path

    async def _waiting(self) -> str:
        query = FeedQuery(view=View.AWAITING)
        page = await self._feed.page(query, limit=_LISTED)
        total = await self._feed.total(query)
        if not total:
            return tr("Nobody waits for an answer.")
        head = ntr("{count} waits for an answer:", "{count} wait for an answer:", total)
        return self._list(head.format(count=total), [self._row(row) for row in page.rows], total)

    async def _not_sent(self) -> str:
        query = FeedQuery(view=View.NOT_SENT)
        page = await self._feed.page(query, limit=_LISTED)
        rows = [self._row(row) for row in page.rows]
        return self._list(tr("Answers that did not leave:"), rows, await self._feed.total(query))

    async def _promised(self) -> str:
        found = await self._promises.open_ones()
        if not found:
            return ""
        lines = [self._promise(one) for one in found[:_LISTED]]
        return self._list(tr("Promised:"), lines, len(found))

    def _promise(self, one: Promise) -> str:
        late = " !" if one.due <= self._clock.now() else ""
        return f"{self._when(one.due)}{late} {one.customer or tr('No name')}: {one.phrase}"

    async def _complaints(self) -> str:
        rows = await self._rows(await shifts.complaints(self._db, _LISTED))
        return self._list(tr("Complaints in work:"), [self._row(row) for row in rows], len(rows))

    async def _asks(self) -> str:
        asked = await colleagues.waiting(self._db, _LISTED)
        rows = {row.id: row for row in await self._rows([one for one, _ in asked])}
        lines = [f"{who}: {self._row(rows[one])}" for one, who in asked if one in rows]
        return self._list(tr("Waiting for colleagues:"), lines, len(lines))

    async def _facts(self) -> str:
        facts = [one for one in await self._board.facts() if one.is_current(self._clock.now())]
        lines = [
            f"{one.name}: {one.value}"
            + (f" ({tr('until')} {self._when(one.expires_at)})" if one.expires_at else "")
            for one in facts
        ]
        return self._list(tr("Today:"), lines, len(lines))

    def _broken(self) -> str:
        bad = {HealthState.BROKEN, HealthState.NEEDS_LOGIN, HealthState.WAITING}
        lines = [
            f"{account.title}: {account.health.why or tr('no connection')}"
            for account in self._accounts.list()
            if account.health.state in bad
        ]
        return self._list(tr("Connections that need somebody:"), lines, len(lines))

    async def _rows(self, ids: list[ConversationId]) -> list[FeedRow]:
        rows = [await lists.any_row(self._db, one) for one in ids]
        return [row for row in rows if row is not None]

    def _row(self, row: FeedRow) -> str:
        shorts = {account.id: account.short for account in self._accounts.list()}
        name = row.name or tr("No name")
        due = f" ({tr('until')} {self._when(row.red_at)})" if row.red_at is not None else ""
        said = clean_line(row.preview, limit=100)
        return f"{shorts.get(row.account, '')} {name}{due}: {said}".strip()

    def _when(self, when: datetime) -> str:
        zone = self._settings.hours.zone
        local, today = when.astimezone(zone), self._clock.now().astimezone(zone)
        return f"{local:%H:%M}" if local.date() == today.date() else f"{local:%d.%m %H:%M}"

    @staticmethod
    def _list(head: str, lines: list[str], total: int) -> str:
        if not lines:
            return ""
        rest = total - len(lines)
        more = [ntr("… and {count} more", "… and {count} more", rest).format(count=rest)]
        return "\n".join([head, *(f"— {line}" for line in lines), *(more if rest > 0 else [])])


def _private(path: str, flags: int) -> int:
    """Names and words of customers are for nobody else on this computer."""
    return os.open(path, flags, 0o600)
