"""The live half of the demo's mail: letters come, and customers answer in their threads."""

from __future__ import annotations

import itertools
import logging
from collections import Counter
from functools import partial

from smm_inbox.sandbox.common.lines import FOLLOW_UPS, gendered
from smm_inbox.sandbox.common.story import Deck, Story
from smm_inbox.sandbox.mail import paper
from smm_inbox.sandbox.mail.lines import ASKS, AWAY, INVENTED, WRITTEN, Post, said
from smm_inbox.sandbox.mail.model import Delivery
from smm_inbox.sandbox.mail.morning import Morning
from smm_inbox.sandbox.mail.people import OURS, Habit, Person, cast, stranger
from smm_inbox.sandbox.mail.server import MailSandbox
from smm_inbox.sandbox.mail.write import letter

_log = logging.getLogger(__name__)

PACE = 12.0
"""Seconds between two letters."""
PATIENCE = 3
"""How often one person answers before being content."""
MACHINE = 1.5
"""Seconds a machine takes at least: letters carry whole ones, and theirs must come out later."""


class MailStory(Story[Post, Delivery]):
    """Plays the cafe's day in a mailbox: `prepare()` the past, then `start()` the present.

    Args:
        mail: The network to play on.
        seed: The same seed tells the same story.
        pace: Seconds between two letters.
        thinking: Seconds a customer takes to answer; about `pace` when absent.
    """

    name = "demo-mail"

    def __init__(
        self, mail: MailSandbox, seed: int = 0, pace: float = PACE, thinking: float | None = None
    ) -> None:
        super().__init__(mail.state.listeners, WRITTEN, seed, pace)
        self._mail = mail
        self._thinking = pace if thinking is None else thinking
        self._people = cast()
        self._known = {person.address: person for person in self._people.values()}
        self._names = itertools.count(1)
        self._answers: Counter[str] = Counter()
        self._strangers = 0
        self._letters = Deck(INVENTED, self._dice)

    def prepare(self) -> None:
        """Fill the mailbox; call before the app logs in for the first time."""
        Morning(self._mail, self._people).write()

    def _listened_to(self) -> bool:
        return bool(self._mail.commands)

    def _broke_off(self, trace: str) -> None:
        _log.error("the story of the mail ended early\n%s", trace)

    # --- letters that come ------------------------------------------------------------------------

    def _invented(self) -> Post:
        if self._dice.random() < 0.2:
            subject, text = self._dice.choice(ASKS)
            return Post("form", text, subject)
        subject, text = self._letters.draw()
        return Post("letter", text, subject)

    def _arrive(self, post: Post) -> None:
        if post.kind == "cut":
            self._mail.drop_all()
            return
        person = self._people[post.who] if post.who else self._stranger()
        text = gendered(post.text, person.sex)
        now, name = self._mail.state.now(), self._name()
        plain = partial(letter, sender=person.sender, to=(OURS,), at=now, message_id=name)
        match post.kind:
            case "form":
                fields = {"Имя": person.name, "E-mail": person.address, "Сообщение": text}
                raw = paper.form(fields, post.subject, now, name, reply_to=person.address)
            case "call":
                fields = {"Имя": person.name, "Телефон": "8 900 000-00-63", "Комментарий": text}
                raw = paper.form(fields, post.subject, now, name)
            case "koi8":
                raw = paper.koi8(person, post.subject, text, now, name)
            case "html":
                raw = paper.html_only(person, post.subject, text, now, name)
            case "photo":
                picture = ("IMG_2041.png", "image/png", paper.picture((96, 130, 170)))
                raw = paper.with_files(plain(text, subject=post.subject), [picture])
            case _:
                raw = plain(text, subject=post.subject)
        self._mail.customer_writes(raw)

    def _stranger(self) -> Person:
        self._strangers += 1
        person = stranger(self._dice, self._strangers)
        self._known[person.address] = person
        return person

    def _name(self) -> str:
        return f"<{next(self._names)}@day.example>"

    # --- answers ----------------------------------------------------------------------------------

    def _react(self, ours: Delivery) -> None:
        machine = max(MACHINE, 0.1 * self._thinking)
        for address in ours.recipients:
            person = self._known.get(address.lower())
            if person is None:
                continue
            if person.dead:
                self._after(machine, partial(self._returns, address, ours.raw))
                continue
            if person.away and not self._answers[person.address]:
                self._after(machine, partial(self._answers_by_itself, person, ours))
            self._answers[person.address] += 1
            if self._answers[person.address] <= PATIENCE:
                thinking = self._dice.uniform(0.5, 1.3) * self._thinking
                self._after(thinking, partial(self._writes_back, person, ours.raw))

    def _returns(self, address: str, ours: bytes) -> None:
        self._mail.customer_writes(
            paper.bounce(address, ours, self._mail.state.now(), self._name())
        )

    def _answers_by_itself(self, person: Person, ours: Delivery) -> None:
        raw = paper.auto_answer(person, AWAY, ours.raw, self._mail.state.now(), self._name())
        self._mail.customer_writes(raw)

    def _writes_back(self, person: Person, ours: bytes) -> None:
        dice = self._dice
        text = said(
            paper.body_of(ours),
            person.sex,
            (dice.randrange(60), dice.randrange(60), dice.randrange(60)),
            person.name.split()[0],
            short=person.habit is Habit.PHONE,
        )
        self._answer(person, text, ours)
        if dice.random() < 0.2:
            question = dice.choice(FOLLOW_UPS)
            self._after(0.5 * self._thinking, partial(self._answer, person, question, ours))

    def _answer(self, person: Person, text: str, ours: bytes) -> None:
        self._mail.customer_writes(
            paper.reply(person, text, ours, self._mail.state.now(), self._name())
        )
