"""Reads a mailbox for ever: what was missed first, then whatever arrives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial

from smm_inbox.domain.channel import Identity
from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.ids import Cursor, RemoteId
from smm_inbox.domain.message import Batch, Removal, Undelivered
from smm_inbox.domain.text import clean_line

from . import mapping
from .account import READ, Account
from .copies import Copies
from .cursor import Mark, Position, load
from .failures import Lost, Trouble
from .fates import Sending
from .folders import Layout
from .imap import Imap, Listed, Selected
from .index import Known
from .shelves import Care, Shelves, Step
from .tidings import Returned


@dataclass(slots=True)
class _Session:
    """One connection and what was seen over it."""

    imap: Imap
    layout: Layout
    seen: dict[str, Selected] = field(default_factory=dict)
    """How each folder looked when it was last tended."""


@dataclass(frozen=True, slots=True)
class _News:
    """What became of letters that the inbox has."""

    lost: list[str]
    notes: list[Sending]
    answered: list[Known]
    returned: list[Returned]


class Reader:
    """The reading half of a mailbox."""

    def __init__(self, account: Account, copies: Copies) -> None:
        self._account = account
        self._copies = copies
        self._session: _Session | None = None
        self._care: dict[str, Care] = {}
        """Folders whose next letter was answered out of order."""

    async def connect(self) -> Identity:
        """Log in anew; the connection is kept for reading, in place of an older one."""
        account = self._account
        imap = await account.own_imap()
        layout = await account.on(imap, lambda: account.enter(imap), lane=READ)
        self.drop()
        self._session = _Session(imap, layout)
        settings = account.settings
        name = clean_line(settings.name or settings.address)
        address = clean_line(settings.address)
        return Identity(remote_id=settings.address.lower(), name=name, handle=address)

    def drop(self) -> None:
        """End the connection, whatever it is doing."""
        session, self._session = self._session, None
        if session is not None:
            session.imap.abort()

    async def run(self, cursor: Cursor | None) -> AsyncIterator[Batch]:
        """Yield batches until the connection is lost."""
        account = self._account
        if self._session is None:
            await self.connect()
        session = self._session
        if session is None:
            return
        position = load(cursor)
        if position is None:
            await account.own(account.index.forget)
            position = Position()
        told = False
        looked = 0.0
        try:
            while True:
                if told:
                    self._copies.start()
                wide = not told or time.monotonic() - looked >= account.timing.poll
                if wide:
                    looked = time.monotonic()
                    await account.own(account.tidings.ripen)
                for folder in self._order(session.layout, wide=wide):
                    async for step in self._steps(session, folder, position):
                        position = position.moved(folder.name, step.mark)
                        back = await account.own(account.index.returned)
                        if step.taken or back:
                            yield self._batch(step, back, position)
                            await account.own(partial(account.index.heard, back, "back"))
                    position = await self._tend(session, folder, position)
                if not wide and await account.own(account.index.in_doubt):
                    looked = 0.0  # moved to another folder of ours? The whole round tells.
                    continue
                if not told:
                    await self._copies.finish()
                    await account.own(account.tidings.ripen)  # all of it is old
                news = await account.own(self._news)
                yield self._told(news, position, caught_up=not told)
                await account.own(partial(self._heard, news))
                told = True
                await self._wait(session, position)
        finally:
            if self._session is session:
                self.drop()

    def _order(self, layout: Layout, *, wide: bool) -> tuple[Listed, ...]:
        """Folders of one round; sent first: what was answered must not be announced as waiting."""
        return tuple(reversed(layout.watched)) if wide else (layout.inbox,)

    # --- one look at a folder ---------------------------------------------------------------------

    async def _steps(
        self, session: _Session, folder: Listed, position: Position
    ) -> AsyncIterator[Step]:
        mark = position.of(folder.name)
        shelves = Shelves(self._account, session.imap)
        more = True
        while more:
            step = partial(self._step, shelves, folder, mark)
            done = await self._account.on(session.imap, step, lane=READ)
            mark, more = done.mark, done.more
            yield done

    def _step(self, shelves: Shelves, folder: Listed, mark: Mark | None) -> Step:
        care = self._care.get(folder.name, Care.NONE)
        try:
            done = shelves.step(folder, mark, care)
        except Lost as failure:
            if failure.trouble is Trouble.NONSENSE:
                self._care[folder.name] = Care(min(care + 1, Care.SKIP))
            raise
        self._care.pop(folder.name, None)
        return done

    async def _tend(self, session: _Session, folder: Listed, position: Position) -> Position:
        """Look what became of the letters known in a folder."""
        mark = position.of(folder.name)
        if mark is None or folder == session.layout.sent:
            return position  # a deleted copy does not unsend an answer
        shelves = Shelves(self._account, session.imap)
        look = partial(shelves.tend, folder, mark, session.seen.get(folder.name))
        tended, session.seen[folder.name] = await self._account.on(session.imap, look, lane=READ)
        return position.moved(folder.name, tended)

    # --- news of letters known before -------------------------------------------------------------

    def _news(self) -> _News:
        account = self._account
        return _News(
            lost=account.index.lost(),
            notes=account.fates.with_notes(),
            answered=account.tidings.answered(),
            returned=account.tidings.returned(),
        )

    def _told(self, news: _News, position: Position, *, caught_up: bool) -> Batch:
        answered = (mapping.answered_elsewhere(letter) for letter in news.answered)
        return Batch(
            messages=(*map(mapping.note, news.notes), *answered),
            removals=self._removals(news.lost, restored=False),
            undelivered=tuple(self._returned(item) for item in news.returned),
            cursor=position.dump(),
            caught_up=caught_up,
        )

    def _returned(self, item: Returned) -> Undelivered:
        account = self._account
        return mapping.undelivered(item, account.context.account, account.settings)

    def _heard(self, news: _News) -> None:
        """All of it is stored."""
        account = self._account
        account.index.heard(news.lost, "gone")
        for item in news.notes:
            account.fates.note_told(item.token)
        account.tidings.answered_told([letter.remote_id for letter in news.answered])
        account.tidings.returned_told([item.message_id for item in news.returned])

    def _removals(self, remote_ids: list[str], *, restored: bool) -> tuple[Removal, ...]:
        now = self._account.now()
        return tuple(
            Removal(Kind.DIRECT, RemoteId(item), now, restored=restored) for item in remote_ids
        )

    def _batch(self, step: Step, back: list[str], position: Position) -> Batch:
        contacts: dict[str, Contact] = {}
        for taken in step.taken:
            if taken.contact is not None:
                contacts[taken.contact.remote_id] = taken.contact
        return Batch(
            messages=tuple(taken.message for taken in step.taken),
            contacts=tuple(contacts.values()),
            removals=self._removals(back, restored=True),
            cursor=position.dump(),
        )

    # --- waiting ----------------------------------------------------------------------------------

    async def _wait(self, session: _Session, position: Position) -> None:
        """Until something may have happened in the inbox."""
        account, imap, inbox = self._account, session.imap, session.layout.inbox
        if not await account.on(imap, lambda: imap.has("IDLE"), lane=READ):
            await asyncio.sleep(account.timing.poll)
            return

        def idle() -> bool:
            selected = imap.select(inbox)
            mark = position.of(inbox.name)
            if mark is None or (selected.uidnext or 0) > mark.next_uid:
                return True  # it came between the look and the wait
            return imap.idle(account.timing.idle)

        await account.on(imap, idle, lane=READ, within=account.timing.idle + 60.0)
