"""Scripts: prepared replies, kept, found, filled in and counted. None of them leaves by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from smm_inbox.config.model import Settings
from smm_inbox.domain import script
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.fold import fold
from smm_inbox.domain.ids import ConversationId, MessageId, ScriptId
from smm_inbox.domain.prepared import Script, Wording
from smm_inbox.domain.script import Rendered
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr
from smm_inbox.storage import journal
from smm_inbox.storage import scripts as stored
from smm_inbox.storage.database import Database, Transaction

from . import script_file
from .duty import Duty
from .feed import Feed
from .names import Names
from .script_values import values_of
from .script_words import labels
from .undo import Undo, Undone


class ScriptRefused(InboxError):
    """The script cannot be kept as it is; nothing changed."""


class ImportRefused(InboxError):
    """Nothing was imported; ``problems`` says everything that is wrong."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    added: int = 0
    changed: int = 0
    same: int = 0
    left_out: tuple[str, ...] = ()
    """Problems of the scripts that were left out."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What scripts are filled in with at one moment: a preview needs no further question."""

    values: script.Values
    texts: Mapping[str, str]
    """Texts of all scripts by their folded names."""
    now: datetime

    def fill(self, source: Script | str) -> Rendered:
        """Text of a script with its variables filled in."""
        name, body = ("", source) if isinstance(source, str) else (source.name, source.body)
        return script.render(body, self.values, self.texts, self.now, name=name, labels=labels())


class Scripts:
    """Commands and questions about scripts."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        clock: Clock,
        feed: Feed,
        undo: Undo,
        names: Names,
        duty: Duty,
    ) -> None:
        self._settings = settings
        self._db = db
        self._clock = clock
        self._feed = feed
        self._undo = undo
        self._names = names
        self._duty = duty
        self._kept: tuple[tuple[int, ...], tuple[Script, ...]] | None = None

    # Reading

    async def all(self) -> tuple[Script, ...]:
        """Every script, folder by folder; the first call ever puts in the starter set."""
        if not await stored.started(self._db):
            await self._put_in_starters()
        stamp = await stored.stamp(self._db)
        if self._kept is None or self._kept[0] != stamp:
            self._kept = (stamp, await stored.every(self._db))
        return self._kept[1]

    async def filling(self, conversation: ConversationId, message: MessageId | None) -> Filling:
        """Everything that is needed to fill in scripts for an answer to a message."""
        now = self._clock.now()
        card = await self._feed.card(conversation)
        values = script.Values()
        if card is not None:
            target = message or card.reply_target
            row = None if target is None else await self._feed.message(target)
            values = await values_of(
                self._db, self._settings, self._duty.operator, self._names, card, row, now
            )
        texts = {fold(one.name): str(one.body) for one in await self.all()}
        return Filling(values, texts, now)

    async def fill_in(
        self, source: Script | str, conversation: ConversationId, message: MessageId | None
    ) -> Rendered:
        """Text of a script for an answer to a message, with its variables filled in."""
        return (await self.filling(conversation, message)).fill(source)

    # Changing

    async def note_insertion(self, conversation: ConversationId, which: ScriptId) -> None:
        """A script was put into the draft of a conversation: it counts when the draft is sent."""
        async with self._db.transaction() as tx:
            await stored.put_into_draft(tx, conversation, which)

    async def add(self, wording: Wording) -> ScriptId:
        """Keep a new script; raises ``ScriptRefused``."""
        async with self._db.transaction() as tx:
            await self._accept(tx, wording, None)
            which = await stored.add(tx, wording, self._clock.now())
            await self._write(tx, "added", wording)
        self._undo.push(lambda: self._undo_add(which))
        return which

    async def change(self, which: ScriptId, wording: Wording) -> None:
        """Write a script anew; its history stays. Raises ``ScriptRefused``."""
        async with self._db.transaction() as tx:
            old = await self._present(tx, which)
            await self._accept(tx, wording, which)
            await stored.change(tx, which, wording, self._clock.now())
            await self._write(tx, "changed", wording)
        self._undo.push(lambda: self._undo_change(which, old.wording))

    async def remove(self, which: ScriptId) -> None:
        """Delete a script; undo brings it back with its history."""
        async with self._db.transaction() as tx:
            old = await self._present(tx, which)
            place = await stored.place_of(tx, which)
            links = await stored.remove(tx, which)
            await self._write(tx, "removed", old.wording)

        async def bring_back() -> Undone | None:
            async with self._db.transaction() as tx:
                if await stored.named(tx, old.name) is not None:
                    raise ScriptRefused(_taken(old.name))
                await stored.bring_back(tx, old, place, links)
                await self._write(tx, "added", old.wording)
            return Undone(SafeText(_said(tr("The script “{name}” is back."), old.name)))

        self._undo.push(bring_back)

    async def _undo_add(self, which: ScriptId) -> Undone | None:
        async with self._db.transaction() as tx:
            old = await stored.one(tx, which)
            if old is None:
                return None
            await stored.remove(tx, which)
            await self._write(tx, "removed", old.wording)
        return Undone(SafeText(_said(tr("The script “{name}” is not kept."), old.name)))

    async def _undo_change(self, which: ScriptId, wording: Wording) -> Undone | None:
        async with self._db.transaction() as tx:
            if await stored.one(tx, which) is None:
                return None
            await self._accept(tx, wording, which)
            await stored.change(tx, which, wording, self._clock.now())
            await self._write(tx, "changed", wording)
        return Undone(SafeText(_said(tr("The script “{name}” is as it was."), wording.name)))

    async def _present(self, tx: Transaction, which: ScriptId) -> Script:
        old = await stored.one(tx, which)
        if old is None:
            raise ScriptRefused(tr("There is no such script any more."))
        return old

    async def _accept(self, tx: Transaction, wording: Wording, which: ScriptId | None) -> None:
        """Judge a script as a file of scripts would be judged."""
        contents = script_file.read(script_file.write([wording]))
        if contents.problems:
            problem = contents.problems[0]
            raise ScriptRefused(
                script_file.FileProblem("", problem.what, problem.expected).sentence
            )
        other = await stored.named(tx, wording.name)
        if other is not None and other.id != which:
            raise ScriptRefused(_taken(wording.name))

    async def _write(self, tx: Transaction, what: str, wording: Wording) -> None:
        self._kept = None
        await journal.write(
            tx,
            journal.Event.SCRIPTS,
            journal.NO_ACCOUNT,
            self._clock.now(),
            operator=self._duty.operator,
            what=what,
            script=str(wording.name),
        )

    # Files

    async def export_text(self) -> str:
        """All scripts as TOML; importing it gives the same scripts."""
        return script_file.write(one.wording for one in await self.all())

    async def import_text(
        self, text: str, *, label: str = "", overwrite: bool = False, skip: bool = False
    ) -> Imported:
        """Take scripts out of a file, all in one transaction.

        Args:
            text: TOML.
            label: Name of the file, for problems.
            overwrite: A script that is here with another wording is written anew; otherwise that is
                a problem.
            skip: Leave out the scripts with a problem; otherwise one problem stops everything.

        Raises:
            ImportRefused: with every problem; nothing changed.
        """
        present = {fold(one.name): one for one in await self.all()}
        contents = script_file.read(text, label=label)
        problems = [problem.sentence for problem in contents.problems]
        taken: list[Wording] = []
        for wording in contents.wordings:
            old = present.get(fold(wording.name))
            if old is not None and old.wording != wording and not overwrite:
                problems.append(
                    _said(tr("“{name}” is here already with another text."), wording.name)
                )
            else:
                taken.append(wording)
        if not skip or not taken:
            problems += _missing(taken, present)
        else:
            taken = _closed(taken, present, problems)
        if problems and not (skip and taken):
            raise ImportRefused(problems)
        return await self._store(taken, present, tuple(problems))

    async def _store(
        self, taken: Iterable[Wording], present: dict[str, Script], left_out: tuple[str, ...]
    ) -> Imported:
        now = self._clock.now()
        added = changed = same = 0
        async with self._db.transaction() as tx:
            for wording in taken:
                old = present.get(fold(wording.name))
                if old is None:
                    await stored.add(tx, wording, now)
                    await self._write(tx, "added", wording)
                    added += 1
                elif old.wording != wording:
                    await stored.change(tx, old.id, wording, now)
                    await self._write(tx, "changed", wording)
                    changed += 1
                else:
                    same += 1
        return Imported(added, changed, same, left_out)

    async def _put_in_starters(self) -> None:
        contents = script_file.read(starter_text())
        async with self._db.transaction() as tx:
            if await stored.started(tx):
                return
            if not await stored.every(tx):
                for wording in contents.wordings:
                    await stored.add(tx, wording, self._clock.now())
            await stored.start(tx)


def starter_text() -> str:
    """The scripts that come with the program, as TOML."""
    source = files("smm_inbox.services").joinpath("starter_scripts.toml")
    return source.read_text(encoding="utf-8")


def _missing(taken: Collection[Wording], present: Collection[str]) -> list[str]:
    """Scripts that put in another one that is neither in the file nor here."""
    known = {fold(wording.name) for wording in taken} | set(present)
    return [
        _said(tr("“{name}” puts in a script that does not exist: {other}."), wording.name, other)
        for wording in taken
        for other in sorted(script.nested_in(wording.body) - known)
    ]


def _closed(taken: list[Wording], present: Collection[str], problems: list[str]) -> list[Wording]:
    """Leave out what would put in a script that is left out, until nothing more falls."""
    while missing := _missing(taken, present):
        problems += missing
        known = {fold(wording.name) for wording in taken} | set(present)
        taken = [one for one in taken if script.nested_in(one.body) <= known]
    return taken


def _taken(name: str) -> str:
    return _said(tr("There is a script “{name}” already: choose another name."), name)


def _said(sentence: str, name: str, other: str = "") -> str:
    return sentence.replace("{name}", name).replace("{other}", other)
