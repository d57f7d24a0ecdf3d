"""Ingest: everything exactly once, in any order, and who waits after it."""

from __future__ import annotations

import random
import sqlite3
from datetime import timedelta

import pytest

from smm_inbox.domain.contact import Contact
from smm_inbox.domain.conversation import Kind, Root, Status
from smm_inbox.domain.errors import InboxError, Rejected
from smm_inbox.domain.feed import View
from smm_inbox.domain.ids import Cursor, RemoteId, Token
from smm_inbox.domain.message import (
    Attachment,
    AttachmentKind,
    Batch,
    Edit,
    NetworkMessage,
    Removal,
    WriteAccess,
)
from smm_inbox.domain.text import SafeText
from smm_inbox.services.bus import FeedChanged
from smm_inbox.storage import accounts
from tests.services.desk import CAFE, Desk, at, batch, came, direct, ours, thread
from tests.services.network import Effect, Hang, Say

SOUP = thread("igor")

MORNING = (
    came("1", "Есть столик?", minute=1),
    came("2", "Ау?", minute=2),
    ours("3", "Есть", minute=3),
    came("4", "А веранда?", minute=4),
    came("5", "Суп холодный", place=SOUP, author="igor", minute=1),
    came("6", "И у меня", place=SOUP, author="olga", minute=2),
    ours("7", "Игорь, извините", place=SOUP, minute=3, reply_to=RemoteId("5")),
    came("8", "А десерт?", place=thread("olga", "cake"), author="olga", minute=5),
)


async def dump(desk: Desk) -> list[tuple[object, ...]]:
    """Everything that a repetition must not change."""
    found: list[tuple[object, ...]] = []
    for sql in (
        "SELECT remote_id, text, state, sent_at, edited_at, deleted_at FROM messages ORDER BY 1",
        "SELECT remote_id, status, awaiting, awaiting_since, last_at, rank FROM conversations "
        "ORDER BY 1",
        "SELECT account, box, kind, mention, total, awaiting FROM counters "
        "WHERE total <> 0 ORDER BY 1, 2, 3, 4",
        "SELECT event, count(*) FROM journal GROUP BY 1 ORDER BY 1",
        "SELECT remote_id, name, followers FROM contacts ORDER BY 1",
        "SELECT count(*) FROM revisions",
    ):
        found += [tuple(row) for row in await desk.db.all(sql)]
    return found


async def send_all(desk: Desk, *messages: NetworkMessage) -> int:
    return (await desk.services.ingest.store(CAFE, batch(*messages))).arrived


# --- once, in any order ---------------------------------------------------------------------------


async def test_the_same_batch_twice_changes_nothing(desk: Desk) -> None:
    whole = Batch(
        messages=MORNING,
        contacts=(Contact(RemoteId("maria"), SafeText("Мария"), followers=12),),
        edits=(Edit(Kind.DIRECT, RemoteId("4"), SafeText("А терраса?"), at(6)),),
        removals=(Removal(Kind.COMMENT, RemoteId("8"), at(7)),),
    )
    await desk.services.ingest.store(CAFE, whole)
    before = await dump(desk)
    stored = await desk.services.ingest.store(CAFE, whole)
    assert stored.arrived == 0
    assert await dump(desk) == before


@pytest.mark.parametrize("seed", range(6))
async def test_the_order_inside_a_batch_does_not_matter(desk: Desk, seed: int) -> None:
    mixed = list(MORNING)
    random.Random(seed).shuffle(mixed)
    await desk.store(*mixed)
    assert await desk.states() == {
        "Есть столик?": "answered",
        "Ау?": "answered",
        "Есть": "sent",
        "А веранда?": "awaiting",
    }
    assert await desk.states(SOUP) == {
        "Суп холодный": "answered",
        "И у меня": "awaiting",
        "Игорь, извините": "sent",
    }
    assert len(await desk.listed()) == 3


async def test_a_question_and_its_answer_of_one_second_are_in_their_order(desk: Desk) -> None:
    await desk.store(ours("2", minute=1), came("1", minute=1))
    assert await desk.awaiting() == 0


async def test_a_question_that_comes_after_an_answer_of_the_same_second_waits(desk: Desk) -> None:
    await desk.store(came("1", minute=0), ours("2", minute=1))
    await desk.store(came("3", "А веранда?", minute=1))
    assert await desk.awaiting() == 1


@pytest.mark.parametrize("seed", range(4))
async def test_a_message_is_stored_once_however_often_and_in_pieces_it_comes(
    desk: Desk, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(8):
        await desk.store(*chance.sample(MORNING, chance.randrange(1, len(MORNING))))
    await desk.store(*MORNING)
    row = await desk.db.one("SELECT count(*) AS n, count(DISTINCT remote_id) AS d FROM messages")
    assert row is not None
    assert row["n"] == row["d"] == len(MORNING)
    assert (await desk.journal()).count("arrived") == 6


async def test_one_number_may_be_a_message_and_a_comment(desk: Desk) -> None:
    await desk.store(came("1"), came("1", "Суп", place=SOUP, author="igor"))
    assert await desk.awaiting() == await desk.awaiting(SOUP) == 1


async def test_arrivals_are_told_once_with_their_conversations(desk: Desk) -> None:
    await desk.store(came("1"), came("2", "Ау"), came("3", "Суп", place=SOUP, author="igor"))
    (event,) = [event for event in desk.events if isinstance(event, FeedChanged)]
    assert event.arrived == 3
    assert event.conversations == {await desk.talk(), await desk.talk(SOUP)}


async def test_who_wrote_first_is_whom_the_talk_is_with(desk: Desk) -> None:
    # Our own message stands first in the batch and tells no contact.
    nameless = thread(name="nameless")
    await desk.services.ingest.store(
        CAFE,
        Batch(
            messages=(
                ours("1", place=nameless, minute=0),
                came("2", place=nameless, author="olga", minute=1),
            ),
            contacts=(Contact(RemoteId("olga"), SafeText("Ольга")),),
        ),
    )
    row = await desk.db.one(
        "SELECT p.remote_id FROM conversations c JOIN contacts p ON p.id = c.contact_id "
        "WHERE c.id = ?",
        (await desk.talk(nameless),),
    )
    assert row is not None
    assert row["remote_id"] == "olga"


async def test_what_is_unknown_never_overwrites_what_is_known(desk: Desk) -> None:
    known = Contact(RemoteId("maria"), SafeText("Мария"), SafeText("maria"), 12, SafeText("Казань"))
    root = Root(RemoteId("post"), "post", SafeText("Новое меню"), "https://vk.com/wall-1_2")
    message = came("1", place=SOUP, author="maria")
    await desk.services.ingest.store(
        CAFE, Batch(messages=(message,), contacts=(known,), roots=(root,))
    )
    await desk.services.ingest.store(
        CAFE,
        Batch(contacts=(Contact(RemoteId("maria")),), roots=(Root(RemoteId("post"), "post"),)),
    )
    row = (await desk.card(SOUP)).row
    assert (row.name, row.handle, row.followers, row.city) == ("Мария", "maria", 12, "Казань")
    stored = await desk.db.one("SELECT text FROM roots")
    assert stored is not None
    assert stored["text"] == "Новое меню"


# --- edits and removals ---------------------------------------------------------------------------


async def test_an_edit_keeps_the_former_text(desk: Desk) -> None:
    await desk.store(came("1", "Суп"))
    await desk.services.ingest.store(
        CAFE,
        Batch(
            edits=(
                Edit(Kind.DIRECT, RemoteId("1"), SafeText("Суп холодный"), at(1)),
                Edit(Kind.DIRECT, RemoteId("1"), SafeText("Суп ледяной"), at(2)),
                Edit(Kind.DIRECT, RemoteId("1"), SafeText("Старое"), at(1)),  # delivered late
                Edit(Kind.DIRECT, RemoteId("unknown"), SafeText("?"), at(1)),
            )
        ),
    )
    (row,) = await desk.shown()
    assert row.text == "Суп ледяной"
    assert [revision.text for revision in row.revisions] == ["Суп", "Суп холодный"]
    assert await desk.awaiting() == 1


async def test_edits_told_again_after_a_crash_end_where_the_message_stands(desk: Desk) -> None:
    # The history was read first: it shows the last text. Then the queue tells how it came about.
    await desk.store(came("1", "Суп ледяной"))
    edits = tuple(
        Edit(Kind.DIRECT, RemoteId("1"), SafeText(text), at(1))
        for text in ("Суп холодный", "Суп ледяной")
    )
    for _ in range(2):
        await desk.services.ingest.store(CAFE, Batch(edits=edits))
        assert [str(row.text) for row in await desk.shown()] == ["Суп ледяной"]


async def test_edits_that_follow_what_the_history_showed_end_where_the_message_stands(
    desk: Desk,
) -> None:
    # As above, but the history knew of the edit, and the two come one by one.
    await desk.store(came("1", "Суп"))
    await desk.store(came("1", "Суп ледяной", edited_at=at(1)))
    for text in ("Суп холодный", "Суп ледяной"):
        edit = Edit(Kind.DIRECT, RemoteId("1"), SafeText(text), at(1))
        await desk.services.ingest.store(CAFE, Batch(edits=(edit,)))
    assert [str(row.text) for row in await desk.shown()] == ["Суп ледяной"]


async def test_a_look_at_the_history_sets_right_what_edits_of_one_second_left(desk: Desk) -> None:
    await desk.store(came("1", "Суп"))
    for text in ("Суп ледяной", "Суп холодный"):
        edit = Edit(Kind.DIRECT, RemoteId("1"), SafeText(text), at(1))
        await desk.services.ingest.store(CAFE, Batch(edits=(edit,)))
    await desk.store(came("1", "Суп ледяной", edited_at=at(1)))
    assert [str(row.text) for row in await desk.shown()] == ["Суп ледяной"]


async def test_of_two_edits_of_one_second_the_later_told_stays(desk: Desk) -> None:
    await desk.store(came("1", "Суп"))
    edits = Batch(
        edits=tuple(
            Edit(Kind.DIRECT, RemoteId("1"), SafeText(text), at(1), attachments=())
            for text in ("Суп холодный", "Суп ледяной")
        )
    )
    for _ in range(3):  # the network tells it again after every reconnect
        await desk.services.ingest.store(CAFE, edits)
        (row,) = await desk.shown()
        assert row.text == "Суп ледяной"
        assert [revision.text for revision in row.revisions] == ["Суп", "Суп холодный"]
    assert (await desk.journal()).count("edited") == 2


async def test_a_message_that_comes_again_edited_is_edited(desk: Desk) -> None:
    photo = Attachment(AttachmentKind.PHOTO)
    await desk.store(came("1", "Суп"))
    await desk.store(came("1", "Суп холодный", edited_at=at(1)))
    await desk.store(came("1", "Суп холодный", edited_at=at(2), attachments=(photo,)))
    await desk.store(came("1", "Суп"))  # an old copy from a slow server
    (row,) = await desk.shown()
    assert row.text == "Суп холодный"
    assert row.attachments == (photo,)
    assert len(row.revisions) == 1


async def test_a_deleted_message_does_not_wait_and_a_restored_one_does(desk: Desk) -> None:
    await desk.store(came("1"))
    removal = Removal(Kind.DIRECT, RemoteId("1"), at(1))
    await desk.services.ingest.store(CAFE, Batch(removals=(removal,)))
    assert await desk.awaiting() == 0
    assert (await desk.shown())[0].deleted_at == at(1)
    back = Removal(Kind.DIRECT, RemoteId("1"), at(2), restored=True)
    await desk.services.ingest.store(CAFE, Batch(removals=(back,)))
    assert await desk.awaiting() == 1
    assert (await desk.shown())[0].deleted_at is None
    assert (await desk.journal())[-2:] == ["deleted", "restored"]


async def test_a_question_restored_in_a_closed_talk_is_not_forgotten(desk: Desk) -> None:
    await desk.store(came("1"))
    gone = Removal(Kind.DIRECT, RemoteId("1"), at(1))
    await desk.services.ingest.store(CAFE, Batch(removals=(gone,)))
    await desk.services.triage.close([await desk.talk()])
    back = Removal(Kind.DIRECT, RemoteId("1"), at(2), restored=True)
    await desk.services.ingest.store(CAFE, Batch(removals=(back,)))
    assert await desk.listed() == [await desk.talk()]


async def test_a_deletion_may_come_before_its_message(desk: Desk) -> None:
    gone = Removal(Kind.DIRECT, RemoteId("1"), at(1))
    await desk.services.ingest.store(CAFE, Batch(removals=(gone,)))
    await desk.store(came("1"), came("2", "Ау"))
    assert await desk.awaiting() == 1
    assert (await desk.shown())[0].deleted_at == at(1)


async def test_a_restoration_takes_a_remembered_deletion_back(desk: Desk) -> None:
    gone = Removal(Kind.DIRECT, RemoteId("1"), at(1))
    back = Removal(Kind.DIRECT, RemoteId("1"), at(2), restored=True)
    await desk.services.ingest.store(CAFE, Batch(removals=(gone, back)))
    await desk.store(came("1"))
    assert await desk.awaiting() == 1


async def test_an_edit_and_a_deletion_may_name_a_message_of_their_own_batch(desk: Desk) -> None:
    await desk.services.ingest.store(
        CAFE,
        Batch(
            messages=(came("1", "Суп"), came("2", "Ау")),
            edits=(Edit(Kind.DIRECT, RemoteId("1"), SafeText("Суп холодный"), at(1)),),
            removals=(Removal(Kind.DIRECT, RemoteId("2"), at(1)),),
        ),
    )
    assert await desk.awaiting() == 1
    assert (await desk.card()).row.preview == "Суп холодный"


# --- who waits ------------------------------------------------------------------------------------


async def test_in_a_thread_everybody_waits_for_themselves(desk: Desk) -> None:
    await desk.store(
        came("1", "Холодный", place=SOUP, author="igor", minute=1),
        came("2", "И у меня", place=SOUP, author="olga", minute=2),
        came("3", "Ау", place=SOUP, author="olga", minute=3),
    )
    await desk.store(ours("4", "Ольга, извините", place=SOUP, minute=4, reply_to=RemoteId("2")))
    assert await desk.states(SOUP) == {
        "Холодный": "awaiting",
        "И у меня": "answered",
        "Ау": "answered",
        "Ольга, извините": "sent",
    }
    await desk.store(ours("5", "Игорь, и вы", place=SOUP, minute=5, addressee=RemoteId("igor")))
    assert await desk.awaiting(SOUP) == 0


async def test_an_answer_to_nobody_in_particular_is_for_the_only_one_who_waits(
    desk: Desk,
) -> None:
    await desk.store(came("1", place=SOUP, author="olga", minute=1))
    await desk.store(ours("2", place=SOUP, minute=2))
    assert await desk.awaiting(SOUP) == 0


async def test_an_answer_to_nobody_in_particular_is_for_who_opened_the_thread(desk: Desk) -> None:
    await desk.store(
        came("1", "Холодный", place=SOUP, author="igor", minute=1),
        came("2", "И у меня", place=SOUP, author="olga", minute=2),
    )
    await desk.store(ours("3", place=SOUP, minute=3))
    states = await desk.states(SOUP)
    assert states["Холодный"] == "answered"
    assert states["И у меня"] == "awaiting"


async def test_an_answer_to_nobody_among_many_strangers_answers_nobody(desk: Desk) -> None:
    stranger = thread(name="strangers")
    await desk.store(
        came("0", "Пост", place=stranger, author="nina", minute=0, needs_answer=False),
        came("1", "Холодный", place=stranger, author="igor", minute=1),
        came("2", "И у меня", place=stranger, author="olga", minute=2),
    )
    await desk.store(ours("3", place=stranger, minute=3))
    assert await desk.awaiting(stranger) == 2


async def test_an_answer_to_a_message_of_ours_is_not_for_ourselves(desk: Desk) -> None:
    await desk.store(came("1", place=SOUP, author="igor", minute=1))
    await desk.store(ours("2", place=SOUP, minute=2, author=RemoteId("cafe")))
    await desk.store(came("3", "А когда?", place=SOUP, author="igor", minute=3))
    await desk.store(
        ours("4", "Сейчас", place=SOUP, minute=4, author=RemoteId("cafe"), reply_to=RemoteId("2"))
    )
    assert await desk.awaiting(SOUP) == 0


async def test_an_answer_from_the_phone_ends_the_waiting_before_it_only(desk: Desk) -> None:
    await desk.store(came("1", "Есть столик?", minute=1), came("2", "А веранда?", minute=5))
    await desk.store(ours("3", "Есть", minute=3))
    assert await desk.states() == {
        "Есть столик?": "answered",
        "Есть": "sent",
        "А веранда?": "awaiting",
    }
    assert "answered_elsewhere" in await desk.journal()


async def test_an_answer_from_the_phone_counts_for_what_waits_under_an_answer_of_ours(
    desk: Desk,
) -> None:
    await desk.store(came("1"))
    queued = await desk.answer(undo=True)
    await desk.store(ours("2", minute=1))
    await desk.services.unsent.take_back(queued.outbox[0])
    assert await desk.awaiting() == 0


async def test_old_history_with_later_answers_does_not_wait(desk: Desk) -> None:
    # The network gives the history from its end: the answers are stored before the questions.
    await desk.store(ours("4", "Игорь, да", place=SOUP, minute=4, reply_to=RemoteId("2")))
    await desk.store(ours("5", "Есть", minute=5))
    await desk.store(ours("6", "Нам жаль", place=thread("nina", "cake"), minute=6))
    await desk.store(
        came("1", "Есть столик?", minute=1),
        came("2", "А суп?", place=SOUP, author="igor", minute=2),
        came("3", "И мне", place=SOUP, author="olga", minute=3),
        came("7", "Торт сухой", place=thread("nina", "cake"), author="nina", minute=1),
        came("8", "Да!", place=thread("nina", "cake"), author="oleg", minute=2),
    )
    assert await desk.awaiting() == 0
    states = {**await desk.states(SOUP), **await desk.states(thread("nina", "cake"))}
    assert states["А суп?"] == states["Торт сухой"] == "answered"
    assert states["И мне"] == states["Да!"] == "awaiting"


async def test_automatic_replies_never_stop_the_clock(desk: Desk) -> None:
    await desk.store(came("1", minute=1), ours("2", "Мы ответим", minute=2, automatic=True))
    assert await desk.awaiting() == 1
    await desk.store(came("3", "Робот", author="bot", minute=3, automatic=True))
    assert await desk.awaiting() == 1
    await desk.store(ours("5", "Скоро", minute=9, automatic=True))
    await desk.store(came("4", "Поздно пришло", minute=4))
    assert await desk.awaiting() == 2
    await desk.store(
        ours("6", "Мы ответим", place=SOUP, minute=9, addressee=RemoteId("igor"), automatic=True),
        ours("7", "Ольга, да", place=SOUP, minute=9, addressee=RemoteId("olga")),
    )
    await desk.store(came("8", "Холодный", place=SOUP, author="igor", minute=8))
    assert await desk.awaiting(SOUP) == 1


async def test_a_machine_is_not_taken_for_whom_the_talk_is_with(desk: Desk) -> None:
    people = (
        Contact(RemoteId("maria"), SafeText("Мария")),
        Contact(RemoteId("daemon"), SafeText("Mail Delivery System")),
    )
    told = (
        came("1", minute=1),
        ours("2", "Да", minute=2),
        came("3", "Письмо не доставлено", author="daemon", minute=3, automatic=True),
    )
    await desk.services.ingest.store(CAFE, Batch(messages=told, contacts=people))
    assert (await desk.card()).row.name == "Мария"


async def test_what_needs_no_answer_is_shown_and_does_not_wait(desk: Desk) -> None:
    await desk.store(came("1", "Репост", needs_answer=False))
    assert await desk.awaiting() == 0
    assert len(await desk.shown()) == 1
    assert await desk.listed(View.OPEN) == [await desk.talk()]


async def test_a_new_message_opens_what_was_closed_or_put_aside(desk: Desk) -> None:
    await desk.store(came("1"))
    which = await desk.talk()
    await desk.services.triage.close([which])
    await desk.store(came("2", "А веранда?", minute=1))
    assert (await desk.card()).row.status is Status.NEW
    await desk.services.triage.snooze([which], at(0) + timedelta(days=1))
    assert await desk.listed() == []
    await desk.store(came("3", "Ау", minute=2))
    assert await desk.listed() == [which]


async def test_a_bare_thanks_is_shown_and_does_not_queue(desk: Desk) -> None:
    await desk.store(came("1", minute=1), ours("2", minute=2))
    await desk.services.triage.close([await desk.talk()])
    await desk.store(came("3", "Спасибо большое!", minute=3))
    assert (await desk.card()).row.status is Status.CLOSED
    assert (await desk.states())["Спасибо большое!"] == "dismissed"
    await desk.store(came("4", "Спасибо, а во сколько?", minute=4))
    assert await desk.listed() == [await desk.talk()]


async def test_a_thanks_waits_while_anything_else_does(desk: Desk) -> None:
    await desk.store(came("1", "Спасибо"))  # nobody has answered yet: what for?
    assert await desk.awaiting() == 1
    await desk.store(ours("2", minute=1), came("3", "А веранда?", minute=2))
    await desk.store(came("4", "спасибо", minute=3))
    assert await desk.awaiting() == 2


async def test_a_place_that_cannot_be_written_to_is_remembered(desk: Desk) -> None:
    await desk.store(came("1"))
    closed = WriteAccess(Kind.DIRECT, RemoteId("talk-maria"), SafeText("Гость закрыл сообщения."))
    await desk.services.ingest.store(CAFE, Batch(access=(closed,)))
    assert (await desk.card()).row.id == await desk.talk()
    row = await desk.db.one("SELECT blocked FROM conversations")
    assert row is not None
    assert row["blocked"] == "Гость закрыл сообщения."


# --- the cursor -----------------------------------------------------------------------------------


async def test_the_cursor_moves_with_what_was_read_or_not_at_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.services.ingest.store(CAFE, batch(came("1"), cursor="one"))

    async def breaks(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(accounts, "save_success", breaks)
        with pytest.raises(InboxError):
            await desk.services.ingest.store(CAFE, batch(came("2", "Ау"), cursor="two"))
    assert await accounts.cursor(desk.db, CAFE) == Cursor("one")
    assert len(await desk.shown()) == 1
    await desk.services.ingest.store(CAFE, batch(came("2", "Ау"), cursor="two"))
    assert await accounts.cursor(desk.db, CAFE) == Cursor("two")
    assert await desk.awaiting() == 2


async def test_a_batch_without_a_cursor_leaves_it(desk: Desk) -> None:
    await desk.services.ingest.store(CAFE, batch(came("1"), cursor="one"))
    await desk.store(came("2", "Ау"))
    assert await accounts.cursor(desk.db, CAFE) == Cursor("one")


# --- our own echo ---------------------------------------------------------------------------------


async def test_our_own_answer_is_recognised_after_its_receipt(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.online()
    await desk.settled(await desk.answer())
    token = desk.world().delivered[0].token
    await desk.store(ours("sent-1", minute=1, token=token))
    assert len(await desk.shown()) == 2
    assert "answered_elsewhere" not in await desk.journal()


async def test_our_own_answer_is_recognised_before_its_receipt(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.online()
    hang = Hang(effect=True)
    desk.channel().outcomes.append(hang)
    queued = await desk.answer()
    await hang.begun.wait()
    await desk.store(ours("sent-1", minute=1, token=desk.world().delivered[0].token))
    assert await desk.outbox_state(queued.outbox[0]) == "gone"
    assert await desk.states() == {"Есть столик?": "answered", "Есть, ждём вас": "sent"}
    hang.let_go.set()
    await desk.settled(queued)
    assert len(await desk.shown()) == 2
    assert (await desk.journal()).count("sent") == 1


async def test_an_answer_queued_while_another_is_settled_by_its_echo_still_leaves(
    desk: Desk,
) -> None:
    # The late receipt of the first must never be taken for the second one's.
    await desk.store(came("1"), came("9", "Торт?", place=direct("nina"), author="nina"))
    await desk.online()
    hang = Hang(effect=True)
    desk.channel().outcomes.append(hang)
    await desk.answer("Первый")
    await hang.begun.wait()
    await desk.store(ours("sent-1", "Первый", minute=1, token=desk.world().delivered[0].token))
    second = await desk.answer("Второй", place=direct("nina"), undo=True)
    hang.let_go.set()
    desk.later(seconds=10)
    await desk.settled(second)
    assert desk.world().texts == ["Первый", "Второй"]
    assert await desk.states(direct("nina")) == {"Торт?": "answered", "Второй": "sent"}


async def test_a_provisional_number_is_put_right_by_the_echo(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.online()
    desk.channel().outcomes.append(Say("provisional"))
    await desk.settled(await desk.answer())
    token = desk.world().delivered[0].token
    await desk.store(ours("lasting", minute=1, token=token))
    assert await desk.message_id("lasting")
    assert len(await desk.shown()) == 2
    await desk.store(ours("lasting", minute=1, token=token))
    assert len(await desk.shown()) == 2


async def test_a_comment_of_ours_is_recognised_by_its_text(desk: Desk) -> None:
    await desk.store(came("1", "Холодный", place=SOUP, author="igor"))
    await desk.online()
    desk.channel().find = desk.channel().cannot_tell
    desk.channel().outcomes.append(Effect())
    queued = await desk.answer("Извините", place=SOUP)
    await desk.reaches(queued.outbox[0], "ambiguous")
    await desk.store(ours("sent-1", "Извините", place=SOUP, minute=1))
    assert await desk.outbox_state(queued.outbox[0]) == "gone"
    assert await desk.states(SOUP) == {"Холодный": "answered", "Извините": "sent"}


async def test_a_comment_of_the_same_text_that_was_never_attempted_is_somebody_elses(
    desk: Desk,
) -> None:
    await desk.store(came("1", "Холодный", place=SOUP, author="igor"))
    queued = await desk.answer("Извините", place=SOUP, undo=True)
    await desk.store(ours("phone-1", "Извините", place=SOUP, minute=1))
    assert await desk.outbox_state(queued.outbox[0]) == "queued"
    assert len(await desk.shown(SOUP)) == 3


async def test_an_answer_the_operator_saw_arrive_is_not_doubled_by_its_echo(desk: Desk) -> None:
    await desk.store(came("1", "Холодный", place=SOUP, author="igor"))
    await desk.online()
    desk.channel().find = desk.channel().cannot_tell
    desk.channel().outcomes.append(Effect())
    queued = await desk.answer("Извините", place=SOUP)
    await desk.reaches(queued.outbox[0], "ambiguous")
    await desk.services.unsent.confirm_sent(queued.outbox[0])
    await desk.store(ours("sent-1", "Извините", place=SOUP, minute=1))
    assert await desk.message_id("sent-1")
    assert len(await desk.shown(SOUP)) == 2


async def test_the_echo_of_an_answer_that_was_given_up_still_ends_the_waiting(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.online()
    desk.channel().outcomes.append(Effect(Rejected("No.")))
    queued = await desk.answer()
    await desk.reaches(queued.outbox[0], "failed")
    assert await desk.awaiting() == 1
    desk.clock.pass_by(minutes=1)
    await desk.store(came("2", "А веранда?", minute=1))
    await desk.store(ours("sent-1", minute=2, token=desk.world().delivered[0].token))
    assert await desk.states() == {
        "Есть столик?": "answered",
        "Есть, ждём вас": "sent",
        "А веранда?": "awaiting",
    }


async def test_a_message_between_queueing_and_sending_waits_on(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.online()
    queued = await desk.answer(undo=True, close_after=True)
    desk.clock.pass_by(seconds=2)
    await desk.store(came("2", "И детский стул!", minute=0.02))
    desk.later(seconds=10)
    await desk.settled(queued)
    assert (await desk.states())["И детский стул!"] == "awaiting"
    assert (await desk.states())["Есть столик?"] == "answered"
    # Closed with the answer, but somebody waits: it stays in the list.
    assert await desk.listed() == [await desk.talk()]


async def test_a_foreign_token_is_somebody_elses_answer(desk: Desk) -> None:
    await desk.store(came("1"))
    await desk.store(ours("2", minute=1, token=Token("of another program")))
    assert await desk.awaiting() == 0
    assert "answered_elsewhere" in await desk.journal()


async def test_a_conversation_whose_only_message_was_deleted_still_says_what_it_was(
    desk: Desk,
) -> None:
    await desk.store(came("1", "Верните деньги"))
    removal = Removal(Kind.DIRECT, RemoteId("1"), at(1))
    await desk.services.ingest.store(CAFE, Batch(removals=(removal,)))

    row = (await desk.card()).row

    assert (row.preview, row.preview_deleted, row.awaiting) == ("Верните деньги", True, 0)


async def test_a_page_that_is_deleted_keeps_the_name_it_had(desk: Desk) -> None:
    here = Contact(RemoteId("maria"), name=SafeText("Мария"))
    gone = Contact(RemoteId("maria"), note=SafeText("page deleted"))
    for known in (here, gone):
        await desk.services.ingest.store(CAFE, Batch(contacts=(known,)))
    await desk.store(came("1"))
    contact = (await desk.card()).contact
    assert contact is not None
    assert (contact.name, contact.note) == ("Мария", "page deleted")
