"""Attachments of every kind VK has, and of those it will have."""

from __future__ import annotations

from collections.abc import Callable

from smm_inbox.domain.message import Attachment, AttachmentKind
from smm_inbox.domain.text import SafeText, clean_line

from . import raw
from .keys import SITE
from .mentions import readable
from .raw import Raw

_MOST = 50
"""More attachments than this on one message are noise: VK itself allows ten."""


def attached(holder: Raw) -> tuple[Attachment, ...]:
    """Everything that came with a message or comment: files, a place, forwarded messages."""
    found = [attachment(entry) for entry in raw.items(holder.get("attachments"))[:_MOST]]
    place = location(holder.get("geo"))
    if place is not None:
        found.append(place)
    found.extend(forwarded(entry) for entry in raw.items(holder.get("fwd_messages"))[:_MOST])
    return tuple(found)


def attachment(entry: Raw) -> Attachment:
    """One entry of ``attachments``; a kind that is not known keeps VK's word for it."""
    kind = entry.get("type")
    word = kind if isinstance(kind, str) else ""
    body = raw.obj(entry.get(word))
    build = _KINDS.get(word)
    if build is not None:
        return build(body)
    return Attachment(
        AttachmentKind.OTHER,
        name=clean_line(word, limit=60),
        url=raw.address(body.get("url")),
        text=clean_line(body.get("title") or body.get("name"), limit=300),
    )


def location(value: object) -> Attachment | None:
    """The place of a message; ``None`` when it has none."""
    if not isinstance(value, dict):
        return None
    place = raw.obj(value.get("place"))
    point = value.get("coordinates")
    latitude, longitude = _point(point)
    text = f"{latitude}, {longitude}" if latitude is not None and longitude is not None else ""
    url = f"https://yandex.ru/maps/?text={latitude},{longitude}" if text else ""
    return Attachment(
        AttachmentKind.LOCATION,
        name=clean_line(place.get("title"), limit=200),
        url=url,
        text=SafeText(text),
    )


def forwarded(entry: Raw) -> Attachment:
    """A forwarded message with its text; what hangs on it is told by its number only."""
    inner = len(raw.items(entry.get("attachments"))) + len(raw.items(entry.get("fwd_messages")))
    mark = f" (+{inner})" if inner else ""
    return Attachment(
        AttachmentKind.FORWARD, text=SafeText(f"{readable(entry.get('text'))}{mark}".strip())
    )


def largest(sizes: object) -> str:
    """Address of the biggest picture of a list of sizes."""
    best, area = "", -1
    for size in raw.items(sizes):
        url = raw.address(size.get("url") or size.get("src"))
        surface = (raw.count(size.get("width")) or 0) * (raw.count(size.get("height")) or 0)
        if url and surface >= area:
            best, area = url, surface
    return best


def _point(value: object) -> tuple[float | None, float | None]:
    if isinstance(value, dict):
        return _degrees(value.get("latitude")), _degrees(value.get("longitude"))
    if isinstance(value, str):  # comments and posts send "59.9 30.3"
        parts = value.split()[:2]
        if len(parts) == 2:
            return _degrees(parts[0]), _degrees(parts[1])
    return None, None


def _degrees(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return round(number, 6) if -180 <= number <= 180 else None


def _page(word: str, body: Raw) -> str:
    owner = raw.integer(body.get("owner_id"))
    number = raw.integer(body.get("id"))
    return f"{SITE}/{word}{owner}_{number}" if owner is not None and number is not None else ""


def _title(body: Raw, *names: str) -> SafeText:
    for name in names:
        if text := clean_line(body.get(name), limit=300):
            return text
    return SafeText("")


def _photo(body: Raw) -> Attachment:
    url = largest(body.get("sizes")) or _page("photo", body)
    return Attachment(AttachmentKind.PHOTO, url=url, text=readable(body.get("text")))


def _video(body: Raw) -> Attachment:
    return Attachment(
        AttachmentKind.VIDEO,
        name=_title(body, "title"),
        url=_page("video", body),
        duration=raw.count(body.get("duration")),
    )


def _audio(body: Raw) -> Attachment:
    parts = (_title(body, "artist"), _title(body, "title"))
    return Attachment(
        AttachmentKind.AUDIO,
        name=SafeText(" — ".join(part for part in parts if part)),
        url=raw.address(body.get("url")),
        duration=raw.count(body.get("duration")),
    )


def _voice(body: Raw) -> Attachment:
    return Attachment(
        AttachmentKind.VOICE,
        url=raw.address(body.get("link_mp3")) or raw.address(body.get("link_ogg")),
        duration=raw.count(body.get("duration")),
        text=readable(body.get("transcript")),
    )


def _document(body: Raw) -> Attachment:
    return Attachment(
        AttachmentKind.DOCUMENT,
        name=_title(body, "title"),
        size=raw.count(body.get("size")),
        url=raw.address(body.get("url")),
    )


def _graffiti(body: Raw) -> Attachment:
    return Attachment(
        AttachmentKind.PHOTO,
        name=SafeText("graffiti"),
        url=raw.address(body.get("url")) or largest(body.get("sizes")),
    )


def _sticker(body: Raw) -> Attachment:
    return Attachment(AttachmentKind.STICKER, url=largest(body.get("images")))


def _gift(body: Raw) -> Attachment:
    url = raw.address(body.get("thumb_256")) or raw.address(body.get("thumb_96"))
    return Attachment(AttachmentKind.GIFT, url=url)


def _link(body: Raw) -> Attachment:
    return Attachment(
        AttachmentKind.LINK,
        name=_title(body, "title", "caption"),
        url=raw.address(body.get("url")),
        text=readable(body.get("description")),
    )


def _post(body: Raw) -> Attachment:
    return Attachment(AttachmentKind.POST, url=_page("wall", body), text=readable(body.get("text")))


def _comment(body: Raw) -> Attachment:
    owner = raw.integer(body.get("owner_id"))
    post, number = raw.positive(body.get("post_id")), raw.positive(body.get("id"))
    url = f"{SITE}/wall{owner}_{post}?reply={number}" if owner and post and number else ""
    return Attachment(AttachmentKind.COMMENT, url=url, text=readable(body.get("text")))


def _product(body: Raw) -> Attachment:
    owner, number = raw.integer(body.get("owner_id")), raw.integer(body.get("id"))
    url = f"{SITE}/market{owner}?w=product{owner}_{number}" if owner and number else ""
    price = clean_line(raw.obj(body.get("price")).get("text"), limit=60)
    return Attachment(AttachmentKind.PRODUCT, name=_title(body, "title"), url=url, text=price)


def _poll(body: Raw) -> Attachment:
    return Attachment(AttachmentKind.POLL, name=_title(body, "question"), url=_page("poll", body))


def _story(body: Raw) -> Attachment:
    return Attachment(AttachmentKind.STORY, url=_page("story", body))


def _call(body: Raw) -> Attachment:
    return Attachment(
        AttachmentKind.CALL,
        name=_title(body, "state"),
        duration=raw.count(body.get("duration")),
        url=raw.address(body.get("join_link")),
    )


def _contact(body: Raw) -> Attachment:
    return Attachment(
        AttachmentKind.CONTACT, name=_title(body, "name", "title"), text=_title(body, "phone")
    )


_KINDS: dict[str, Callable[[Raw], Attachment]] = {
    "photo": _photo,
    "posted_photo": _photo,
    "video": _video,
    "audio": _audio,
    "audio_message": _voice,
    "doc": _document,
    "graffiti": _graffiti,
    "sticker": _sticker,
    "ugc_sticker": _sticker,
    "gift": _gift,
    "link": _link,
    "wall": _post,
    "wall_reply": _comment,
    "market": _product,
    "poll": _poll,
    "story": _story,
    "call": _call,
    "group_call_in_progress": _call,
    "contact": _contact,
}
