"""Attachments of every kind Telegram has, and of those it will have."""

from __future__ import annotations

import re
from collections.abc import Callable

from telethon.tl import types

from smm_inbox.domain.message import Attachment, AttachmentKind
from smm_inbox.domain.text import SafeText, clean_line

from .harvest import Memory
from .keys import marked
from .text import readable

_ADDRESS = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f\"<>\\^`{|}]{1,2000}")


def attached(message: types.Message, ref: str, memory: Memory) -> tuple[Attachment, ...]:
    """Everything that came with one message; ``ref`` names it for a later download."""
    found: list[Attachment] = []
    origin = _forward(message.fwd_from, memory)
    if origin is not None:
        found.append(origin)
    media = message.media
    if media is not None and not isinstance(media, types.MessageMediaEmpty):
        found.append(attachment(media, ref))
    return tuple(found)


def attachment(media: object, ref: str) -> Attachment:
    """One piece of media; a kind that is not known keeps Telegram's word for it."""
    build = _KINDS.get(type(media))
    if build is not None:
        return build(media, ref)
    word = type(media).__name__.removeprefix("MessageMedia")
    return Attachment(AttachmentKind.OTHER, name=clean_line(word, limit=60))


def address(value: object) -> str:
    """A web address that is safe to show and to open; empty when it is none."""
    if isinstance(value, str) and not value.startswith(("http://", "https://")):
        value = f"https://{value}"
    return value if isinstance(value, str) and _ADDRESS.fullmatch(value) else ""


def _forward(header: object, memory: Memory) -> Attachment | None:
    if not isinstance(header, types.MessageFwdHeader):
        return None
    name = clean_line(header.from_name, limit=100)
    peer = marked(header.from_id)
    if not name and peer is not None and (known := memory.people.get(peer)) is not None:
        name = known.name
    return Attachment(AttachmentKind.FORWARD, name=name)


def _photo(media: types.MessageMediaPhoto, ref: str) -> Attachment:
    photo = media.photo
    if not isinstance(photo, types.Photo):
        return Attachment(AttachmentKind.PHOTO)
    return Attachment(AttachmentKind.PHOTO, size=_photo_size(photo), ref=ref)


def _photo_size(photo: types.Photo) -> int | None:
    sizes = [
        max(size.sizes) if isinstance(size, types.PhotoSizeProgressive) else size.size
        for size in photo.sizes
        if isinstance(size, types.PhotoSize)
        or (isinstance(size, types.PhotoSizeProgressive) and size.sizes)
    ]
    return max(sizes, default=None)


def _document(media: types.MessageMediaDocument, ref: str) -> Attachment:
    document = media.document
    if not isinstance(document, types.Document):
        return Attachment(AttachmentKind.DOCUMENT)
    kind, name, duration, text = _described(document)
    return Attachment(
        kind, name=name, size=int(document.size), duration=duration, text=text, ref=ref
    )


def _described(
    document: types.Document,
) -> tuple[AttachmentKind, SafeText, int | None, SafeText]:
    kind, name, duration, text = AttachmentKind.DOCUMENT, SafeText(""), None, SafeText("")
    animated = False
    for entry in document.attributes:
        if isinstance(entry, types.DocumentAttributeFilename):
            name = clean_line(entry.file_name, limit=200)
        elif isinstance(entry, types.DocumentAttributeSticker | types.DocumentAttributeCustomEmoji):
            kind, text = AttachmentKind.STICKER, clean_line(entry.alt, limit=20)
        elif isinstance(entry, types.DocumentAttributeAudio):
            duration = _seconds(entry.duration)
            kind = AttachmentKind.VOICE if entry.voice else AttachmentKind.AUDIO
            text = _song(entry)
        elif isinstance(entry, types.DocumentAttributeVideo):
            duration = _seconds(entry.duration)
            # Stickers that move and GIFs are told as videos too; the more exact word wins.
            if kind is not AttachmentKind.STICKER:
                kind = AttachmentKind.VIDEO
        elif isinstance(entry, types.DocumentAttributeAnimated):
            animated = True
    if kind is AttachmentKind.STICKER:
        return kind, text, None, SafeText("")
    if animated and not name:
        name = SafeText("GIF")
    return kind, name, duration, text


def _song(entry: types.DocumentAttributeAudio) -> SafeText:
    parts = (clean_line(entry.performer, limit=100), clean_line(entry.title, limit=100))
    return SafeText(" — ".join(part for part in parts if part))


def _seconds(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and 0 <= value < 1e9 else None


def _point(geo: object) -> tuple[SafeText, str]:
    if not isinstance(geo, types.GeoPoint):
        return SafeText(""), ""
    words = f"{geo.lat:.6f}, {geo.long:.6f}"
    return SafeText(words), f"https://yandex.ru/maps/?text={geo.lat:.6f},{geo.long:.6f}"


def _location(media: types.MessageMediaGeo | types.MessageMediaGeoLive, _: str) -> Attachment:
    words, url = _point(media.geo)
    return Attachment(AttachmentKind.LOCATION, text=words, url=url)


def _venue(media: types.MessageMediaVenue, _: str) -> Attachment:
    words, url = _point(media.geo)
    names = (clean_line(media.title, limit=100), clean_line(media.address, limit=200))
    name = SafeText(", ".join(part for part in names if part))
    return Attachment(AttachmentKind.LOCATION, name=name, text=words, url=url)


def _contact(media: types.MessageMediaContact, _: str) -> Attachment:
    first = clean_line(media.first_name, limit=100)
    last = clean_line(media.last_name, limit=100)
    return Attachment(
        AttachmentKind.CONTACT,
        name=SafeText(f"{first} {last}".strip()),
        text=clean_line(media.phone_number, limit=30),
    )


def _poll(media: types.MessageMediaPoll, _: str) -> Attachment:
    question = media.poll.question
    words = question.text if isinstance(question, types.TextWithEntities) else question
    return Attachment(AttachmentKind.POLL, name=clean_line(words, limit=300))


def _page(media: types.MessageMediaWebPage, _: str) -> Attachment:
    page = media.webpage
    if not isinstance(page, types.WebPage):
        return Attachment(AttachmentKind.LINK, url=address(getattr(page, "url", None)))
    return Attachment(
        AttachmentKind.LINK,
        name=clean_line(page.title or page.site_name, limit=200),
        url=address(page.url),
        text=readable((page.description or "")[:300]),
    )


def _story(media: types.MessageMediaStory, _: str) -> Attachment:
    return Attachment(AttachmentKind.STORY)


def _dice(media: types.MessageMediaDice, _: str) -> Attachment:
    name = clean_line(media.emoticon, limit=20)
    return Attachment(AttachmentKind.OTHER, name=SafeText(f"{name} {int(media.value)}".strip()))


def _invoice(media: types.MessageMediaInvoice, _: str) -> Attachment:
    return Attachment(
        AttachmentKind.PRODUCT,
        name=clean_line(media.title, limit=200),
        text=clean_line(media.description, limit=300),
    )


def _todo(media: types.MessageMediaToDo, _: str) -> Attachment:
    title = media.todo.title
    words = title.text if isinstance(title, types.TextWithEntities) else title
    return Attachment(AttachmentKind.OTHER, name=clean_line(words, limit=300))


_KINDS: dict[type, Callable[..., Attachment]] = {
    types.MessageMediaPhoto: _photo,
    types.MessageMediaDocument: _document,
    types.MessageMediaGeo: _location,
    types.MessageMediaGeoLive: _location,
    types.MessageMediaVenue: _venue,
    types.MessageMediaContact: _contact,
    types.MessageMediaPoll: _poll,
    types.MessageMediaWebPage: _page,
    types.MessageMediaStory: _story,
    types.MessageMediaDice: _dice,
    types.MessageMediaInvoice: _invoice,
    types.MessageMediaToDo: _todo,
}
