"""Everything the sandbox network remembers, and the one lock around it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from smm_inbox.sandbox.vk import shapes
from smm_inbox.sandbox.vk.errors import VkError
from smm_inbox.sandbox.vk.events import EventQueue
from smm_inbox.sandbox.vk.faults import Faults
from smm_inbox.sandbox.vk.media import Media
from smm_inbox.sandbox.vk.model import (
    CHAT_BASE,
    GROUP_ID,
    Call,
    Comment,
    Delivery,
    Dialog,
    Group,
    Item,
    Json,
    Message,
    Post,
    User,
)
from smm_inbox.sandbox.vk.tokens import Token, default_tokens

ADMIN_ID = 1900000777
REPEAT_WINDOW = 3600.0
"""Seconds during which a repeated random_id or guid gives the existing message."""


@dataclass(slots=True)
class Limits:
    """Which of the network's brakes are on; all off lets tests run at full speed."""

    rate: bool = False
    """20 calls a second for the community token, 3 for the others; then error 6."""
    long_poll_servers: int = 0
    """How many getLongPollServer calls an hour before error 29; 0 for no limit."""


@dataclass(slots=True)
class State:
    """The network's memory. Hold `lock` while reading or changing it from outside."""

    base: str
    seed: int = 0
    clock: Callable[[], float] = time.time
    group: Group = field(default_factory=Group)
    admin_id: int = ADMIN_ID
    users: dict[int, User] = field(default_factory=dict)
    dialogs: dict[int, Dialog] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    """By global id."""
    posts: dict[tuple[int, int], Post] = field(default_factory=dict)
    items: dict[tuple[str, int, int], Item] = field(default_factory=dict)
    comments: dict[tuple[str, int, int], Comment] = field(default_factory=dict)
    attachments: dict[str, Json] = field(default_factory=dict)
    """Uploaded and saved: `photo-1_2` to the attachment."""
    files: dict[str, bytes] = field(default_factory=dict)
    sent: list[Delivery] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """Tracebacks of the sandbox's own mistakes; tests expect none."""
    limits: Limits = field(default_factory=Limits)
    tokens: dict[str, Token] = field(init=False)
    events: EventQueue = field(init=False)
    faults: Faults = field(init=False)
    media: Media = field(init=False)
    lock: threading.RLock = field(default_factory=threading.RLock)
    listeners: list[Callable[[Delivery], None]] = field(default_factory=list)
    repeats: dict[tuple[object, ...], tuple[float, int]] = field(default_factory=dict)
    """(where, token) of a send to (when, id it gave)."""
    server_calls: list[float] = field(default_factory=list)
    uploads: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Upload ticket to (file name, content), until it is saved."""
    last_message_id: int = 3000
    last_wall_id: int = 9000
    last_comment_id: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tokens = default_tokens(self.admin_id)
        self.events = EventQueue(GROUP_ID, self.seed)
        self.faults = Faults(self.seed)
        self.events.lost = lambda target: self.faults.take(target) is not None
        self.media = Media(self.base, self.clock)

    @property
    def owner(self) -> int:
        """The community as an owner or author: its id below zero."""
        return -self.group.id

    def now(self) -> int:
        """Unix time in whole seconds."""
        return int(self.clock())

    def message_id(self) -> int:
        """The next global message id."""
        self.last_message_id += 1
        return self.last_message_id

    def comment_id(self, kind: str) -> int:
        """The next id of a comment; walls share theirs between posts and comments."""
        if kind == "wall":
            self.last_wall_id += 1
            return self.last_wall_id
        self.last_comment_id[kind] = self.last_comment_id.get(kind, 300) + 1
        return self.last_comment_id[kind]

    def dialog(self, peer_id: int) -> Dialog:
        """The conversation with this peer, begun when there is none."""
        return self.dialogs.setdefault(peer_id, Dialog(peer_id))

    def message(self, message_id: int) -> Message | None:
        """A living private message by its global id."""
        message = self.messages.get(message_id)
        return None if message is None or message.deleted else message

    def comments_of(self, kind: str, owner_id: int, object_id: int) -> list[Comment]:
        """Comments under one thing, oldest first, deleted ones included."""
        return [
            comment
            for comment in self.comments.values()
            if (comment.kind, comment.owner_id, comment.object_id) == (kind, owner_id, object_id)
        ]

    def can_write(self, peer_id: int) -> int:
        """0, or VK's reason code why the community may not write there."""
        if peer_id > CHAT_BASE:
            return 0 if peer_id in self.dialogs else 917
        person = self.users.get(peer_id)
        if person is None:
            return 936
        if person.deactivated:
            return 18
        return person.can_write or (0 if person.allowed else 901)

    def repeated(self, *key: object) -> int | None:
        """The id an earlier send with the same token gave, while the network remembers it."""
        known = self.repeats.get(key)
        if known and self.clock() - known[0] < REPEAT_WINDOW:
            return known[1]
        return None

    def remember(self, number: int, *key: object) -> None:
        """Note which id a send with this token gave."""
        self.repeats[key] = (self.clock(), number)

    def delivered(self, delivery: Delivery) -> None:
        """Note an effect in the community's name and tell whoever listens."""
        self.sent.append(delivery)
        for listener in self.listeners:
            listener(delivery)

    def attached(self, words: list[str]) -> list[Json]:
        """Attachments named by a call.

        Raises:
            VkError: 100 when one was never uploaded.
        """
        found: list[Json] = []
        for word in words:
            name = "_".join(word.split("_")[:2])
            known = self.attachments.get(name)
            if known is None:
                raise VkError(
                    100,
                    "One of the parameters specified was missing or invalid: "
                    f"attachment {name} is invalid",
                )
            found.append(known)
        return found

    def profiles(self, ids: set[int], fields: list[str]) -> list[Json]:
        """Profiles for an extended answer."""
        wanted = fields or shapes.EXTENDED_FIELDS
        people = (self.users.get(number) for number in sorted(ids) if number > 0)
        return [shapes.user(person, wanted, self.base) for person in people if person]

    def groups(self, ids: set[int]) -> list[Json]:
        """Communities for an extended answer."""
        return [shapes.group(self.group, self.base)] if self.owner in ids else []
