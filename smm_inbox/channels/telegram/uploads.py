"""Files of an answer: uploaded first, then sent as pictures, voice messages or documents."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from telethon.tl import types

from smm_inbox.domain.errors import Rejected, Retry
from smm_inbox.domain.message import AttachmentKind, LocalFile
from smm_inbox.locale import tr

from .account import Account

MAX_FILE = 200 * 1024 * 1024
"""Bytes. Telegram takes 2 GB; what takes longer than five minutes is not an answer."""
MAX_PHOTO = 10 * 1024 * 1024
"""Bytes of a picture sent as such (core.telegram.org/api/files)."""
MAX_ALBUM = 10
"""Files of one album; commonly known, not documented."""

_UPLOAD = 240.0
_PICTURES = {".jpg", ".jpeg", ".png", ".webp"}
_VIDEOS = {".mp4", ".m4v", ".mov"}


@dataclass(frozen=True, slots=True)
class Group:
    """Files that leave as one album."""

    files: tuple[LocalFile, ...]
    first: int
    """Index of its first file among all files of the answer."""


def groups(files: Sequence[LocalFile]) -> list[Group]:
    """Files by albums: Telegram mixes pictures and videos, but neither with documents."""
    found: list[Group] = []
    index = 0
    for kind, run in groupby(files, key=_family):
        together = list(run)
        size = 1 if kind == "voice" else MAX_ALBUM
        for start in range(0, len(together), size):
            part = tuple(together[start : start + size])
            found.append(Group(part, index + start))
        index += len(together)
    return found


def _family(file: LocalFile) -> str:
    if file.kind is AttachmentKind.VOICE:
        return "voice"
    suffix = file.path.suffix.lower()
    if file.kind is AttachmentKind.PHOTO and suffix in _PICTURES and file.size <= MAX_PHOTO:
        return "visual"
    if file.kind is AttachmentKind.VIDEO and suffix in _VIDEOS:
        return "visual"
    return "document"


async def upload(account: Account, file: LocalFile) -> Any:
    """Upload one file and describe it; nothing of this is visible to anybody."""
    _check(file)
    try:
        handle = await account.run(
            lambda client: client.upload_file(str(file.path), file_name=str(file.name)),
            within=_UPLOAD,
        )
    except Retry:
        _check(file)
        raise
    if _family(file) == "visual" and file.kind is AttachmentKind.PHOTO:
        return types.InputMediaUploadedPhoto(handle)
    return types.InputMediaUploadedDocument(
        file=handle,
        mime_type=_mime(file.path),
        attributes=_attributes(file),
        force_file=_family(file) == "document",
    )


def _attributes(file: LocalFile) -> list[Any]:
    found: list[Any] = [types.DocumentAttributeFilename(str(file.name) or file.path.name)]
    if _family(file) == "voice":
        found.append(types.DocumentAttributeAudio(duration=0, voice=True))
    elif _family(file) == "visual":
        found.append(types.DocumentAttributeVideo(duration=0, w=1, h=1, supports_streaming=True))
    return found


def _mime(path: Path) -> str:
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _check(file: LocalFile) -> None:
    if not file.path.is_file():
        raise Rejected(
            tr("The file {name} is no longer on this computer: attach it again.").format(
                name=file.name
            )
        )
    if file.path.stat().st_size > MAX_FILE:
        raise Rejected(tr("The file {name} is too big: 200 MB is the most.").format(name=file.name))
