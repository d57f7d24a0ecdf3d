"""Answers arrive exactly once, whatever happens on the way, and failures are told in words."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smm_inbox.channels.telegram import sender as sender_module
from smm_inbox.channels.telegram.channel import TelegramChannel
from smm_inbox.domain.channel import ReplyKind
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import Ambiguous, ChannelError, RateLimited, Rejected, Retry
from smm_inbox.domain.ids import Token
from smm_inbox.domain.message import AttachmentKind, LocalFile, NetworkMessage, Outgoing
from smm_inbox.domain.text import SafeText
from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.telegram.model import User
from smm_inbox.sandbox.telegram.world import (
    ANNA,
    BORIS,
    CHANNEL_ID,
    DISCUSSION_ID,
    IGOR,
    NEIGHBOURS_ID,
)

from .conftest import Open
from .support import SECONDS, Stream, answer

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


async def asked(
    opened: Open, tg: TelegramSandbox, **more: object
) -> tuple[TelegramChannel, NetworkMessage]:
    channel = await opened(**more)
    stream = Stream(channel)
    await stream.caught_up()
    tg.customer_writes(ANNA, "Вы открыты?")
    message = await stream.text("открыты")
    await stream.close()
    return channel, message


def texts(tg: TelegramSandbox) -> list[str]:
    return [delivery.text for delivery in tg.sent if delivery.kind == "message"]


async def persist(channel: TelegramChannel, message: Outgoing) -> str:
    """Send as the outbox does: repeat, reconnect and look until there is a receipt."""
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                return (await channel.send(message)).remote_id
            except Ambiguous:
                try:
                    receipt = await channel.find_sent(message)
                except ChannelError:
                    await channel.connect()
                    receipt = await channel.find_sent(message)
                if receipt is not None:
                    return receipt.remote_id
            except Retry:
                await channel.connect()


async def test_an_answer_arrives_with_its_number(opened: Open, tg: TelegramSandbox) -> None:
    channel, question = await asked(opened, tg)
    receipt = await channel.send(answer(question, "Да"))
    (delivery,) = tg.sent
    assert (delivery.text, delivery.peer) == ("Да", ANNA)
    assert receipt.remote_id == str(delivery.id)
    assert receipt.sent_at is not None


async def test_an_answer_to_a_comment_stays_in_its_thread(
    opened: Open, tg: TelegramSandbox
) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    post = tg.publish_post("Пост")
    tg.customer_comments(post, BORIS, "Почём?")
    question = await stream.text("Почём")
    receipt = await channel.send(answer(question, "Двести"))
    without = Outgoing(question.place, SafeText("И ещё"), Token("99"))
    await channel.send(without)
    first, second = tg.sent
    assert first.peer == second.peer == DISCUSSION_ID
    assert str(question.remote_id).endswith(f"_{first.reply_to}")
    assert first.reply_to == second.reply_to, "without a quote it goes under the root comment"
    assert receipt.url.startswith("https://t.me/warm_corner_news/")


async def test_a_comment_can_be_answered_as_the_channel(opened: Open, tg: TelegramSandbox) -> None:
    channel = await opened(as_channel=True)
    stream = Stream(channel)
    await stream.caught_up()
    tg.customer_comments(tg.publish_post("Пост"), BORIS, "Почём?")
    question = await stream.text("Почём")
    await channel.send(answer(question, "Двести"))
    (delivery,) = tg.sent
    assert tg.message(delivery.uid).as_channel == CHANNEL_ID


async def test_the_author_of_a_comment_can_be_answered_privately(
    opened: Open, tg: TelegramSandbox
) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    tg.customer_comments(tg.publish_post("Пост"), BORIS, "Почём?")
    question = await stream.text("Почём")
    assert ReplyKind.PRIVATE in channel.capabilities.reply_kinds[Kind.COMMENT]
    place = channel.private_place(question.author or question.remote_id)
    await channel.send(Outgoing(place, SafeText("Двести"), Token("5")))
    (delivery,) = tg.sent
    assert delivery.peer == BORIS


@pytest.mark.parametrize("repeat", ["replay", "error"])
@pytest.mark.parametrize(
    ("kind", "after"),
    [("drop", False), ("drop", True), ("reset", False), ("reset", True)],
)
async def test_a_lost_answer_is_delivered_once(
    opened: Open, tg: TelegramSandbox, kind: str, after: bool, repeat: str
) -> None:
    channel, question = await asked(opened, tg)
    tg.rules.repeat = repeat
    tg.faults.add("messages.sendMessage", kind, after=after)
    message = answer(question, "Да, до девяти")
    name = await persist(channel, message)
    again = await channel.send(message)
    assert texts(tg) == ["Да, до девяти"]
    assert name == again.remote_id == str(tg.sent[0].id)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_silence_means_unknown_and_never_not_sent(
    opened: Open, tg: TelegramSandbox, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender_module, "PATIENCE", 0.3)
    channel, question = await asked(opened, tg)
    tg.faults.add("messages.sendMessage", "hang", after=after)
    message = answer(question, "Да")
    with pytest.raises(Ambiguous):
        await channel.send(message)
    found = await channel.find_sent(message)
    assert (found is not None) is after
    monkeypatch.setattr(sender_module, "PATIENCE", SECONDS)
    await channel.send(message)
    assert texts(tg) == ["Да"]


async def test_a_cancelled_send_never_appears_twice(opened: Open, tg: TelegramSandbox) -> None:
    channel, question = await asked(opened, tg)
    tg.faults.add("messages.sendMessage", "delay", seconds=0.3)
    message = answer(question, "Да")
    sending = asyncio.create_task(channel.send(message))
    await asyncio.sleep(0)
    while not tg.called("messages.sendMessage"):
        await asyncio.sleep(0.01)
    sending.cancel()
    await asyncio.wait({sending})
    await persist(channel, message)
    assert texts(tg) == ["Да"]


async def test_a_repetition_that_only_the_network_remembers_is_delivered(
    opened: Open, tg: TelegramSandbox
) -> None:
    channel, question = await asked(opened, tg)
    tg.rules.repeat = "error"
    message = answer(question, "Да")
    await channel.send(message)
    written = tg.message(tg.sent[0].uid)
    tg.admin_deletes_from_phone(written)
    receipt = await channel.send(message)
    assert receipt.remote_id.startswith("sent")
    assert texts(tg) == ["Да"]


async def test_an_answer_is_found_although_the_clock_was_set_back(
    opened: Open, tg: TelegramSandbox
) -> None:
    channel, question = await asked(opened, tg)
    tg.rules.repeat = "error"
    ahead = datetime.now(UTC) + timedelta(minutes=15)
    message = answer(question, "Да", first_attempt_at=ahead)
    await channel.send(message)
    receipt = await channel.send(message)
    assert receipt.remote_id == str(tg.sent[0].id)
    assert texts(tg) == ["Да"]


async def test_the_same_words_to_the_same_customer_are_two_answers(
    opened: Open, tg: TelegramSandbox
) -> None:
    channel, question = await asked(opened, tg)
    first = answer(question, "Да", token=1)
    await channel.send(first)
    second = answer(question, "Да", token=2, first_attempt_at=datetime.now(UTC))
    assert await channel.find_sent(second) is None
    await channel.send(second)
    assert texts(tg) == ["Да", "Да"]


async def test_an_old_attempt_is_looked_for_before_it_is_repeated(
    opened: Open, tg: TelegramSandbox
) -> None:
    channel, question = await asked(opened, tg)
    hours = timedelta(hours=2)
    message = answer(question, "Да", first_attempt_at=datetime.now(UTC) - hours)
    await channel.send(message)
    tg.forget_random_ids()
    await channel.send(message)
    assert texts(tg) == ["Да"]


@pytest.mark.parametrize(
    ("text", "seconds"), [("FLOOD_WAIT_30", 30), ("SLOWMODE_WAIT_40", 40), ("PEER_FLOOD", 3600)]
)
async def test_limits_are_waits_with_an_end(
    opened: Open, tg: TelegramSandbox, text: str, seconds: int
) -> None:
    channel, question = await asked(opened, tg)
    tg.faults.add("messages.sendMessage", "error", text=text)
    with pytest.raises(RateLimited) as caught:
        await channel.send(answer(question, "Да"))
    left = (caught.value.until - datetime.now(UTC)).total_seconds()
    assert seconds - 5 < left <= seconds
    assert tg.sent == []


@pytest.mark.parametrize(
    "text",
    ["USER_IS_BLOCKED", "CHAT_WRITE_FORBIDDEN", "PRIVACY_PREMIUM_REQUIRED", "SOMETHING_NEW_42"],
)
async def test_refusals_are_final_and_said_in_words(
    opened: Open, tg: TelegramSandbox, text: str
) -> None:
    channel, question = await asked(opened, tg)
    tg.faults.add("messages.sendMessage", "error", text=text)
    with pytest.raises(Rejected) as caught:
        await channel.send(answer(question, "Да"))
    assert text not in caught.value.sentence
    assert caught.value.sentence.endswith(".")


async def test_somebody_unknown_cannot_be_written_to(opened: Open, tg: TelegramSandbox) -> None:
    channel, _ = await asked(opened, tg)
    tg.add_user(User(6_900_000_555, "Никто"))
    place = channel.private_place(str(6_900_000_555))  # type: ignore[arg-type]
    with pytest.raises(Rejected):
        await channel.send(Outgoing(place, SafeText("Здравствуйте"), Token("1")))


async def test_editing_and_deleting_our_answer(opened: Open, tg: TelegramSandbox) -> None:
    channel, question = await asked(opened, tg)
    receipt = await channel.send(answer(question, "До девяти"))
    await channel.edit(question.place, receipt.remote_id, "До десяти")
    await channel.edit(question.place, receipt.remote_id, "До десяти")
    assert tg.message(tg.sent[0].uid).text == "До десяти"
    await channel.delete(question.place, receipt.remote_id)
    await channel.delete(question.place, receipt.remote_id)
    assert tg.message(tg.sent[0].uid).deleted


async def test_a_comment_of_somebody_else_can_be_deleted(opened: Open, tg: TelegramSandbox) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    rude = tg.customer_comments(tg.publish_post("Пост"), BORIS, "Грубость")
    comment = await stream.text("Грубость")
    assert Kind.COMMENT in channel.capabilities.delete_theirs
    await channel.delete(comment.place, comment.remote_id)
    assert tg.message(rude.uid).deleted


async def test_reading_and_typing(opened: Open, tg: TelegramSandbox) -> None:
    channel, question = await asked(opened, tg)
    await channel.typing(question.place)
    await channel.mark_read(question.place)
    assert tg.called("messages.setTyping") == 1
    assert tg.called("messages.readHistory") == 1


async def test_an_answer_in_a_group_quotes_whom_it_answers(
    opened: Open, tg: TelegramSandbox
) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    tg.mention_in_group(IGOR, "есть розетки?")
    question = await stream.text("розетки")
    await channel.send(answer(question, "Есть"))
    (delivery,) = tg.sent
    assert delivery.peer == NEIGHBOURS_ID
    assert str(question.remote_id).endswith(f"_{delivery.reply_to}")


# --- files ----------------------------------------------------------------------------------------


def picture(folder: Path, name: str = "суп.png") -> LocalFile:
    path = folder / name
    path.write_bytes(PNG)
    return LocalFile(path, AttachmentKind.PHOTO, SafeText(name), len(PNG))


def document(folder: Path, name: str = "меню.pdf", size: int = 1000) -> LocalFile:
    path = folder / name
    path.write_bytes(b"%PDF" + b"x" * size)
    return LocalFile(path, AttachmentKind.DOCUMENT, SafeText(name), size + 4)


async def test_a_picture_leaves_with_its_text(
    opened: Open, tg: TelegramSandbox, tmp_path: Path
) -> None:
    channel, question = await asked(opened, tg)
    await channel.send(answer(question, "Вот", files=(picture(tmp_path),)))
    (delivery,) = tg.sent
    assert delivery.text == "Вот"
    assert delivery.media[0].startswith("photo")


async def test_an_album_leaves_once_through_a_reset(
    opened: Open, tg: TelegramSandbox, tmp_path: Path
) -> None:
    channel, question = await asked(opened, tg)
    files = tuple(picture(tmp_path, f"{number}.png") for number in range(3))
    tg.faults.add("messages.sendMultiMedia", "reset", after=True)
    message = answer(question, "Три супа", files=files)
    name = await persist(channel, message)
    assert len(tg.sent) == 3
    assert {tg.message(delivery.uid).album for delivery in tg.sent} != {0}
    assert name == str(tg.sent[0].id)
    await channel.delete(question.place, name)  # type: ignore[arg-type]
    assert all(tg.message(delivery.uid).deleted for delivery in tg.sent if delivery.media)


async def test_a_long_text_and_mixed_files_leave_as_several_messages_once(
    opened: Open, tg: TelegramSandbox, tmp_path: Path
) -> None:
    channel, question = await asked(opened, tg)
    files = (picture(tmp_path), document(tmp_path))
    tg.faults.add("messages.sendMedia", "reset", after=True)
    message = answer(question, "ы" * 1100, files=files)
    await persist(channel, message)
    assert [(d.text[:1], len(d.media)) for d in tg.sent] == [("ы", 0), ("", 1), ("", 1)]
    stream = Stream(channel)
    await stream.caught_up()
    shown = {m.remote_id for m in stream.messages} - {question.remote_id}
    assert len(shown) <= 1, "the other messages belong to the first"


async def test_a_file_that_is_gone_is_said_before_anything_leaves(
    opened: Open, tg: TelegramSandbox, tmp_path: Path
) -> None:
    channel, question = await asked(opened, tg)
    file = document(tmp_path)
    file.path.unlink()
    with pytest.raises(Rejected, match="no longer"):
        await channel.send(answer(question, "Меню", files=(file,)))
    assert tg.sent == []


async def test_attachments_come_down_whole_even_when_references_expired(
    opened: Open, tg: TelegramSandbox, tmp_path: Path
) -> None:
    channel, question = await asked(opened, tg)
    file = document(tmp_path, size=600_000)
    await channel.send(answer(question, "", files=(file,)))
    stream = Stream(channel)
    await stream.caught_up()
    message = next(m for m in stream.messages if m.attachments)
    tg.expire_file_references()
    seen: list[tuple[int, int]] = []
    target = tmp_path / "down" / "меню.pdf"
    target.parent.mkdir()
    for expected in ("меню.pdf", "меню (2).pdf"):
        path = await channel.download(
            message.place,
            message.remote_id,
            message.attachments[0].ref,
            target,
            lambda done, whole: seen.append((done, whole)),
        )
        assert path.name == expected
        assert path.read_bytes() == file.path.read_bytes()
    assert seen[-1][0] == seen[-1][1] == file.size
    assert len(seen) > 2


# --- quitting -------------------------------------------------------------------------------------


async def test_closing_is_quick_while_the_network_hangs(opened: Open, tg: TelegramSandbox) -> None:
    channel, question = await asked(opened, tg)
    tg.faults.add("*", "hang", count=None)
    sending = asyncio.create_task(channel.send(answer(question, "Да")))
    while not tg.called("messages.sendMessage"):
        await asyncio.sleep(0.01)
    loop = asyncio.get_running_loop()
    began = loop.time()
    sending.cancel()
    await channel.close()
    await channel.close()
    assert loop.time() - began < 1.0
