"""Letters arrive once, whatever the server can and does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smm_inbox.channels.email.shelves import Care
from smm_inbox.domain.errors import ChannelError
from smm_inbox.domain.message import Direction
from smm_inbox.sandbox.mail import Folder, MailSandbox, letter

from .support import QUICK, Stream, eventually, make, options, reading

PROFILES = ("plain", "yandex", "mailru", "gmail")


@pytest.fixture(params=PROFILES)
def mail(request: pytest.FixtureRequest) -> Iterator[MailSandbox]:
    with MailSandbox(request.param) as sandbox:
        yield sandbox


@pytest.fixture
def plain() -> Iterator[MailSandbox]:
    with MailSandbox() as sandbox:
        yield sandbox


async def test_history_and_arrivals_come_once(mail: MailSandbox, tmp_path: Path) -> None:
    for n in range(45):
        mail.customer_writes(letter(f"история {n:02}", message_id=f"<{n}@mail.example>"))
    async with reading(mail, tmp_path) as (_, stream):
        assert sorted(stream.texts) == [f"история {n:02}" for n in range(45)]
        mail.customer_writes(letter("свежее", subject="Стол на двоих", message_id="<n@m.example>"))
        fresh = await stream.text("свежее")
        await stream.rounds()
        assert len(stream.texts) == 46
    assert fresh.place.title == "Стол на двоих"
    assert fresh.author == fresh.place.contact == "anna@mail.example"
    assert fresh.direction is Direction.IN
    assert fresh.needs_answer


async def test_a_machine_does_not_rename_a_talk(plain: MailSandbox, tmp_path: Path) -> None:
    plain.customer_writes(letter("Вопрос", subject="Торт", message_id="<1@m.example>"))
    robot = {"Auto-Submitted": "auto-replied"}
    plain.customer_writes(
        letter("Я в отпуске", subject="Автоответ", answers="<1@m.example>", headers=robot)
    )
    plain.customer_writes(letter("Скидки", subject="Прайс", headers=robot))
    async with reading(plain, tmp_path) as (_, stream):
        titles = {m.text: m.place.title for batch in stream.batches for m in batch.messages}
    assert titles == {"Вопрос": "Торт", "Я в отпуске": "", "Скидки": "Прайс"}


async def test_what_came_while_we_were_away_comes_after_the_cursor(
    mail: MailSandbox, tmp_path: Path
) -> None:
    mail.customer_writes(letter("до", message_id="<1@m.example>"))
    async with reading(mail, tmp_path) as (_, stream):
        cursor = stream.cursor
    mail.customer_writes(letter("после", message_id="<2@m.example>"))
    async with reading(mail, tmp_path, cursor) as (_, stream):
        assert stream.texts == ["после"]


async def test_an_outage_longer_than_the_backfill_loses_nothing(
    plain: MailSandbox, tmp_path: Path
) -> None:
    async with reading(plain, tmp_path) as (_, stream):
        cursor = stream.cursor
    long_ago = datetime.now(UTC) - timedelta(days=60)
    plain.customer_writes(letter("старое", message_id="<1@m.example>", at=long_ago), at=long_ago)
    async with reading(plain, tmp_path, cursor) as (_, stream):
        assert stream.texts == ["старое"]


async def test_the_first_start_reads_no_further_back_than_asked(
    plain: MailSandbox, tmp_path: Path
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=60)
    plain.customer_writes(letter("давно", at=long_ago), at=long_ago)
    plain.customer_writes(letter("вчера"), at=datetime.now(UTC) - timedelta(days=1))
    plain.customer_writes(letter("переложено"), at=long_ago)
    async with reading(plain, tmp_path) as (_, stream):
        assert stream.texts == ["вчера"]


async def test_an_answer_from_webmail_stands_in_the_same_conversation(
    mail: MailSandbox, tmp_path: Path
) -> None:
    mail.customer_writes(letter("Есть торт?", message_id="<1@m.example>"))
    async with reading(mail, tmp_path) as (_, stream):
        [question] = stream.messages
        mail.operator_writes(
            letter(
                "Есть, медовик",
                sender=("Кафе", mail.address),
                to=["anna@mail.example"],
                subject="Re: Вопрос",
                message_id="<w@cafe.example>",
                answers="<1@m.example>",
            )
        )
        reply = await stream.text("медовик")
    assert reply.direction is Direction.OUT
    assert reply.place.conversation == question.place.conversation
    assert reply.reply_to == question.remote_id
    assert reply.place.contact == "anna@mail.example"
    assert not reply.automatic


async def test_history_with_answers_is_read_answers_first(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(letter("Вопрос", message_id="<1@m.example>"))
    plain.operator_writes(
        letter(
            "Ответ",
            sender=("", plain.address),
            to=["anna@mail.example"],
            subject="Ваш заказ",
            message_id="<2@cafe.example>",
            answers="<1@m.example>",
        )
    )
    plain.customer_writes(letter("Спасибо", message_id="<3@m.example>", answers="<2@cafe.example>"))
    async with reading(plain, tmp_path) as (_, stream):
        assert stream.texts[0] == "Ответ"
        assert len({message.place.conversation for message in stream.messages}) == 1


async def test_renumbering_announces_nothing_twice_and_loses_nothing(
    mail: MailSandbox, tmp_path: Path
) -> None:
    for n in range(30):
        mail.customer_writes(letter(f"письмо {n:02}", message_id=f"<{n}@m.example>"))
    async with reading(mail, tmp_path) as (_, stream):
        cursor = stream.cursor
    mail.renumber()
    mail.customer_writes(letter("новое", message_id="<new@m.example>"))
    async with reading(mail, tmp_path, cursor) as (_, stream):
        assert stream.texts == ["новое"]
        cursor = stream.cursor
    async with reading(mail, tmp_path, cursor) as (_, stream):
        assert stream.messages == []


async def test_a_letter_deleted_before_a_renumbering_is_told(
    plain: MailSandbox, tmp_path: Path
) -> None:
    first = plain.customer_writes(letter("раз", message_id="<1@m.example>"))
    plain.customer_writes(letter("два", message_id="<2@m.example>"))
    async with reading(plain, tmp_path) as (_, stream):
        cursor = stream.cursor
        gone = next(message.remote_id for message in stream.messages if message.text == "раз")
    plain.delete(first)
    plain.renumber()
    async with reading(plain, tmp_path, cursor) as (_, stream):
        await stream.rounds(2)
        assert [removal.remote_id for removal in stream.removals] == [gone]


async def test_a_renumbered_folder_that_was_read_but_not_stored_comes_again(
    plain: MailSandbox, tmp_path: Path
) -> None:
    first = plain.customer_writes(letter("раз", message_id="<1@m.example>"))
    plain.customer_writes(letter("два", message_id="<2@m.example>"))
    async with reading(plain, tmp_path) as (_, stream):
        stored = stream.cursor
    plain.delete(first)
    plain.customer_writes(letter("три", message_id="<3@m.example>"))
    plain.renumber()  # "три" has a number now that another letter had at the stored cursor
    for _ in range(3):
        async with reading(plain, tmp_path, stored) as (_, stream):
            assert "три" in stream.texts  # and the program dies before it is stored


async def test_a_server_that_is_busy_for_a_while_costs_no_text(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(letter("раз", message_id="<1@m.example>"))
    plain.faults.add("imap:uid fetch", "reply", count=12)  # NO Temporary failure, try again later
    channel = make(options(plain), tmp_path)
    texts: list[str] = []
    for _ in range(12):
        stream = Stream(channel)
        with contextlib.suppress(ChannelError):
            await stream.caught_up()
        texts += stream.texts
        await stream.close()
        if texts:
            break
    assert texts == ["раз"]
    await channel.close()


@pytest.mark.parametrize("cares", [(Care.BARE, Care.NONE), (Care.NONE, Care.BARE)])
async def test_a_letter_read_without_its_structure_keeps_its_name(
    plain: MailSandbox, tmp_path: Path, cares: tuple[Care, ...]
) -> None:
    async with reading(plain, tmp_path) as (_, stream):
        cursor = stream.cursor
    plain.customer_writes(letter("раз", message_id="<1@m.example>"))
    names = []
    for care in cares:  # a refused answer makes the next reading more careful
        channel = make(options(plain), tmp_path)
        channel._reader._care["INBOX"] = care
        stream = Stream(channel, cursor)
        names.append((await stream.text("раз")).remote_id)
        await stream.close()
        await channel.close()
    assert names[0] == names[1]


async def test_renumbering_under_a_living_connection(plain: MailSandbox, tmp_path: Path) -> None:
    plain.customer_writes(letter("раз", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (_, stream):
        plain.renumber()
        plain.customer_writes(letter("два", message_id="<2@m.example>"))
        # The server may throw the reader out: then it goes on where it was.
        with contextlib.suppress(ChannelError):
            await stream.text("два")
        cursor, seen = stream.cursor, stream.texts
    async with reading(plain, tmp_path, cursor) as (_, stream):
        assert sorted(seen + stream.texts) == ["два", "раз"]
        assert stream.removals == []


@pytest.mark.parametrize("care", [Care.NONE, Care.BARE])
async def test_a_letter_that_leaves_while_it_is_read_comes_back_whole(
    plain: MailSandbox, tmp_path: Path, care: Care
) -> None:
    async with reading(plain, tmp_path) as (channel, stream):
        channel._reader._care["INBOX"] = care
        fault = plain.faults.add("imap:uid fetch", "delay", seconds=0.5, skip=1)  # its text
        stored = plain.customer_writes(letter("увели", message_id="<1@m.example>"))
        round_ = asyncio.create_task(stream.rounds())
        await eventually(lambda: fault.hits)
        moved = plain.move(stored, r"\Trash")
        await round_
        assert stream.texts == []
        plain.move(moved, "INBOX", folder=plain.folder(r"\Trash").name)
        await stream.text("увели")
        assert stream.texts == ["увели"]


async def test_deleted_and_moved_letters_leave_a_tombstone(
    mail: MailSandbox, tmp_path: Path
) -> None:
    first = mail.customer_writes(letter("удалят", message_id="<1@m.example>"))
    second = mail.customer_writes(letter("в корзину", message_id="<2@m.example>"))
    third = mail.customer_writes(letter("пометят", message_id="<3@m.example>"))
    mail.customer_writes(letter("останется", message_id="<4@m.example>"))
    async with reading(mail, tmp_path) as (_, stream):
        ids = {str(m.text): m.remote_id for m in stream.messages}
        mail.delete(first)
        mail.move(second, r"\Trash")
        mail.flag(third, r"\Deleted")
        await stream.until(lambda _: len(stream.removals) == 3)
        await stream.rounds()
    assert {r.remote_id for r in stream.removals} == {
        ids["удалят"], ids["в корзину"], ids["пометят"]
    }  # fmt: skip
    assert not any(removal.restored for removal in stream.removals)


async def test_a_letter_taken_back_from_the_trash_is_restored_not_announced(
    plain: MailSandbox, tmp_path: Path
) -> None:
    first = plain.customer_writes(letter("туда-сюда", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (_, stream):
        away = plain.move(first, r"\Trash")
        await stream.until(lambda batch: bool(batch.removals))
        plain.move(away, "INBOX", folder=r"\Trash")
        await stream.until(lambda batch: any(r.restored for r in batch.removals))
    assert len({message.remote_id for message in stream.messages}) == 1


async def test_a_letter_is_restored_also_after_its_folder_was_renumbered(
    plain: MailSandbox, tmp_path: Path
) -> None:
    first = plain.customer_writes(letter("туда-сюда", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (_, stream):
        cursor = stream.cursor
    plain.renumber()
    async with reading(plain, tmp_path, cursor) as (_, stream):
        away = plain.move(first, r"\Trash")
        await stream.until(lambda batch: bool(batch.removals))
        back = plain.move(away, "INBOX", folder=r"\Trash")
        await stream.until(lambda batch: any(r.restored for r in batch.removals))
        plain.move(back, r"\Trash")
        await stream.until(lambda batch: any(not r.restored for r in batch.removals))
    assert [removal.restored for removal in stream.removals] == [False, True, False]
    assert stream.texts == []


async def test_a_removal_and_a_return_that_were_not_stored_are_told_again(
    plain: MailSandbox, tmp_path: Path
) -> None:
    first = plain.customer_writes(letter("туда-сюда", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (_, stream):
        stored = stream.cursor
        away = plain.move(first, r"\Trash")
        await stream.until(lambda batch: bool(batch.removals))
        # The program dies here: the batch was seen and never stored.
    async with reading(plain, tmp_path, stored) as (_, stream):
        assert [removal.restored for removal in stream.removals] == [False]
        await stream.rounds(1)
        stored = stream.cursor
        plain.move(away, "INBOX", folder=r"\Trash")
        await stream.until(lambda batch: any(r.restored for r in batch.removals))
    async with reading(plain, tmp_path, stored) as (_, stream):
        assert [removal.restored for removal in stream.removals] == [True]
        await stream.rounds(2)
        assert len(stream.removals) == 1


async def test_a_letter_moved_to_a_watched_folder_is_still_there(
    plain: MailSandbox, tmp_path: Path
) -> None:
    with plain.state.lock:
        plain.user().folders["Заказы"] = Folder("Заказы", uidvalidity=7)
    first = plain.customer_writes(letter("заказ", message_id="<1@m.example>"))
    async with reading(plain, tmp_path, folders=("заказы", "Нету")) as (channel, stream):
        plain.move(first, "Заказы")
        await stream.rounds(6)
        plain.customer_writes(letter("прямо туда", message_id="<2@m.example>"), folder="Заказы")
        await stream.text("прямо туда")
        assert stream.removals == []
        assert len({m.remote_id for m in stream.messages}) == 2
        assert "Нету" in channel.limitations[0].sentence


async def test_a_move_between_two_looks_at_all_folders_is_no_removal(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.user().folders["Заказы"] = Folder("Заказы", uidvalidity=7)
    first = plain.customer_writes(letter("заказ", message_id="<1@m.example>"))
    channel = make(options(plain, folders=("Заказы",)), tmp_path, timing=replace(QUICK, poll=60.0))
    stream = Stream(channel)
    await stream.caught_up()
    plain.move(first, "Заказы")
    await stream.until(lambda batch: len(stream.messages) == 2)
    await stream.rounds(2)
    assert stream.removals == []
    await stream.close()
    await channel.close()


async def test_a_server_that_tells_no_next_uid_is_read_all_the_same(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.state.profile = replace(plain.state.profile, tells_uidnext=False)
    plain.customer_writes(letter("раз", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (_, stream):
        await stream.rounds(3)
        assert stream.texts == ["раз"]
        plain.customer_writes(letter("два", message_id="<2@m.example>"))
        await stream.text("два")
        await stream.rounds(3)
        assert stream.texts == ["раз", "два"]


async def test_copies_of_one_letter_are_one_message(plain: MailSandbox, tmp_path: Path) -> None:
    raw = letter("на два адреса", message_id="<1@m.example>", at=datetime.now(UTC))
    plain.customer_writes(b"Received: by one\r\n" + raw)
    plain.customer_writes(b"Received: by two and three\r\n" + raw)
    async with reading(plain, tmp_path) as (_, stream):
        assert len({message.remote_id for message in stream.messages}) == 1


async def test_a_message_id_that_repeats_for_ever_merges_nobody(
    plain: MailSandbox, tmp_path: Path
) -> None:
    at = datetime.now(UTC)
    for n in range(3):
        plain.customer_writes(
            letter(
                f"Заявка номер {n}" + "!" * n,
                sender=(f"Клиент {n}", f"client{n}@m.example"),
                message_id="<form@site.example>",
                at=at,
            )
        )
        plain.customer_writes(
            letter(f"Без имени {n}", sender=("", f"c{n}@m.example"), at=at - timedelta(hours=n))
        )
    async with reading(plain, tmp_path) as (_, stream):
        assert len({message.remote_id for message in stream.messages}) == 6
        assert len({message.place.conversation for message in stream.messages}) == 6


async def test_letters_already_answered_in_webmail_do_not_queue(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(letter("раньше", message_id="<1@m.example>"), flags=[r"\Answered"])
    async with reading(plain, tmp_path) as (_, stream):
        assert [message.needs_answer for message in stream.messages] == [False]


async def test_automatic_mail_is_marked(plain: MailSandbox, tmp_path: Path) -> None:
    plain.customer_writes(
        letter("Я в отпуске", headers={"Auto-Submitted": "auto-replied"}, message_id="<1@m.ex>")
    )
    async with reading(plain, tmp_path) as (_, stream):
        assert [message.automatic for message in stream.messages] == [True]


async def test_a_form_speaks_for_its_customer(plain: MailSandbox, tmp_path: Path) -> None:
    for name in ("Пётр", "Ольга"):
        address = f"{'petr' if name == 'Пётр' else 'olga'}@m.example"
        plain.customer_writes(
            letter(
                f"Имя: {name}\nТелефон: +7 916 000-00-00\nСообщение: хочу банкет\n",
                sender=("Сайт", plain.address),
                subject="Заявка с сайта",
                reply_to=address,
                message_id=f"<{name == 'Пётр'}@site.example>",
            )
        )
    async with reading(plain, tmp_path) as (_, stream):
        assert {message.author for message in stream.messages} == {
            "petr@m.example", "olga@m.example"
        }  # fmt: skip
        assert len({message.place.conversation for message in stream.messages}) == 2


async def test_reading_changes_nothing(mail: MailSandbox, tmp_path: Path) -> None:
    stored = mail.customer_writes(
        letter("раз", html="<b>раз</b>", files=[("a.pdf", b"x" * 99)], message_id="<1@m.example>")
    )
    async with reading(mail, tmp_path):
        pass
    assert stored.flags == frozenset()
    assert not [c for c in mail.commands if c.startswith(("imap:select", "imap:uid store"))]


async def test_only_what_is_shown_is_fetched(plain: MailSandbox, tmp_path: Path) -> None:
    plain.customer_writes(
        letter("с файлом", files=[("видео.mp4", b"x" * 500_000)], message_id="<1@m.example>")
    )
    async with reading(plain, tmp_path) as (_, stream):
        [message] = stream.messages
    assert [a.name for a in message.attachments] == ["видео.mp4"]
    fetched = [c for c in plain.commands if c.startswith("imap:uid fetch")]
    assert not any("BODY.PEEK[2]" in c or "BODY[" in c for c in fetched)


async def test_without_a_cursor_everything_is_read_again(
    plain: MailSandbox, tmp_path: Path
) -> None:
    plain.customer_writes(letter("раз", message_id="<1@m.example>"))
    async with reading(plain, tmp_path) as (_, stream):
        first = stream.messages
    async with reading(plain, tmp_path) as (_, stream):
        assert [m.remote_id for m in stream.messages] == [m.remote_id for m in first]
        assert [m.place for m in stream.messages] == [m.place for m in first]


async def test_a_batch_that_was_not_stored_comes_again_in_the_same_thread(
    plain: MailSandbox, tmp_path: Path
) -> None:
    async with reading(plain, tmp_path) as (_, stream):
        cursor = stream.cursor
        plain.customer_writes(letter("раз", message_id="<1@m.example>"))
        first = await stream.text("раз")
    channel = make(options(plain), tmp_path)
    again = Stream(channel, cursor)
    second = await again.text("раз")
    await again.close()
    await channel.close()
    assert (second.remote_id, second.place) == (first.remote_id, first.place)
