"""What exists on the sandbox Instagram: people, talks, posts, comments, tags and a record."""

from __future__ import annotations

from dataclasses import dataclass, field

Json = dict[str, object]

DAY = 86_400.0
WINDOW = DAY
"""Seconds after the customer's last message in which a business may answer."""
AGENT_WINDOW = 7 * DAY
"""The same for answers tagged HUMAN_AGENT, where the feature is approved."""
DETAILED = 20
"""Only so many newest messages of a conversation keep their details."""


@dataclass(slots=True)
class Person:
    """Somebody on Instagram."""

    id: str
    username: str
    name: str | None = None
    followers: int = 0
    consented: bool = False
    """Wrote to the business: only then the profile is shown."""
    blocked: bool = False
    """Blocked the business."""
    restricted: bool = False
    """Comments are left out of pages, which become shorter than asked for."""


@dataclass(slots=True)
class Message:
    """One direct message."""

    id: str
    from_id: str
    to_id: str
    text: str
    at: float
    attachments: list[Json] = field(default_factory=list)
    shares: list[Json] = field(default_factory=list)
    story: Json | None = None
    unsupported: bool = False
    reactions: dict[str, str] = field(default_factory=dict)
    """Emoji by the id of who reacted."""
    unsent: bool = False
    shown_at: float = 0.0
    """Nobody sees it before."""


@dataclass(slots=True)
class Talk:
    """The direct conversation with one person."""

    id: str
    person_id: str
    messages: list[Message] = field(default_factory=list)
    heard_at: float | None = None
    """When the customer last wrote: the window counts from here."""
    updated: float = 0.0

    def visible(self, now: float) -> list[Message]:
        """Newest first, without what was unsent and what does not show yet."""
        found = [item for item in self.messages if not item.unsent and item.shown_at <= now]
        return sorted(found, key=lambda message: message.at, reverse=True)


@dataclass(slots=True)
class Comment:
    """A comment or a reply to one."""

    id: str
    media_id: str
    from_id: str
    text: str
    at: float
    parent_id: str = ""
    hidden: bool = False
    likes: int = 0
    deleted: bool = False
    answered_privately: bool = False
    shown_at: float = 0.0
    """Nobody sees it before."""


@dataclass(slots=True)
class Media:
    """A post, reel or story of our own."""

    id: str
    caption: str
    at: float
    kind: str = "IMAGE"
    product: str = "FEED"
    code: str = ""
    likes: int = 0
    commentable: bool = True

    @property
    def permalink(self) -> str:
        """The address of its page."""
        page = {"REELS": "reel", "STORY": "stories"}.get(self.product, "p")
        return f"https://www.instagram.com/{page}/{self.code}/"


@dataclass(slots=True)
class Tag:
    """Somebody else's post in which we are tagged."""

    id: str
    username: str
    caption: str
    at: float
    code: str


@dataclass(slots=True)
class Token:
    """An access token and its age."""

    value: str
    issued_at: float
    expires_at: float
    dead: int = 0
    """Subcode of error 190 when it was revoked before its time."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something the business did that took effect."""

    kind: str
    """message, private_reply, reply, mention, hide, unhide, delete, react, unreact."""
    target: str
    """Person, comment or media it went to."""
    id: str
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Call:
    """One request, without its token."""

    method: str
    name: str
    """What was asked for: me, conversations, message, media, comments, tags, profile, send …"""
    path: str
    at: float
    status: int
