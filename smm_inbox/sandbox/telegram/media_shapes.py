"""Attachments as TL objects, and what clients send as attachments."""

from __future__ import annotations

from typing import Any

from smm_inbox.sandbox.telegram.model import Media
from smm_inbox.sandbox.telegram.state import State
from smm_inbox.sandbox.telegram.tl import types

DC = 2
DOCUMENTS = {"voice", "video", "round", "audio", "sticker", "animation", "document"}
WIDTH, HEIGHT = 960, 1280


def reference(state: State) -> bytes:
    """The ticket that a file can be fetched with for now."""
    return f"ref-{state.file_version}".encode()


def photo(state: State, file: int) -> Any:
    """A picture in two sizes."""
    held = state.files.get(file)
    size = len(held.content) if held else 0
    return types.Photo(
        id=file,
        access_hash=state.access_hash(0, "file", file),
        file_reference=reference(state),
        date=held.date if held else 0,
        sizes=[types.PhotoSize("m", 240, 320, size), types.PhotoSize("y", WIDTH, HEIGHT, size)],
        dc_id=DC,
    )


def document(state: State, item: Media) -> Any:
    """Any other file."""
    held = state.files.get(item.file)
    return types.Document(
        id=item.file,
        access_hash=state.access_hash(0, "file", item.file),
        file_reference=reference(state),
        date=held.date if held else 0,
        mime_type=item.mime or "application/octet-stream",
        size=item.size or (len(held.content) if held else 0),
        dc_id=DC,
        attributes=_attributes(item),
    )


def _attributes(item: Media) -> list[Any]:
    named = [types.DocumentAttributeFilename(item.name)] if item.name else []
    match item.kind:
        case "voice" | "audio":
            sound = types.DocumentAttributeAudio(
                duration=item.seconds,
                voice=item.kind == "voice",
                title=item.text or None,
                waveform=bytes(range(1, 64)) if item.kind == "voice" else None,
            )
            return [sound, *named]
        case "video" | "round" | "animation":
            moving = types.DocumentAttributeVideo(
                duration=float(item.seconds),
                w=480,
                h=480,
                round_message=item.kind == "round",
                supports_streaming=True,
            )
            if item.kind == "animation":
                return [moving, types.DocumentAttributeAnimated(), *named]
            return [moving, *named]
        case "sticker":
            return [
                types.DocumentAttributeImageSize(512, 512),
                types.DocumentAttributeSticker(
                    alt=item.text, stickerset=types.InputStickerSetEmpty()
                ),
                *named,
            ]
        case _:
            return named


def media_shape(state: State, item: Media) -> Any:
    """What hangs on a message."""
    if item.kind == "photo":
        return types.MessageMediaPhoto(photo=photo(state, item.file))
    if item.kind in DOCUMENTS:
        return types.MessageMediaDocument(
            document=document(state, item),
            video=item.kind == "video",
            round=item.kind == "round",
            voice=item.kind == "voice",
        )
    match item.kind:
        case "geo":
            return types.MessageMediaGeo(_point(item))
        case "venue":
            return types.MessageMediaVenue(
                geo=_point(item),
                title=item.name,
                address=item.text,
                provider="foursquare",
                venue_id="",
                venue_type="",
            )
        case "contact":
            first, _, last = item.text.partition(" ")
            return types.MessageMediaContact(item.phone, first, last, "", 0)
        case "poll":
            return _poll(item)
        case "dice":
            return types.MessageMediaDice(value=4, emoticon=item.text or "🎲")
        case "link":
            page = types.WebPage(
                id=1, url=item.url, display_url=item.url, hash=0, title=item.text or None
            )
            return types.MessageMediaWebPage(page)
        case _:
            return types.MessageMediaUnsupported()


def _point(item: Media) -> Any:
    return types.GeoPoint(long=item.longitude, lat=item.latitude, access_hash=1)


def _poll(item: Media) -> Any:
    def words(text: str) -> Any:
        return types.TextWithEntities(text, [])

    answers = [
        types.PollAnswer(words(text), bytes([48 + number]))
        for number, text in enumerate(item.choices)
    ]
    return types.MessageMediaPoll(
        poll=types.Poll(id=77, question=words(item.text), answers=answers, hash=0),
        results=types.PollResults(),
    )
