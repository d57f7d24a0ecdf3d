"""What becomes known of letters later: answered elsewhere, or returned by the mail system."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smm_inbox.domain.message import Direction, Undelivered
from smm_inbox.locale import set_language
from smm_inbox.sandbox.mail import MailSandbox, Stored, letter, paper

from .support import Stream, answer, eventually, make, options, reading

PROFILES = ("plain", "yandex", "mailru", "gmail")


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


@pytest.fixture(params=PROFILES)
def mail(request: pytest.FixtureRequest) -> Iterator[MailSandbox]:
    with MailSandbox(request.param) as sandbox:
        yield sandbox


@pytest.fixture
def gmail() -> Iterator[MailSandbox]:
    with MailSandbox("gmail") as sandbox:
        yield sandbox


def asks(mail: MailSandbox, text: str = "Есть торт?", number: int = 1) -> Stored:
    return mail.customer_writes(letter(text, message_id=f"<{number}@m.example>"))


def webmail(mail: MailSandbox, text: str, answers: str = "<1@m.example>") -> Stored:
    return mail.operator_writes(
        letter(
            text,
            sender=("Кафе", mail.address),
            to=["anna@mail.example"],
            subject="Re: Вопрос",
            message_id="<w@cafe.example>",
            answers=answers,
        )
    )


def searches(mail: MailSandbox) -> list[str]:
    return [line for line in mail.commands if line.startswith("imap:uid search")]


# --- answered in another program ------------------------------------------------------------------


async def test_a_letter_answered_without_a_copy_stops_waiting(
    mail: MailSandbox, tmp_path: Path
) -> None:
    stored = asks(mail)
    async with reading(mail, tmp_path) as (_, stream):
        [question] = stream.messages
        mail.flag(stored, r"\Answered")
        told = await stream.text("another mail program")
        await stream.rounds(3)
        assert len(stream.messages) == 2
    assert told.direction is Direction.OUT
    assert not told.automatic
    assert told.place.conversation == question.place.conversation
    assert told.reply_to == question.remote_id
    # What came after the letter goes on waiting.
    assert told.sent_at == question.sent_at


async def test_it_is_told_after_the_program_was_away(mail: MailSandbox, tmp_path: Path) -> None:
    stored = asks(mail)
    async with reading(mail, tmp_path) as (_, stream):
        cursor = stream.cursor
    mail.flag(stored, r"\Answered")
    async with reading(mail, tmp_path, cursor) as (_, stream):
        assert len(stream.messages) == 1
        await stream.rounds(1)  # it is asked for more: the first batch is stored
        cursor = stream.cursor
    async with reading(mail, tmp_path, cursor) as (_, stream):
        assert stream.messages == []


async def test_what_was_not_stored_is_told_again(gmail: MailSandbox, tmp_path: Path) -> None:
    stored = asks(gmail)
    async with reading(gmail, tmp_path) as (_, stream):
        cursor = stream.cursor
    gmail.flag(stored, r"\Answered")
    for _ in range(2):
        channel = make(options(gmail), tmp_path)
        again = Stream(channel, cursor)
        assert (await again.text("another mail program")).sent_at
        await again.close()  # the batch is in our hands, and the program dies
        await channel.close()


async def test_the_answer_itself_tells_more_than_its_mark(
    mail: MailSandbox, tmp_path: Path
) -> None:
    stored = asks(mail)
    async with reading(mail, tmp_path) as (_, stream):
        webmail(mail, "Есть, медовик")
        mail.flag(stored, r"\Answered")
        await stream.text("медовик")
        await stream.rounds(4)
        assert stream.texts == ["Есть торт?", "Есть, медовик"]


async def test_the_mark_that_our_own_answer_sets_is_no_news(
    mail: MailSandbox, tmp_path: Path
) -> None:
    stored = asks(mail)
    async with reading(mail, tmp_path) as (channel, stream):
        [question] = stream.messages
        await channel.send(answer(question, "Есть, медовик"))
        await eventually(lambda: r"\Answered" in stored.flags)
        await stream.rounds(4)
    assert not any("another mail program" in text for text in stream.texts)


async def test_where_changes_are_counted_a_quiet_folder_costs_no_search(
    gmail: MailSandbox, tmp_path: Path
) -> None:
    stored = [asks(gmail, f"письмо {n}", n) for n in range(30)]
    async with reading(gmail, tmp_path) as (_, stream):
        await stream.rounds(2)
        before = len(searches(gmail))
        await stream.rounds(3)
        assert len(searches(gmail)) == before
        gmail.flag(stored[3], r"\Answered")
        told = await stream.text("another mail program")
        asked = searches(gmail)[before:]
        assert any("MODSEQ" in line for line in asked)
    assert str(told.reply_to) == str(stream.messages[3].remote_id)


async def test_a_server_that_refuses_to_search_by_changes_is_asked_without(
    gmail: MailSandbox, tmp_path: Path
) -> None:
    stored = asks(gmail)
    gmail.faults.add("imap:uid search *MODSEQ*", "reply", count=None)
    async with reading(gmail, tmp_path) as (_, stream):
        gmail.flag(stored, r"\Answered")
        await stream.text("another mail program")


async def test_a_flag_without_a_name_is_not_believed_blindly(
    gmail: MailSandbox, tmp_path: Path
) -> None:
    first = asks(gmail, "раз", 1)
    async with reading(gmail, tmp_path) as (_, stream):
        cursor = stream.cursor
    gmail.delete(first)
    for n in range(2, 5):
        asks(gmail, f"письмо {n}", n)  # UIDs 2, 3, 4 under the numbers 1, 2, 3
    inbox = gmail.letters()
    gmail.state.talkative = True
    gmail.flag(inbox[1], r"\Answered")  # number 2, which is also a UID: of the first letter
    async with reading(gmail, tmp_path, cursor) as (_, stream):
        waits = {str(m.text): m.needs_answer for m in stream.messages}
    assert waits == {"письмо 2": True, "письмо 3": False, "письмо 4": True}


# --- how long somebody waits ----------------------------------------------------------------------


async def test_a_letter_held_up_on_its_way_waits_since_it_came(
    gmail: MailSandbox, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    written, came = now - timedelta(hours=3), now - timedelta(hours=1)
    gmail.customer_writes(letter("застряло", at=written, message_id="<1@m.example>"), at=came)
    copied = now - timedelta(days=20)
    gmail.customer_writes(letter("перенесли", at=copied, message_id="<2@m.example>"), at=now)
    async with reading(gmail, tmp_path) as (_, stream):
        times = {str(m.text): m.sent_at for m in stream.messages}
    assert abs(times["застряло"] - came) < timedelta(seconds=2)
    assert abs(times["перенесли"] - copied) < timedelta(seconds=2)


# --- returned by the mail system ------------------------------------------------------------------


def news(stream: Stream) -> list[Undelivered]:
    return [item for batch in stream.batches for item in batch.undelivered]


async def returned(stream: Stream) -> Undelivered:
    batch = await stream.until(lambda batch: bool(batch.undelivered))
    return batch.undelivered[0]


async def test_an_answer_that_comes_back_is_told_by_its_name(
    mail: MailSandbox, tmp_path: Path
) -> None:
    asks(mail)
    async with reading(mail, tmp_path) as (channel, stream):
        [question] = stream.messages
        receipt = await channel.send(answer(question, "Есть, медовик"))
        ours = mail.sent[-1].raw
        now = datetime.now(UTC)
        mail.customer_writes(paper.bounce("anna@mail.example", ours, now, "<b@mx.example>"))
        told = await returned(stream)
        await stream.rounds(3)
        assert len(news(stream)) == 1
    assert told.remote_id == receipt.remote_id
    assert told.token == "4711"
    assert "there is no such address, anna@mail.example" in told.reason
    assert "550 5.1.1 User unknown" in told.reason
    report = next(m for m in stream.messages if m.automatic)
    assert report.place.conversation == question.place.conversation


async def test_a_report_that_refers_to_nothing_is_matched_by_the_copy_in_it(
    gmail: MailSandbox, tmp_path: Path
) -> None:
    asks(gmail)
    async with reading(gmail, tmp_path) as (channel, stream):
        [question] = stream.messages
        receipt = await channel.send(answer(question, "Есть, медовик"))
        raw = paper.bounce("anna@mail.example", gmail.sent[-1].raw, datetime.now(UTC), "<b@mx.ex>")
        head, _, body = raw.partition(b"\n\n")
        lines = [
            line
            for line in head.split(b"\n")
            if not line.startswith((b"In-Reply-To", b"References"))
        ]
        gmail.customer_writes(b"\n".join(lines) + b"\n\n" + body)
        assert (await returned(stream)).remote_id == receipt.remote_id
        report = next(m for m in stream.messages if m.automatic)
        assert report.place.conversation == question.place.conversation


async def test_a_letter_that_is_only_late_has_not_failed(
    gmail: MailSandbox, tmp_path: Path
) -> None:
    asks(gmail)
    async with reading(gmail, tmp_path) as (channel, stream):
        [question] = stream.messages
        await channel.send(answer(question, "Есть, медовик"))
        raw = paper.bounce("anna@mail.example", gmail.sent[-1].raw, datetime.now(UTC), "<b@mx.ex>")
        gmail.customer_writes(raw.replace(b"Action: failed", b"Action: delayed"))
        await stream.until(lambda batch: any(m.automatic for m in batch.messages))
        await stream.rounds(3)
        assert news(stream) == []


async def test_somebody_who_should_only_have_read_along_fails_no_answer(
    gmail: MailSandbox, tmp_path: Path
) -> None:
    asks(gmail)
    async with reading(gmail, tmp_path) as (channel, stream):
        [question] = stream.messages
        await channel.send(answer(question, "Есть, медовик"))
        raw = paper.bounce("boss@other.example", gmail.sent[-1].raw, datetime.now(UTC), "<b@m.ex>")
        gmail.customer_writes(raw)
        await stream.until(lambda batch: any(m.automatic for m in batch.messages))
        await stream.rounds(3)
        assert news(stream) == []


async def test_a_letter_from_webmail_comes_back_as_well(gmail: MailSandbox, tmp_path: Path) -> None:
    asks(gmail)
    async with reading(gmail, tmp_path) as (_, stream):
        written = webmail(gmail, "Есть, медовик")
        raw = paper.bounce("anna@mail.example", written.raw, datetime.now(UTC), "<b@mx.example>")
        gmail.customer_writes(raw)  # the report may be read before the letter it speaks of
        assert (await returned(stream)).remote_id == "w@cafe.example"
        reply = next(m for m in stream.messages if "медовик" in m.text)
        assert reply.place.conversation == stream.messages[0].place.conversation
