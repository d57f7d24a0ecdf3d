"""Reads a mailbox for ever: what was missed first, then whatever arrives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

from smm_inbox.domain.channel import Identity
from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.ids import Cursor, RemoteId
from smm_inbox.domain.message import Batch, Direction, NetworkMessage, Removal
from smm_inbox.domain.text import SafeText, clean_line

from .account import READ, Account
from .copies import Copies
from .cursor import Mark, Position, load
from .failures import Lost, Trouble
from .fates import Sending
from .folders import Layout
from .imap import Imap, Listed
from .shelves import Care, Shelves, Step


@dataclass(slots=True)
class _Session:
    """One connection and what was seen over it."""

    imap: Imap
    layout: Layout


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
                gone = False
                for folder in self._order(session.layout, wide=wide):
                    async for step in self._steps(session, folder, position):
                        position = position.moved(folder.name, step.mark)
                        back = await account.own(account.index.returned)
                        if step.taken or back:
                            yield self._batch(step, back, position)
                            await account.own(partial(account.index.heard, back, "back"))
                    gone = await self._missing(session, folder) or gone
                if gone and not wide:
                    looked = 0.0  # moved to another folder of ours? The whole round tells.
                    continue
                if not told:
                    await self._copies.finish()
                notes = await account.own(account.fates.with_notes)
                lost = await account.own(account.index.lost)
                yield Batch(
                    messages=tuple(self._note(item) for item in notes),
                    removals=self._removals(lost, restored=False),
                    cursor=position.dump(),
                    caught_up=not told,
                )
                await account.own(partial(account.index.heard, lost, "gone"))
                for item in notes:
                    await account.own(partial(account.fates.note_told, item.token))
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

    async def _missing(self, session: _Session, folder: Listed) -> bool:
        """Whether letters left a folder."""
        if folder == session.layout.sent:
            return False  # a deleted copy does not unsend an answer
        shelves = Shelves(self._account, session.imap)
        return await self._account.on(session.imap, lambda: shelves.missing(folder), lane=READ)

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

    def _note(self, sending: Sending) -> NetworkMessage:
        """What became of an answer, told in its conversation."""
        return NetworkMessage(
            place=Place(Kind.DIRECT, RemoteId(sending.thread)),
            remote_id=RemoteId(f"{sending.message_id.strip('<>')}#note"),
            direction=Direction.IN,
            text=SafeText(sending.note),
            sent_at=sending.at,
            automatic=True,
            needs_answer=False,
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
