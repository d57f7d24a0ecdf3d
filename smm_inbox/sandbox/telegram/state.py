"""Everything the sandbox network remembers, and the one lock around it."""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from smm_inbox.sandbox.telegram.faults import Faults
from smm_inbox.sandbox.telegram.keys import AuthKey
from smm_inbox.sandbox.telegram.model import (
    SERVICE_ID,
    Account,
    Box,
    CallRecord,
    Channel,
    Delivery,
    File,
    Group,
    Message,
    User,
    is_channel,
    number_of,
)


@dataclass(slots=True)
class Rules:
    """Choices the real network makes one way today and another way tomorrow."""

    repeat: str = "error"
    """What a repeated random_id gives: ``error`` (RANDOM_ID_DUPLICATE) or ``replay`` (the first
    result again)."""
    slice: int = 100
    """Events in one answer to getDifference and getChannelDifference."""
    too_long: int = 5000
    """More missed events than this are not told one by one."""
    min_users: bool = True
    """Strangers in groups are pushed as incomplete users that cannot be written to."""
    short_updates: bool = True
    """Plain private texts are pushed as updateShortMessage, without the user."""
    login_messages: bool = True
    """Telegram writes the login code to sessions that are logged in already."""
    edit_seconds: int = 172_800
    clock_offset: float = 0.0
    """Seconds by which the network's clock is ahead of this machine's."""


@dataclass(frozen=True, slots=True)
class Push:
    """Bytes on their way to every session of an account but one."""

    account: int
    body: bytes
    but: tuple[int, int] | None = None
    """(key id, session) that learns of it from the answer to its own call."""


@dataclass(slots=True)
class State:
    """The network's memory. Hold `lock` while reading or changing it from outside."""

    seed: int = 0
    clock: Callable[[], float] = time.time
    users: dict[int, User] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    """By uid; deleted ones stay, marked."""
    files: dict[int, File] = field(default_factory=dict)
    keys: dict[int, AuthKey] = field(default_factory=dict)
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Hash of a login to (phone, code)."""
    qr_tokens: dict[bytes, int] = field(default_factory=dict)
    """QR token to the id of the key that showed it."""
    randoms: dict[str, list[int]] = field(default_factory=dict)
    """``account:random_id`` to the uids it made."""
    sent: list[Delivery] = field(default_factory=list)
    last_written: dict[str, float] = field(default_factory=dict)
    """``chat:user`` to the time of their last message, for slow mode."""
    address: tuple[str, int] = ("127.0.0.1", 0)
    last_number: int = 1000
    file_version: int = 1
    rules: Rules = field(default_factory=Rules)

    # Of this run only.
    parts: dict[tuple[int, int], bytes] = field(default_factory=dict)
    calls: list[CallRecord] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Methods somebody called that this network does not have."""
    failures: list[str] = field(default_factory=list)
    """Tracebacks of the sandbox's own mistakes; tests expect none."""
    connects: int = 0
    """Connections accepted so far."""
    polls: int = 0
    """Calls of logged-in clients so far."""
    latest: int = 0
    """The time that was told last."""
    dirty: bool = False
    pushes: deque[Push] = field(default_factory=deque)
    wake: Callable[[], None] = lambda: None
    listeners: list[Callable[[Delivery], None]] = field(default_factory=list)
    faults: Faults = field(init=False)
    dice: random.Random = field(init=False)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.faults = Faults(self.seed)
        self.dice = random.Random(self.seed)  # noqa: S311 - repeatable on purpose
        self.users[SERVICE_ID] = User(SERVICE_ID, "Telegram", verified=True, phone="42777")

    def now(self) -> int:
        """The network's Unix time in whole seconds; it may stand still, but never runs back."""
        self.latest = max(self.latest, int(self.clock() + self.rules.clock_offset))
        return self.latest

    def wire(self) -> float:
        """The time by which packets are numbered and judged.

        It runs at this machine's pace even where ``clock`` lets days pass in seconds: a client's
        library measures it with a clock of its own, and drops what is half a minute off.
        """
        return time.time() + self.rules.clock_offset

    def number(self) -> int:
        """The next number for a message, file or album."""
        self.last_number += 1
        return self.last_number

    def box(self, name: str) -> Box:
        """The sequence of an account or a channel."""
        return self.boxes.setdefault(name, Box(name))

    def box_name(self, chat: str, viewer: int) -> str:
        """In whose box a viewer finds the messages of a chat."""
        return chat if is_channel(chat) else str(viewer)

    def found(self, chat: str, viewer: int, msg_id: int) -> Message | None:
        """A living message of a chat by the id it has for a viewer."""
        uid = self.box(self.box_name(chat, viewer)).messages.get(msg_id)
        message = self.messages.get(uid) if uid is not None else None
        return message if message is not None and message.chat == chat else None

    def members(self, chat: str) -> list[int]:
        """Everybody in a chat."""
        if chat.startswith("u:"):
            return [int(part) for part in chat[2:].split(":")]
        if is_channel(chat):
            channel = self.channels.get(number_of(chat))
            return channel.members if channel else []
        group = self.groups.get(number_of(chat))
        return group.members if group else []

    def audience(self, chat: str) -> list[int]:
        """The accounts among them, each once."""
        return [number for number in self.accounts if number in self.members(chat)]

    def admins(self, chat: str) -> list[int]:
        """Admins of a group or channel."""
        if chat.startswith("u:"):
            return []
        if is_channel(chat):
            return self.channels[number_of(chat)].admins
        return self.groups[number_of(chat)].admins

    def visible(self, viewer: int, message: Message) -> bool:
        """Whether an account gets to see a message; bots with privacy see little of groups."""
        account = self.accounts.get(viewer)
        if account is None or not account.bot_token or message.chat.startswith("u:"):
            return True
        if not account.privacy or viewer in self.admins(message.chat) or message.author == viewer:
            return True
        return viewer in message.mentions or message.text.startswith("/")

    def history(self, chat: str, viewer: int) -> list[Message]:
        """Living messages of a chat for a viewer, newest first."""
        name = self.box_name(chat, viewer)
        found = (self.messages[uid] for uid in self.box(name).messages.values())
        kept = [item for item in found if item.chat == chat and self.visible(viewer, item)]
        return sorted(kept, key=lambda item: item.ids[name], reverse=True)

    def access_hash(self, viewer: int, kind: str, number: int) -> int:
        """What a viewer must show to address a user or channel; differs per viewer."""
        digest = hashlib.blake2b(f"{self.seed}:{viewer}:{kind}:{number}".encode(), digest_size=8)
        return int.from_bytes(digest.digest(), "little", signed=True)

    def remembered(self, account: int, random_id: int) -> list[int]:
        """Uids an earlier send with this random_id made."""
        return self.randoms.get(f"{account}:{random_id}", [])

    def delivered(self, delivery: Delivery) -> None:
        """Note an effect in an account's name and tell whoever listens."""
        self.sent.append(delivery)
        for listener in self.listeners:
            listener(delivery)

    def push(self, push: Push) -> None:
        """Queue bytes for an account's sessions."""
        self.pushes.append(push)
        self.wake()
