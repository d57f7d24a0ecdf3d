"""Letters find their conversation, and only theirs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from smm_inbox.channels.email.letter import Letter, normal_subject, parse_letter, thread_of
from tests.channels.email.letter.corpus.build import OURS, plain

NOW = datetime(2026, 9, 21, 12, tzinfo=UTC)


@dataclass
class Stored:
    """Letters known so far: by Message-ID, and by person and subject with their time."""

    ids: dict[str, str] = field(default_factory=dict)
    subjects: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)

    def by_message_id(self, message_id: str) -> str | None:
        return self.ids.get(message_id)

    def by_subject(self, correspondent: str, subject: str, since: datetime) -> str | None:
        thread, at = self.subjects.get((correspondent, subject), ("", NOW))
        return thread if thread and at >= since else None


def letter(*headers: str, subject: str = "Booking") -> Letter:
    return parse_letter(plain("Да", *headers, subject=subject), ours=OURS)


def thread(item: Letter, stored: Stored) -> str:
    return thread_of(item, stored, now=NOW, fallback="INBOX/1/7")


def test_in_reply_to_comes_before_references_and_subject() -> None:
    stored = Stored({"<a@x>": "A", "<b@x>": "B"}, {("maria@mail.example", "booking"): ("S", NOW)})
    assert thread(letter("In-Reply-To: <a@x>", "References: <b@x>"), stored) == "A"
    assert thread(letter("In-Reply-To: <zz@x>", "References: <b@x>"), stored) == "B"
    assert thread(letter(), stored) == "S"


def test_the_nearest_known_ancestor_wins() -> None:
    stored = Stored({"<a@x>": "A", "<c@x>": "C"})
    assert thread(letter("References: <a@x> <b@x> <c@x> <d@x>"), stored) == "C"


@pytest.mark.parametrize(
    "references",
    [
        "<a@x><b@x>",  # without a space, as Apple Mail writes them
        "<a@x>,\r\n <b@x>",
        "=?utf-8?Q?<a@x>?= <b@x>",
        "junk <a@x> more (comment) <b@x>",
        "a@x b@x",
    ],
)
def test_broken_references_still_lead_to_the_thread(references: str) -> None:
    assert thread(letter(f"References: {references}"), Stored({"<b@x>": "B"})) == "B"


def test_an_empty_in_reply_to_merges_nobody() -> None:
    for header in ("In-Reply-To:", "In-Reply-To: <>", "In-Reply-To: < >", "In-Reply-To: -"):
        assert thread(letter(header), Stored({"": "X", "<>": "X"})) == "<m1@mail.example>"


def test_a_letter_that_fits_nowhere_begins_a_thread_of_its_own() -> None:
    assert thread(letter(), Stored()) == "<m1@mail.example>"


def test_a_missing_or_repeated_message_id_begins_a_thread_by_place() -> None:
    assert thread(replace(letter(), message_id=""), Stored()) == "INBOX/1/7"
    repeated = Stored({"<m1@mail.example>": "somebody else's"})
    assert thread(letter(subject=""), repeated) == "INBOX/1/7"


def test_a_letter_that_names_itself_as_parent_is_not_its_own_ancestor() -> None:
    stored = Stored({"<m1@mail.example>": "other"})
    assert thread(letter("In-Reply-To: <m1@mail.example>", subject=""), stored) == "INBOX/1/7"


def test_a_subject_joins_only_the_same_person_within_thirty_days() -> None:
    old = Stored(subjects={("maria@mail.example", "booking"): ("S", NOW - timedelta(days=31))})
    assert thread(letter(), old) == "<m1@mail.example>"
    other = Stored(subjects={("igor@mail.example", "booking"): ("S", NOW)})
    assert thread(letter(), other) == "<m1@mail.example>"


def test_an_empty_subject_joins_nothing() -> None:
    stored = Stored(subjects={("maria@mail.example", ""): ("S", NOW)})
    assert thread(letter(subject=""), stored) == "<m1@mail.example>"
    assert thread(letter(subject="Re:"), stored) == "<m1@mail.example>"


def test_newsletters_with_one_subject_do_not_pile_up_by_it() -> None:
    stored = Stored(subjects={("maria@mail.example", "booking"): ("S", NOW)})
    assert thread(letter("Precedence: bulk"), stored) == "<m1@mail.example>"


def test_two_customers_of_one_form_do_not_merge() -> None:
    body = "Имя: {0}\nE-mail: {0}@mail.example\nСообщение: столик"
    stored = Stored()
    threads = set()
    for number, name in enumerate(("anna", "boris")):
        raw = plain(body.format(name), f"Reply-To: {name}@mail.example", subject="Заявка с сайта")
        raw = raw.replace(b"maria@mail", b"noreply@mail").replace(b"<m1@", b"<f%d@" % number)
        item = parse_letter(raw, ours=OURS)
        assert item.contact is not None
        assert item.contact.key == f"{name}@mail.example"
        key = thread(item, stored)
        stored.subjects[item.contact.key, normal_subject(item.subject)] = (key, NOW)
        threads.add(key)
    assert len(threads) == 2


@pytest.mark.parametrize(
    "subject",
    [
        "Бронь",
        "Re: Бронь",
        "RE: Re: бронь",
        "Отв: Бронь",
        "На: Бронь",
        "Fwd: Бронь",
        "FW: Бронь",
        "Пересл: Бронь",
        "Re[2]: Бронь",
        "Re(3): Бронь",
        "Re^4: Бронь",
        "RE : Бронь",
        "Re:Бронь",
        "  Re:   Fwd:  Отв:   БРОНЬ ",
        "Re： Бронь",
        "AW: WG: Бронь",
    ],
)
def test_prefixes_do_not_change_the_subject(subject: str) -> None:
    assert normal_subject(subject) == "бронь"


@pytest.mark.parametrize(
    "subject", ["Регистрация: да", "На юбилей", "Ответ", "Report: x", "Перенос: пт"]
)
def test_words_that_begin_like_prefixes_stay(subject: str) -> None:
    assert normal_subject(subject) == subject.casefold()


def test_yo_and_case_do_not_part_a_thread() -> None:
    assert normal_subject("Re: Всё  ЕЩЁ жду") == normal_subject("все еще жду")
