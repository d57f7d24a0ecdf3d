"""What exists in the sandbox VK: people, dialogs, posts, things with comments, deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Json = dict[str, object]
Attachments = Sequence[Json]

GROUP_ID = 999000001
CHAT_BASE = 2_000_000_000
WALL, PHOTO, VIDEO, MARKET, BOARD = "wall", "photo", "video", "market", "board"


@dataclass(slots=True)
class Group:
    """The community the token belongs to."""

    id: int = GROUP_ID
    name: str = "Кофейня «Тёплый угол»"
    screen_name: str = "warm_corner_cafe"


@dataclass(slots=True)
class User:
    """A person; `followers` and `city` are None when VK would hide them."""

    id: int
    first_name: str
    last_name: str = ""
    screen_name: str = ""
    sex: int = 0
    city: tuple[int, str] | None = None
    followers: int | None = None
    closed: bool = False
    deactivated: str = ""
    verified: bool = False
    online: bool = False
    can_write: int = 0
    """VK's reason code why the community may not write to them, 0 when it may."""
    allowed: bool = False
    """They wrote first or allowed messages."""

    @property
    def full_name(self) -> str:
        """Name as it stands beside a message."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(slots=True)
class Message:
    """One private or group-chat message."""

    peer_id: int
    cmid: int
    id: int
    from_id: int
    date: int
    text: str = ""
    attachments: list[Json] = field(default_factory=list)
    reply_to: int = 0
    forwards: list[Json] = field(default_factory=list)
    random_id: int = 0
    admin_author_id: int = 0
    update_time: int = 0
    extra: Json = field(default_factory=dict)
    """Further keys VK puts on a message: geo, payload, ref, ref_source, action."""
    deleted: bool = False

    @property
    def out(self) -> bool:
        """Written by the community."""
        return self.from_id < 0


@dataclass(slots=True)
class Dialog:
    """A conversation of the community with a user or a group chat."""

    peer_id: int
    messages: list[Message] = field(default_factory=list)
    in_read: int = 0
    out_read: int = 0
    """Conversation message ids read by the community and by the other side."""
    important: bool = False
    answered: bool = True
    title: str = ""
    """Name of a group chat."""

    def find(self, cmid: int) -> Message | None:
        """The living message with this conversation id."""
        if 0 < cmid <= len(self.messages) and not self.messages[cmid - 1].deleted:
            return self.messages[cmid - 1]
        return None

    @property
    def living(self) -> list[Message]:
        """Messages nobody deleted, oldest first."""
        return [message for message in self.messages if not message.deleted]


@dataclass(slots=True)
class Post:
    """A post on a wall: ours, a visitor's, a suggested one or one on somebody's own wall."""

    owner_id: int
    id: int
    from_id: int
    date: int
    text: str = ""
    post_type: str = "post"
    attachments: list[Json] = field(default_factory=list)
    likes: int = 0
    reposts: int = 0
    views: int = 0
    open: bool = True
    """Comments may be written."""
    repost_of: tuple[int, int] | None = None


@dataclass(slots=True)
class Item:
    """A photo, video, product or discussion topic that carries comments."""

    kind: str
    owner_id: int
    id: int
    date: int
    title: str = ""
    text: str = ""
    price: int = 0
    duration: int = 0
    open: bool = True


@dataclass(slots=True)
class Comment:
    """A comment under a post or an item; `object_id` is the post, photo, … it hangs on."""

    kind: str
    owner_id: int
    object_id: int
    id: int
    from_id: int
    date: int
    text: str = ""
    attachments: list[Json] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    reply_to_user: int = 0
    reply_to_comment: int = 0
    likes: int = 0
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something that took effect in the community's name through the API, exactly once."""

    kind: str
    """`message`, or the kind of the thing commented: wall, photo, video, market, board."""
    target: int
    """peer_id of a message, id of the post, photo, … of a comment."""
    id: int
    """conversation_message_id of a message, id of a comment."""
    text: str
    token: str
    """random_id or guid that came with the call."""
    reply_to: int
    attachments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One API call as it came in, without its token."""

    method: str
    params: dict[str, str]
    token_kind: str
    outcome: str
    """`ok`, `error 27`, or the name of the fault that kept the call from taking effect."""
