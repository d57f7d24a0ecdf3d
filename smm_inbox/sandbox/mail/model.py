"""What the mail network remembers: users, folders, letters and what went out."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from smm_inbox.sandbox.mail.mime import Part, parse
from smm_inbox.sandbox.mail.profiles import Access, Profile


@dataclass(slots=True, eq=False)
class Stored:
    """One letter in a folder."""

    uid: int
    raw: bytes
    flags: frozenset[str]
    at: datetime
    """INTERNALDATE."""
    modseq: int
    _tree: Part | None = None

    @property
    def tree(self) -> Part:
        """Its parts, worked out on first use."""
        if self._tree is None:
            self._tree = parse(self.raw)
        return self._tree

    def header(self, name: str) -> str:
        """A header as it stands, or an empty text."""
        return (self.tree.header(name.encode()) or b"").decode("latin-1")


@dataclass(slots=True, eq=False)
class Folder:
    """A folder: letters by UID."""

    name: str
    use: str = ""
    uidvalidity: int = 1
    uidnext: int = 1
    modseq: int = 1
    letters: dict[int, Stored] = field(default_factory=dict)

    def add(self, raw: bytes, flags: frozenset[str], at: datetime) -> Stored:
        """File a letter."""
        self.modseq += 1
        stored = Stored(self.uidnext, raw, flags, at, self.modseq)
        self.letters[stored.uid] = stored
        self.uidnext += 1
        return stored

    def mark(self, stored: Stored, flags: frozenset[str]) -> None:
        """Set the flags of a letter; a change moves the mod-sequence."""
        if stored.flags != flags:
            self.modseq += 1
            stored.flags, stored.modseq = flags, self.modseq

    def remove(self, uid: int) -> Stored | None:
        """Take a letter out."""
        stored = self.letters.pop(uid, None)
        if stored is not None:
            self.modseq += 1
        return stored

    def renumber(self) -> None:
        """Another UIDVALIDITY, other UIDs, the same letters: a restored or moved server."""
        self.uidvalidity += 1
        self.modseq += 1
        kept = list(self.letters.values())
        self.letters = {}
        for number, stored in enumerate(kept, 1):
            stored.uid, stored.modseq = number, self.modseq
            self.letters[number] = stored
        self.uidnext = len(kept) + 1


@dataclass(slots=True, eq=False)
class User:
    """A mailbox and how to get at it."""

    address: str
    access: Access
    folders: dict[str, Folder]

    def special(self, use: str) -> Folder:
        r"""The folder with a special use; `\Inbox` is the inbox."""
        if use == r"\Inbox":
            return self.folders["INBOX"]
        alike = {r"\Junk", r"\Spam"} if use in {r"\Junk", r"\Spam"} else {use}
        return next(folder for folder in self.folders.values() if folder.use in alike)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A letter that SMTP accepted."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    at: datetime

    def header(self, name: str) -> str:
        """A header as it stands, or an empty text."""
        head = parse(self.raw[: self.raw.find(b"\r\n\r\n") + 4])
        return (head.header(name.encode()) or b"").decode("latin-1")


class State:
    """The whole network. Whoever reads or changes it holds `lock`."""

    def __init__(self, profile: Profile, clock: Callable[[], datetime], seed: int) -> None:
        self.profile = profile
        self.clock = clock
        self.lock = threading.RLock()
        self.users: dict[str, User] = {}
        self.sent: list[Delivery] = []
        self.refused: dict[str, tuple[int, str]] = {}
        """Recipients that SMTP refuses: address to code and text."""
        self.commands: list[str] = []
        """Every IMAP command and SMTP verb, as `imap:select INBOX` or `smtp:mail`."""
        self.dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.changed: Callable[[], None] = lambda: None
        """Wakes the sessions in IDLE; safe from any thread."""
        self.append_limit = 2**62
        """Bytes of the largest letter that APPEND takes (RFC 7889)."""
        self.talkative = False
        """Behind every answer stand the flags of everything, without UIDs (RFC 3501, 7.4.2)."""
        self.listeners: list[Callable[[Delivery], None]] = []

    def now(self) -> datetime:
        """Time of the network, UTC."""
        return self.clock().astimezone(UTC)

    def add_user(self, address: str, access: Access) -> User:
        """Another mailbox with the provider's folders."""
        folders = {
            name: Folder(name, use, uidvalidity=self.dice.randrange(1, 2**31))
            for name, use in self.profile.folders.items()
        }
        user = User(address.lower(), access, folders)
        self.users[user.address] = user
        return user

    def deliver(self, raw: bytes, recipients: tuple[str, ...], sender: str) -> Delivery:
        """Bring a letter to the inboxes of those who have one here; remember it."""
        now = self.now()
        delivery = Delivery(sender, recipients, raw, now)
        self.sent.append(delivery)
        for address in recipients:
            user = self.users.get(address.lower())
            if user is not None:
                stamped = b"Return-Path: <%s>\r\n" % sender.encode() + raw
                user.folders["INBOX"].add(stamped, frozenset(), now)
        author = self.users.get(sender.lower())
        if author is not None and self.profile.files_sent:
            self.file_sent(author, raw, now)
        self.changed()
        for listener in tuple(self.listeners):
            listener(delivery)
        return delivery

    def file_sent(self, user: User, raw: bytes, at: datetime) -> None:
        """The provider's own copy; an equal letter is not filed twice."""
        sent = user.special(r"\Sent")
        name = parse(raw).header(b"Message-ID")
        if not any(name and s.tree.header(b"Message-ID") == name for s in sent.letters.values()):
            sent.add(raw, frozenset({r"\Seen"}), at)


def crlf(raw: bytes) -> bytes:
    """The letter with CRLF line ends, as it travels."""
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
