"""Answers leave once, to the right place, and what is in doubt is looked for first."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from smm_inbox.channels.base import SupportsEdit, SupportsHide, SupportsReact
from smm_inbox.channels.instagram.channel import InstagramChannel
from smm_inbox.channels.instagram.powers import HEART
from smm_inbox.domain.conversation import Kind, Place
from smm_inbox.domain.errors import Ambiguous, RateLimited, Rejected, Retry, Unsupported
from smm_inbox.domain.ids import RemoteId, Token
from smm_inbox.domain.message import LOST, NetworkMessage, Outgoing
from smm_inbox.domain.text import SafeText
from smm_inbox.sandbox.instagram import InstagramSandbox

from .conftest import Open
from .support import Stream, Time, answer, privately

DAY = 86_400.0


async def first(stream: Stream, text: str) -> NetworkMessage:
    await stream.until(lambda _: any(text in said for said in stream.texts))
    await stream.until(lambda batch: batch.caught_up)
    return next(message for message in stream.messages if text in message.text)


async def test_a_message_arrives_and_its_echo_has_the_same_id(
    ig: InstagramSandbox, opened: Open
) -> None:
    ig.customer_writes(ig.add_person("marina_kofe"), "Столик?")
    channel = await opened()
    stream = Stream(channel)
    question = await first(stream, "Столик?")
    receipt = await channel.send(answer(question, "Ваш, ждём"))
    echo = await stream.text("Ваш, ждём")
    assert echo.remote_id == receipt.remote_id
    assert [item.kind for item in ig.sent] == ["message"]


@pytest.mark.parametrize(("letters", "passes"), [(500, True), (501, False)])
async def test_five_hundred_letters_pass_and_one_more_is_refused_before_the_call(
    ig: InstagramSandbox, opened: Open, letters: int, passes: bool
) -> None:
    ig.customer_writes(ig.add_person("marina_kofe"), "Столик?")
    channel = await opened()
    question = await first(Stream(channel), "Столик?")
    calls = len(ig.calls)
    if passes:
        await channel.send(answer(question, "я" * letters))
    else:
        with pytest.raises(Rejected):
            await channel.send(answer(question, "я" * letters))
    assert len(ig.calls) - calls == int(passes)


async def test_comments_are_answered_in_place_and_once_privately(
    ig: InstagramSandbox, opened: Open
) -> None:
    timur = ig.add_person("timur.latte")
    comment = ig.comments(ig.publish("Пост"), timur, "Сколько стоит?")
    channel = await opened()
    stream = Stream(channel)
    asked = await first(stream, "Сколько стоит?")
    receipt = await channel.send(answer(asked, "240 ₽"))
    assert (await stream.text("240 ₽")).remote_id == receipt.remote_id
    await channel.send(privately(channel, asked, "Прайс в личке"))
    assert [(item.kind, item.target) for item in ig.sent] == [
        ("reply", comment.id),
        ("private_reply", comment.id),
    ]
    with pytest.raises(Rejected, match="private answer"):
        await channel.send(privately(channel, asked, "ещё раз"))
    said = await stream.text("Прайс в личке")
    assert said.place == channel.private_place(RemoteId(timur))


async def test_a_private_answer_to_somebody_who_writes_goes_into_the_open_talk(
    ig: InstagramSandbox, opened: Open
) -> None:
    timur = ig.add_person("timur.latte")
    ig.comments(ig.publish("Пост"), timur, "Сколько стоит?")
    ig.customer_writes(timur, "я тот, кто спрашивал")
    channel = await opened()
    asked = await first(Stream(channel), "Сколько стоит?")
    await channel.send(privately(channel, asked, "раз"))
    await channel.send(privately(channel, asked, "два"))
    assert [item.kind for item in ig.sent] == ["message", "message"]


async def test_the_network_closes_the_window_and_a_new_message_opens_it(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    marina = ig.add_person("marina_kofe")
    ig.customer_writes(marina, "Столик?", at=ig.state.now() - DAY - 60)
    channel = await opened()
    stream = Stream(channel)
    question = await first(stream, "Столик?")
    with pytest.raises(Rejected, match="time for an answer is over"):
        await channel.send(answer(question, "Ваш"))
    closed = await stream.any("access")
    assert closed.blocked
    assert closed.conversation == marina
    ig.customer_writes(marina, "Ау?")
    opened_again = await stream.any("access")
    assert opened_again.blocked == ""
    assert opened_again.window_until > time.now()
    await channel.send(answer(question, "Ваш"))


async def test_the_human_agent_tag_is_used_only_after_a_day_and_when_configured(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    ig.state.human_agent = True
    ig.customer_writes(ig.add_person("marina_kofe"), "Столик?")
    channel = await opened(human_agent=True)
    question = await first(Stream(channel), "Столик?")
    ig.state.human_agent = False
    await channel.send(answer(question, "сразу"))
    time.pass_by(hours=25)
    with pytest.raises(Rejected, match="Human Agent"):
        await channel.send(answer(question, "без разрешения"))
    ig.state.human_agent = True
    await channel.send(answer(question, "через день"))
    assert [item.text for item in ig.sent] == ["сразу", "через день"]


async def test_a_refusal_inside_the_window_is_a_matter_of_access(
    ig: InstagramSandbox, opened: Open
) -> None:
    ig.customer_writes(ig.add_person("marina_kofe"), "Столик?")
    channel = await opened()
    question = await first(Stream(channel), "Столик?")
    ig.state.live_app = False
    with pytest.raises(Rejected, match="Advanced Access"):
        await channel.send(answer(question, "Ваш"))
    assert "messages.send" in {item.action for item in channel.limitations}
    ig.state.live_app = True
    await channel.send(answer(question, "Ваш"))
    assert "messages.send" not in {item.action for item in channel.limitations}


@pytest.mark.parametrize("where", ["talk", "thread"])
@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("kind", ["reset", "http", "error", "truncated"])
async def test_a_lost_answer_is_looked_for(
    ig: InstagramSandbox, opened: Open, time: Time, where: str, after: bool, kind: str
) -> None:
    marina = ig.add_person("marina_kofe")
    if where == "talk":
        ig.customer_writes(marina, "Столик?")
    else:
        ig.comments(ig.publish("Пост"), marina, "Столик?")
    channel = await opened()
    question = await first(Stream(channel), "Столик?")
    await channel.send(answer(question, "Ваш", token=1))  # the same words, said before
    time.pass_by(seconds=60)
    ig.faults.add("send" if where == "talk" else "reply", kind, after=after)
    message = answer(question, "Ваш", token=2, first_attempt_at=time.now())
    with pytest.raises(Ambiguous):
        await channel.send(message)
    again = await opened()  # as after a restart
    if after or kind == "truncated":
        found = await again.find_sent(message)
        assert found is not None
        assert found.remote_id == ig.sent[-1].id
    else:
        with pytest.raises(Unsupported, match="Look there before it is repeated"):
            await again.find_sent(message)


async def test_what_is_not_shown_is_left_to_the_operator(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    marina = ig.add_person("marina_kofe")
    ig.customer_writes(marina, "Столик?")
    comment = ig.comments(ig.publish("Пост"), marina, "Цена?")
    channel = await opened()
    stream = Stream(channel)
    question, asked = await first(stream, "Столик?"), await first(stream, "Цена?")
    message = answer(question, "Ваш", first_attempt_at=time.now())
    for number in range(25):
        time.pass_by(seconds=20)
        ig.customer_writes(marina, f"{number}")
    with pytest.raises(Unsupported):
        await channel.find_sent(message)
    ig.deletes_comment(comment)
    with pytest.raises(Unsupported):
        await channel.find_sent(answer(asked, "240 ₽", first_attempt_at=time.now()))


async def unknown(channel: InstagramChannel, message: Outgoing) -> None:
    with pytest.raises(Ambiguous):
        await channel.send(message)
    message.extra[LOST] = "1"  # as the outbox notes


@pytest.mark.parametrize("where", ["talk", "thread"])
@pytest.mark.parametrize("late", [0.0, 2.0, 10.0, 25.0])
async def test_an_effect_that_shows_late_is_not_doubled(
    ig: InstagramSandbox, opened: Open, time: Time, where: str, late: float
) -> None:
    marina = ig.add_person("marina_kofe")
    if where == "talk":
        ig.customer_writes(marina, "Столик?")
    else:
        ig.comments(ig.publish("Пост"), marina, "Столик?")
    channel = await opened()
    question = await first(Stream(channel), "Столик?")
    name = "send" if where == "talk" else "reply"
    ig.faults.add(name, "hang", after=True, late=late, seconds=0.01)
    message = answer(question, "Ваш", first_attempt_at=time.now())
    await unknown(channel, message)
    found = await channel.find_sent(message)
    assert found is not None
    assert [item.id for item in ig.sent] == [found.remote_id]


async def test_an_effect_that_shows_later_than_any_look_is_the_operators_matter(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    ig.customer_writes(ig.add_person("marina_kofe"), "Столик?")
    channel = await opened()
    question = await first(Stream(channel), "Столик?")
    ig.faults.add("send", "reset", after=True, late=600)
    message = answer(question, "Ваш", first_attempt_at=time.now())
    await unknown(channel, message)
    for _ in range(3):  # absence is no proof, however often it is looked for
        with pytest.raises(Unsupported):
            await channel.find_sent(message)
    time.pass_by(seconds=600)
    # The operator says "send again" all the same: what shows by now is not doubled.
    receipt = await channel.send(message)
    assert [item.id for item in ig.sent] == [receipt.remote_id]


async def test_an_answer_whose_id_could_not_be_noted_is_not_sent_again(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    """The network took it and told its id, and then the disk was full."""
    ig.customer_writes(ig.add_person("marina_kofe"), "Столик?")
    channel = await opened()
    question = await first(Stream(channel), "Столик?")
    message = answer(question, "Ваш", first_attempt_at=time.now())
    receipt = await channel.send(message)
    found = await channel.find_sent(message)
    assert found is not None
    assert found.remote_id == receipt.remote_id


async def test_two_doubtful_answers_with_the_same_words_are_told_apart(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    ig.customer_writes(ig.add_person("marina_kofe"), "Столик?")
    channel = await opened()
    question = await first(Stream(channel), "Столик?")
    ig.faults.add("send", "reset", after=True)
    ig.faults.add("send", "reset", after=False)
    one, two = (answer(question, "Ваш", token=n, first_attempt_at=time.now()) for n in (1, 2))
    for message in (one, two):
        await unknown(channel, message)
    assert await channel.find_sent(one) is not None
    with pytest.raises(Unsupported):
        await channel.find_sent(two)


async def test_what_may_have_been_left_out_is_no_proof_of_absence(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    marina, guest = ig.add_person("marina_kofe"), ig.add_person("guest")
    ig.customer_writes(marina, "Столик?")
    ig.comments(ig.publish("Пост"), guest, "Цена?")
    channel = await opened()
    stream = Stream(channel)
    question, asked = await first(stream, "Столик?"), await first(stream, "Цена?")
    ig.state.live_app = False  # access is lost: lists come empty
    with pytest.raises(Unsupported):
        await channel.find_sent(answer(asked, "240 ₽", first_attempt_at=time.now()))
    ig.state.live_app = True
    for message in ig.state.talks[marina].messages:
        message.unsent = True  # the whole talk is gone from the list
    with pytest.raises(Unsupported):
        await channel.find_sent(answer(question, "Ваш", first_attempt_at=time.now()))


async def test_a_talk_that_does_not_bring_its_messages_along_is_opened(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    ig.customer_writes(ig.add_person("marina_kofe"), "Столик?")
    channel = await opened()
    question = await first(Stream(channel), "Столик?")
    channel._account.api.missing.add("messages")  # a flavour of the API that cannot nest
    ig.faults.add("send", "reset", after=True)
    message = answer(question, "Ваш", first_attempt_at=time.now())
    await unknown(channel, message)
    assert await channel.find_sent(message) is not None


async def test_when_nobody_can_tell_the_operators_word_counts(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    marina = ig.add_person("marina_kofe")
    ig.customer_writes(marina, "Столик?")
    channel = await opened()
    question = await first(Stream(channel), "Столик?")
    ig.faults.add("send", "reset")
    message = answer(question, "Ваш", first_attempt_at=time.now())
    await unknown(channel, message)
    for number in range(25):
        time.pass_by(seconds=20)
        ig.customer_writes(marina, f"{number}")
    with pytest.raises(Unsupported):
        await channel.find_sent(message)
    await channel.send(message)
    assert [item.text for item in ig.sent] == ["Ваш"]


async def test_a_storm_in_which_one_answer_of_five_is_lost_repeats_nothing(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    """The outbox in short: send, look when in doubt, and let a person decide what is not seen."""
    people = [ig.add_person(f"guest{number}") for number in range(2)]
    for who in people:
        ig.customer_writes(who, f"Вопрос {who}")
    channel = await opened()
    stream = Stream(channel)
    asked = [await first(stream, f"Вопрос {who}") for who in people]
    for late in (0, 12, 120):
        ig.faults.add("send", "reset", after=True, count=None, probability=0.08, late=late)
    ig.faults.add("send", "http", count=None, probability=0.1)
    ig.faults.add("conversations", "http", count=None, probability=0.2)
    dice = random.Random(5)
    texts: list[str] = []
    asked_for: list[str] = []

    async def settled(message: Outgoing) -> bool:
        while True:
            try:
                return await channel.find_sent(message) is not None
            except Retry:
                continue
            except Unsupported:
                asked_for.append(str(message.text))
                return len(ig.sent) == len(texts)  # a person looks: the last one is there or not

    for number in range(40):
        time.pass_by(seconds=dice.randint(0, 6))
        text = dice.choice(["Ждём вас!", "Спасибо!", f"Ответ {number}"])
        texts.append(text)
        message = answer(dice.choice(asked), text, token=number + 1, first_attempt_at=time.now())
        done = False
        while not done:
            try:
                await channel.send(message)
                done = True
            except Ambiguous:
                message.extra[LOST] = "1"
                done = await settled(message)
    assert [item.text for item in ig.sent] == texts
    assert asked_for, "nobody was asked: the storm was a breeze"


async def test_a_comment_is_hidden_shown_and_deleted_and_repeats_harmlessly(
    ig: InstagramSandbox, opened: Open
) -> None:
    comment = ig.comments(ig.publish("Пост"), ig.add_person("rude"), "ужас")
    channel = await opened()
    rude = await first(Stream(channel), "ужас")
    assert isinstance(channel, SupportsHide)
    await channel.hide(rude.place, rude.remote_id, hidden=True)
    assert ig.state.comments[comment.id].hidden
    await channel.hide(rude.place, rude.remote_id, hidden=False)
    assert not ig.state.comments[comment.id].hidden
    await channel.delete(rude.place, rude.remote_id)
    await channel.delete(rude.place, rude.remote_id)
    assert ig.state.comments[comment.id].deleted


async def test_what_the_network_cannot_do_is_not_offered(
    ig: InstagramSandbox, opened: Open
) -> None:
    channel = await opened()
    caps = channel.capabilities
    assert not isinstance(channel, SupportsEdit)
    assert (caps.edit, caps.upload, caps.idempotent_send) == (frozenset(), {}, False)
    assert Kind.DIRECT not in caps.delete_own | caps.delete_theirs
    with pytest.raises(Unsupported):
        await channel.delete(channel.private_place(RemoteId("1")), RemoteId("m"))
    tagged = Place(Kind.MENTION, RemoteId("tag:5"), public=True)
    assert channel.reply_closed(tagged)
    with pytest.raises(Rejected):
        await channel.send(Outgoing(tagged, SafeText("Спасибо"), Token("1")))
    mentioned = Place(Kind.MENTION, RemoteId("at:17:18"), public=True)
    assert channel.reply_closed(mentioned) == ""
    await channel.send(Outgoing(mentioned, SafeText("Спасибо"), Token("1")))
    assert [(item.kind, item.target) for item in ig.sent] == [("mention", "18")]
    with pytest.raises(Rejected):
        channel.private_place(RemoteId("@liza"))


async def test_a_private_answer_is_possible_for_seven_days(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    post, timur = ig.publish("Пост"), ig.add_person("timur")
    ig.comments(post, timur, "свежий", at=time() - 7 * DAY + 60)
    ig.comments(post, timur, "старый", at=time() - 7 * DAY - 60)
    channel = await opened()
    stream = Stream(channel)
    late, fresh = await first(stream, "старый"), await first(stream, "свежий")
    with pytest.raises(Rejected, match="older than 7 days"):
        await channel.send(privately(channel, late, "Прайс"))
    await channel.send(privately(channel, fresh, "Прайс"))
    assert [item.kind for item in ig.sent] == ["private_reply"]


async def test_with_human_agent_answers_end_after_seven_days(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    ig.state.human_agent = True
    ig.customer_writes(ig.add_person("marina_kofe"), "Столик?")
    channel = await opened(human_agent=True)
    stream = Stream(channel)
    question = await first(stream, "Столик?")
    (access,) = stream.all("access")
    assert access.window_until - question.sent_at == timedelta(days=7)
    time.pass_by(days=6, hours=23)
    await channel.send(answer(question, "успели"))
    time.pass_by(hours=2)
    with pytest.raises(Rejected, match="time for an answer is over"):
        await channel.send(answer(question, "поздно"))


async def test_a_heart_is_put_on_a_message_and_taken_back(
    ig: InstagramSandbox, opened: Open
) -> None:
    said = ig.customer_writes(ig.add_person("marina_kofe"), "Спасибо!")
    comment = ig.comments(ig.publish("Пост"), ig.add_person("timur"), "Класс")
    channel = await opened()
    stream = Stream(channel)
    thanks, praise = await first(stream, "Спасибо!"), await first(stream, "Класс")
    assert isinstance(channel, SupportsReact)
    assert channel.capabilities.react == {Kind.DIRECT: (HEART,)}
    for _ in range(2):
        await channel.react(thanks.place, thanks.remote_id, HEART)
        assert said.reactions == {ig.user_id: HEART}
    await channel.react(thanks.place, thanks.remote_id, "")
    assert said.reactions == {}
    with pytest.raises(Unsupported):
        await channel.react(praise.place, praise.remote_id, HEART)
    assert comment.id not in {item.target for item in ig.sent}


async def test_courtesies_are_never_a_failure(ig: InstagramSandbox, opened: Open) -> None:
    channel = await opened()
    ig.faults.add("act", "error", error="permission", count=None)
    place = channel.private_place(RemoteId("1"))
    await channel.mark_read(place)
    await channel.typing(place)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("unavailable", Rejected),
        ("nobody", Rejected),
        ("access_level", Unsupported),
        ("switch_off", Unsupported),
        ("limit", RateLimited),
        ("dm_limit", RateLimited),
        ("transient", Ambiguous),
        ("unknown", Ambiguous),
        ("strange", Rejected),
    ],
)
@pytest.mark.parametrize("kind", ["error", "error_in_200"])
async def test_a_send_is_judged_by_code_and_not_by_status(
    ig: InstagramSandbox, opened: Open, name: str, remedy: type[Exception], kind: str
) -> None:
    ig.customer_writes(ig.add_person("marina_kofe"), "Столик?")
    channel = await opened()
    question = await first(Stream(channel), "Столик?")
    ig.faults.add("send", kind, error=name)
    with pytest.raises(remedy):
        await channel.send(answer(question, "Ваш"))
    assert [call.name for call in ig.calls].count("send") == 1
