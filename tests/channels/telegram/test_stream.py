"""Messages arrive once, in their place, whatever happens to the connection."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from smm_inbox.channels.telegram.reader import Rhythm
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import AuthExpired, Retry
from smm_inbox.domain.message import AttachmentKind, Direction
from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.telegram.model import Media
from smm_inbox.sandbox.telegram.world import (
    ANNA,
    BORIS,
    BOT,
    CHANNEL_ID,
    COLLEAGUE,
    DISCUSSION_ID,
    IGOR,
    OTHER_CHANNEL_ID,
    SHIFT_ID,
)

from .conftest import Open
from .support import Stream, answer, ids_once

HURRIED = Rhythm(
    probe=timedelta(milliseconds=200),
    answer=timedelta(seconds=1),
    sweep=timedelta(milliseconds=300),
    soon=timedelta(milliseconds=50),
)


async def started(opened: Open, cursor: object = None, **more: object) -> Stream:
    stream = Stream(await opened(**more), cursor)  # type: ignore[arg-type]
    await stream.caught_up()
    return stream


# --- live -----------------------------------------------------------------------------------------


async def test_a_private_message_arrives_with_its_author(opened: Open, tg: TelegramSandbox) -> None:
    stream = await started(opened)
    tg.customer_writes(ANNA, "Есть столик на шестерых?")
    message = await stream.text("столик")
    (contact,) = stream.batches[-1].contacts
    assert message.place.kind is Kind.DIRECT
    assert message.direction is Direction.IN
    assert (contact.name, contact.handle) == ("Анна Ковалёва", "anya_kovaleva_x")
    assert contact.followers is None
    assert message.author == contact.remote_id == message.place.contact
    assert not message.place.public


async def test_a_comment_stands_under_its_post(opened: Open, tg: TelegramSandbox) -> None:
    stream = await started(opened)
    post = tg.publish_post("Новое меню: тыквенный суп")
    first = tg.customer_comments(post, ANNA, "А без сливок можно?")
    comment = await stream.text("сливок")
    tg.customer_comments(post, IGOR, "И мне тоже", reply_to=first)
    nested = await stream.text("И мне")
    (root,) = stream.batches[-1].roots
    assert comment.place.kind is Kind.COMMENT
    assert comment.place.public
    assert comment.place.conversation == nested.place.conversation
    assert nested.reply_to == comment.remote_id
    assert comment.reply_to is None, "a comment under the post answers nobody"
    assert (root.kind, root.text) == ("post", "Новое меню: тыквенный суп")
    assert root.remote_id == comment.place.root == nested.place.root
    assert root.url.startswith("https://t.me/warm_corner_news/")
    assert nested.place.contact == comment.author


async def test_the_thread_of_an_old_comment_is_looked_up(opened: Open, tg: TelegramSandbox) -> None:
    post = tg.publish_post("Вакансия")
    first = tg.customer_comments(post, ANNA, "Сколько платите?")
    second = tg.customer_comments(post, BORIS, "Тоже интересно", reply_to=first)
    stream = await started(opened)
    old = next(m for m in stream.messages if m.text == "Сколько платите?")
    await stream.close()
    # A new process knows nothing of all this; its cursor says that it was read.
    fresh = Stream(await opened(), stream.cursor)
    await fresh.caught_up()
    tg.customer_comments(post, IGOR, "Ответьте людям", reply_to=second)
    late = await fresh.text("Ответьте")
    assert late.place.conversation == old.place.conversation
    assert late.place.root == old.place.root


async def test_a_lost_connection_never_puts_a_comment_into_the_wrong_thread(
    opened: Open, tg: TelegramSandbox
) -> None:
    post = tg.publish_post("Вакансия")
    first = tg.customer_comments(post, ANNA, "Сколько платите?")
    before = await started(opened)
    old = next(m for m in before.messages if m.text == "Сколько платите?")
    await before.close()
    channel = await opened()
    stream = Stream(channel, before.cursor)
    await stream.caught_up()
    tg.faults.add("channels.getMessages", "reset")
    tg.customer_comments(post, IGOR, "Ответьте людям", reply_to=first)
    with pytest.raises(Retry):
        await stream.until(lambda _: False)
    assert "Ответьте людям" not in stream.texts
    await channel.connect()
    again = Stream(channel, stream.cursor)
    late = await again.text("Ответьте")
    assert late.place.conversation == old.place.conversation


async def test_a_comment_in_the_name_of_a_channel(opened: Open, tg: TelegramSandbox) -> None:
    stream = await started(opened)
    post = tg.publish_post("Концерт в пятницу")
    tg.customer_comments(post, IGOR, "Добавим в афишу?", as_channel=OTHER_CHANNEL_ID)
    comment = await stream.text("афишу")
    (contact,) = [c for c in stream.batches[-1].contacts if c.remote_id == comment.author]
    assert comment.direction is Direction.IN
    assert (contact.name, contact.handle) == ("Афиша района", "afisha_sadovaya")
    assert contact.followers == 15_200, "its subscribers are its reach"


async def test_only_what_is_meant_for_us_is_taken_from_groups(
    opened: Open, tg: TelegramSandbox
) -> None:
    stream = await started(opened)
    tg.group_message(ANNA, "Кто видел кота?")
    tg.mention_in_group(BORIS, "во сколько закрываетесь?")
    mention = await stream.text("закрываетесь")
    assert mention.place.kind is Kind.MENTION
    assert mention.mentions_us
    assert mention.place.title == "Соседи на Садовой"
    assert not any("кота" in text for text in stream.texts)


async def test_a_mention_in_a_basic_group(opened: Open, tg: TelegramSandbox) -> None:
    stream = await started(opened)
    tg.mention_in_group(COLLEAGUE, "выручай", group=SHIFT_ID)
    assert (await stream.text("выручай")).place.kind is Kind.MENTION


async def test_an_answer_from_the_phone_is_ours(opened: Open, tg: TelegramSandbox) -> None:
    stream = await started(opened)
    tg.customer_writes(ANNA, "Вы открыты?")
    question = await stream.text("открыты")
    tg.admin_replies_from_phone(ANNA, "Да, до девяти")
    reply = await stream.text("до девяти")
    assert reply.direction is Direction.OUT
    assert reply.place.conversation == question.place.conversation
    assert reply.addressee == question.author


@pytest.mark.parametrize("name", [0, CHANNEL_ID, DISCUSSION_ID], ids=["own", "channel", "group"])
async def test_a_comment_from_the_phone_is_ours_in_any_name(
    opened: Open, tg: TelegramSandbox, name: int
) -> None:
    stream = await started(opened)
    post = tg.publish_post("Новинка")
    asked = tg.customer_comments(post, ANNA, "Почём?")
    question = await stream.text("Почём")
    tg.admin_comments_from_phone(asked, "По двести", as_channel=name)
    reply = await stream.text("двести")
    assert reply.direction is Direction.OUT
    assert reply.place.conversation == question.place.conversation
    assert reply.addressee == question.author


async def test_an_answer_from_the_phone_in_a_group(opened: Open, tg: TelegramSandbox) -> None:
    stream = await started(opened)
    asked = tg.mention_in_group(BORIS, "есть вай-фай?")
    question = await stream.text("вай-фай")
    tg.admin_comments_from_phone(asked, "Есть, и розетки")
    reply = await stream.text("розетки")
    assert reply.direction is Direction.OUT
    assert reply.place.conversation == question.place.conversation


async def test_edits_and_deletions(opened: Open, tg: TelegramSandbox) -> None:
    stream = await started(opened)
    post = tg.publish_post("Пост")
    written = tg.customer_writes(ANNA, "Столик на 5")
    direct = await stream.text("Столик")
    commented = tg.customer_comments(post, IGOR, "Суп сырой")
    comment = await stream.text("сырой")
    tg.customer_edits(written, "Столик на 6")
    batch = await stream.until(lambda batch: bool(batch.edits))
    assert (batch.edits[0].kind, batch.edits[0].remote_id) == (Kind.DIRECT, direct.remote_id)
    assert batch.edits[0].text == "Столик на 6"
    tg.customer_deletes(written)
    batch = await stream.until(lambda batch: bool(batch.removals))
    assert [(r.kind, r.remote_id) for r in batch.removals] == [(Kind.DIRECT, direct.remote_id)]
    tg.customer_deletes(commented)
    batch = await stream.until(lambda batch: bool(batch.removals))
    assert [(r.kind, r.remote_id) for r in batch.removals] == [(Kind.COMMENT, comment.remote_id)]


async def test_a_deletion_of_a_message_from_before_names_it_all_the_same(
    opened: Open, tg: TelegramSandbox
) -> None:
    written = tg.customer_writes(ANNA, "Забудьте")
    first = await started(opened)
    (message,) = first.messages
    await first.close()
    stream = await started(opened, first.cursor)
    stream.batches.clear()
    tg.customer_deletes(written)
    batch = await stream.until(lambda batch: bool(batch.removals))
    assert (Kind.DIRECT, message.remote_id) in {(r.kind, r.remote_id) for r in batch.removals}


async def test_a_reaction_is_neither_a_message_nor_an_edit(
    opened: Open, tg: TelegramSandbox
) -> None:
    stream = await started(opened)
    sent = tg.admin_replies_from_phone(ANNA, "Ждём вас")
    await stream.text("Ждём")
    tg.customer_reacts(sent)
    tg.customer_writes(ANNA, "Спасибо")
    await stream.text("Спасибо")
    assert not any(batch.edits for batch in stream.batches)


async def test_an_album_is_one_message(opened: Open, tg: TelegramSandbox) -> None:
    stream = await started(opened)
    album = [Media("photo", name=f"{n}.jpg", size=1000) for n in range(3)]
    tg.customer_sends_album(ANNA, album, "Вот такой суп")
    message = await stream.text("суп")
    assert [a.kind for a in message.attachments] == [AttachmentKind.PHOTO] * 3
    again = await started(opened)
    whole = [m for m in again.messages if "суп" in m.text]
    assert {m.remote_id for m in whole} == {message.remote_id}
    assert {len(m.attachments) for m in whole} == {3}


async def test_codes_from_telegram_itself_are_never_taken(
    opened: Open, tg: TelegramSandbox
) -> None:
    tg.customer_writes(777000, "Login code: 12345")
    stream = await started(opened)
    tg.customer_writes(777000, "Login code: 67890")
    tg.customer_writes(ANNA, "Привет")
    await stream.text("Привет")
    assert not any("code" in text for text in stream.texts)


# --- catching up ----------------------------------------------------------------------------------


async def test_a_first_start_brings_what_is_not_too_old(opened: Open, tg: TelegramSandbox) -> None:
    day = 86_400
    tg.customer_writes(ANNA, "год назад", at=time.time() - 365 * day)
    tg.customer_writes(ANNA, "вчера", at=time.time() - day)
    post = tg.publish_post("Пост")
    tg.customer_comments(post, BORIS, "комментарий")
    tg.mention_in_group(IGOR, "упоминание")
    stream = await started(opened)
    assert {"вчера", "комментарий"} <= set(stream.texts)
    assert any("упоминание" in text for text in stream.texts)
    assert "год назад" not in stream.texts


async def test_what_came_while_we_were_off_comes_after_a_restart(
    opened: Open, tg: TelegramSandbox
) -> None:
    channel = await opened()
    first = Stream(channel)
    await first.caught_up()
    await first.close()
    await channel.close()
    post = tg.publish_post("Пост")
    tg.customer_writes(ANNA, "пока спали")
    tg.customer_comments(post, BORIS, "под постом")
    tg.mention_in_group(IGOR, "в группе")
    stream = await started(opened, first.cursor)
    for wanted in ("пока спали", "под постом", "в группе"):
        assert any(wanted in text for text in stream.texts), wanted


async def test_a_long_history_comes_whole(opened: Open, tg: TelegramSandbox) -> None:
    now = time.time()
    for number in range(250):
        tg.customer_writes(ANNA, f"строка {number}", at=now - 1000 + number)
    stream = await started(opened)
    assert set(stream.texts) >= {f"строка {number}" for number in range(250)}
    ids_once(stream.messages)


async def test_lost_updates_are_found_by_the_next_look(opened: Open, tg: TelegramSandbox) -> None:
    channel = await opened()
    channel._reader.rhythm = HURRIED
    stream = Stream(channel)
    await stream.caught_up()
    tg.faults.add("update:new", "lose")
    tg.customer_writes(ANNA, "не дошло")
    await stream.text("не дошло")


async def test_doubled_and_too_long_updates_do_no_harm(opened: Open, tg: TelegramSandbox) -> None:
    stream = await started(opened)
    tg.faults.add("update:new", "double", count=3)
    for word in ("раз", "два", "три"):
        tg.customer_writes(ANNA, word)
        await stream.text(word)
    tg.faults.add("update:new", "too_long")
    tg.customer_writes(ANNA, "четыре")
    await stream.text("четыре")


async def test_after_a_lost_connection_nothing_is_missing(
    opened: Open, tg: TelegramSandbox
) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    tg.cut()
    with pytest.raises(Retry):
        await stream.until(lambda _: False)
    with pytest.raises(Retry):
        await channel.connect()
    written = tg.customer_writes(ANNA, "в темноте")
    tg.customer_edits(written, "в полной темноте")
    tg.restore()
    await channel.connect()
    again = Stream(channel, stream.cursor)
    await again.text("в полной темноте")


async def test_edits_and_deletions_from_while_we_were_off(
    opened: Open, tg: TelegramSandbox
) -> None:
    post = tg.publish_post("Пост")
    edited = tg.customer_writes(ANNA, "Столик на 5")
    deleted = tg.customer_writes(BORIS, "Забудьте")
    comment = tg.customer_comments(post, IGOR, "Суп сырой")
    rude = tg.customer_comments(post, BORIS, "Грубость")
    channel = await opened()
    first = Stream(channel)
    await first.caught_up()
    await first.close()
    await channel.close()
    tg.customer_edits(edited, "Столик на 6")
    tg.customer_edits(comment, "Суп остыл")
    tg.customer_deletes(deleted)
    tg.customer_deletes(rude)
    channel = await opened()
    stream = Stream(channel, first.cursor)
    wanted = {"Столик на 6", "Суп остыл"}
    gone = {m.remote_id for m in first.messages if m.text in {"Забудьте", "Грубость"}}

    def told(_: object) -> bool:
        texts = {edit.text for batch in stream.batches for edit in batch.edits}
        removed = {r.remote_id for batch in stream.batches for r in batch.removals}
        return wanted <= texts and gone <= removed

    await stream.until(told)
    assert not {m.text for m in stream.messages} & {"Столик на 6", "Суп остыл"}, "not by history"


async def test_a_failed_connection_does_not_forget_how_far_updates_were_read(
    opened: Open, tg: TelegramSandbox
) -> None:
    written = tg.customer_writes(ANNA, "Столик на 5")
    channel = await opened()
    first = Stream(channel)
    await first.caught_up()
    tg.cut()
    with pytest.raises(Retry):
        await first.until(lambda _: False)
    tg.customer_edits(written, "Столик на 6")
    for _ in range(2):
        with pytest.raises(Retry):
            await channel.connect()
    tg.restore()
    await channel.connect()
    again = Stream(channel, first.cursor)
    batch = await again.until(lambda batch: bool(batch.edits))
    assert batch.edits[0].text == "Столик на 6"


async def test_a_message_taken_but_never_stored_comes_again(
    opened: Open, tg: TelegramSandbox
) -> None:
    written = tg.customer_writes(ANNA, "Столик на 5")
    channel = await opened()
    first = Stream(channel)
    await first.caught_up()
    tg.customer_edits(written, "Столик на 6")
    await first.until(lambda batch: bool(batch.edits))
    # The batch was handed over, but nobody asked for the next one: it is not known to be stored.
    await first.close()
    await channel.connect()
    again = Stream(channel, first.cursor)
    batch = await again.until(lambda batch: bool(batch.edits))
    assert batch.edits[0].text == "Столик на 6"


async def test_a_silent_connection_is_noticed(opened: Open, tg: TelegramSandbox) -> None:
    channel = await opened()
    channel._reader.rhythm = replace(HURRIED, sweep=timedelta(hours=1))
    stream = Stream(channel)
    await stream.caught_up()
    tg.faults.add("*", "hang", count=None)
    with pytest.raises(Retry):
        await stream.until(lambda _: False)


async def test_a_revoked_session_asks_for_a_login(opened: Open, tg: TelegramSandbox) -> None:
    channel = await opened()
    channel._reader.rhythm = HURRIED
    stream = Stream(channel)
    await stream.caught_up()
    tg.revoke_sessions()
    with pytest.raises((AuthExpired, Retry)):
        await stream.until(lambda _: False)
    with pytest.raises(AuthExpired, match="another device"):
        await channel.connect()


async def test_a_forgotten_key_asks_for_a_login(opened: Open, tg: TelegramSandbox) -> None:
    channel = await opened()
    await channel.close()
    tg.forget_keys()
    with pytest.raises(AuthExpired, match="login"):
        await opened()


async def test_a_flood_wait_on_the_first_look_does_not_hold_up_live_messages(
    opened: Open, tg: TelegramSandbox
) -> None:
    channel = await opened()
    tg.faults.flood("messages.getDialogs", 5)
    stream = Stream(channel)
    tg.customer_writes(ANNA, "живое")
    await stream.text("живое")
    assert not any(batch.caught_up for batch in stream.batches)


async def test_a_reset_after_accept_costs_one_connection_an_attempt(
    opened: Open, tg: TelegramSandbox
) -> None:
    channel = await opened()
    before = tg.state.connects
    tg.faults.add("accept", "reset", count=None)
    tg.drop_connections()
    for _ in range(3):
        with pytest.raises(Retry):
            await channel.connect()
    assert tg.state.connects - before == 3


# --- bots -----------------------------------------------------------------------------------------


async def test_a_bot_sees_what_is_written_to_it(opened: Open, tg: TelegramSandbox) -> None:
    channel = await opened(bot=True)
    stream = Stream(channel)
    await stream.caught_up()
    tg.customer_writes(ANNA, "Бот, ты тут?", to=BOT)
    message = await stream.text("ты тут")
    await channel.send(answer(message, "Тут"))
    assert [d.text for d in tg.sent] == ["Тут"]
    assert not channel.capabilities.mark_read
    assert {"history.read", "messages.first"} <= {item.action for item in channel.limitations}
