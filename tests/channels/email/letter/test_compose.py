"""Answers: in the customer's thread, readable everywhere, and nothing can be smuggled into them."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smm_inbox import locale
from smm_inbox.channels.email.compose import (
    CannotWrite,
    LetterTemplate,
    OutgoingFile,
    OutgoingLetter,
    Quoted,
    build,
    dress,
    references_for,
    reply_subject,
    reply_to_all,
    reply_to_one,
    with_quote,
)
from smm_inbox.channels.email.letter import Address, parse_letter
from smm_inbox.domain.text import SafeText
from tests.channels.email.letter.corpus.build import OURS, head, part, plain

US = Address(SafeText("Кафе «Тёплый угол»"), "info@cafe.example")
MARIA = Address(SafeText("Мария Ковалёва"), "maria@mail.example")
WHEN = datetime(2026, 9, 21, 7, 0, tzinfo=UTC)
LETTER = OutgoingLetter(
    message_id="<77.cafe@cafe.example>",
    sender=US,
    to=(MARIA,),
    subject="Re: Бронь",
    text="Добрый день!\n\nЖдём вас в субботу.",
    sent_at=WHEN,
)


def opened(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def header_names(raw: bytes) -> list[str]:
    top = raw.split(b"\r\n\r\n", 1)[0].decode("ascii")
    return [line.partition(":")[0] for line in top.split("\r\n") if line[:1] not in " \t"]


def test_a_strict_parser_reads_back_what_was_written() -> None:
    message = opened(build(LETTER))
    assert message["subject"] == "Re: Бронь"
    assert message["to"] == "Мария Ковалёва <maria@mail.example>"
    assert message["message-id"] == "<77.cafe@cafe.example>"
    assert message.get_content().split() == LETTER.text.split()
    assert message.get_content_type() == "text/plain"
    assert message.get_param("format") == "flowed"
    assert not message.defects


def test_the_letter_is_ascii_with_short_crlf_lines() -> None:
    file = OutgoingFile("очень длинное имя файла " * 5 + ".pdf", bytes(range(256)) * 9)
    raw = build(replace(LETTER, text="слово " * 500, files=(file,), subject="Длинная тема " * 30))
    assert raw.isascii()
    assert raw.replace(b"\r\n", b"").count(b"\n") == 0
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


def test_the_same_letter_gives_the_same_bytes() -> None:
    with_file = replace(LETTER, files=(OutgoingFile("a.txt", b"x"),))
    assert build(with_file) == build(with_file)


def test_the_answer_stands_in_the_thread() -> None:
    parent = parse_letter(plain("Да", "References: <a@x> <b@x>", "In-Reply-To: <b@x>"), ours=OURS)
    answer = replace(LETTER, in_reply_to=parent.message_id, references=references_for(parent))
    message = opened(build(answer))
    assert message["in-reply-to"] == "<m1@mail.example>"
    assert message["references"].split() == ["<a@x>", "<b@x>", "<m1@mail.example>"]


def test_references_stay_bounded_and_keep_the_first_and_the_newest() -> None:
    chain = tuple(f"<{number}.{'x' * 60}@mail.example>" for number in range(300))
    kept = opened(build(replace(LETTER, references=chain)))["references"].split()
    assert kept[0] == chain[0]
    assert kept[-1] == chain[-1]
    assert sum(len(item) + 1 for item in kept) <= 1000


@pytest.mark.parametrize(
    ("subject", "answer"),
    [
        ("Бронь", "Re: Бронь"),
        ("Re: Бронь", "Re: Бронь"),
        ("RE: Re[2]: Отв: Бронь", "Re: Бронь"),
        ("Fwd: Бронь", "Re: Fwd: Бронь"),
        ("", "Re:"),
        ("Hi\r\nBcc: victim@x.example", "Re: Hi Bcc: victim@x.example"),
        ("a\x00b\u2028c\x1b[2J", "Re: ab c[2J"),
    ],
)
def test_re_stands_once_before_a_clean_subject(subject: str, answer: str) -> None:
    assert reply_subject(subject) == answer


HOSTILE = st.text(
    alphabet=st.sampled_from(
        list('ab\r\n\0\x0b\x0c\x85\u2028\u2029:;,"\\<>()=?@ Ж\x1b\u202e\ud800')
    ),
    max_size=60,
)


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=150, deadline=None)
def test_nothing_injects_a_header_a_part_or_a_recipient(
    subject: str, name: str, file: str, text: str
) -> None:
    plain_names = header_names(build(replace(LETTER, files=(OutgoingFile("a", b""),))))
    raw = build(
        replace(
            LETTER,
            subject=reply_subject(subject),
            sender=Address(SafeText(name), US.address),
            to=(Address(SafeText(name), MARIA.address),),
            text=text + "\r\n.\r\nBcc: victim@x.example",
            files=(OutgoingFile(file, b"data", f"text/plain{file}"),),
        )
    )
    assert header_names(raw) == plain_names
    message = opened(raw)
    assert [a.addr_spec for a in message["to"].addresses] == [MARIA.address]
    assert next(message.iter_parts()).get_content_type() == "text/plain"
    assert len(list(message.iter_parts())) == 2


def test_a_hostile_letter_can_be_answered() -> None:
    subject = "=?utf-8?Q?Hi=0D=0ABcc:_victim@x.example=1B[2J?="
    parent = parse_letter(head(subject=subject) + part("x"), ours=OURS)
    to = reply_to_one(parent)
    assert to is not None
    message = opened(build(replace(LETTER, to=to.to, subject=reply_subject(parent.subject))))
    assert message["bcc"] is None
    assert message["subject"] == "Re: Hi Bcc: victim@x.example[2J"


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a b@c.example",
        "<a@b.example>",
        "имя@b.example",
        "a@",
        "",
    ],
)
def test_an_unusable_address_is_refused(address: str) -> None:
    with pytest.raises(CannotWrite):
        build(replace(LETTER, to=(Address(SafeText(""), address),)))


def test_an_unusable_message_id_is_refused_and_a_foreign_one_left_out() -> None:
    with pytest.raises(CannotWrite):
        build(replace(LETTER, message_id="<a b@x>"))
    raw = build(replace(LETTER, in_reply_to="<a@x>\r\nBcc: v@x", references=("<a b@x>", "<c@x>")))
    assert "In-Reply-To" not in header_names(raw)
    assert opened(raw)["references"] == "<c@x>"


def test_a_cyrillic_domain_goes_out_in_its_ascii_form() -> None:
    raw = build(replace(LETTER, to=(Address(SafeText("Мария"), "maria@кафе.рф"),)))
    assert b"maria@xn--80akn5b.xn--p1ai" in raw


@pytest.mark.parametrize(
    "name",
    [
        "menu.pdf",
        "меню.pdf",
        "прайс-лист на 2026 год (новый, окончательный, исправленный ещё раз).xlsx",
        'a"b.txt',
        "отчёт;x=y.pdf",
        "100%.pdf",
        "it's.pdf",
    ],
)
def test_file_names_arrive(name: str) -> None:
    raw = build(replace(LETTER, files=(OutgoingFile(name, b"\0data", "application/pdf"),)))
    attachment = next(iter(opened(raw).iter_attachments()))
    assert attachment.get_filename() == name.replace('"', "_")
    assert attachment.get_payload(decode=True) == b"\0data"
    mine = parse_letter(raw, ours=frozenset())
    assert [item.name for item in mine.attachments] == [name.replace('"', "_")]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=300))
@settings(max_examples=150, deadline=None)
def test_the_customer_reads_the_words_that_were_typed(text: str) -> None:
    raw = build(replace(LETTER, text=text))
    letter = parse_letter(raw, ours=frozenset())
    typed = "".join(str(parse_letter(plain(text), ours=frozenset()).text).split())
    if not any(mark in text for mark in (">", "--")):
        assert "".join(f"{letter.text}{letter.folded}".split()) == typed


def test_flowed_lines_keep_quotes_indents_and_the_signature_mark() -> None:
    text = "From Moscow\n > стрелка\n> цитата " + "слово " * 30 + "\n-- \nАнна"
    body = opened(build(replace(LETTER, text=text))).get_payload(decode=True)
    assert isinstance(body, bytes)
    rows = body.decode().split("\r\n")
    assert rows[0] == " From Moscow"
    assert rows[1] == "  > стрелка"
    assert all(row.startswith("> ") for row in rows[2:5])
    assert rows[2].endswith(" ")
    assert rows[-3:] == ["-- ", "Анна", ""]


def test_an_autoreply_is_marked_so_that_robots_keep_quiet() -> None:
    raw = build(replace(LETTER, automatic=True))
    assert parse_letter(raw, ours=frozenset()).automatic
    assert not parse_letter(build(LETTER), ours=frozenset()).automatic


def test_reply_to_all_names_everybody_once_and_never_us() -> None:
    raw = plain(
        "Да",
        "Cc: Igor <IGOR@mail.example>, info@cafe.example, maria@mail.example",
    ).replace(
        b"To: info@cafe.example", b"To: INFO@cafe.example, igor@mail.example, olga@mail.example"
    )
    letter = parse_letter(raw, ours=OURS)
    everybody = reply_to_all(letter, OURS)
    assert everybody is not None
    assert [address.key for address in everybody.to] == ["maria@mail.example"]
    assert [address.key for address in everybody.cc] == ["igor@mail.example", "olga@mail.example"]


def test_the_answer_goes_to_reply_to() -> None:
    letter = parse_letter(plain("Да", "Reply-To: igor@mail.example"), ours=OURS)
    one = reply_to_one(letter)
    assert one is not None
    assert one.to[0].address == "igor@mail.example"
    assert reply_to_one(parse_letter(b"", ours=OURS)) is None


TEMPLATE = LetterTemplate(
    greeting="Здравствуйте, {имя}!",
    promo="По средам — скидка 10 %.",
    channels="ВК: vk.com/cafe",
    signature="Анна, «Тёплый угол»",
)


def test_the_template_stands_around_the_text() -> None:
    assert dress("Ждём вас.", TEMPLATE, name="Мария") == (
        "Здравствуйте, Мария!\n\nЖдём вас.\n\nПо средам — скидка 10 %.\n\nВК: vk.com/cafe\n\n"
        "-- \nАнна, «Тёплый угол»"
    )
    assert dress("Ждём вас.", LetterTemplate()) == "Ждём вас."


def test_a_greeting_is_not_doubled_and_copes_without_a_name() -> None:
    assert dress("Добрый день, Мария!\nЖдём.", TEMPLATE, name="Мария").count("Здравствуйте") == 0
    assert dress("Ждём.", TEMPLATE).startswith("Здравствуйте!\n\nЖдём.")


def test_a_name_cannot_use_the_template() -> None:
    assert dress("Ждём.", TEMPLATE, name="{имя.__class__}").startswith(
        "Здравствуйте, {имя.__class__}!"
    )


def test_the_quoted_original_is_folded_by_our_own_reader() -> None:
    locale.set_language("ru")
    quoted = Quoted(MARIA, WHEN, "А столик есть?\n\n> Ждём вас.")
    text = with_quote("Есть!", quoted, ZoneInfo("Europe/Moscow"))
    assert text == (
        "Есть!\n\n21.09.2026, 10:00, Мария Ковалёва <maria@mail.example> пишет:\n"
        "> А столик есть?\n>\n>> Ждём вас."
    )
    letter = parse_letter(build(replace(LETTER, text=text)), ours=frozenset())
    assert letter.text == "Есть!"
    locale.set_language("en")
