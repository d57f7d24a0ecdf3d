"""photos.* and docs.*: upload addresses and saving what was uploaded."""

from __future__ import annotations

import hashlib
import json

from smm_inbox.sandbox.vk.errors import VkError, invalid
from smm_inbox.sandbox.vk.methods.registry import Context, method
from smm_inbox.sandbox.vk.model import Json
from smm_inbox.sandbox.vk.params import Params
from smm_inbox.sandbox.vk.state import State
from smm_inbox.sandbox.vk.tokens import COMMUNITY_OR_USER, USER_ONLY

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")


@method("photos.getMessagesUploadServer", COMMUNITY_OR_USER, "photos")
def photos_messages_server(ctx: Context, p: Params) -> object:
    """Where to POST a photo for a message."""
    return _photo_server(ctx, -64)


@method("photos.getWallUploadServer", USER_ONLY)
def photos_wall_server(ctx: Context, p: Params) -> object:
    """Where to POST a photo for a post or comment."""
    return _photo_server(ctx, -14)


@method("photos.saveMessagesPhoto", COMMUNITY_OR_USER, "photos")
def save_messages_photo(ctx: Context, p: Params) -> object:
    """The photo that was uploaded, ready to attach."""
    return [_save_photo(ctx, p)]


@method("photos.saveWallPhoto", USER_ONLY)
def save_wall_photo(ctx: Context, p: Params) -> object:
    """The photo that was uploaded, ready for a post or comment."""
    return [_save_photo(ctx, p)]


@method("docs.getMessagesUploadServer", COMMUNITY_OR_USER, "docs")
def docs_messages_server(ctx: Context, p: Params) -> object:
    """Where to POST a document or voice message."""
    return {"upload_url": f"{ctx.state.base}/upload/{p.text('type', 'doc')}?act=add_doc"}


@method("docs.getWallUploadServer", COMMUNITY_OR_USER, "docs")
def docs_wall_server(ctx: Context, p: Params) -> object:
    """Where to POST a document for a post or comment."""
    return {"upload_url": f"{ctx.state.base}/upload/doc?act=add_doc"}


@method("docs.save", COMMUNITY_OR_USER, "docs")
def docs_save(ctx: Context, p: Params) -> object:
    """The document that was uploaded, an object that says its type."""
    state = ctx.state
    parts = p.text("file").split("|")
    upload = state.uploads.get(parts[-1])
    if upload is None:
        raise invalid("file is undefined")
    name, content = upload
    voice = "audio_message" in parts
    if voice:
        saved = state.media.voice(state.owner, max(1, len(content) // 2000))
    else:
        saved = state.media.doc(state.owner, p.text("title") or name, size=len(content))
    kind = str(saved["type"])
    thing = saved[kind]
    if isinstance(thing, dict):
        state.attachments[f"{'doc' if voice else kind}{thing['owner_id']}_{thing['id']}"] = saved
        state.attachments[f"{kind}{thing['owner_id']}_{thing['id']}"] = saved
        state.files[str(thing.get("url") or thing["link_ogg"])] = content
    return saved


def accept(state: State, kind: str, name: str, content: bytes, *, refuse: bool) -> Json:
    """What an upload address answers; a refused photo looks like a success with `[]`."""
    ticket = hashlib.blake2b(
        content + name.encode() + str(len(state.uploads)).encode(), digest_size=16
    ).hexdigest()
    if kind != "photo":
        if refuse:
            return {"error": "unknown error", "error_descr": "file is not accepted"}
        state.uploads[ticket] = (name, content)
        extension = name.rpartition(".")[2] if "." in name else ""
        return {
            "file": f"{state.owner}|0|0|909628|{kind}|{extension}|{len(content)}|"
            f"{name.replace('|', '_')}|{ticket}"
        }
    refused = refuse or not content.startswith(_PICTURES)
    if not refused:
        state.uploads[ticket] = (name, content)
    photo = {
        "markers_restarted": True,
        "photo": f"{ticket[:6]}:w",
        "sizes": [],
        "latitude": 0,
        "longitude": 0,
        "kid": "0",
        "sizes2": [],
    }
    return {
        "server": 909628,
        "photo": "[]" if refused else json.dumps([photo], separators=(",", ":")),
        "hash": ticket,
    }


def _photo_server(ctx: Context, album: int) -> Json:
    return {
        "album_id": album,
        "upload_url": f"{ctx.state.base}/upload/photo?act=do_add",
        "user_id": 0,
        "group_id": ctx.state.group.id,
    }


def _save_photo(ctx: Context, p: Params) -> Json:
    state = ctx.state
    upload = state.uploads.get(p.text("hash"))
    if p.text("photo") in {"", "[]"} or upload is None:
        raise VkError(129) if p.has("hash") else invalid("photo is undefined")
    attachment = state.media.photo(state.owner)
    photo = attachment["photo"]
    if not isinstance(photo, dict):
        raise VkError(10)
    state.attachments[f"photo{photo['owner_id']}_{photo['id']}"] = attachment
    for size in photo["sizes"]:
        state.files[size["url"]] = upload[1]
    return photo
