"""The Today board: facts of the shift that scripts tell the customers."""

from __future__ import annotations

from smm_inbox.config.model import Settings
from smm_inbox.domain.board import Fact, read_fact
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr
from smm_inbox.storage import facts, journal
from smm_inbox.storage.database import Database, Transaction

from .duty import Duty
from .undo import Undo, Undone


class Board:
    """Facts of the day; every change can be taken back."""

    def __init__(
        self, settings: Settings, db: Database, clock: Clock, undo: Undo, duty: Duty
    ) -> None:
        self._hours = settings.hours
        self._db = db
        self._clock = clock
        self._undo = undo
        self._duty = duty

    async def facts(self) -> tuple[Fact, ...]:
        """Every fact, expired ones too."""
        return await facts.current(self._db)

    def read(self, line: str) -> Fact | None:
        """What a line says, without storing it; ``None`` while something is missing."""
        return read_fact(line, self._clock.now(), self._hours)

    async def put(self, line: str, *, instead_of: str = "") -> Fact:
        """Store the fact of a line; ``instead_of`` is the name it had before.

        Raises ``InboxError`` with a sentence when the line lacks a name or a value.
        """
        fact = self.read(line)
        if fact is None:
            raise InboxError(tr("Write a name and what is so today: “free tables 3 until 18:00”."))
        before: list[tuple[str, Fact | None]] = []
        async with self._db.transaction() as tx:
            for name in dict.fromkeys(name for name in (instead_of, fact.name) if name):
                before.append((name, await facts.get(tx, name)))
            if instead_of:
                await facts.remove(tx, instead_of)
            await facts.put(tx, fact, self._clock.now(), self._duty.operator)
            await self._note(tx, f"{fact.name}: {fact.value}")
        self._undo.push(lambda: self._put_back(before))
        return fact

    async def remove(self, name: str) -> bool:
        """Take a fact off the board; whether it was there."""
        async with self._db.transaction() as tx:
            before = await facts.get(tx, name)
            if before is None:
                return False
            await facts.remove(tx, name)
            await self._note(tx, f"{before.name}: —")
        self._undo.push(lambda: self._put_back([(name, before)]))
        return True

    async def _put_back(self, before: list[tuple[str, Fact | None]]) -> Undone:
        async with self._db.transaction() as tx:
            for name, _ in before:
                await facts.remove(tx, name)
            for _, fact in before:
                if fact is not None:
                    await facts.put(tx, fact, self._clock.now(), self._duty.operator)
        return Undone(SafeText(tr("The board is as it was.")))

    async def _note(self, tx: Transaction, value: str) -> None:
        await journal.write(
            tx,
            journal.Event.FACT,
            journal.NO_ACCOUNT,
            self._clock.now(),
            operator=self._duty.operator,
            value=value,
        )
