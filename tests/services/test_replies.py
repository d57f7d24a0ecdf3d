"""The composer's commands: refusals change nothing, drafts are kept, taking back restores all."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from smm_inbox.channels.base import Channel
from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import InboxError, Rejected
from smm_inbox.domain.feed import Draft, View
from smm_inbox.domain.hours import Limit
from smm_inbox.domain.ids import AccountId, ConversationId, OutboxId, RemoteId
from smm_inbox.domain.message import Batch, WriteAccess
from smm_inbox.domain.text import SafeText
from smm_inbox.services.composing import ReplyRefused
from tests.services.desk import CAFE, Desk, came, direct, ours, thread
from tests.services.network import Hang

SOUP = thread("igor")
PRIVATE = Draft("Напишите нам", ReplyKind.PRIVATE, None)
LONG = "Первая часть этого ответа довольно длинна. Вторая часть тоже не короче. И третья."


def in_place(text: str, *files: object) -> Draft:
    return Draft(text, ReplyKind.IN_PLACE, None, tuple(str(file) for file in files))


async def everything(desk: Desk) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for table in ("conversations", "messages", "outbox", "drafts", "journal", "contacts"):
        found += [tuple(row) for row in await desk.db.all(f"SELECT * FROM {table}")]
    return found


@pytest.fixture
async def ready(desk: Desk) -> Desk:
    """A connected program: a waiting guest, and a thread with two of them."""
    await desk.store(
        came("1"),
        came("2", "Холодный", place=SOUP, author="igor", minute=1),
        came("3", "И у меня", place=SOUP, author="olga", minute=2),
    )
    await desk.online()
    return desk


async def refused(desk: Desk, draft: Draft, place: object = None) -> str:
    """The sentence of a refusal, after which everything is as it was."""
    which = await desk.talk(SOUP if place is SOUP else direct())
    await desk.services.replies.save_draft(which, in_place("Черновик"))
    before = await everything(desk)
    with pytest.raises(ReplyRefused) as error:
        await desk.services.replies.send(which, draft)
    assert await everything(desk) == before
    assert await desk.services.undo.last() is None
    assert desk.world().calls == []
    return error.value.sentence


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "  \n\t ", "\x00\x1b\u202e"])
async def test_an_empty_answer_is_refused(ready: Desk, text: str) -> None:
    assert "empty" in await refused(ready, in_place(text))


async def test_a_blank_that_is_not_filled_in_is_refused(ready: Desk) -> None:
    sentence = await refused(ready, in_place("Ваш заказ {?номер заказа} готов"))
    assert "{?номер заказа}" in sentence


async def test_a_place_closed_by_the_network_is_refused(ready: Desk) -> None:
    why = "Гость закрыл сообщения."
    access = WriteAccess(Kind.DIRECT, RemoteId("talk-maria"), SafeText(why))
    await ready.services.ingest.store(CAFE, Batch(access=(access,)))
    assert await refused(ready, in_place("Ответ")) == why


async def test_a_place_closed_to_our_token_is_refused(ready: Desk) -> None:
    ready.channel().closed_place = "Нужен ключ администратора."
    assert await refused(ready, in_place("Ответ")) == "Нужен ключ администратора."


async def test_a_way_the_network_does_not_have_is_refused(ready: Desk) -> None:
    assert "not possible" in await refused(ready, PRIVATE)


async def test_what_is_too_long_where_nothing_is_split_is_refused(ready: Desk) -> None:
    assert "3 characters too long" in await refused(ready, in_place("я" * 33), SOUP)
    assert "1 character too long" in await refused(ready, in_place("я" * 31), SOUP)


async def test_files_that_cannot_go_are_refused(ready: Desk, tmp_path: Path) -> None:
    good, empty, big = tmp_path / "good.pdf", tmp_path / "empty.pdf", tmp_path / "big.pdf"
    good.write_bytes(b"x")
    empty.touch()
    big.write_bytes(b"x" * 1001)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "cannot be read" in await refused(ready, in_place("Вот", tmp_path / "missing.pdf"))
    assert "cannot be read" in await refused(ready, in_place("Вот", tmp_path))
    assert "cannot be read" in await refused(ready, in_place("Вот", pipe))
    assert "cannot be read" in await refused(ready, in_place("Вот", "nul\x00.pdf"))
    assert "cannot be read" in await refused(ready, in_place("Вот", "~nobody-here/x.pdf"))
    assert "empty" in await refused(ready, in_place("Вот", empty))
    assert "too big" in await refused(ready, in_place("Вот", big))
    assert "at most 2" in await refused(ready, in_place("Вот", good, good, good))
    assert "cannot be sent here" in await refused(ready, in_place("Вот", good), SOUP)


async def test_a_message_that_is_gone_cannot_be_answered(ready: Desk) -> None:
    draft = Draft("Ответ", ReplyKind.IN_PLACE, await ready.message_id("2"))
    assert "gone" in await refused(ready, draft)


async def test_an_account_that_left_the_config_cannot_answer(ready: Desk) -> None:
    await ready.store(came("1", place=direct("old"), author="old"), account=AccountId("old"))
    row = await ready.db.one("SELECT id FROM conversations WHERE account = 'old'")
    assert row is not None
    with pytest.raises(ReplyRefused, match="config"):
        await ready.services.replies.send(ConversationId(row["id"]), in_place("Ответ"))


async def test_a_talk_that_does_not_exist_is_refused(ready: Desk) -> None:
    replies = ready.services.replies
    with pytest.raises(ReplyRefused):
        await replies.send(ConversationId(999), in_place("Ответ"))
    with pytest.raises(ReplyRefused):
        await replies.save_draft(ConversationId(999), in_place("Ответ"))
    with pytest.raises(ReplyRefused):
        await ready.services.unsent.take_back(OutboxId(999))


# --- what leaves ----------------------------------------------------------------------------------


async def test_hostile_text_is_cleaned_before_it_is_stored(ready: Desk) -> None:
    hostile = "Да\x1b]52;c;eA==\x07, \u202eждём\r\nвас\x00"
    which = await ready.talk()
    await ready.services.replies.save_draft(which, in_place(hostile))
    draft = (await ready.card()).draft
    assert draft is not None
    assert draft.text == "Да]52;c;eA==, ждём\nвас"
    await ready.settled(await ready.answer(hostile))
    assert ready.world().texts == ["Да]52;c;eA==, ждём\nвас"]


async def test_an_answer_in_a_thread_speaks_to_one_person(ready: Desk) -> None:
    await ready.settled(await ready.answer("Извините", place=SOUP, to="2"))
    (sent,) = ready.world().delivered
    assert (sent.reply_to, sent.addressee) == ("2", "igor")
    assert await ready.states(SOUP) == {
        "Холодный": "answered",
        "И у меня": "awaiting",
        "Извините": "sent",
    }


async def test_by_default_the_newest_who_waits_is_answered(ready: Desk) -> None:
    await ready.settled(await ready.answer("Извините", place=SOUP))
    assert ready.world().delivered[0].addressee == "olga"
    await ready.settled(await ready.answer("И вы", place=SOUP))
    assert ready.world().delivered[1].addressee == "igor"
    assert await ready.awaiting(SOUP) == 0


async def test_an_answer_to_our_own_words_answers_nobody_of_many(ready: Desk) -> None:
    await ready.store(ours("4", "Разбираемся", place=SOUP, minute=3))
    assert await ready.awaiting(SOUP) == 1  # it was for the opener of the thread
    await ready.store(came("5", "И мой", place=SOUP, author="oleg", minute=4))
    await ready.settled(await ready.answer("Всё ещё", place=SOUP, to="4"))
    assert await ready.awaiting(SOUP) == 2


async def test_in_a_private_talk_only_an_older_message_is_quoted(ready: Desk) -> None:
    await ready.store(came("6", "А веранда?", minute=1))
    await ready.settled(await ready.answer("Да", to="6"))
    await ready.settled(await ready.answer("И столик", to="1"))
    assert [sent.reply_to for sent in ready.world().delivered] == [None, "1"]


async def test_a_private_answer_stands_in_the_private_talk(ready: Desk) -> None:
    queued = await ready.answer("Напишите нам", place=SOUP, to="2", kind=ReplyKind.PRIVATE)
    private = direct("igor")
    assert queued.conversation == await ready.talk(private)
    await ready.settled(queued)
    (sent,) = ready.world().delivered
    assert sent.place.kind is Kind.DIRECT
    assert sent.place.conversation == "talk-igor"
    assert sent.reply_to is None
    assert await ready.states(SOUP) == {"Холодный": "answered", "И у меня": "awaiting"}
    assert await ready.states(private) == {"Напишите нам": "sent"}


async def test_files_leave_with_the_last_part(ready: Desk, tmp_path: Path) -> None:
    menu = tmp_path / "menu.pdf"
    menu.write_bytes(b"menu")
    queued = await ready.answer(LONG, files=(str(menu),))
    await ready.settled(queued)
    sent = ready.world().delivered
    assert [len(message.files) for message in sent] == [0, 0, 1]
    assert sent[-1].files[0].path == menu
    assert (await ready.shown())[-1].attachments[0].name == "menu.pdf"


async def test_a_file_without_words_is_an_answer(ready: Desk, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"x")
    await ready.settled(await ready.answer("", files=(str(photo),)))
    assert ready.world().delivered[0].files[0].kind == "photo"


async def test_an_answer_can_be_queued_before_the_network_is_there(desk: Desk) -> None:
    await desk.store(came("1"))
    queued = await desk.answer(LONG)
    assert queued.parts == 3, "the limits are known without the network"
    assert await desk.awaiting() == 0
    await desk.online()
    await desk.settled(queued)
    assert " ".join(desk.world().texts) == LONG


async def test_what_is_too_long_is_refused_before_the_network_is_there(desk: Desk) -> None:
    await desk.store(came("s1", place=SOUP, author="igor"))
    with pytest.raises(ReplyRefused):
        await desk.answer("я" * 31, place=SOUP)
    assert await desk.awaiting(SOUP) == 1


async def test_an_answer_through_a_broken_channel_is_refused(desk: Desk) -> None:
    await desk.store(came("1"))

    def broken(_: object) -> Channel:
        raise InboxError("Этот канал сломан.")

    desk.factory.create = broken  # type: ignore[method-assign, assignment]
    with pytest.raises(ReplyRefused, match="Этот канал сломан"):
        await desk.answer("Да")
    assert await desk.awaiting() == 1


async def test_an_account_that_is_switched_off_cannot_answer(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.close()
    (account,) = desk.settings.accounts
    desk.settings = replace(desk.settings, accounts=(replace(account, enabled=False),))
    await desk.open()
    assert "switched off" in (await desk.card()).options[0].closed
    with pytest.raises(ReplyRefused, match="switched off"):
        await desk.answer("Да")
    assert not desk.factory.contexts, "nothing of it was loaded"


async def test_warnings_tell_what_will_happen(ready: Desk) -> None:
    warnings, card = ready.services.replies.warnings, await ready.card()
    assert warnings(card, "я" * 40, ReplyKind.IN_PLACE) == ()
    assert warnings(card, LONG, ReplyKind.IN_PLACE) == ("Will leave in 3 parts",)
    thread_card = await ready.card(SOUP)
    assert warnings(thread_card, "я" * 31, ReplyKind.IN_PLACE) == ("1 character too long",)
    assert warnings(thread_card, "я" * 31, ReplyKind.PRIVATE) == ()


# --- drafts ---------------------------------------------------------------------------------------


async def test_every_talk_keeps_its_draft_over_a_restart(ready: Desk) -> None:
    replies = ready.services.replies
    one = Draft("  Начало\n", ReplyKind.IN_PLACE, await ready.message_id("1"), ("/tmp/a.pdf",))
    two = Draft("Другое", ReplyKind.PRIVATE, None)
    await replies.save_draft(await ready.talk(), one)
    await replies.save_draft(await ready.talk(SOUP), two)
    await ready.restart()
    assert (await ready.card()).draft == one
    assert (await ready.card(SOUP)).draft == two
    assert len(await ready.listed(View.DRAFTS)) == 2
    assert await ready.awaiting() == 1
    await ready.services.replies.save_draft(await ready.talk(), in_place("  "))
    await ready.services.replies.save_draft(await ready.talk(SOUP), None)
    assert await ready.listed(View.DRAFTS) == []


async def test_sending_clears_the_draft(ready: Desk) -> None:
    await ready.services.replies.save_draft(await ready.talk(), in_place("Есть"))
    await ready.answer("Есть", undo=True)
    assert (await ready.card()).draft is None


# --- taking back ----------------------------------------------------------------------------------


async def test_an_answer_taken_back_is_as_it_was_written(ready: Desk, tmp_path: Path) -> None:
    menu = tmp_path / "menu.pdf"
    menu.write_bytes(b"menu")
    draft = Draft("  Есть,\nждём  ", ReplyKind.IN_PLACE, await ready.message_id("1"), (str(menu),))
    before = await everything(ready)
    queued = await ready.services.replies.send(await ready.talk(), draft)
    assert await ready.awaiting() == 0
    assert await ready.services.unsent.take_back(queued.outbox[0]) == await ready.talk()
    assert (await ready.card()).draft == draft
    assert await ready.awaiting() == 1
    assert await ready.listed(View.DRAFTS) == [await ready.talk()]
    await ready.services.replies.save_draft(await ready.talk(), None)
    after = await everything(ready)
    assert [
        row for row in after if row not in before and row[2] not in {"queued", "taken_back"}
    ] == []
    ready.later(hours=1)
    assert ready.world().calls == []


async def test_all_parts_are_taken_back_whichever_is_named(ready: Desk) -> None:
    for index in range(3):
        queued = await ready.answer(LONG, undo=True)
        await ready.services.unsent.take_back(queued.outbox[index])
        draft = (await ready.card()).draft
        assert draft is not None
        assert draft.text == LONG
        assert await ready.awaiting() == 1
        assert len(await ready.shown()) == 1
        await ready.services.replies.save_draft(await ready.talk(), None)


async def test_what_has_left_does_not_come_back_with_the_rest(ready: Desk) -> None:
    ready.channel().outcomes.extend([None, Rejected("Too many words.")])
    queued = await ready.answer(LONG)
    await ready.reaches(queued.outbox[2], "failed")
    gone = ready.world().texts[0]
    await ready.services.unsent.take_back(queued.outbox[1])
    draft = (await ready.card()).draft
    assert draft is not None
    assert f"{gone} {draft.text}" == LONG
    assert await ready.awaiting() == 1


async def test_what_was_begun_since_stays_behind_the_answer_taken_back(ready: Desk) -> None:
    queued = await ready.answer("Первое", undo=True)
    await ready.services.replies.save_draft(await ready.talk(), in_place("Второе", "/tmp/b.pdf"))
    await ready.services.unsent.take_back(queued.outbox[0])
    draft = (await ready.card()).draft
    assert draft is not None
    assert draft.text == "Первое\n\nВторое"
    assert draft.files == ("/tmp/b.pdf",)


async def test_a_private_answer_taken_back_leaves_no_trace(ready: Desk) -> None:
    draft = Draft("Напишите нам", ReplyKind.PRIVATE, await ready.message_id("2"))
    queued = await ready.services.replies.send(await ready.talk(SOUP), draft)
    assert await ready.awaiting(SOUP) == 1
    assert await ready.services.unsent.take_back(queued.outbox[0]) == await ready.talk(SOUP)
    assert (await ready.card(SOUP)).draft == draft
    assert await ready.awaiting(SOUP) == 2
    # The talk that was opened for it alone is gone again.
    assert await ready.listed(View.DIRECT) == [await ready.talk()]


async def test_a_private_answer_taken_back_leaves_a_talk_that_was_there(ready: Desk) -> None:
    await ready.store(came("7", "Привет", place=direct("igor"), author="igor"))
    queued = await ready.answer("Пишите", place=SOUP, to="2", kind=ReplyKind.PRIVATE, undo=True)
    await ready.services.unsent.take_back(queued.outbox[0])
    assert await ready.states(direct("igor")) == {"Привет": "awaiting"}


async def test_what_is_on_the_wire_or_gone_cannot_be_taken_back(ready: Desk) -> None:
    hang = Hang()
    ready.channel().outcomes.append(hang)
    queued = await ready.answer()
    await hang.begun.wait()
    with pytest.raises(InboxError, match="just leaving"):
        await ready.services.unsent.take_back(queued.outbox[0])
    hang.let_go.set()
    await ready.settled(queued)
    with pytest.raises(InboxError, match="already left"):
        await ready.services.unsent.take_back(queued.outbox[0])
    assert (await ready.card()).draft is None


async def test_a_failed_answer_can_be_taken_back(ready: Desk) -> None:
    ready.channel().outcomes.append(Rejected("No."))
    queued = await ready.answer("Ответ")
    await ready.reaches(queued.outbox[0], "failed")
    await ready.services.unsent.take_back(queued.outbox[0])
    draft = (await ready.card()).draft
    assert draft is not None
    assert draft.text == "Ответ"
    assert await ready.listed(View.NOT_SENT) == []


async def test_a_number_is_never_given_to_another_answer(ready: Desk) -> None:
    first = await ready.answer("Первый")
    await ready.settled(first)
    second = await ready.answer("Второй", undo=True)
    assert second.outbox[0] > first.outbox[0]
    with pytest.raises(InboxError):
        await ready.services.unsent.take_back(first.outbox[0])
    assert await ready.outbox_state(second.outbox[0]) == "queued"


async def test_a_dropped_answer_leaves_a_line_and_the_guest_waiting(ready: Desk) -> None:
    ready.channel().outcomes.append(Rejected("No."))
    queued = await ready.answer("Ответ", place=SOUP, to="2", kind=ReplyKind.PRIVATE)
    await ready.reaches(queued.outbox[0], "failed")
    await ready.services.unsent.discard(queued.outbox[0])
    assert await ready.awaiting(SOUP) == 2
    assert (await ready.journal())[-1] == "discarded"
    assert await ready.listed(View.DIRECT) == [await ready.talk()]
    undone = await ready.services.undo.last()
    assert undone is not None
    assert undone.conversation == await ready.talk(SOUP)
    draft = (await ready.card(SOUP)).draft
    assert draft is not None
    assert draft.reply_kind is ReplyKind.PRIVATE


async def test_deadlines_follow_the_settings(ready: Desk) -> None:
    first = (await ready.card()).row.red_at
    await ready.close()
    other = Desk(ready.settings.data_dir, limits={"direct": Limit(5, 10)})
    await other.open()
    row = (await other.card()).row
    assert first is not None
    assert row.red_at is not None
    assert (first - row.red_at).total_seconds() == 110 * 60
    await other.close()
    await ready.open()


async def test_an_answer_tells_whom_it_leaves_waiting(desk: Desk) -> None:
    place = thread("maria")
    await desk.store(
        came("1", place=place, author="maria"), came("2", place=place, author="igor", minute=1)
    )
    queued = await desk.answer("Да, Мария", place=place, to="1", close_after=True)
    assert queued.waiting == 1
    queued = await desk.answer("И вам, Игорь", place=place, to="2", close_after=True)
    assert queued.waiting == 0
