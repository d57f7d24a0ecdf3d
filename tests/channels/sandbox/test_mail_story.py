"""The demo's day by mail: every kind of letter is there, and customers answer in their threads."""

from __future__ import annotations

import imaplib
import smtplib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from smm_inbox.sandbox.mail import letter
from smm_inbox.sandbox.mail.demo import DemoMail, demo_mail
from smm_inbox.sandbox.mail.lines import said
from smm_inbox.sandbox.mail.model import Stored
from smm_inbox.sandbox.mail.people import OURS


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def read(stored: Stored) -> EmailMessage:
    message = message_from_bytes(stored.raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def find(demo: DemoMail, words: str, folder: str = "INBOX") -> EmailMessage:
    """The newest letter with these words in its subject."""
    found = [item for item in map(read, demo.mail.letters(folder)) if words in str(item["Subject"])]
    assert found, words
    return found[-1]


def text(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    assert part is not None
    return str(part.get_content())


@contextmanager
def listening(demo: DemoMail) -> Iterator[imaplib.IMAP4]:
    client = imaplib.IMAP4("127.0.0.1", demo.mail.imap_port, timeout=10)
    client.login(OURS, "letmein")
    yield client
    client.shutdown()


def breaks(client: imaplib.IMAP4) -> bool:
    """Whether the connection is cut within a while."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            client.noop()
        except (imaplib.IMAP4.abort, OSError):
            return True
    return False


def answer(demo: DemoMail, asked: EmailMessage, words: str, number: int) -> str:
    name = f"<{number}.demo-mail@warm-corner.example>"
    to = str(asked["Reply-To"] or asked["From"]).rpartition("<")[2].rstrip(">")
    raw = letter(
        words,
        sender=("Кафе", OURS),
        to=(to,),
        subject=f"Re: {asked['Subject']}",
        message_id=name,
        answers=str(asked["Message-ID"]),
    )
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", demo.mail.smtp_port, timeout=10) as client:
                client.login(OURS, "letmein")
                client.sendmail(OURS, [to], raw)
        except (smtplib.SMTPException, OSError):
            continue  # the story cuts the line
        return name


def replies(demo: DemoMail, name: str) -> list[EmailMessage]:
    return [item for item in map(read, demo.mail.letters()) if item["In-Reply-To"] == name]


@pytest.fixture
def quick() -> Iterator[DemoMail]:
    with demo_mail(pace=0.1, thinking=0.02) as running:
        yield running


def test_the_morning_has_every_kind_of_letter() -> None:
    with demo_mail(pace=60) as demo:
        inbox = demo.mail.letters()
        assert len(inbox) >= 18
        assert [item.at for item in inbox] == sorted(item.at for item in inbox)
        assert inbox[-1].at < demo.mail.state.now()
        old = find(demo, "дне рождения")
        assert old.get_content_charset() == "koi8-r"
        assert "совет ветеранов" in text(old)
        thread = find(demo, "Новогодний вечер")
        assert text(thread).count("Отправлено: ") == 3
        assert thread["In-Reply-To"] == find(demo, "Новогодний вечер", "Sent")["Message-ID"]
        form = find(demo, "Заявка с сайта")
        assert form["Reply-To"] == "demin.kirill@pochta.example"
        assert "8 900" in text(find(demo, "обратного звонка"))
        assert find(demo, "Автоответ")["Auto-Submitted"] == "auto-replied"
        assert find(demo, "Undelivered").get_content_type() == "multipart/report"
        attached = {p.get_content_type() for p in find(demo, "лисой").iter_attachments()}
        assert attached == {"image/png", "application/pdf"}
        assert find(demo, "Заказ №418").get_content_type() == "text/html"
        assert "Пересланное сообщение" in text(find(demo, "Fwd:"))
        assert find(demo, "«Наполеон»")["In-Reply-To"]


def test_nothing_comes_before_somebody_listens(quick: DemoMail) -> None:
    before = len(quick.mail.letters())
    assert not quick.mail.commands
    with listening(quick):
        until(lambda: len(quick.mail.letters()) > before)


def test_the_same_seed_tells_the_same_morning() -> None:
    told = []
    for _ in range(2):
        with demo_mail(seed=5) as demo:
            told.append([text(read(item))[:80] for item in demo.mail.letters()])
    assert told[0] == told[1]


def test_the_day_goes_on_though_the_line_breaks_twice(quick: DemoMail) -> None:
    before = len(quick.mail.letters())
    for _ in range(2):
        with listening(quick) as client:
            assert breaks(client)
    until(lambda: len(quick.mail.letters()) > before + 15)


def test_customers_answer_in_their_threads(quick: DemoMail) -> None:
    kept = {}
    for number, subject in enumerate(("дне рождения", "Новогодний вечер", "Заявка с сайта"), 1):
        asked = find(quick, subject)
        kept[answer(quick, asked, "Ждём вас! Столик 5 🙂", number)] = subject
    with listening(quick):
        until(lambda: all(replies(quick, name) for name in kept))
    for name, subject in kept.items():
        reply = replies(quick, name)[0]
        assert reply["Subject"] == f"Re: {find(quick, subject)['Subject'].removeprefix('Re: ')}"
        assert reply["References"] == name


def test_a_dead_address_bounces_and_a_machine_answers_for_who_is_away(quick: DemoMail) -> None:
    lost = answer(quick, find(quick, "График"), "Когда вы вернётесь?", 1)
    with listening(quick):
        until(lambda: [r for r in replies(quick, lost) if r["Auto-Submitted"] == "auto-replied"])
        until(lambda: any("Игнат" in text(read(item)) for item in quick.mail.letters()[20:]))
        form = find(quick, "Бронирование")
        dead = answer(quick, form, "Ждём вас!", 2)
        until(lambda: replies(quick, dead))
    report = replies(quick, dead)[0]
    assert report.get_content_type() == "multipart/report"
    assert "ignat.petrov@gmial.example" in str(report)


def test_a_content_customer_falls_silent(quick: DemoMail) -> None:
    asked = find(quick, "Булочная")
    names = [answer(quick, asked, f"Приходите, {n}", n) for n in range(1, 6)]
    with listening(quick):
        until(lambda: sum(bool(replies(quick, name)) for name in names) == 3)
        seen = len(quick.mail.letters())
        until(lambda: len(quick.mail.letters()) > seen + 15)
    assert sum(bool(replies(quick, name)) for name in names) == 3


def test_letters_are_written_as_letters_and_messages_as_messages() -> None:
    whole = said("Забронировали столик, ждём вас", 1, (0, 0, 0), "Марта", short=False)
    assert whole == "Здравствуйте!\n\nСпасибо! До встречи.\n\nС уважением,\nМарта"
    assert said("Ждём вас", 1, (0, 0, 0), "Марта", short=True) == "Спасибо! До встречи"
