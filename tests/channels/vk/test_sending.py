"""Answers: each reaches VK exactly once, wherever the customer wrote."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smm_inbox.channels.vk.channel import VkChannel
from smm_inbox.domain.errors import (
    Ambiguous,
    ChannelError,
    NeedsHuman,
    RateLimited,
    Rejected,
    Retry,
    Unsupported,
)
from smm_inbox.domain.message import (
    AttachmentKind,
    Direction,
    LocalFile,
    NetworkMessage,
    Outgoing,
    SendReceipt,
)
from smm_inbox.domain.text import SafeText
from smm_inbox.sandbox.vk import FaultKind, VkSandbox
from smm_inbox.sandbox.vk.world import ANNA, BORIS, IGOR, POST_ID

from .conftest import Open
from .doubles import dead_port
from .support import SetClock, Stream, answer, context

LOST = [FaultKind.RESET, FaultKind.HTTP, FaultKind.HTML, FaultKind.EMPTY]


async def direct(vk: VkSandbox, channel: VkChannel, text: str = "вопрос") -> NetworkMessage:
    vk.customer_writes(ANNA, text)
    stream = Stream(channel)
    message = await stream.text(text)
    await stream.close()
    return message


async def comment(vk: VkSandbox, channel: VkChannel, text: str = "вопрос") -> NetworkMessage:
    stream = Stream(channel)
    await stream.caught_up()
    vk.customer_comments(POST_ID, IGOR, text)
    message = await stream.text(text)
    await stream.close()
    return message


async def deliver(channel: VkChannel, message: Outgoing) -> SendReceipt:
    """What the outbox does: look after an unknown outcome, otherwise try again."""
    for _ in range(10):
        try:
            return await channel.send(message)
        except Ambiguous:
            found = await channel.find_sent(message)
            if found is not None:
                return found
        except Retry:
            continue
    raise AssertionError("never delivered")


async def test_an_answer_arrives_quotes_and_comes_back_under_its_name(
    vk: VkSandbox, opened: Open
) -> None:
    channel = await opened()
    question = await direct(vk, channel)
    receipt = await channel.send(answer(question, "ответ", 123456))
    (sent,) = vk.sent
    assert (sent.text, sent.token, sent.target) == ("ответ", "123456", ANNA)
    assert receipt.remote_id == f"{ANNA}_{sent.id}"
    assert sent.reply_to != 0
    (call,) = [call for call in vk.calls if call.method == "messages.send"]
    quoted = json.loads(call.params["forward"])
    assert quoted == {"peer_id": ANNA, "conversation_message_ids": [1], "is_reply": 1}

    stream = Stream(channel)
    echo = await stream.text("ответ")
    assert echo.remote_id == receipt.remote_id
    assert (echo.direction, echo.token) == (Direction.OUT, "123456")


async def test_the_same_token_sends_once(vk: VkSandbox, opened: Open) -> None:
    channel = await opened(user=True)
    question = await direct(vk, channel)
    remark = await comment(vk, channel, "под постом")
    for to in (question, remark):
        first = await channel.send(answer(to, "ответ"))
        assert await channel.send(answer(to, "ответ")) == first
    assert len(vk.sent) == 2


@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("service", [False, True])
async def test_a_lost_answer_never_doubles_and_never_loses(
    vk: VkSandbox, opened: Open, kind: FaultKind, after: bool, service: bool
) -> None:
    channel = await opened(service=service)
    question = await direct(vk, channel)
    remark = await comment(vk, channel, "под постом")
    for method, to in (("messages.send", question), ("wall.createComment", remark)):
        fault = vk.faults.add(method, kind, after=after, count=2)
        receipt = await deliver(channel, answer(to, f"ответ {method}"))
        assert fault.hits >= 1
        assert [sent.text for sent in vk.sent].count(f"ответ {method}") == 1
        assert str(vk.sent[-1].id) in receipt.remote_id


async def test_a_number_that_comes_late_does_not_hide_the_sending(
    vk: VkSandbox, opened: Open
) -> None:
    channel = await opened()
    question = await direct(vk, channel)
    vk.faults.add("messages.getById", FaultKind.ERROR, code=10, count=None)
    receipt = await channel.send(answer(question, "ответ"))
    assert receipt.remote_id.startswith(f"{ANNA}_m")
    assert len(vk.sent) == 1


async def test_nothing_was_sent_when_nobody_was_there(vk: VkSandbox, opened: Open) -> None:
    question = await direct(vk, await opened())
    channel = VkChannel(
        context(
            {
                "group_id": vk.group_id,
                "token": vk.token,
                "api_url": f"http://127.0.0.1:{dead_port()}",
            }
        )
    )
    with pytest.raises(Retry):
        await channel.send(answer(question, "ответ"))
    await channel.close()


async def test_an_old_token_is_looked_for_before_it_is_used_again(
    vk: VkSandbox, opened: Open
) -> None:
    clock = SetClock()
    channel = await opened(clock=clock)
    question = await direct(vk, channel)
    began = clock.now()
    first = await channel.send(answer(question, "ответ", first_attempt_at=began))
    clock.time += timedelta(minutes=90)
    vk.state.repeats.clear()
    again = await channel.send(answer(question, "ответ", first_attempt_at=began))
    assert again.remote_id == first.remote_id
    assert len(vk.sent) == 1


async def test_looking_tells_apart_equal_words(vk: VkSandbox, opened: Open) -> None:
    channel = await opened()
    question = await direct(vk, channel)
    vk.admin_replies(ANNA, "Ждём вас!")
    await channel.send(answer(question, "Ждём вас!", 1))
    began = datetime.now(UTC)
    lost = answer(question, "Ждём вас!", 2, first_attempt_at=began)
    assert await channel.find_sent(lost) is None, "neither a colleague's nor an earlier answer"
    await channel.send(lost)
    found = await channel.find_sent(lost)
    assert found is not None
    assert found.remote_id.endswith(f"_{vk.sent[-1].id}")


async def test_a_comment_that_nobody_can_look_for_is_left_to_the_operator(
    vk: VkSandbox, opened: Open
) -> None:
    clock = SetClock()
    channel = await opened(clock=clock)
    remark = await comment(vk, channel)
    began = clock.now()
    vk.faults.add("wall.createComment", FaultKind.RESET, after=True)
    message = answer(remark, "ответ", first_attempt_at=began)
    with pytest.raises(Ambiguous):
        await channel.send(message)
    assert await channel.find_sent(message) is None, "within the hour the guid protects"
    clock.time += timedelta(hours=2)
    with pytest.raises(Unsupported):
        await channel.find_sent(message)
    message.extra.clear()
    with pytest.raises(Ambiguous):
        await channel.send(message)
    assert len(vk.sent) == 1


async def test_a_comment_that_surely_never_left_is_sent_even_hours_later(
    vk: VkSandbox, opened: Open
) -> None:
    clock = SetClock()
    channel = await opened(clock=clock)
    remark = await comment(vk, channel)
    message = answer(remark, "ответ", first_attempt_at=clock.now() - timedelta(hours=3))
    await channel.send(message)
    assert [sent.text for sent in vk.sent] == ["ответ"]


async def test_every_place_of_comments_can_be_answered_with_an_admin_token(
    vk: VkSandbox, opened: Open
) -> None:
    channel = await opened(user=True)
    stream = Stream(channel)
    await stream.caught_up()
    for ask in (vk.photo_comment, vk.video_comment, vk.product_comment, vk.topic_comment):
        ask(ANNA, f"вопрос {ask.__name__}")
        question = await stream.text(f"вопрос {ask.__name__}")
        receipt = await channel.send(answer(question, f"ответ {ask.__name__}"))
        echo = await stream.text(f"ответ {ask.__name__}")
        assert echo.remote_id == receipt.remote_id
        assert echo.place.conversation == question.place.conversation
        found = await channel.find_sent(answer(question, f"ответ {ask.__name__}"))
        assert found is not None
        assert found.remote_id == receipt.remote_id
    assert Counter(sent.kind for sent in vk.sent) == Counter(["photo", "video", "market", "board"])
    assert vk.sent[-1].text.startswith(f"[id{ANNA}|Анна], "), "discussions have no replies"


async def test_without_an_admin_token_the_missing_one_is_named_and_not_tried_twice(
    vk: VkSandbox, opened: Open
) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    vk.photo_comment(ANNA, "под фото")
    question = await stream.text("под фото")
    for _ in range(3):
        with pytest.raises(Unsupported, match="user_token"):
            await channel.send(answer(question, "ответ"))
    # Nor after a lost connection: what a kind of token cannot do, it never can.
    await channel.connect()
    with pytest.raises(Unsupported, match="user_token"):
        await channel.send(answer(question, "ответ"))
    tried = [call.method for call in vk.calls].count("photos.createComment")
    assert tried == 1
    assert "photos.reply" in {limit.action for limit in channel.limitations}


async def test_a_visitors_post_is_answered_under_it(vk: VkSandbox, opened: Open) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    vk.visitor_post(BORIS, "Когда вернёте латте?")
    post = await stream.text("латте")
    receipt = await channel.send(answer(post, "Уже вернули!"))
    echo = await stream.text("Уже вернули!")
    assert echo.remote_id == receipt.remote_id
    assert echo.place.kind is post.place.kind
    assert echo.place.conversation == post.place.conversation


async def test_a_chat_is_answered_in_the_chat_and_a_commenter_in_private(
    vk: VkSandbox, opened: Open
) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    vk.chat_message(IGOR, f"[club{vk.group_id}|кафе] вы тут?")
    question = await stream.text("вы тут?")
    await channel.send(answer(question, "тут"))
    assert vk.sent[-1].target == int(question.place.conversation)

    vk.customer_writes(BORIS, "можно писать")
    vk.customer_comments(POST_ID, BORIS, "публично")
    remark = await stream.text("публично")
    assert remark.author is not None
    private = channel.private_place(remark.author)
    await channel.send(Outgoing(private, SafeText("лично"), answer(remark, "", 77).token))
    assert (vk.sent[-1].target, vk.sent[-1].kind) == (BORIS, "message")


async def test_a_refusal_closes_the_conversation_until_vk_opens_it(
    vk: VkSandbox, opened: Open
) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    vk.customer_writes(ANNA, "вопрос")
    question = await stream.text("вопрос")
    vk.state.users[ANNA].can_write = 901
    with pytest.raises(Rejected):
        await channel.send(answer(question, "ответ"))
    vk.customer_writes(BORIS, "другое")
    await stream.text("другое")
    closed = [access for batch in stream.batches for access in batch.access][-1]
    assert closed.conversation == str(ANNA)
    assert closed.blocked
    vk.customer_allows(ANNA)
    batch = await stream.until(lambda batch: bool(batch.access))
    assert batch.access[-1].blocked == ""


@pytest.mark.parametrize(
    ("code", "remedy"), [(9, RateLimited), (14, NeedsHuman), (100, Rejected), (913, Rejected)]
)
async def test_errors_of_sending_are_named_by_remedy(
    vk: VkSandbox, opened: Open, code: int, remedy: type[ChannelError]
) -> None:
    channel = await opened()
    question = await direct(vk, channel)
    vk.faults.add("messages.send", FaultKind.ERROR, code=code)
    with pytest.raises(remedy) as raised:
        await channel.send(answer(question, "ответ"))
    assert vk.token not in str(raised.value)
    assert vk.sent == []


async def test_too_fast_is_slowed_down_without_telling_anybody(vk: VkSandbox, opened: Open) -> None:
    channel = await opened()
    question = await direct(vk, channel)
    vk.faults.add("messages.send", FaultKind.ERROR, code=6)
    await channel.send(answer(question, "ответ"))
    assert len(vk.sent) == 1


async def test_the_pace_that_vk_allows_is_kept(vk: VkSandbox, opened: Open) -> None:
    vk.state.limits.rate = True
    channel = await opened(service=True, user=True)
    question = await direct(vk, channel)
    sends = (channel.send(answer(question, f"ответ {n}", n)) for n in range(1, 16))
    await asyncio.gather(*sends)
    assert {call.outcome for call in vk.calls} == {"ok"}


async def test_an_unusable_token_is_refused_before_it_sends_twice(
    vk: VkSandbox, opened: Open
) -> None:
    channel = await opened()
    question = await direct(vk, channel)
    for token in (0, 2**31, -(2**31) - 1):
        with pytest.raises(Rejected):
            await channel.send(answer(question, "ответ", token))
    assert vk.sent == []


def local(path: Path, kind: AttachmentKind) -> LocalFile:
    return LocalFile(path, kind, SafeText(path.name), path.stat().st_size)


async def test_files_go_along_and_are_uploaded_once(
    vk: VkSandbox, opened: Open, tmp_path: Path
) -> None:
    channel = await opened()
    question = await direct(vk, channel)
    picture, menu = tmp_path / "торт.png", tmp_path / "меню.txt"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    menu.write_text("суп")
    message = answer(
        question,
        "вот",
        files=(local(picture, AttachmentKind.PHOTO), local(menu, AttachmentKind.DOCUMENT)),
    )
    vk.faults.add("messages.send", FaultKind.RESET)
    await deliver(channel, message)
    (sent,) = vk.sent
    assert [name[:3] for name in sent.attachments] == ["pho", "doc"]
    uploads = [call.method for call in vk.calls if "UploadServer" in call.method]
    assert len(uploads) == 2, "what is uploaded is kept between attempts"


async def test_a_comment_takes_a_document_from_the_community(
    vk: VkSandbox, opened: Open, tmp_path: Path
) -> None:
    channel = await opened()
    remark = await comment(vk, channel)
    menu = tmp_path / "меню.txt"
    menu.write_text("суп")
    files = (local(menu, AttachmentKind.DOCUMENT),)
    await channel.send(answer(remark, "вот меню", files=files))
    assert [name[:3] for name in vk.sent[-1].attachments] == ["doc"]


async def test_a_refused_picture_and_a_vanished_file_say_so(
    vk: VkSandbox, opened: Open, tmp_path: Path
) -> None:
    channel = await opened()
    question = await direct(vk, channel)
    picture = tmp_path / "торт.png"
    picture.write_bytes(b"no picture at all")
    files = (local(picture, AttachmentKind.PHOTO),)
    vk.faults.add("upload", FaultKind.REFUSE)
    with pytest.raises(Rejected, match=r"торт\.png"):
        await channel.send(answer(question, "вот", files=files))
    picture.unlink()
    with pytest.raises(Rejected, match=r"торт\.png"):
        await channel.send(answer(question, "вот", files=files))
    assert vk.sent == []
