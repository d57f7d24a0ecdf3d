"""Files of customers: fetched when the operator wants them, into the downloads folder."""

from __future__ import annotations

import re
from pathlib import Path

from smm_inbox.channels.base import ProgressReport, SupportsDownload
from smm_inbox.config.model import Settings
from smm_inbox.config.paths import default_downloads_dir
from smm_inbox.config.reasons import why
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId, ConversationId, MessageId, RemoteId
from smm_inbox.domain.message import Attachment, AttachmentKind
from smm_inbox.domain.text import clean_line
from smm_inbox.locale import tr
from smm_inbox.storage import reading
from smm_inbox.storage.database import Database
from smm_inbox.storage.rows import load_attachments

from .accounts import Accounts

_BAD = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]+')
"""What some file system takes for more than a letter."""
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST = 180
"""Bytes of a name: file systems take 255, and a number may have to be added."""
_LONGEST_ENDING = 20
_ENDINGS = {
    AttachmentKind.PHOTO: ".jpg",
    AttachmentKind.VIDEO: ".mp4",
    AttachmentKind.VOICE: ".ogg",
    AttachmentKind.AUDIO: ".mp3",
}


class Attachments:
    """What came with messages."""

    def __init__(self, settings: Settings, db: Database, accounts: Accounts) -> None:
        self._settings = settings
        self._db = db
        self._accounts = accounts

    @property
    def folder(self) -> Path:
        """Where files are saved."""
        return self._settings.downloads_dir or default_downloads_dir()

    def can_save(self, account: AccountId, item: Attachment) -> bool:
        """Whether the content can be fetched from here; otherwise only its page can be opened."""
        live = self._accounts.live(account)
        channel = None if live is None else live.channel
        return bool(item.ref) and isinstance(channel, SupportsDownload)

    async def save(self, message: MessageId, number: int, progress: ProgressReport) -> Path:
        """Fetch the attachment ``number`` (from 0) of a message; returns the file written.

        A file that is there keeps its content: the new one gets another name. Cancelling leaves
        nothing behind. Raises ``InboxError`` with a sentence.
        """
        row = await self._db.one(
            "SELECT account, conversation_id, remote_id, attachments FROM messages WHERE id = ?",
            (message,),
        )
        items = () if row is None else load_attachments(row["attachments"])
        if row is None or row["remote_id"] is None or not 0 <= number < len(items):
            raise InboxError(tr("The message is gone."))
        account = AccountId(row["account"])
        if not self.can_save(account, items[number]):
            raise InboxError(tr("This attachment cannot be saved from here: open its page."))
        channel = self._accounts.channel_of(account)
        facts = await reading.facts(self._db, ConversationId(row["conversation_id"]))
        if not isinstance(channel, SupportsDownload) or facts is None:
            raise InboxError(
                tr("No connection right now: the file can be saved once the account is connected.")
            )
        target = self._ready_folder() / file_name(items[number])
        try:
            return await channel.download(
                facts.place, RemoteId(row["remote_id"]), items[number].ref, target, progress
            )
        except OSError as error:
            raise InboxError(
                tr("The file {name} cannot be saved in {folder}: {reason}.").format(
                    name=target.name, folder=self.folder, reason=why(error)
                )
            ) from error

    def _ready_folder(self) -> Path:
        folder = self.folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InboxError(
                tr(
                    "The downloads folder {folder} cannot be created ({reason}): name another one "
                    "in the config file, downloads_dir."
                ).format(folder=folder, reason=why(error))
            ) from error
        return folder


def file_name(item: Attachment) -> str:
    """A name for a file of a stranger: one step of a path, visible, good on every system."""
    name = _BAD.sub("_", clean_line(item.name, limit=1000)).strip(" ._")
    if not name:
        name = str(item.kind) + _ENDINGS.get(item.kind, "")
    if _DEVICE.fullmatch(name):
        name = f"_{name}"
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > _LONGEST_ENDING:
        stem, dot, ending = name, "", ""
    room = _LONGEST - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + dot + ending
