"""Answers leave exactly once, into the customer's thread, or a person is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from smm_inbox.channels.email import copies
from smm_inbox.channels.email.letter import parse_letter
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import (
    Ambiguous,
    AuthExpired,
    ChannelError,
    Rejected,
    Retry,
    Unsupported,
)
from smm_inbox.domain.ids import RemoteId, Token
from smm_inbox.domain.message import NEW_LETTER, AttachmentKind, Direction, LocalFile, Outgoing
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import set_language
from smm_inbox.sandbox.mail import Delivery, MailSandbox, letter

from .support import answer, eventually, make, options, reading

PROFILES = ("plain", "yandex", "mailru", "gmail")
ANNA = "anna@mail.example"


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


@pytest.fixture(params=PROFILES)
def mail(request: pytest.FixtureRequest) -> Iterator[MailSandbox]:
    with MailSandbox(request.param) as sandbox:
        yield sandbox


@pytest.fixture
def plain() -> Iterator[MailSandbox]:
    with MailSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def gmail() -> Iterator[MailSandbox]:
    with MailSandbox("gmail") as sandbox:
        yield sandbox


def parsed(sent: Delivery) -> EmailMessage:
    message = message_from_bytes(sent.raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(raw: bytes) -> str:
    """What is read in a letter."""
    return str(parse_letter(raw, ours=frozenset({"info@cafe.example"})).text)


def body(sent: Delivery) -> str:
    part = parsed(sent).get_body(("plain",))
    assert part is not None
    text = str(part.get_content()).replace("\r\n", "\n")
    return text.replace(" \n", " ").strip()


async def test_an_answer_goes_into_the_thread_and_is_filed_once(
    mail: MailSandbox, tmp_path: Path
) -> None:
    question = mail.customer_writes(
        letter(
            "Есть торт?",
            subject="RE: Re: Торт",
            message_id="<2@m.example>",
            answers="<1@m.example>",
        )
    )
    async with reading(mail, tmp_path) as (channel, stream):
        [asked] = stream.messages
        receipt = await channel.send(answer(asked, "Есть, медовик"))
        await eventually(lambda: r"\Answered" in question.flags)
        echo = await stream.text("медовик")
        await stream.rounds(3)
    [sent] = mail.sent
    assert sent.recipients == (ANNA,)
    assert body(sent) == "Есть, медовик"
    message = parsed(sent)
    assert message["Message-ID"] == "<4711.info-mail@cafe.example>"
    assert message["In-Reply-To"] == "<2@m.example>"
    assert message["References"] == "<1@m.example> <2@m.example>"
    assert message["Subject"] == "Re: Торт"
    assert len(mail.letters(r"\Sent")) == 1
    assert receipt.remote_id == echo.remote_id
    assert echo.token == "4711"
    assert echo.direction is Direction.OUT
    assert echo.place.conversation == asked.place.conversation
    assert not list((tmp_path / "outgoing").iterdir())


async def test_a_letter_that_answers_nobody_goes_out_as_it_is(
    plain: MailSandbox, tmp_path: Path
) -> None:
    question = Outgoing(
        Place(
            Kind.DIRECT,
            RemoteId("ask-1"),
            contact=RemoteId("oleg@mail.example"),
            title=SafeText("Вопрос по обращению: Мария"),
        ),
        SafeText("Есть ли в торте орехи?"),
        Token("5"),
        extra={NEW_LETTER: "1"},
    )
    dressed = {"greeting": "Здравствуйте!", "promo": "Скидка 10 %"}
    async with reading(plain, tmp_path, **dressed) as (channel, _):
        await channel.send(question)
    [sent] = plain.sent
    assert sent.recipients == ("oleg@mail.example",)
    assert parsed(sent)["Subject"] == "Вопрос по обращению: Мария"
    assert parsed(sent)["In-Reply-To"] is None
    assert body(sent) == "Есть ли в торте орехи?"


async def test_the_answer_to_an_answer_stays_in_the_conversation(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (channel, stream):
        [asked] = stream.messages
        await channel.send(answer(asked, "Есть"))
        plain.customer_writes(
            letter(
                "Тогда два",
                subject="Совсем другая тема",
                message_id="<2@m.example>",
                answers="<4711.info-mail@cafe.example>",
            )
        )
        again = await stream.text("Тогда два")
    assert again.place.conversation == asked.place.conversation


async def test_the_same_token_is_never_sent_twice(plain: MailSandbox, tmp_path: Path) -> None:
    plain.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (channel, stream):
        message = answer(stream.messages[0], "Есть")
        first = await channel.send(message)
        assert (await channel.send(message)).remote_id == first.remote_id
        assert await channel.find_sent(message) is not None
    async with reading(plain, tmp_path, stream.cursor) as (channel, _):
        assert (await channel.send(message)).remote_id == first.remote_id
    assert len(plain.sent) == 1


async def test_lines_that_begin_with_a_dot_arrive_as_they_are(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (channel, stream):
        await channel.send(answer(stream.messages[0], ".\n..\n.one\n\n.\nend"))
    assert text_of(plain.sent[0].raw) == ".\n..\n.one\n\n.\nend"


@pytest.mark.parametrize(
    ("target", "kind", "error"),
    [
        ("smtp:connect", "drop", Retry),
        ("smtp:ehlo", "bye", Retry),
        ("smtp:mail", "drop", Retry),
        ("smtp:rcpt *", "drop", Retry),
        ("smtp:data", "drop", Retry),
        ("smtp:data", "bye", Retry),
        ("smtp:data", "reply", Retry),
        ("smtp:body", "reply", Retry),
        ("smtp:mail", "reply", Retry),
    ],
)
async def test_a_fault_before_the_letter_is_taken_is_tried_again(
    plain: MailSandbox, tmp_path: Path, target: str, kind: str, error: type[ChannelError]
) -> None:
    plain.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (channel, stream):
        message = answer(stream.messages[0], "Есть")
        plain.faults.add(target, kind)
        with pytest.raises(error):
            await channel.send(message)
        assert await channel.find_sent(message) is None
        await channel.send(message)
    assert len(plain.sent) == 1


@pytest.mark.parametrize("delivered", [True, False])
async def test_a_break_after_the_letter_is_looked_up_where_the_server_files_copies(
    gmail: MailSandbox, tmp_path: Path, delivered: bool
) -> None:
    gmail.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    async with reading(gmail, tmp_path, provider="gmail") as (channel, stream):
        message = answer(stream.messages[0], "Есть")
        gmail.faults.add("smtp:body", "drop", after=delivered)
        with pytest.raises(Ambiguous):
            await channel.send(message)
        found = await channel.find_sent(message)
        assert (found is not None) is delivered
        if found is None:
            await channel.send(message)
    assert len(gmail.sent) == 1
    assert len(gmail.letters(r"\Sent")) == 1


@pytest.mark.parametrize("delivered", [True, False])
@pytest.mark.parametrize("profile", ["plain", "yandex", "mailru"])
async def test_a_break_after_the_letter_is_left_to_a_person_where_nobody_can_tell(
    profile: str, tmp_path: Path, delivered: bool
) -> None:
    with MailSandbox(profile) as mail:
        mail.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
        async with reading(mail, tmp_path) as (channel, stream):
            message = answer(stream.messages[0], "Есть")
            mail.faults.add("smtp:body", "drop", after=delivered)
            with pytest.raises(Ambiguous):
                await channel.send(message)
            with pytest.raises(Unsupported):
                await channel.find_sent(message)
        assert len(mail.sent) == int(delivered)


async def test_a_kill_between_the_server_and_our_notes_is_found_out(
    gmail: MailSandbox, tmp_path: Path
) -> None:
    gmail.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    async with reading(gmail, tmp_path, provider="gmail") as (channel, stream):
        message = answer(stream.messages[0], "Есть")
        gmail.faults.add("smtp:body", "hang", after=True)
        sending = channel.send(message)

        task = asyncio.create_task(sending)
        await eventually(lambda: gmail.sent)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    channel = make(options(gmail, provider="gmail"), tmp_path)
    assert await channel.find_sent(message) is not None
    await channel.close()
    assert len(gmail.sent) == 1


async def test_never_attempted_is_surely_not_sent(plain: MailSandbox, tmp_path: Path) -> None:
    plain.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (channel, stream):
        assert await channel.find_sent(answer(stream.messages[0], "Есть")) is None


async def test_notes_younger_than_the_attempt_are_not_trusted(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (channel, stream):
        early = datetime.now(UTC) - timedelta(hours=1)
        message = answer(stream.messages[0], "Есть", first_attempt_at=early)
        with pytest.raises(Unsupported):
            await channel.find_sent(message)


async def test_a_refused_address_is_named(plain: MailSandbox, tmp_path: Path) -> None:
    plain.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    plain.refuse(ANNA, 550, "5.1.1 No such user")
    async with reading(plain, tmp_path) as (channel, stream):
        with pytest.raises(Rejected, match=ANNA):
            await channel.send(answer(stream.messages[0], "Есть"))
        plain.refuse(ANNA, 450, "4.2.0 Greylisted")
        with pytest.raises(Retry, match="Greylisted"):
            await channel.send(answer(stream.messages[0], "Есть"))
    assert plain.sent == ()


async def test_everybody_is_answered_when_asked_and_who_is_refused_is_told(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(
        letter(
            "Банкет",
            to=[plain.address, "boss@mail.example"],
            cc=["gone@mail.example", "info2@cafe.example"],
            message_id="<1@m.example>",
        )
    )
    plain.refuse("gone@mail.example")
    async with reading(plain, tmp_path, aliases=("INFO2@cafe.example",)) as (channel, stream):
        asked = stream.messages[0]
        await channel.send(answer(asked, "Всем", extra={"reply_all": "1"}))
        note = await stream.text("gone@mail.example")
        await channel.send(answer(asked, "Одной", token=4712))
        await stream.rounds(2)
        assert sum("gone@mail.example" in text for text in stream.texts) == 1
    assert plain.sent[0].recipients == (ANNA, "boss@mail.example")
    assert plain.sent[1].recipients == (ANNA,)
    assert note.place.conversation == asked.place.conversation
    assert (note.automatic, note.needs_answer) == (True, False)


async def test_the_letter_wears_the_template_of_the_business(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    dress = {
        "name": "Тёплый угол",
        "greeting": "Здравствуйте, {имя}!",
        "signature": "Ваш «Тёплый угол»",
        "promo": "По средам пирожки даром",
        "channels": "ВК: vk.com/ugol",
        "quote": True,
    }
    async with reading(plain, tmp_path, **dress) as (channel, stream):
        await channel.send(answer(stream.messages[0], "Есть медовик"))
    text = body(plain.sent[0])
    assert text.startswith("Здравствуйте, Анна!\n\nЕсть медовик\n\nПо средам")
    assert "vk.com/ugol" in text
    assert "> Есть торт?" in text
    assert parsed(plain.sent[0])["From"] == "Тёплый угол <info@cafe.example>"


async def test_files_go_along_and_a_file_that_vanished_stops_the_letter(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(letter("Меню?", message_id="<1@m.example>"))
    file = tmp_path / "menu.pdf"
    file.write_bytes(b"%PDF" * 1000)
    menu = LocalFile(file, AttachmentKind.DOCUMENT, SafeText("Меню осень.pdf"), 4000)
    async with reading(plain, tmp_path / "mail") as (channel, stream):
        await channel.send(answer(stream.messages[0], "Вот", files=(menu,)))
        file.unlink()
        with pytest.raises(Rejected, match="Меню осень"):
            await channel.send(answer(stream.messages[0], "Ещё", token=2, files=(menu,)))
    [part] = parsed(plain.sent[0]).iter_attachments()
    assert part.get_filename() == "Меню осень.pdf"
    assert part.get_content() == b"%PDF" * 1000
    assert len(plain.sent) == 1


async def test_files_too_big_together_are_refused_before_they_are_read(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(letter("Пришлите фото", message_id="<1@m.example>"))
    big = tuple(
        LocalFile(tmp_path / f"{n}.mp4", AttachmentKind.VIDEO, SafeText(f"{n}.mp4"), 18 * 2**20)
        for n in range(2)
    )
    async with reading(plain, tmp_path) as (channel, stream):
        with pytest.raises(Rejected, match="25"):
            await channel.send(answer(stream.messages[0], "Вот", files=big))
    assert plain.sent == ()


async def test_a_letter_too_big_for_the_server_is_said_so(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(letter("Меню?", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (channel, stream):
        plain.faults.add("smtp:mail", "reply", code=552, text="5.3.4 too big")
        with pytest.raises(Rejected, match="too big"):
            await channel.send(answer(stream.messages[0], "Вот"))


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?Q?Hi=0D=0ABcc:_evil@mail.example?=",
        "=?utf-8?Q?a=0Bb=E2=80=A8c?=",
        "\x1b]0;x\x07[/][@click=app.quit]",
    ],
)
async def test_a_hostile_subject_injects_nothing_and_can_be_answered(
    plain: MailSandbox, tmp_path: Path, subject: str
) -> None:
    plain.customer_writes(
        f"From: =?utf-8?Q?A=0D=0ABcc:_x@y.example?= <{ANNA}>\nTo: info@cafe.example\n"
        f"Subject: {subject}\nMessage-ID: <1@m.example>\n\nпривет\n"
    )
    async with reading(plain, tmp_path) as (channel, stream):
        await channel.send(answer(stream.messages[0], "И вам\nBcc: evil@mail.example\n.\nQUIT"))
    [sent] = plain.sent
    assert sent.recipients == (ANNA,)
    assert parsed(sent)["Bcc"] is None
    assert "QUIT" in body(sent)


async def test_a_form_without_an_address_cannot_be_answered_by_letter(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(
        letter(
            "Имя: Пётр\nТелефон: +7 916 000-00-00\nСообщение: хочу банкет\n",
            sender=("Сайт", plain.address),
            subject="Заявка с сайта",
            message_id="<1@site.example>",
        )
    )
    async with reading(plain, tmp_path) as (channel, stream):
        [lead] = stream.messages
        [contact] = [contact for batch in stream.batches for contact in batch.contacts]
        assert contact.name == "Пётр"
        with pytest.raises(Rejected):
            await channel.send(answer(lead, "Ждём"))
    assert plain.sent == ()


async def test_a_copy_that_could_not_be_filed_is_filed_later(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    plain.faults.add("imap:append", "drop", count=2)
    async with reading(plain, tmp_path) as (channel, stream):
        await channel.send(answer(stream.messages[0], "Есть"))
        await stream.text("Есть")
    assert len(plain.letters(r"\Sent")) == 1


async def test_a_copy_the_server_does_not_take_holds_up_no_other(
    plain: MailSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = plain.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    second = plain.customer_writes(letter("А кофе?", subject="Кофе", message_id="<2@m.example>"))
    plain.state.append_limit = 20_000
    async with reading(plain, tmp_path) as (channel, stream):
        long, short = stream.messages
        await channel.send(answer(long, "Есть, вот весь список. " * 2_000, 1))
        await channel.send(answer(short, "И кофе есть", 2))
        await eventually(lambda: r"\Answered" in second.flags)
        assert [text_of(item.raw) for item in plain.letters(r"\Sent")] == ["И кофе есть"]
        assert r"\Answered" not in first.flags
        monkeypatch.setattr(copies, "_GIVE_UP", 0.0)
        told = await stream.text("does not take its copy")
        assert told.automatic
        assert told.place.conversation == long.place.conversation
        await eventually(lambda: r"\Answered" in first.flags)
    assert len(plain.sent) == 2


async def test_an_append_whose_answer_was_lost_is_not_repeated(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    plain.faults.add("imap:append", "drop", after=True)
    async with reading(plain, tmp_path) as (channel, stream):
        await channel.send(answer(stream.messages[0], "Есть"))
        await stream.until(lambda _: not list((tmp_path / "outgoing").iterdir()))
    assert len(plain.letters(r"\Sent")) == 1


async def test_smtp_that_refuses_the_password_is_asked_once_per_answer(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (channel, stream):
        plain.faults.add("smtp:auth", "reply", code=535, text="5.7.8 no", count=None)
        message = answer(stream.messages[0], "Есть")
        with pytest.raises(AuthExpired):
            await channel.send(message)
        await channel.connect()  # what the engine does then; IMAP still lets us in
        with pytest.raises(Rejected):
            await channel.send(message)
    tried = [command for command in plain.commands if command == "smtp:auth"]
    assert len(tried) == 2


async def test_a_server_that_falls_silent_while_taking_a_letter_does_not_hold_us(
    plain: MailSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smm_inbox.channels.email import smtp

    monkeypatch.setattr(smtp, "DATA_SECONDS", 0.3)
    plain.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (channel, stream):
        plain.faults.add("smtp:body", "hang")
        with pytest.raises(Ambiguous):
            await channel.send(answer(stream.messages[0], "Есть"))


async def test_the_operators_letter_to_a_new_customer_starts_a_conversation(
    plain: MailSandbox, tmp_path: Path
) -> None:
    async with reading(plain, tmp_path) as (_, stream):
        plain.operator_writes(
            letter(
                "Ваш заказ готов",
                sender=("", plain.address),
                to=["new@mail.example"],
                message_id="<w@cafe.example>",
            )
        )
        told = await stream.text("заказ готов")
        plain.customer_writes(
            letter(
                "Еду",
                sender=("", "new@mail.example"),
                message_id="<2@m.example>",
                answers="<w@cafe.example>",
            )
        )
        reply = await stream.text("Еду")
    assert told.place.contact == "new@mail.example"
    assert reply.place.conversation == told.place.conversation


async def test_nothing_of_our_own_comes_back_as_a_customers_letter(
    plain: MailSandbox, tmp_path: Path
) -> None:
    """We are among the recipients: the copy in the inbox is not news."""
    plain.customer_writes(
        letter("Банкет", to=[plain.address], cc=["b@mail.example"], message_id="<1@m.example>")
    )
    async with reading(plain, tmp_path) as (channel, stream):
        await channel.send(answer(stream.messages[0], "Да"))
        plain.customer_writes(plain.sent[0].raw)
        await stream.text("Да")
        await stream.rounds(3)
        assert [str(m.text) for m in stream.messages if m.direction is Direction.IN] == ["Банкет"]
