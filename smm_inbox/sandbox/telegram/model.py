"""What exists in the sandbox Telegram: people, groups, channels, messages, deliveries."""

from __future__ import annotations

from dataclasses import dataclass, field

SERVICE_ID = 777000
"""Telegram itself, which sends login codes."""


@dataclass(slots=True)
class User:
    """A person or a bot."""

    id: int
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    phone: str = ""
    shows_phone: bool = False
    """Our account may see the phone."""
    bot: bool = False
    deleted: bool = False
    verified: bool = False
    premium: bool = False
    about: str = ""
    photo: int = 0
    """Id of the picture, 0 for none."""
    blocked_us: bool = False
    closed: bool = False
    """Takes messages only from contacts and subscribers of Premium."""
    supports: bool = False


@dataclass(slots=True)
class Account:
    """Somebody who can log in here; everybody else lives only in the script."""

    user_id: int
    password: str = ""
    """The second factor, empty for none."""
    bot_token: str = ""
    privacy: bool = True
    """A bot sees only what is meant for it in groups."""
    read_in: dict[str, int] = field(default_factory=dict)
    read_out: dict[str, int] = field(default_factory=dict)
    """By chat: the highest message id read by us and by the other side."""
    unread_mentions: dict[str, list[int]] = field(default_factory=dict)
    """By chat: message ids."""
    drafts: dict[str, str] = field(default_factory=dict)
    known: list[int] = field(default_factory=list)
    """Users who were shown to this account in full."""
    limited: bool = False
    """Reported for spam: may not write first (PEER_FLOOD)."""


@dataclass(slots=True)
class Group:
    """A basic group."""

    id: int
    title: str
    members: list[int] = field(default_factory=list)
    admins: list[int] = field(default_factory=list)
    date: int = 0


@dataclass(slots=True)
class Channel:
    """A broadcast channel or a supergroup."""

    id: int
    title: str
    username: str = ""
    broadcast: bool = False
    members: list[int] = field(default_factory=list)
    admins: list[int] = field(default_factory=list)
    anonymous: list[int] = field(default_factory=list)
    """Admins who write in the group's name."""
    linked: int = 0
    """The discussion group of a channel, or the channel of a discussion group."""
    letterbox: int = 0
    """The letterbox of a channel (what people write to the channel itself, suggested posts among
    it), or the channel of a letterbox; Telegram says "monoforum"."""
    is_letterbox: bool = False
    subscribers: int = 0
    """Shown as the number of participants."""
    about: str = ""
    slow_mode: int = 0
    """Seconds between two messages of one member."""
    signatures: bool = False
    silenced: bool = False
    """Only admins may write."""
    date: int = 0


@dataclass(slots=True)
class Media:
    """What hangs on a message besides text."""

    kind: str
    """``photo voice video round audio sticker animation document geo venue contact poll link dice
    unsupported``."""
    file: int = 0
    name: str = ""
    mime: str = ""
    size: int = 0
    seconds: int = 0
    text: str = ""
    """Emoji of a sticker, question of a poll, title of a place or link, name of a contact."""
    url: str = ""
    phone: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    choices: list[str] = field(default_factory=list)


@dataclass(slots=True)
class File:
    """Bytes somebody uploaded."""

    id: int
    content: bytes
    mime: str
    name: str = ""
    date: int = 0


@dataclass(slots=True)
class Forward:
    """Where a forwarded message came from."""

    date: int
    user: int = 0
    channel: int = 0
    name: str = ""
    """Of a sender who hides."""
    post: int = 0
    automatic: bool = False
    """The copy of a channel's post in its discussion group."""


@dataclass(slots=True)
class Entity:
    """A marked stretch of a text, counted in UTF-16 units."""

    kind: str
    """``mention name url link bold italic code hashtag``."""
    offset: int
    length: int
    user: int = 0
    url: str = ""


@dataclass(slots=True)
class Message:
    """One message; private ones carry an id of their own in every account's box."""

    uid: int
    chat: str
    """``u:1:2`` two people, ``g:5`` basic group, ``c:7`` channel or supergroup."""
    author: int
    """The person who wrote it; 0 for the network itself."""
    date: int
    text: str = ""
    as_channel: int = 0
    """Shown in the name of this channel: posts, anonymous admins, people writing as a channel."""
    signature: str = ""
    media: Media | None = None
    entities: list[Entity] = field(default_factory=list)
    reply_to: int = 0
    thread: int = 0
    """Uids: the message answered, and the one its thread hangs on."""
    forward: Forward | None = None
    album: int = 0
    mentions: list[int] = field(default_factory=list)
    """Accounts that are mentioned or answered."""
    edited: int = 0
    random_id: int = 0
    letter_of: int = 0
    """In a letterbox: the person whose correspondence this belongs to."""
    suggested: bool = False
    """A post suggested to the channel."""
    service: str = ""
    """``joined pinned created`` for notices that are not messages."""
    via_bot: int = 0
    views: int = 0
    ids: dict[str, int] = field(default_factory=dict)
    """Its id by box."""
    reactions: dict[str, int] = field(default_factory=dict)
    deleted: bool = False
    first_text: str = ""
    """What it said before any edit."""


@dataclass(slots=True)
class Event:
    """One step of a box's pts."""

    pts: int
    count: int
    kind: str
    """``new edit delete read_in read_out``."""
    date: int
    uid: int = 0
    ids: list[int] = field(default_factory=list)
    chat: str = ""


@dataclass(slots=True)
class Box:
    """A numbered sequence of events: one per account, one per channel."""

    name: str
    pts: int = 100
    last_id: int = 0
    messages: dict[int, int] = field(default_factory=dict)
    """Living messages: id to uid."""
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something that took effect in an account's name through the API."""

    kind: str
    """``message edit delete``."""
    account: int
    chat: str
    id: int
    """Id of the message as that account sees it."""
    text: str
    random_id: int
    reply_to: int
    media: tuple[str, ...]
    """Kind and file name of what was attached: ``photo:cup.jpg``."""
    uid: int
    peer: int
    """The other person, group or channel."""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call as it came in, without anything secret."""

    method: str
    account: int
    outcome: str
    """``ok``, the error's text, or the name of the fault that struck."""


def private(a: int, b: int) -> str:
    """The chat of two people."""
    return f"u:{min(a, b)}:{max(a, b)}"


def group_chat(number: int) -> str:
    """The chat of a basic group."""
    return f"g:{number}"


def channel_chat(number: int) -> str:
    """The chat of a channel or supergroup."""
    return f"c:{number}"


def is_channel(chat: str) -> bool:
    """Whether ids in this chat count per channel and not per account."""
    return chat.startswith("c:")


def number_of(chat: str) -> int:
    """Id of the group or channel."""
    return int(chat[2:])


def other_side(chat: str, viewer: int) -> int:
    """The other person of a private chat; oneself in the chat with oneself."""
    one, two = (int(part) for part in chat[2:].split(":"))
    return two if one == viewer else one
