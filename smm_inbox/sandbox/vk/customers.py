"""What people do in the network: the script side that tests and the demo speak to."""

from __future__ import annotations

from smm_inbox.sandbox.vk.model import User
from smm_inbox.sandbox.vk.script_messages import MessageScript
from smm_inbox.sandbox.vk.script_wall import WallScript
from smm_inbox.sandbox.vk.tokens import TokenKind


class Customers(MessageScript, WallScript):
    """Everybody who is not us: customers, visitors, colleagues in the browser, the network itself.

    Every call takes effect at once and queues the event VK would send. `at` is a Unix time for
    things that happened earlier.
    """

    def add_user(self, person: User) -> User:
        """Another person."""
        with self.state.lock:
            self.state.users[person.id] = person
            return person

    def revoke_token(self, kind: TokenKind | str, *, other_ip: bool = False) -> None:
        """Tokens of this kind stop working: revoked, or bound to another address."""
        with self.state.lock:
            for token in self.state.tokens.values():
                if token.kind == TokenKind(kind):
                    token.revoked, token.other_ip = not other_ip, other_ip

    def restore_token(self, kind: TokenKind | str) -> None:
        """Tokens of this kind work again."""
        with self.state.lock:
            for token in self.state.tokens.values():
                if token.kind == TokenKind(kind):
                    token.revoked = token.other_ip = False

    def expire_key(self) -> None:
        """The long-poll key is too old: failed 2."""
        with self.state.lock:
            self.state.events.expire_keys()

    def forget_events(self) -> None:
        """The queue's history is gone: failed 1 for whoever is behind."""
        with self.state.lock:
            self.state.events.forget()

    def restart_long_poll(self) -> None:
        """Information lost: failed 3, a new key and a new ts are needed."""
        with self.state.lock:
            self.state.events.restart()

    def redeliver(self, count: int) -> None:
        """The last events come once more with the next answer."""
        with self.state.lock:
            self.state.events.repeat(count)
