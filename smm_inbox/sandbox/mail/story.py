"""The live half of the demo's mail: letters come, and customers answer in their threads."""

from __future__ import annotations

import heapq
import itertools
import logging
import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from smm_inbox.sandbox.lines import FOLLOW_UPS, gendered
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
TICK = 0.25
"""Seconds between two looks for whether the app listens yet."""


class MailStory:
    """Plays the cafe's day in a mailbox: `prepare()` the past, then `start()` the present.

    Args:
        mail: The network to play on.
        seed: The same seed tells the same story.
        pace: Seconds between two letters.
        thinking: Seconds a customer takes to answer; about `pace` when absent.
    """

    def __init__(
        self, mail: MailSandbox, seed: int = 0, pace: float = PACE, thinking: float | None = None
    ) -> None:
        self._mail = mail
        self._pace = pace
        self._thinking = pace if thinking is None else thinking
        self._dice = random.Random(seed)  # noqa: S311 - a story, not a secret
        self._people = cast()
        self._known = {person.address: person for person in self._people.values()}
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = itertools.count()
        self._names = itertools.count(1)
        self._heard: queue.SimpleQueue[Delivery | None] = queue.SimpleQueue()
        self._answers: Counter[str] = Counter()
        self._strangers = 0
        self._deck: list[tuple[str, str]] = []
        self._written = iter(WRITTEN)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def prepare(self) -> None:
        """Fill the mailbox; call before the app logs in for the first time."""
        Morning(self._mail, self._people).write()

    def start(self) -> None:
        """Let the day go on in a thread of its own, from the moment somebody logs in."""
        self._mail.on_sent(self._heard.put)
        self._thread = threading.Thread(target=self._run, name="demo-mail", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the day; safe to call twice."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stop.set()
            self._heard.put(None)
            with self._mail.state.lock:
                self._mail.state.listeners.remove(self._heard.put)
            thread.join(2.0)

    def _run(self) -> None:
        try:
            self._live()
        except Exception:
            # the screen shares this process: a traceback on it would be worse than a quiet day
            _log.exception("the story of the mail ended early")

    def _live(self) -> None:
        while not self._mail.commands:
            if self._stop.wait(TICK):
                return
        self._later(0.5 * self._pace, self._next_letter)
        while not self._stop.is_set():
            while self._due and self._due[0][0] <= time.monotonic():
                heapq.heappop(self._due)[2]()
            wait = max(self._due[0][0] - time.monotonic(), 0.0)
            with suppress(queue.Empty):
                delivery = self._heard.get(timeout=wait)
                if delivery is not None:
                    self._react(delivery)

    def _later(self, seconds: float, action: Callable[[], object]) -> None:
        heapq.heappush(self._due, (time.monotonic() + seconds, next(self._numbers), action))

    # --- letters that come ------------------------------------------------------------------------

    def _next_letter(self) -> None:
        self._arrive(next(self._written, None) or self._invented())
        self._later(self._dice.uniform(0.6, 1.4) * self._pace, self._next_letter)

    def _invented(self) -> Post:
        """Somebody nobody wrote: the day has no end."""
        if self._dice.random() < 0.2:
            subject, text = self._dice.choice(ASKS)
            return Post("form", text, subject)
        if not self._deck:  # every letter is read once before any is read again
            self._deck.extend(INVENTED)
            self._dice.shuffle(self._deck)
        subject, text = self._deck.pop()
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
        """A letter of ours left; whoever gets it reads, thinks and writes back."""
        machine = max(MACHINE, 0.1 * self._thinking)
        for address in ours.recipients:
            person = self._known.get(address.lower())
            if person is None:
                continue
            if person.dead:
                self._later(machine, partial(self._returns, address, ours.raw))
                continue
            if person.away and not self._answers[person.address]:
                self._later(machine, partial(self._answers_by_itself, person, ours))
            self._answers[person.address] += 1
            if self._answers[person.address] <= PATIENCE:
                thinking = self._dice.uniform(0.5, 1.3) * self._thinking
                self._later(thinking, partial(self._writes_back, person, ours.raw))

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
            self._later(0.5 * self._thinking, partial(self._answer, person, question, ours))

    def _answer(self, person: Person, text: str, ours: bytes) -> None:
        self._mail.customer_writes(
            paper.reply(person, text, ours, self._mail.state.now(), self._name())
        )
