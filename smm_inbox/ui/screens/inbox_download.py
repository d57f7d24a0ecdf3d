"""Commands of the inbox for what came with a message: choose, save with progress, open, cancel."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from smm_inbox.domain.ids import AccountId, MessageId
from smm_inbox.domain.parts import Attachment
from smm_inbox.domain.text import clean_line
from smm_inbox.locale import tr

from .. import format as fmt
from ..outside import browsable
from ..widgets.painted import Line
from .inbox_scripts import InboxScripts

if TYPE_CHECKING:
    from smm_inbox.domain.feed import MessageRow


@dataclass(frozen=True, slots=True)
class FileChoice:
    """What a line of the list of attachments leads to."""

    save: tuple[int, ...] = ()
    """Numbers of the attachments to save."""
    url: str = ""


@dataclass(slots=True)
class _Saving:
    """Files on their way to the disk."""

    task: asyncio.Task[None] | None = None
    name: str = ""
    done: int = 0
    size: int = 0
    saved: list[Path] = field(default_factory=list)


class InboxDownload(InboxScripts):
    """Attachments."""

    _saving: _Saving | None = None

    def action_message_files(self) -> None:
        """List what came with the message; a single thing is saved or opened at once."""
        message, card = self.talk.selected, self.card
        if message is None or card is None:
            return
        choices = self.choices(message, card.row.account)
        if not choices:
            self.notice(tr("Nothing that could be saved or opened came with this message."))
        elif len(choices) == 1:
            self._chosen(message.id, choices[0][1])
        else:
            from .inbox_pick import PickScreen  # noqa: PLC0415 - when it is first shown

            screen: PickScreen[FileChoice] = PickScreen(tr("Attachments"), choices)
            self.app.push_screen(screen, lambda choice: self._chosen(message.id, choice))

    def choices(
        self, message: MessageRow, account: AccountId
    ) -> Sequence[tuple[Line, FileChoice | None]]:
        """What can be done with the attachments of a message, a line each."""
        attachments = self.services.attachments
        found: list[tuple[Line, FileChoice | None]] = []
        savable: list[int] = []
        for number, item in enumerate(message.attachments):
            if attachments.can_save(account, item):
                savable.append(number)
                choice = FileChoice(save=(number,))
                found.append((_line(item, tr("save")), choice))
            elif browsable(item.url):
                found.append((_line(item, tr("open in the browser")), FileChoice(url=item.url)))
        if len(savable) > 1:
            words = tr("Save all: {count}").format(count=len(savable))
            found.append((Line(((words, "strong"),)), FileChoice(save=tuple(savable))))
        return found

    def _chosen(self, message: MessageId, choice: FileChoice | None) -> None:
        if choice is None:
            return
        if choice.url:
            self.desk.browse(choice.url)
        elif self._saving is not None:
            self.notice(tr("A file is being saved already: wait for it, or cancel it with Esc."))
        else:
            self._saving = _Saving()
            self.desk.background(self._save(message, choice.save), name="save attachments")

    async def _save(self, message: MessageId, numbers: tuple[int, ...]) -> None:
        saving, row = self._saving, await self.services.feed.message(message)
        if saving is None or row is None:
            self._saving = None
            return
        saving.task = asyncio.create_task(self._save_each(saving, row, numbers), name="download")
        try:
            await asyncio.wait({saving.task})
        finally:
            self._saving = None
            saving.task.cancel()
        self.footer.notice("")
        if saving.task.cancelled():
            self.notice(tr("Not saved: cancelled."))
        else:
            saving.task.result()
            self.notice(_saved(saving.saved))

    async def _save_each(self, saving: _Saving, row: MessageRow, numbers: tuple[int, ...]) -> None:
        def tell(done: int, size: int) -> None:
            saving.done, saving.size = done, size
            self._progress()

        for number in numbers:
            item = row.attachments[number]
            saving.name = item.name or fmt.attachment_word(item.kind)
            tell(0, item.size or 0)
            saving.saved.append(await self.services.attachments.save(row.id, number, tell))

    def _progress(self) -> None:
        """Say in the last line how far the file is."""
        saving = self._saving
        if saving is None or not self.is_mounted:
            return
        done = fmt.size(saving.done)
        if saving.size > saving.done:
            done = tr("{done} of {size}").format(done=done, size=fmt.size(saving.size))
        words = tr("Saving “{name}”: {done} · {key} — cancel")
        key = self.key_of("move.back")
        name = clean_line(saving.name, limit=40)
        self.footer.notice(words.format(name=name, done=done, key=key))

    def cancel_saving(self) -> bool:
        """Stop saving; tells whether something was being saved."""
        saving = self._saving
        if saving is None or saving.task is None:
            return False
        saving.task.cancel()
        return True

    def action_move_back(self) -> None:
        """Back to the list; while a file is being saved, stop that first."""
        if not self.cancel_saving():
            super().action_move_back()

    async def action_undo(self) -> None:
        """Take back the last thing done; a file being saved is the last thing."""
        if not self.cancel_saving():
            await super().action_undo()


def _line(item: Attachment, what: str) -> Line:
    return Line(((fmt.attachment(item), "plain"),), ((what + " ", "quiet"),))


def _saved(paths: Sequence[Path]) -> str:
    if not paths:
        return ""
    path = str(paths[-1])
    home = str(Path.home())
    if path.startswith(home + "/"):
        path = "~" + path[len(home) :]
    if len(paths) == 1:
        return tr("Saved: {path}").format(path=clean_line(path))
    folder = clean_line(str(paths[-1].parent))
    return tr("Saved: {count} files in {folder}").format(count=len(paths), folder=folder)
