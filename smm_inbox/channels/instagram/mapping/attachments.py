"""Attachments: every kind becomes a line, an unknown one too."""

from __future__ import annotations

from pathlib import PurePosixPath

from smm_inbox.domain.message import Attachment, AttachmentKind
from smm_inbox.domain.text import clean, clean_line
from smm_inbox.locale import tr

from . import raw

_FETCHED = frozenset(
    {
        AttachmentKind.PHOTO,
        AttachmentKind.VIDEO,
        AttachmentKind.VOICE,
        AttachmentKind.DOCUMENT,
        AttachmentKind.STORY,
    }
)
INBOX = "https://www.instagram.com/direct/inbox/"
_SOUND = frozenset({".m4a", ".mp3", ".ogg", ".wav", ".aac", ".opus"})
_HOOK_KINDS = {
    "image": AttachmentKind.PHOTO,
    "video": AttachmentKind.VIDEO,
    "audio": AttachmentKind.VOICE,
    "file": AttachmentKind.DOCUMENT,
    "ig_reel": AttachmentKind.POST,
    "ig_post": AttachmentKind.POST,
    "reel": AttachmentKind.POST,
    "share": AttachmentKind.POST,
    "story_mention": AttachmentKind.STORY,
    "ig_story": AttachmentKind.STORY,
    "sticker": AttachmentKind.STICKER,
    "like_heart": AttachmentKind.STICKER,
}


def media_ref(key: str, url: str) -> str:
    """What is needed to fetch content: the attachment's id, and its address as it was told first.

    Addresses die within days, stories within one; by the id the message tells a fresh one.
    """
    return f"{key or '-'} {url}" if url else ""


def split_ref(ref: str) -> tuple[str, str]:
    """Id and address behind ``media_ref``; two empty ones when it is none."""
    key, _, url = ref.partition(" ")
    return (key, url) if raw.address(url) else ("", "")


def of_message(message: raw.Raw) -> tuple[Attachment, ...]:
    """Everything that hangs on a direct message."""
    found = [one(entry) for entry in raw.data(message.get("attachments"))]
    found += [_share(entry) for entry in raw.data(message.get("shares"))]
    found += _story(raw.obj(message.get("story")))
    if message.get("is_unsupported") is True:
        found.append(unsupported())
    return tuple(found)


def one(entry: raw.Raw) -> Attachment:
    """One attachment, by the data it brings."""
    image, video = raw.obj(entry.get("image_data")), raw.obj(entry.get("video_data"))
    name = clean_line(entry.get("name"), limit=200)
    key = raw.identifier(entry.get("id"))
    if image:
        sticker = image.get("render_as_sticker") is True
        kind = AttachmentKind.STICKER if sticker else AttachmentKind.PHOTO
        url = raw.address(image.get("url"))
        return Attachment(kind, name, url=url, ref=media_ref(key, url))
    if video:
        url = raw.address(video.get("url"))
        return Attachment(AttachmentKind.VIDEO, name, url=url, ref=media_ref(key, url))
    if "file_url" in entry:
        url = raw.address(entry.get("file_url"))
        size = raw.count(entry.get("size"))
        return Attachment(_kind_of_file(name), name, size, url, ref=media_ref(key, url))
    word = next((key for key in entry if key != "id"), "")
    return Attachment(AttachmentKind.OTHER, name or clean_line(word, limit=60), url=INBOX)


def hooked(entry: raw.Raw) -> Attachment:
    """One attachment as a webhook brings it."""
    word = clean_line(entry.get("type"), limit=60)
    payload = raw.obj(entry.get("payload"))
    kind = _HOOK_KINDS.get(word, AttachmentKind.OTHER)
    name = clean_line(payload.get("title"), limit=200)
    if kind is AttachmentKind.OTHER:
        name = name or word
    elif word == "story_mention":
        name = clean_line(tr("mentions you in a story"))
    url = raw.address(payload.get("url"))
    return Attachment(
        kind, name, url=url or INBOX, ref=media_ref("", url) if kind in _FETCHED else ""
    )


def unsupported() -> Attachment:
    """What Instagram shows only in its own app: voice, GIF, view-once pictures, private reels."""
    name = tr("Instagram shows this only in its own app: open it there")
    return Attachment(AttachmentKind.OTHER, clean_line(name), url=INBOX)


def story_id(message: raw.Raw) -> str:
    """The id of the story a message answers or mentions us in."""
    story = raw.obj(message.get("story"))
    told = raw.obj(story.get("reply_to")) or raw.obj(story.get("mention"))
    return raw.identifier(told.get("id"))


def _share(entry: raw.Raw) -> Attachment:
    name = clean_line(entry.get("name"), limit=200)
    text = clean(entry.get("description"), limit=2000)
    url = raw.address(entry.get("link"))
    return Attachment(AttachmentKind.POST, name, url=url or INBOX, text=text)


def _story(story: raw.Raw) -> list[Attachment]:
    found: list[Attachment] = []
    for key, told in story.items():
        entry = raw.obj(told)
        name = tr("mentions you in a story") if key == "mention" else tr("answer to your story")
        url = raw.address(entry.get("link"))
        found.append(
            Attachment(
                AttachmentKind.STORY,
                clean_line(name),
                url=url,
                ref=media_ref(raw.identifier(entry.get("id")), url),
            )
        )
    return found


def _kind_of_file(name: str) -> AttachmentKind:
    suffix = PurePosixPath(name).suffix.lower()
    if name.lower().startswith("audioclip"):
        return AttachmentKind.VOICE
    return AttachmentKind.AUDIO if suffix in _SOUND else AttachmentKind.DOCUMENT
