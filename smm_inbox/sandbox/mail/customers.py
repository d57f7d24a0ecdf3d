"""What people and servers do: the script side that tests and the demo speak to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.message import Message

from smm_inbox.sandbox.mail.faults import Faults
from smm_inbox.sandbox.mail.model import Delivery, Folder, State, Stored, User, crlf
from smm_inbox.sandbox.mail.profiles import Access

Source = bytes | str | Message


class Customers:
    """Everybody who is not us: customers, the operator in webmail, the provider itself.

    Every call takes effect at once and wakes the clients in IDLE. `user` is the mailbox meant; by
    default the sandbox's own.
    """

    def __init__(self, state: State, faults: Faults, address: str) -> None:
        self.state = state
        self.faults = faults
        self.address = address.lower()

    # --- what came and went -----------------------------------------------------------------------

    @property
    def sent(self) -> tuple[Delivery, ...]:
        """Every letter that SMTP accepted, in order."""
        with self.state.lock:
            return tuple(self.state.sent)

    @property
    def commands(self) -> tuple[str, ...]:
        """Every command the clients gave, such as `imap:select INBOX` and `smtp:data`."""
        with self.state.lock:
            return tuple(self.state.commands)

    def add_user(self, address: str, access: Access | None = None) -> User:
        """Another mailbox on this server."""
        with self.state.lock:
            return self.state.add_user(address, access or Access())

    def user(self, address: str = "") -> User:
        """A mailbox."""
        return self.state.users[(address or self.address).lower()]

    @property
    def access(self) -> Access:
        """How the sandbox's own mailbox is entered; change it to expire a password."""
        return self.user().access

    def folder(self, name: str, user: str = "") -> Folder:
        """A folder by its name or its special use."""
        owner = self.user(user)
        return owner.special(name) if name.startswith("\\") else owner.folders[name]

    def letters(self, name: str = "INBOX", user: str = "") -> list[Stored]:
        """The letters of a folder, oldest first."""
        with self.state.lock:
            return list(self.folder(name, user).letters.values())

    # --- letters ----------------------------------------------------------------------------------

    def customer_writes(
        self,
        letter: Source,
        *,
        at: datetime | None = None,
        folder: str = "INBOX",
        flags: Iterable[str] = (),
        user: str = "",
    ) -> Stored:
        """A letter arrives; returns it as it stands in the folder."""
        with self.state.lock:
            stored = self.folder(folder, user).add(
                _raw(letter), frozenset(flags), at or self.state.now()
            )
            self.state.changed()
            return stored

    def operator_writes(self, letter: Source, *, at: datetime | None = None) -> Stored:
        """Somebody of the business answers in webmail: the letter leaves and stands in Sent."""
        seen = (r"\Seen",)
        return self.customer_writes(letter, at=at, folder=r"\Sent", flags=seen)

    def flag(self, stored: Stored, *flags: str, folder: str = "INBOX", on: bool = True) -> None:
        """Somebody sets or takes away flags."""
        with self.state.lock:
            now = stored.flags | set(flags) if on else stored.flags - set(flags)
            self.folder(folder).mark(stored, frozenset(now))
            self.state.changed()

    def delete(self, stored: Stored, folder: str = "INBOX") -> None:
        """Somebody deletes a letter for good."""
        with self.state.lock:
            self.folder(folder).remove(stored.uid)
            self.state.changed()

    def move(self, stored: Stored, target: str, folder: str = "INBOX") -> Stored:
        """Somebody moves a letter to another folder."""
        with self.state.lock:
            self.folder(folder).remove(stored.uid)
            moved = self.folder(target).add(stored.raw, stored.flags, stored.at)
            self.state.changed()
            return moved

    def renumber(self, folder: str = "INBOX") -> None:
        """UIDVALIDITY changes: the same letters under other numbers."""
        with self.state.lock:
            self.folder(folder).renumber()
            self.state.changed()

    # --- the provider -----------------------------------------------------------------------------

    def refuse(self, address: str, code: int = 550, text: str = "5.1.1 No such user") -> None:
        """SMTP refuses this recipient from now on."""
        with self.state.lock:
            self.state.refused[address.lower()] = (code, text)

    def change_password(self, password: str) -> None:
        """The password known so far is dead."""
        with self.state.lock:
            self.access.password = password

    def expire_token(self) -> None:
        """The access token is dead until `renew_token`."""
        with self.state.lock:
            self.access.token_valid = False

    def renew_token(self, token: str) -> None:
        """Another access token is valid."""
        with self.state.lock:
            self.access.token, self.access.token_valid = token, True


def _raw(letter: Source) -> bytes:
    if isinstance(letter, Message):
        letter = letter.as_bytes()
    if isinstance(letter, str):
        letter = letter.encode("utf-8", "surrogateescape")
    return crlf(letter)
