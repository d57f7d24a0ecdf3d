"""A mail sandbox in a storm: who writes, what goes wrong, and what must be true afterwards."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smm_inbox.channels.email.letter import parse_letter
from smm_inbox.sandbox.mail import MailSandbox, letter
from smm_inbox.sandbox.mail.model import Stored
from tests.e2e.storm_truth import Truth

ACCOUNT = "post"
OURS = frozenset({"info@cafe.example"})


def options(mail: MailSandbox) -> dict[str, object]:
    """An account's table in the config file, as dotted keys."""
    return {
        "channel": "email",
        "address": mail.address,
        "password": "letmein",
        "imap.host": "127.0.0.1",
        "imap.port": mail.imap_port,
        "imap.security": "none",
        "smtp.host": "127.0.0.1",
        "smtp.port": mail.smtp_port,
        "smtp.security": "none",
    }


@dataclass
class MailCrowd:
    """Customers, a colleague in webmail and the provider; repeatable by seed."""

    mail: MailSandbox
    dice: random.Random
    name: str
    here: list[tuple[str, Stored]] = field(default_factory=list)
    """Letters in the inbox: text and letter."""
    gone: set[str] = field(default_factory=set)
    """Texts of letters that were deleted or moved away."""
    colleague: list[str] = field(default_factory=list)
    """Texts written in webmail."""
    count: int = 0

    def __call__(self) -> None:
        """One of them does something."""
        deeds: dict[Callable[[], None], int] = {
            self.writes: 8,
            self.writes_again: 4,
            self.answers_in_webmail: 2,
            self.deletes: 1,
            self.moves_away: 1,
            self.takes_back: 1,
            self.renumbers: 1,
            self.breaks: 1,
        }
        self.dice.choices(list(deeds), list(deeds.values()))[0]()

    def words(self, what: str) -> str:
        """Words nobody else says."""
        self.count += 1
        return f"{what} {self.name}-{self.count}"

    def _name(self) -> str:
        return f"<{self.name}.{self.count}@mail.example>"

    def _arrives(self, text: str, raw: bytes) -> None:
        self.here.append((text, self.mail.customer_writes(raw)))

    def writes(self) -> None:
        text = self.words("письмо")
        who = f"client{self.dice.randrange(8)}@mail.example"
        raw = letter(text, sender=("Клиент", who), subject=text, message_id=self._name())
        self._arrives(text, raw)

    def writes_again(self) -> None:
        if self.here:
            text = self.words("ещё")
            known = self.dice.choice(self.here)[1]
            named = known.header("Message-ID")
            raw = letter(
                text, sender=("Клиент", _sender(known)), message_id=self._name(), answers=named
            )
            self._arrives(text, raw)

    def answers_in_webmail(self) -> None:
        if self.here:
            text = self.words("из веба")
            known = self.dice.choice(self.here)[1]
            raw = letter(
                text,
                sender=("Кафе", self.mail.address),
                to=(_sender(known),),
                message_id=self._name(),
                answers=known.header("Message-ID"),
            )
            self.mail.operator_writes(raw)
            self.colleague.append(text)

    def _leaves(self) -> tuple[str, Stored] | None:
        if not self.here:
            return None
        text, stored = self.here.pop(self.dice.randrange(len(self.here)))
        self.gone.add(text)
        return text, stored

    def deletes(self) -> None:
        if found := self._leaves():
            self.mail.delete(found[1])

    def moves_away(self) -> None:
        if found := self._leaves():
            self.mail.move(found[1], r"\Trash")

    def takes_back(self) -> None:
        trash = self.mail.letters(r"\Trash")
        if trash:
            stored = self.dice.choice(trash)
            text = text_of(stored.raw)
            self.gone.discard(text)
            back = self.mail.move(stored, "INBOX", folder=_trash(self.mail))
            self.here.append((text, back))

    def renumbers(self) -> None:
        self.mail.renumber(self.dice.choice(["INBOX", r"\Sent"]))

    def breaks(self) -> None:
        self.dice.choice([self.mail.drop_all, self.mail.say_bye])()


def trouble(mail: MailSandbox) -> None:
    """Everything that can go wrong on the way, each often enough to meet the kills."""
    faults = mail.faults
    for command in (
        "uid fetch",
        "uid search",
        "examine",
        "select",
        "append*",
        "list*",
        "login*",
    ):
        for kind in ("drop", "cut", "bye"):
            faults.add(f"imap:{command}", kind, count=None, probability=0.015)
    faults.add("imap:idle", "bye", count=None, probability=0.1)
    faults.add("imap:idle", "drop", count=None, probability=0.1)
    faults.add("imap:append*", "drop", after=True, count=None, probability=0.1)
    for verb in ("mail", "rcpt *", "data", "auth", "ehlo"):
        faults.add(f"smtp:{verb}", "drop", count=None, probability=0.03)
        faults.add(f"smtp:{verb}", "reply", code=451, count=None, probability=0.02)
    faults.add("smtp:connect", "drop", count=None, probability=0.05)
    for after in (False, True):
        faults.add("smtp:body", "drop", after=after, count=None, probability=0.08)
    faults.add("smtp:body", "reply", code=452, count=None, probability=0.05)
    faults.add("smtp:body", "delay", seconds=0.05, count=None, probability=0.3)


def sent_tokens(mail: MailSandbox) -> list[str]:
    """Tokens of the answers that customers have."""
    return [item.header("Message-ID").strip("<>").partition(".")[0] for item in mail.sent]


class MailTruth(Truth):
    """The truth about the mail account."""

    def __init__(self, database: Path, ledger: Path, mail: MailSandbox, crowd: MailCrowd) -> None:
        state: dict[str, Any] = {"sent": [{"text": text_of(item.raw)} for item in mail.sent]}
        super().__init__(database, ledger, state, ACCOUNT)
        self._mail = mail
        self._crowd = crowd

    def every_message_is_here_once(self, *, history_lost: bool = False) -> None:
        found = self.mine(
            "SELECT text, direction, own, deleted_at FROM messages "
            "WHERE remote_id IS NOT NULL AND automatic = 0"
        )
        alive = Counter(
            row["text"] for row in found if row["direction"] == "in" and row["deleted_at"] is None
        )
        there = Counter(text for text, _ in self._crowd.here)
        assert alive == there, (there - alive, alive - there)
        dead = [row["text"] for row in found if row["deleted_at"] is not None]
        assert Counter(dead) <= Counter(self._crowd.gone)
        webmail = [row["text"] for row in found if row["direction"] == "out" and not row["own"]]
        assert sorted(webmail) == sorted(self._crowd.colleague)

    def every_answer_is_filed_once(self) -> None:
        """The sent folder has each answer but those that only a person could vouch for."""
        left = Counter(item.header("Message-ID") for item in self._mail.sent)
        tail = f".{ACCOUNT}@cafe.example>"
        filed = Counter(
            name
            for item in self._mail.letters(r"\Sent")
            if (name := item.header("Message-ID")).endswith(tail)
        )
        assert set(left.values()) <= {1}
        assert filed <= left
        assert set(left - filed) <= self._vouched_for()

    def _vouched_for(self) -> set[str]:
        """Letters handed over without an answer to it: the channel itself never learnt more."""
        own = next(self.database.parent.rglob("letters.sqlite3"))
        with closing(sqlite3.connect(own)) as connection:
            rows = connection.execute("SELECT message_id FROM outgoing WHERE state = 'handed'")
            return {str(row[0]) for row in rows}


def text_of(raw: bytes) -> str:
    """What a customer reads in a letter."""
    return str(parse_letter(raw, ours=OURS).text)


def _sender(stored: Stored) -> str:
    return stored.header("From").rpartition("<")[2].rstrip(">")


def _trash(mail: MailSandbox) -> str:
    return mail.folder(r"\Trash").name
