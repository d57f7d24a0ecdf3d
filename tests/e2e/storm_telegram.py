"""A sandbox Telegram in a storm: who writes, what goes wrong, and what must be true afterwards."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smm_inbox.channels.telegram.session import NAME
from smm_inbox.sandbox.telegram import Message, TelegramSandbox
from smm_inbox.sandbox.telegram.world import ANNA, BORIS, ELENA, IGOR, ME, NEIGHBOURS_ID
from tests.e2e.storm_truth import Truth

ACCOUNT = "tg"
PEOPLE = (ANNA, BORIS, ELENA, IGOR)


def options(tg: TelegramSandbox, folder: Path) -> dict[str, object]:
    """An account's table in the config file, as dotted keys; leaves a login in the data folder."""
    key = folder / "telegram.pem"
    key.write_text(tg.public_key_pem, encoding="ascii")
    account = folder / "data" / "accounts" / ACCOUNT
    account.mkdir(parents=True, mode=0o700)
    for private in (folder / "data", account.parent):
        private.chmod(0o700)
    tg.write_session(account / NAME)
    return {
        "channel": "telegram",
        "api_id": tg.api_id,
        "api_hash": tg.api_hash,
        "server.host": tg.host,
        "server.port": tg.port,
        "server.dc": tg.dc,
        "server.public_key": str(key),
    }


@dataclass
class TelegramCrowd:
    """Customers and the owner's phone; repeatable by seed."""

    tg: TelegramSandbox
    dice: random.Random
    name: str
    said: list[Message] = field(default_factory=list)
    posts: list[Message] = field(default_factory=list)
    count: int = 0

    def __call__(self) -> None:
        """One of them does something."""
        deeds: dict[Callable[[], None], int] = {
            self.writes: 6,
            self.comments: 5,
            self.mentions: 2,
            self.edits: 2,
            self.deletes: 1,
            self.phone: 1,
        }
        self.dice.choices(list(deeds), list(deeds.values()))[0]()

    def words(self, what: str) -> str:
        """Words nobody else says."""
        self.count += 1
        return f"{what} {self.name}-{self.count}"

    def _somebody(self) -> int:
        return self.dice.choice(PEOPLE)

    def writes(self) -> None:
        self.said.append(self.tg.customer_writes(self._somebody(), self.words("?")))

    def comments(self) -> None:
        if not self.posts or self.dice.random() < 0.1:
            self.posts.append(self.tg.publish_post(self.words("пост")))
        post = self.dice.choice(self.posts)
        known = [m for m in self.said if m.chat == self.tg.copy_of_post(post).chat]
        parent = self.dice.choice(known) if known and self.dice.random() < 0.4 else None
        self.said.append(
            self.tg.customer_comments(post, self._somebody(), self.words("!"), reply_to=parent)
        )

    def mentions(self) -> None:
        text = self.words("упоминание")
        self.said.append(self.tg.mention_in_group(self._somebody(), text, group=NEIGHBOURS_ID))

    def _letters(self) -> list[Message]:
        return [m for m in self.said if not m.deleted and m.chat.startswith("u:")]

    def edits(self) -> None:
        if letters := self._letters():
            self.tg.customer_edits(self.dice.choice(letters), self.words("изм"))

    def deletes(self) -> None:
        if letters := self._letters():
            self.tg.customer_deletes(self.dice.choice(letters))

    def phone(self) -> None:
        text = self.words("с телефона")
        self.said.append(self.tg.admin_replies_from_phone(self._somebody(), text))


def trouble(tg: TelegramSandbox) -> None:
    """Everything that can go wrong on the way, each often enough to meet the kills."""
    add = tg.faults.add
    send = "messages.sendMessage"
    for after in (False, True):
        for kind in ("drop", "reset"):
            add(send, kind, after=after, count=None, probability=0.06)
        add(send, "hang", seconds=0.3, after=after, count=None, probability=0.06)
        add(send, "error", after=after, count=None, probability=0.04)
    add(send, "delay", seconds=0.05, count=None, probability=0.2)
    add("messages.get*", "reset", count=None, probability=0.03)
    add("updates.*", "drop", count=None, probability=0.04)
    add("users.getUsers", "error", count=None, probability=0.05)
    add("update:*", "lose", count=None, probability=0.05)
    add("update:*", "double", count=None, probability=0.1)
    add("update:*", "too_long", count=None, probability=0.05)
    add("accept", "reset", count=None, probability=0.05)


class TelegramTruth(Truth):
    """The truth about the Telegram account."""

    def __init__(
        self, database: Path, ledger: Path, tg: TelegramSandbox, crowd: TelegramCrowd
    ) -> None:
        state: dict[str, Any] = {
            "sent": [{"text": item.text} for item in tg.sent if item.kind == "message"]
        }
        super().__init__(database, ledger, state, ACCOUNT)
        self._tg = tg
        self._crowd = crowd

    def every_message_is_here_once(self, *, history_lost: bool = False) -> None:
        rows = self.mine("SELECT * FROM messages WHERE remote_id IS NOT NULL")
        found = {row["remote_id"]: row for row in rows}
        assert len(found) == len(rows)
        for message in self._crowd.said:
            row = found.pop(self._remote_id(message), None)
            if message.deleted:
                told = row is None or row["deleted_at"] is not None
                assert told or history_lost, message
                continue
            assert row is not None, f"lost: {message}"
            assert (row["direction"] == "out") == (message.author == ME), message
            assert row["deleted_at"] is None, message
            assert history_lost or row["text"] == message.text, (row["text"], message)
        assert all(row["own"] for row in found.values()), "nobody wrote this"

    def _remote_id(self, message: Message) -> str:
        number = self._tg.id_of(message, ME)
        in_channel = message.chat.startswith("c:")
        return f"-100{message.chat[2:]}_{number}" if in_channel else str(number)
