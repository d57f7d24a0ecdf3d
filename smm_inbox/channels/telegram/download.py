"""Attachments fetched on demand, piece by piece, without ever holding a whole file."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, BinaryIO

from telethon import TelegramClient
from telethon.tl import types

from smm_inbox.channels.base import ProgressReport
from smm_inbox.domain.errors import Rejected, Retry
from smm_inbox.locale import tr

from . import errors
from .account import Account

_PIECE = 128 * 1024
"""Bytes of one request: decrypting it takes no noticeable time."""
_PATIENCE = 30.0
_MOST_NAMES = 1000
_REF = re.compile(r"(-?\d{1,19})_(\d{1,19})")


class Downloads:
    """Writes attachments to files."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def fetch(self, ref: str, target: Path, progress: ProgressReport) -> Path:
        """Write one attachment to ``target`` or beside it; cancelling leaves nothing behind."""
        found = _REF.fullmatch(ref)
        if found is None:
            raise Rejected(tr("This attachment cannot be saved from here."))
        # The message is read anew: references to files expire after some hours.
        message = await self._message(int(found[1]), int(found[2]))
        size = _size(message)
        path, file = _create(target)
        done = False
        try:
            with file:
                got = 0
                async for piece in self._pieces(message):
                    await asyncio.to_thread(file.write, piece)
                    got += len(piece)
                    progress(got, max(size, got))
            done = True
        except OSError as error:
            raise Rejected(
                tr("The file {name} cannot be written: {reason}.").format(
                    name=path.name, reason=error.strerror or type(error).__name__
                )
            ) from None
        finally:
            if not done:
                with contextlib.suppress(OSError):
                    path.unlink()
        return path

    async def _message(self, peer: int, number: int) -> Any:
        if self._account.wire is None:
            raise Retry(tr("No connection to Telegram; try again in a moment."))
        found = await self._account.messages_by_number(peer, [number])
        for message in found:
            if isinstance(message, types.Message) and message.media is not None:
                return message
        raise errors.Gone(tr("The attachment is no longer in Telegram."))

    async def _pieces(self, message: Any) -> AsyncIterator[bytes]:
        """The bytes of a file; every request has its own time."""
        account = self._account
        pieces = await account.run(_begin(message))
        try:
            while True:
                piece = await account.run(lambda _: _next(pieces), within=_PATIENCE)
                if piece is None:
                    return
                yield piece
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                with contextlib.suppress(Exception):
                    await close()


def _begin(message: Any) -> Any:
    async def begin(client: TelegramClient) -> Any:
        return aiter(client.iter_download(message.media, request_size=_PIECE))

    return begin


async def _next(pieces: Any) -> bytes | None:
    return bytes(piece) if (piece := await anext(pieces, None)) is not None else None


def _size(message: Any) -> int:
    document = getattr(message.media, "document", None)
    return int(document.size) if isinstance(document, types.Document) else 0


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
            raise Rejected(
                tr("The file {name} cannot be written: {reason}.").format(
                    name=target.name, reason=error.strerror or type(error).__name__
                )
            ) from None
    raise Rejected(tr("There are too many files called {name}.").format(name=target.name))
