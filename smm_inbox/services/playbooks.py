"""The playbook of the business: shipped, edited as a file, and traced in the journal."""

from __future__ import annotations

from importlib.resources import files

from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.playbook import Advice, Chosen, Playbook, PlaybookError, read_playbook
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import language, tr
from smm_inbox.storage import conversations, journal, shifts
from smm_inbox.storage.database import Database

from .duty import Duty
from .undo import Undo, Undone

_SHOWN_FAULTS = 20


def shipped() -> str:
    """The playbook the program brings along, in the language of the interface."""
    return (files(__package__) / f"playbook.{language()}.toml").read_text(encoding="utf-8")


class PlaybookRefused(InboxError):
    """A text that is no playbook: every fault with its place, a line each."""


class Playbooks:
    """Reading, replacing and following the playbook."""

    def __init__(self, db: Database, clock: Clock, undo: Undo, duty: Duty) -> None:
        self._db = db
        self._clock = clock
        self._undo = undo
        self._duty = duty

    async def text(self) -> str:
        """The playbook as an editable TOML text: that of the business, else the shipped one."""
        return await shifts.playbook(self._db) or shipped()

    async def current(self) -> Playbook:
        """The playbook in force."""
        return read_playbook(await self.text())

    async def replace(self, text: str) -> None:
        """Put another playbook in force; an empty text brings the shipped one back.

        Raises ``PlaybookRefused`` with everything that is wrong; then nothing changed.
        """
        if text:
            try:
                read_playbook(text)
            except PlaybookError as error:
                lines = [
                    f"{clean_line(fault.where)}: {clean_line(tr(fault.expected))}"
                    for fault in error.faults[:_SHOWN_FAULTS]
                ]
                head = tr("This is no playbook yet; nothing was changed:")
                raise PlaybookRefused("\n".join((head, *lines))) from None
        before = await shifts.playbook(self._db)
        async with self._db.transaction() as tx:
            await shifts.put_playbook(tx, text, self._clock.now())
        self._undo.push(lambda: self._put_back(before))

    async def _put_back(self, text: str) -> Undone:
        async with self._db.transaction() as tx:
            await shifts.put_playbook(tx, text, self._clock.now())
        return Undone(SafeText(tr("The playbook is as it was.")))

    async def record(self, conversation: ConversationId, chosen: Chosen, advice: Advice) -> None:
        """Write into the journal where the playbook led."""
        async with self._db.transaction() as tx:
            account = await conversations.account_of(tx, conversation)
            if account is None:
                return
            await journal.write(
                tx,
                journal.Event.PLAYBOOK,
                account,
                self._clock.now(),
                conversation=conversation,
                operator=self._duty.operator,
                value=advice.outcome.id,
                problem="" if advice.problem is None else advice.problem.id,
                answers=" ".join(f"{question}={answer}" for question, answer in chosen.items()),
            )
