"""What people and the network itself do: the script side that tests and the demo speak to."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from telethon.crypto import AuthKey as ClientKey
from telethon.sessions import SQLiteSession

from smm_inbox.sandbox.telegram.connection import random_salt
from smm_inbox.sandbox.telegram.keys import AuthKey
from smm_inbox.sandbox.telegram.media_shapes import DC
from smm_inbox.sandbox.telegram.methods.auth import digits, scan
from smm_inbox.sandbox.telegram.model import Channel, Group, User
from smm_inbox.sandbox.telegram.script_groups import GroupScript
from smm_inbox.sandbox.telegram.script_private import PrivateScript
from smm_inbox.sandbox.telegram.state import Push
from smm_inbox.sandbox.telegram.tl import serialise, types
from smm_inbox.sandbox.telegram.world import ME, MY_PHONE


class Customers(PrivateScript, GroupScript):
    """Everybody who is not the client under test: customers, colleagues' phones, Telegram.

    Every call takes effect at once and pushes what Telegram would push. `at` is a Unix time for
    things that happened earlier.
    """

    def add_user(self, person: User) -> User:
        """Another person."""
        with self.state.lock:
            self.state.users[person.id] = person
            self.state.dirty = True
            return person

    def add_channel(self, channel: Channel) -> Channel:
        """Another channel or supergroup."""
        with self.state.lock:
            self.state.channels[channel.id] = channel
            self.state.dirty = True
            return channel

    def add_group(self, group: Group) -> Group:
        """Another basic group."""
        with self.state.lock:
            self.state.groups[group.id] = group
            self.state.dirty = True
            return group

    def login_code(self, phone: str = MY_PHONE) -> str:
        """The code that was last sent to this number.

        Raises:
            LookupError: None was.
        """
        with self.state.lock:
            found = [code for number, code in self.state.codes.values() if number == digits(phone)]
        if not found:
            raise LookupError("no code was asked for")
        return found[-1]

    def set_password(self, password: str, account: int = ME) -> None:
        """Ask for a second factor from now on; empty for none."""
        with self.state.lock:
            self.state.accounts[account].password = password
            self.state.dirty = True

    def scan_qr(self, url: str, account: int = ME) -> None:
        """A phone scans a QR code: `tg://login?token=…`."""
        text = url.partition("token=")[2]
        token = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        with self.state.lock:
            key = scan(self.state, token, account)
            told = types.UpdateShort(update=types.UpdateLoginToken(), date=self.state.now())
            self.state.push(Push(account=-key, body=serialise(told)))

    def revoke_sessions(self, account: int = ME) -> None:
        """The owner ends every session from another device: calls give SESSION_REVOKED."""
        with self.state.lock:
            for key in self.state.keys.values():
                if key.account == account:
                    key.account, key.revoked = 0, True
            self.state.dirty = True

    def forget_keys(self) -> None:
        """The network no longer knows any key: transport error -404."""
        with self.state.lock:
            self.state.keys.clear()
            self.state.dirty = True

    def rotate_salts(self) -> None:
        """Every client has to learn a new salt (bad_server_salt)."""
        with self.state.lock:
            for key in self.state.keys.values():
                key.salt = random_salt()

    def expire_file_references(self) -> None:
        """References shown so far fetch nothing any more."""
        with self.state.lock:
            self.state.file_version += 1

    def forget_random_ids(self) -> None:
        """A repeated random_id is new again, as after a long while."""
        with self.state.lock:
            self.state.randoms.clear()

    def limit_account(self, account: int = ME, *, limited: bool = True) -> None:
        """The account may not write to strangers first: PEER_FLOOD."""
        with self.state.lock:
            self.state.accounts[account].limited = limited

    def issue_key(self, account: int = ME) -> bytes:
        """A key that is logged in already, as if a client had gone through the whole login."""
        key = AuthKey(b"\x01" + os.urandom(255), random_salt(), self.state.now(), account)
        with self.state.lock:
            self.state.keys[key.id] = key
            self.state.dirty = True
            self.state.wake()
        return key.key

    def write_session(self, path: Path, account: int = ME) -> Path:
        """Make a session file of a client that is logged in already, without asking it anything.

        Args:
            path: Where; `.session` is added when it is missing.
            account: Whose.
        """
        full = path if path.suffix == ".session" else path.with_name(path.name + ".session")
        full.parent.mkdir(parents=True, exist_ok=True)
        full.touch(mode=0o600)
        session = SQLiteSession(str(full))
        session.set_dc(DC, *self.state.address)
        session.auth_key = ClientKey(self.issue_key(account))
        session.save()
        session.close()
        return full
