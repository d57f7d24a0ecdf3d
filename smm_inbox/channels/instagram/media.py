"""Pictures and files of customers, fetched on demand through the proxy of the account."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import BinaryIO

from smm_inbox.channels.base import ProgressReport
from smm_inbox.domain.errors import Rejected
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import Attachment
from smm_inbox.locale import tr

from . import errors
from .account import Account
from .failures import Failure, MediaGone
from .mapping import attachments

_MOST_NAMES = 1000


class Media:
    """Writes attachments to files."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def fetch(
        self, message: RemoteId, ref: str, target: Path, progress: ProgressReport
    ) -> Path:
        """Write one attachment to ``target`` or beside it; cancelling leaves nothing behind."""
        key, url = attachments.split_ref(ref)
        if not url:
            raise Rejected(tr("This attachment cannot be saved from here: open its page."))
        path, file = _create(target)
        done = False
        try:
            with file:
                await self._write(message, key, url, file, progress)
            done = True
        except OSError as error:
            raise Rejected(_unwritable(path, error)) from None
        finally:
            if not done:
                with contextlib.suppress(OSError):
                    path.unlink()
        return path

    async def _write(
        self, message: RemoteId, key: str, url: str, file: BinaryIO, progress: ProgressReport
    ) -> None:
        if await self._copy(url, file, progress):
            return
        fresh = await self._fresh(message, key)
        if fresh == url or not fresh or not await self._copy(fresh, file, progress):
            raise errors.Gone(tr("Instagram does not keep this file any more."))

    async def _copy(self, url: str, file: BinaryIO, progress: ProgressReport) -> bool:
        """Copy what an address holds; false when the address has died."""
        got = 0
        try:
            async for piece, told in self._account.client.media(url):
                await asyncio.to_thread(file.write, piece)
                got += len(piece)
                progress(got, max(told, got))
        except MediaGone:
            return False
        except Failure as failure:
            error = errors.translate(failure, effect=False, now=self._account.context.clock.now())
        else:
            return True
        raise error

    async def _fresh(self, message: RemoteId, key: str) -> str:
        """The address the message tells now; empty when it tells none."""
        wanted = ("id", "attachments", "story")
        told = await self._account.api.read(str(message), wanted, direct=True, urgent=True)
        found = [item for item in attachments.of_message(told) if item.ref]
        same = [item for item in found if attachments.split_ref(item.ref)[0] == key]
        chosen: Attachment | None = next(iter(same or (found if len(found) == 1 else ())), None)
        return "" if chosen is None else attachments.split_ref(chosen.ref)[1]


def _create(target: Path) -> tuple[Path, BinaryIO]:
    """A file that did not exist, with a number behind its name when that is taken."""
    for number in range(1, _MOST_NAMES):
        name = target.name if number == 1 else f"{target.stem} ({number}){target.suffix}"
        path = target.with_name(name)
        try:
            return path, path.open("xb")
        except FileExistsError:
            continue
        except OSError as error:
            raise Rejected(_unwritable(path, error)) from None
    raise Rejected(tr("There are too many files called {name}.").format(name=target.name))


def _unwritable(path: Path, error: OSError) -> str:
    return tr("The file {name} cannot be written: {reason}.").format(
        name=path.name, reason=error.strerror or type(error).__name__
    )
