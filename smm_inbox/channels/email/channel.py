"""The email channel as the engine sees it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from smm_inbox.channels.base import ChannelContext, Check, ProgressReport
from smm_inbox.domain.channel import Capabilities, Identity, Limitation, ReplyKind
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import ChannelError, Rejected, Unsupported
from smm_inbox.domain.ids import AccountId, Cursor, RemoteId
from smm_inbox.domain.message import Batch, Outgoing, SendReceipt
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.locale import tr

from . import posting, settings
from .account import Account, Timing
from .copies import Copies
from .folders import Layout
from .imap import Imap
from .reader import Reader
from .sender import Sender

MAX_TEXT = 100_000
MAX_FILES = 20
MAX_FILE = 20 * 2**20
"""Bytes: in Base64 it stays under the 35 MB that Gmail and others take."""

_DOWNLOAD_SECONDS = 3600.0


class EmailChannel:
    """One mailbox."""

    def __init__(self, context: ChannelContext, timing: Timing | None = None) -> None:
        self.account: AccountId = context.account
        self._account = Account(context, settings.read(context.options), timing or Timing())
        self._copies = Copies(self._account)
        self._sender = Sender(self._account, self._copies)
        self._reader = Reader(self._account, self._copies)

    @property
    def capabilities(self) -> Capabilities:
        """What can be offered: letters have no edits, no typing and no length to speak of."""
        layout = self._account.layout
        trash = layout is None or layout.trash is not None
        return Capabilities(
            kinds=frozenset({Kind.DIRECT}),
            reply_kinds={Kind.DIRECT: frozenset({ReplyKind.IN_PLACE})},
            max_text={Kind.DIRECT: MAX_TEXT},
            delete_theirs=frozenset({Kind.DIRECT}) if trash else frozenset(),
            mark_read=True,
            upload={Kind.DIRECT: MAX_FILES},
            max_file_size=MAX_FILE,
            reply_all=self._account.settings.reply_all,
        )

    @property
    def limitations(self) -> tuple[Limitation, ...]:
        """Folders that were asked for and are not there."""
        found = [
            Limitation(
                "folders.read",
                SafeText(
                    tr(
                        "The mailbox has no folder “{name}”: correct its name in the config file."
                    ).format(name=clean_line(name))
                ),
            )
            for name in self._account.missing
        ]
        layout = self._account.layout
        if layout is not None and layout.sent is None:
            found.append(
                Limitation(
                    "sent.read",
                    SafeText(
                        tr(
                            "The folder of sent letters was not found, so answers from the web "
                            "page are not seen: name it in sent_folder."
                        )
                    ),
                )
            )
        return tuple(found)

    async def connect(self) -> Identity:
        """Log in to IMAP; SMTP is tried with the first answer."""
        return await self._reader.connect()

    def updates(self, cursor: Cursor | None) -> AsyncIterator[Batch]:
        """Yield what happened since ``cursor``: catch-up first, then live, for ever."""
        return self._reader.run(cursor)

    async def send(self, message: Outgoing) -> SendReceipt:
        """Deliver one answer; a token that was accepted is never sent again."""
        return await self._sender.send(message)

    async def find_sent(self, message: Outgoing) -> SendReceipt | None:
        """Look whether an answer of unknown fate left."""
        return await self._sender.find_sent(message)

    # --- further powers ---------------------------------------------------------------------------

    async def delete(self, place: Place, remote_id: RemoteId) -> None:
        """Move a letter to the trash; one that is gone already is fine."""

        def errand(imap: Imap, layout: Layout) -> None:
            if layout.trash is None:
                raise _NoFolder
            index = self._account.index
            letter = index.get(str(remote_id))
            if letter is not None:
                posting.transfer(imap, layout, index, [letter], layout.trash)

        await self._errand(errand, tr("The mailbox has no trash: delete it on the web page."))

    async def mark_spam(self, place: Place, *, spam: bool) -> None:
        """Move the customer's letters to the spam folder, or back to the inbox."""
        thread = str(place.conversation)

        def errand(imap: Imap, layout: Layout) -> None:
            target = layout.junk if spam else layout.inbox
            if target is None:
                raise _NoFolder
            index = self._account.index
            letters = index.inbound(thread)
            if not spam:
                # Also those whose leaving was not noticed yet: undo may come within a second.
                letters = [*index.inbound(thread, gone=True), *letters]
            source = None if spam else layout.junk
            posting.transfer(imap, layout, index, letters, target, source=source)

        await self._errand(errand, tr("The mailbox has no spam folder."))

    async def mark_read(self, place: Place) -> None:
        """Mark the customer's letters of a thread as seen."""
        index = self._account.index
        thread = str(place.conversation)

        def errand(imap: Imap, layout: Layout) -> None:
            letters = [item.remote_id for item in index.inbound(thread)]
            posting.flag(imap, layout, index, letters, r"\Seen")

        await self._account.visit(errand)

    async def download(
        self, place: Place, remote_id: RemoteId, ref: str, target: Path, progress: ProgressReport
    ) -> Path:
        """Write an attachment to ``target`` or beside it; cancelling leaves nothing behind."""
        loop = asyncio.get_running_loop()
        index = self._account.index

        def tell(done: int, size: int) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody watches
                loop.call_soon_threadsafe(progress, done, size)

        def errand(imap: Imap, layout: Layout) -> Path:
            pieces = posting.content(imap, layout, index, str(remote_id), ref, tell)
            return _written(target, pieces)

        try:
            return await self._account.visit(errand, within=_DOWNLOAD_SECONDS, alone=True)
        except posting.Gone:
            raise Rejected(
                tr("The attachment is no longer in the mailbox: it was deleted or moved.")
            ) from None

    # --- doctor -----------------------------------------------------------------------------------

    async def diagnose(self) -> list[Check]:
        """Log in to both servers and look at the folders; changes nothing."""
        checks: list[Check] = []
        try:
            await self._account.visit(lambda imap, layout: None)
        except ChannelError as error:
            checks.append(Check("imap", ok=False, sentence=error.told))
        else:
            checks.append(Check("imap", ok=True, sentence=tr("Letters can be read.")))
            checks += [
                Check("folders", ok=False, sentence=item.sentence) for item in self.limitations
            ]
        try:
            await self._sender.check()
        except ChannelError as error:
            checks.append(Check("smtp", ok=False, sentence=error.told))
        else:
            checks.append(Check("smtp", ok=True, sentence=tr("Answers can be sent.")))
        return checks

    async def repair(self) -> list[Check]:
        """Nothing on a mail server can be put right from here."""
        return await self.diagnose()

    async def close(self) -> None:
        """Let go of everything; threads that hang in a socket are left behind."""
        self._reader.drop()
        await self._copies.close()
        self._account.close()

    # --- moving -----------------------------------------------------------------------------------

    async def _errand(self, errand: Callable[[Imap, Layout], None], without_folder: str) -> None:
        try:
            await self._account.visit(errand)
        except _NoFolder:
            raise Unsupported(without_folder) from None


class _NoFolder(Exception):
    """The mailbox lacks the folder an errand needs."""


def _written(target: Path, pieces: Iterator[bytes]) -> Path:
    """Write to a temporary file first: what carries the final name is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name[:100]}.{os.urandom(4).hex()}.part")
    try:
        with part.open("xb") as file:
            file.writelines(pieces)
        return _named(part, target)
    finally:
        part.unlink(missing_ok=True)


def _named(part: Path, target: Path) -> Path:
    for number in range(1, 1000):
        name = target if number == 1 else target.with_stem(f"{target.stem} ({number})")
        try:
            name.touch(exist_ok=False)  # takes the name: two downloads never share it
        except FileExistsError:
            continue
        part.replace(name)
        return name
    raise FileExistsError(target)
