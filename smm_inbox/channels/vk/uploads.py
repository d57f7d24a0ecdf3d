"""Files of an answer: uploaded first, attached by their names on VK."""

from __future__ import annotations

import logging

from smm_inbox.domain.errors import Rejected, Retry
from smm_inbox.domain.message import AttachmentKind, LocalFile, Outgoing
from smm_inbox.locale import tr

from .api import OPERATOR, Api, Params
from .mapping import raw
from .mapping.raw import Raw

_log = logging.getLogger(__name__)

MAX_FILE = 200 * 1024 * 1024
"""Bytes of a document; dev.vk.com/ru/api/upload/document-in-profile."""
MAX_PHOTO = 50 * 1024 * 1024
"""Bytes of a photo; dev.vk.com/ru/api/upload/photo-in-message."""


class Uploader:
    """Uploads the files of one answer, keeping what is done in ``Outgoing.extra``."""

    def __init__(self, api: Api, group_id: int) -> None:
        self._api = api
        self._group_id = group_id

    async def to_message(self, message: Outgoing, peer: int) -> str:
        """Upload for a private message or chat; returns the ``attachment`` parameter."""
        names = []
        for index, file in enumerate(message.files):
            names.append(await self._once(message, index, file, peer))
        return ",".join(names)

    async def to_comment(self, message: Outgoing) -> str:
        """Upload for a comment; returns the ``attachments`` parameter."""
        names = []
        for index, file in enumerate(message.files):
            names.append(await self._once(message, index, file, None))
        return ",".join(names)

    async def _once(self, message: Outgoing, index: int, file: LocalFile, peer: int | None) -> str:
        known = message.extra.get(f"file{index}")
        if known:
            return known
        _check(file)
        name = await self._upload(file, peer)
        message.extra[f"file{index}"] = name
        return name

    async def _upload(self, file: LocalFile, peer: int | None) -> str:
        picture = file.kind is AttachmentKind.PHOTO and file.size <= MAX_PHOTO
        if picture and peer is not None:
            return await self._photo(
                file,
                "photos.getMessagesUploadServer",
                "photos.saveMessagesPhoto",
                {"peer_id": peer},
                {},
            )
        if picture and self._api.rights.can("photos.getWallUploadServer", "photos.saveWallPhoto"):
            group: Params = {"group_id": self._group_id}
            return await self._photo(
                file, "photos.getWallUploadServer", "photos.saveWallPhoto", group, group
            )
        # Under comments a community token may not upload pictures; as a document they go.
        return await self._document(file, peer)

    async def _photo(
        self, file: LocalFile, server: str, save: str, where: Params, saved_where: Params
    ) -> str:
        done = await self._transfer(await self._call(server, where), "photo", file)
        if done.get("photo") in (None, "", "[]"):
            raise Rejected(
                tr(
                    "VK does not take the picture {name}: save it as JPEG or PNG and try again."
                ).format(name=file.name)
            )
        answer = await self._call(
            save,
            {
                **saved_where,
                "server": done.get("server"),
                "photo": done.get("photo"),
                "hash": done.get("hash"),
            },
        )
        return _name("photo", next(iter(raw.items(answer)), {}))

    async def _document(self, file: LocalFile, peer: int | None) -> str:
        voice = file.kind is AttachmentKind.VOICE and peer is not None
        if peer is None:
            target = await self._call("docs.getWallUploadServer", {"group_id": self._group_id})
        else:
            target = await self._call(
                "docs.getMessagesUploadServer",
                {"type": "audio_message" if voice else "doc", "peer_id": peer},
            )
        done = await self._transfer(target, "file", file)
        token = done.get("file")
        if not isinstance(token, str) or not token:
            raise Rejected(
                tr("VK does not take the file {name}: it forbids files of this kind.").format(
                    name=file.name
                )
            )
        answer = raw.obj(await self._call("docs.save", {"file": token, "title": file.name}))
        kind = answer.get("type")
        if not isinstance(kind, str):
            kind = "doc"
        # A voice message is attached by the name of a document as well.
        return _name("doc", raw.obj(answer.get(kind)))

    async def _transfer(self, target: object, field: str, file: LocalFile) -> Raw:
        url = raw.address(raw.obj(target).get("upload_url"))
        if not url:
            raise Retry(tr("VK answers with a fault of its own; we will try again."))
        return await self._api.upload(url, field, file.path, str(file.name) or "file")

    async def _call(self, method: str, params: Params) -> object:
        # Nothing of this is visible to the customer: a lost answer is simply asked for again.
        return await self._api.call(method, params, lane=OPERATOR)


def _check(file: LocalFile) -> None:
    try:
        with file.path.open("rb") as opened:
            size = opened.seek(0, 2)
    except OSError:
        raise Rejected(
            tr("The file {name} is no longer on this computer: attach it again.").format(
                name=file.name
            )
        ) from None
    if size > MAX_FILE:
        raise Rejected(
            tr("The file {name} is too big for VK: 200 MB is the most.").format(name=file.name)
        )


def _name(word: str, saved: Raw) -> str:
    owner, number = raw.integer(saved.get("owner_id")), raw.positive(saved.get("id"))
    if owner is None or number is None:
        raise Retry(tr("VK answers with a fault of its own; we will try again."))
    key = saved.get("access_key")
    return f"{word}{owner}_{number}" + (f"_{key}" if isinstance(key, str) and key else "")


def attachment_names(holder: Raw) -> str:
    """The ``attachment`` parameter that keeps what a message already has, for editing it."""
    names = []
    for entry in raw.items(holder.get("attachments")):
        word = entry.get("type")
        if not isinstance(word, str) or word not in {"photo", "video", "doc", "audio", "wall"}:
            continue
        try:
            names.append(_name(word, raw.obj(entry.get(word))))
        except Retry:
            _log.info("an attachment without a number is not kept")
    return ",".join(names)


__all__ = ["MAX_FILE", "Uploader", "attachment_names"]
