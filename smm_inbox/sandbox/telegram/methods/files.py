"""Uploading and fetching files."""

from __future__ import annotations

from typing import Any

from smm_inbox.sandbox.telegram.context import Context
from smm_inbox.sandbox.telegram.errors import RpcError
from smm_inbox.sandbox.telegram.media_shapes import DOCUMENTS, media_shape, reference
from smm_inbox.sandbox.telegram.methods.registry import method
from smm_inbox.sandbox.telegram.model import File, Media
from smm_inbox.sandbox.telegram.state import State
from smm_inbox.sandbox.telegram.tl import types

LARGEST_PART = 524_288
_STORED = {
    "image/jpeg": types.storage.FileJpeg,
    "image/png": types.storage.FilePng,
    "video/mp4": types.storage.FileMp4,
}


@method("upload.saveFilePart")
def save_part(context: Context, request: Any) -> object:
    """Keep one part of a file."""
    return _keep(context, request)


@method("upload.saveBigFilePart")
def save_big_part(context: Context, request: Any) -> object:
    """Keep one part of a file of more than 10 MB."""
    return _keep(context, request)


def _keep(context: Context, request: Any) -> bool:
    if not request.bytes:
        raise RpcError("FILE_PART_EMPTY")
    if len(request.bytes) > LARGEST_PART:
        raise RpcError("FILE_PART_TOO_BIG")
    context.state.parts[request.file_id, request.file_part] = request.bytes
    return True


def assemble(state: State, file: Any, mime: str) -> File:
    """Put the parts of an uploaded file together.

    Raises:
        RpcError: FILE_PART_x_MISSING.
    """
    pieces: list[bytes] = []
    for number in range(file.parts):
        piece = state.parts.pop((file.id, number), None)
        if piece is None:
            raise RpcError(f"FILE_PART_{number}_MISSING")
        pieces.append(piece)
    return keep_file(state, b"".join(pieces), mime, file.name)


def keep_file(state: State, content: bytes, mime: str, name: str = "") -> File:
    """Store bytes under a new id."""
    made = File(state.number(), content, mime, name, state.now())
    state.files[made.id] = made
    state.dirty = True
    return made


def media_of(context: Context, sent: Any) -> Media:
    """What a client sends as an attachment.

    Raises:
        RpcError: MEDIA_INVALID, or what is wrong with the file.
    """
    state = context.state
    match sent:
        case types.InputMediaUploadedPhoto():
            file = assemble(state, sent.file, "image/jpeg")
            if not file.content:
                raise RpcError("IMAGE_PROCESS_FAILED")
            return Media("photo", file=file.id, name=file.name, mime=file.mime)
        case types.InputMediaUploadedDocument():
            file = assemble(state, sent.file, sent.mime_type)
            return _document(file, sent.attributes, force=bool(sent.force_file))
        case types.InputMediaPhoto() | types.InputMediaDocument():
            return _known(context, sent)
        case types.InputMediaGeoPoint():
            point = sent.geo_point
            return Media("geo", latitude=point.lat, longitude=point.long)
        case types.InputMediaContact():
            name = f"{sent.first_name} {sent.last_name}".strip()
            return Media("contact", phone=sent.phone_number, text=name)
        case _:
            raise RpcError("MEDIA_INVALID")


def _known(context: Context, sent: Any) -> Media:
    file = context.state.files.get(sent.id.id)
    if file is None:
        raise RpcError("MEDIA_INVALID")
    _check_reference(context, sent.id.file_reference)
    kind = "photo" if isinstance(sent, types.InputMediaPhoto) else "document"
    return Media(kind, file=file.id, name=file.name, mime=file.mime, size=len(file.content))


def _document(file: File, attributes: list[Any], *, force: bool) -> Media:
    made = Media("document", file=file.id, name=file.name, mime=file.mime, size=len(file.content))
    for item in attributes:
        match item:
            case types.DocumentAttributeFilename():
                made.name = item.file_name
            case types.DocumentAttributeAudio() if not force:
                made.kind = "voice" if item.voice else "audio"
                made.seconds = item.duration
            case types.DocumentAttributeVideo() if not force:
                made.kind = "round" if item.round_message else "video"
                made.seconds = int(item.duration)
            case types.DocumentAttributeSticker() if not force:
                made.kind = "sticker"
                made.text = item.alt
    return made


@method("messages.uploadMedia")
def upload_media(context: Context, request: Any) -> object:
    """Turn an upload into a file with an id; albums want that first."""
    made = media_of(context, request.media)
    if made.kind not in {"photo", *DOCUMENTS}:
        raise RpcError("MEDIA_INVALID")
    return media_shape(context.state, made)


@method("upload.getFile")
def get_file(context: Context, request: Any) -> object:
    """A piece of a file."""
    where = request.location
    if request.limit <= 0 or request.limit > 1024 * 1024 or request.limit % 1024:
        raise RpcError("LIMIT_INVALID")
    if isinstance(where, types.InputPeerPhotoFileLocation):
        number = where.photo_id
    elif isinstance(where, types.InputPhotoFileLocation | types.InputDocumentFileLocation):
        number = where.id
        _check_reference(context, where.file_reference)
    else:
        raise RpcError("LOCATION_INVALID")
    file = context.state.files.get(number)
    if file is None:
        raise RpcError("LOCATION_INVALID")
    kind = _STORED.get(file.mime, types.storage.FileUnknown)
    piece = file.content[request.offset : request.offset + request.limit]
    return types.upload.File(type=kind(), mtime=file.date, bytes=piece)


def _check_reference(context: Context, shown: bytes) -> None:
    if shown != reference(context.state):
        raise RpcError("FILE_REFERENCE_EXPIRED")
