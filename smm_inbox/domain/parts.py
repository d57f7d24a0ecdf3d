"""What a message is made of on both sides of the border: direction, state, attachments."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .text import SafeText


class Direction(StrEnum):
    """Who wrote it: the customer (``in``) or the business (``out``)."""

    IN = "in"
    OUT = "out"


class InState(StrEnum):
    """State of an inbound message."""

    AWAITING = "awaiting"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


class AttachmentKind(StrEnum):
    """Kinds of attachments; ``other`` is anything this version does not know."""

    PHOTO = "photo"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    DOCUMENT = "document"
    STICKER = "sticker"
    LINK = "link"
    POST = "post"
    COMMENT = "comment"
    PRODUCT = "product"
    LOCATION = "location"
    CONTACT = "contact"
    STORY = "story"
    GIFT = "gift"
    POLL = "poll"
    CALL = "call"
    FORWARD = "forward"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that came with a message: shown as one line, fetched only on demand."""

    kind: AttachmentKind
    name: SafeText = SafeText("")
    """Title or file name; for ``other`` the network's own word for the kind."""
    size: int | None = None
    """Bytes."""
    url: str = ""
    duration: int | None = None
    """Seconds, for voice, audio and video."""
    text: SafeText = SafeText("")
    """What it says inside: a forwarded message, the text of a shared post, coordinates."""
    ref: str = ""
    """The channel's own handle for fetching the content; opaque elsewhere."""
