"""Reading a community: catch-up, live, every failure of the long poll, and recovery."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from smm_inbox.channels.vk.cursor import MAX_SEEN, Position, load
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import AuthExpired, Rejected, Retry, Unsupported
from smm_inbox.domain.ids import Cursor
from smm_inbox.sandbox.vk import FaultKind, VkSandbox
from smm_inbox.sandbox.vk.world import ANNA, BORIS, CHAT_TITLE, IGOR, MARIA, POST_ID

from .conftest import Open
from .support import SetClock, Stream

HOUR = 3600


def aged(cursor: Cursor, by: timedelta) -> Cursor:
    """The cursor as if it had been stored that long ago."""
    stored = json.loads(cursor)
    stored["at"] -= int(by.total_seconds())
    return Cursor(json.dumps(stored))


async def test_a_first_start_brings_the_past_and_then_the_present(
    vk: VkSandbox, opened: Open
) -> None:
    vk.customer_writes(ANNA, "первое", at=time.time() - 2 * HOUR)
    vk.customer_writes(ANNA, "второе", at=time.time() - HOUR)
    vk.customer_writes(BORIS, "слишком старое", at=time.time() - 60 * 24 * HOUR)
    vk.admin_replies(BORIS, "ответили раньше", at=time.time() - HOUR)
    root = vk.customer_comments(POST_ID, IGOR, "а собакам можно?", at=time.time() - HOUR)
    vk.customer_comments(POST_ID, MARIA, "тоже интересно", reply_to=root)
    stream = Stream(await opened(service=True))
    last = await stream.caught_up()

    assert last.cursor is not None
    assert all(batch.cursor is None for batch in stream.batches[1:-1])
    assert {"первое", "второе", "ответили раньше", "тоже интересно"} <= set(stream.texts) | {
        text.split(", ")[-1] for text in stream.texts
    }
    assert "слишком старое" not in stream.texts
    names = {contact.name for batch in stream.batches for contact in batch.contacts}
    assert {"Анна Ковалёва", "Игорь Петров-Водкин"} <= names
    roots = {root.remote_id: root for batch in stream.batches for root in batch.roots}
    assert roots[f"post-{vk.group_id}_{POST_ID}"].text.startswith("В пятницу")  # type: ignore[index]

    vk.customer_writes(ANNA, "третье")
    await stream.text("третье")
    counted = Counter(message.remote_id for message in stream.messages)
    assert set(counted.values()) == {1}


async def test_everything_that_happens_live_arrives(vk: VkSandbox, opened: Open) -> None:
    stream = Stream(await opened(service=True, user=True))
    await stream.caught_up()
    vk.chat_message(IGOR, "не нам")
    vk.chat_message(IGOR, f"[club{vk.group_id}|@warm_corner_cafe] вы работаете?")
    vk.photo_comment(ANNA, "под фото")
    vk.video_comment(ANNA, "под видео")
    vk.product_comment(ANNA, "под товаром")
    vk.topic_comment(ANNA, "в обсуждении")
    vk.suggest_post(ANNA, "предложено")
    vk.visitor_post(BORIS, "на стене")
    vk.admin_replies(ANNA, "мы тут", admin_id=IGOR)
    last = vk.customer_writes(ANNA, "последнее")
    await stream.text("последнее")

    kinds = {str(message.text): message.place.kind for message in stream.messages}
    assert "не нам" not in kinds
    assert kinds["@warm_corner_cafe вы работаете?"] is Kind.MENTION
    assert kinds["предложено"] is kinds["на стене"] is Kind.MENTION
    for text in ("под фото", "под видео", "под товаром", "в обсуждении"):
        assert kinds[text] is Kind.COMMENT
    colleague = next(message for message in stream.messages if message.text == "мы тут")
    assert colleague.operator == "Игорь Петров-Водкин"
    roots = {root.kind: root.text for batch in stream.batches for root in batch.roots}
    assert {"photo", "video", "product", "topic", "chat"} <= set(roots)
    assert roots["chat"] == CHAT_TITLE

    vk.customer_edits(last, "исправлено")
    batch = await stream.until(lambda batch: bool(batch.edits))
    assert batch.edits[0].text == "исправлено"


async def test_the_comment_a_thread_began_with_is_fetched_for_an_answer_in_it(
    vk: VkSandbox, opened: Open
) -> None:
    long_ago = time.time() - 60 * 24 * HOUR
    vk.customer_comments(POST_ID, BORIS, "первый", at=long_ago)
    root = vk.customer_comments(POST_ID, IGOR, "а собакам можно?", at=long_ago)
    vk.customer_comments(POST_ID, ANNA, "последний", at=long_ago)
    stream = Stream(await opened(service=True))
    await stream.caught_up()
    assert "а собакам можно?" not in stream.texts
    vk.customer_comments(POST_ID, MARIA, "тоже интересно", reply_to=root)
    reply = await stream.text("тоже интересно")
    (began,) = [found for found in stream.messages if found.text == "а собакам можно?"]
    assert began.place.conversation == reply.place.conversation
    assert not began.needs_answer, "nobody waits for an answer to what is older than the inbox"


async def test_a_stored_cursor_goes_on_where_it_stopped(vk: VkSandbox, opened: Open) -> None:
    stream = Stream(await opened())
    await stream.caught_up()
    await stream.close()
    vk.customer_writes(ANNA, "пока нас не было")
    vk.customer_comments(POST_ID, IGOR, "и комментарий")
    vk.state.calls.clear()

    again = Stream(await opened(), stream.cursor)
    last = await again.caught_up()
    assert again.texts == ["пока нас не было", "и комментарий"]
    assert last.gaps == ()
    assert "messages.getConversations" not in {call.method for call in vk.calls}


async def test_an_answer_in_a_discussion_given_while_we_were_away_ends_the_waiting(
    vk: VkSandbox, opened: Open
) -> None:
    stream = Stream(await opened())
    await stream.caught_up()
    vk.topic_comment(IGOR, "а когда откроетесь?")
    question = await stream.text("а когда откроетесь?")
    await stream.close()
    vk.admin_comments(None, "Завтра в девять!", kind="board")

    again = Stream(await opened(), stream.cursor)
    replied = await again.text("Завтра в девять!")
    assert replied.place.conversation == question.place.conversation


async def test_failed_1_and_3_are_filled_up_from_history(vk: VkSandbox, opened: Open) -> None:
    stream = Stream(await opened(service=True))
    await stream.caught_up()
    for lose in (vk.forget_events, vk.restart_long_poll):
        vk.customer_writes(ANNA, f"потеряно {lose.__name__}")
        vk.customer_comments(POST_ID, IGOR, f"и это {lose.__name__}")
        await stream.close()
        lose()
        stream = Stream(await opened(service=True), stream.cursor)
        last = await stream.caught_up()
        assert f"потеряно {lose.__name__}" in stream.texts
        assert f"и это {lose.__name__}" in stream.texts
        assert last.gaps == ()


async def test_a_gap_in_comments_without_a_reading_token_is_told(
    vk: VkSandbox, opened: Open
) -> None:
    stream = Stream(await opened())
    await stream.caught_up()
    await stream.close()
    vk.customer_comments(POST_ID, IGOR, "этого не увидим")
    vk.forget_events()
    before = datetime.now(UTC)
    stream = Stream(await opened(), stream.cursor)
    last = await stream.caught_up()
    (gap,) = last.gaps
    assert gap.since <= gap.until
    assert abs(gap.until - before) < timedelta(minutes=1)
    assert "service_key" in gap.what
    vk.customer_comments(POST_ID, IGOR, "а это увидим")
    await stream.text("а это увидим")


async def test_failed_2_takes_a_new_key_and_keeps_the_position(vk: VkSandbox, opened: Open) -> None:
    stream = Stream(await opened())
    await stream.caught_up()
    vk.expire_key()
    vk.customer_writes(ANNA, "после нового ключа")
    await stream.text("после нового ключа")
    assert [call.method for call in vk.calls].count("groups.getLongPollServer") == 2


async def test_an_unknown_failure_is_met_with_patience(vk: VkSandbox, opened: Open) -> None:
    channel = await opened()
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    channel._reader.pause = pause
    stream = Stream(channel)
    await stream.caught_up()
    vk.faults.add("lp", FaultKind.FAILED, code=4, count=5)
    vk.customer_writes(ANNA, "дождались")
    await stream.text("дождались")
    assert len(pauses) >= 5
    assert pauses[4] > pauses[0]


async def test_a_long_poll_that_only_fails_is_told(vk: VkSandbox, opened: Open) -> None:
    channel = await opened()

    async def pause(_: float) -> None:
        """Go on at once."""

    channel._reader.pause = pause
    stream = Stream(channel)
    await stream.caught_up()
    refusing = vk.faults.add("lp", FaultKind.FAILED, code=4, count=None)
    vk.customer_writes(ANNA, "когда-нибудь дойдёт")
    with pytest.raises(Retry, match="failed 4"):
        await stream.text("когда-нибудь дойдёт")
    assert refusing.hits == 7
    vk.faults.clear()
    again = Stream(channel, stream.cursor)
    await again.text("когда-нибудь дойдёт")


async def test_repeated_events_vanish(vk: VkSandbox, opened: Open) -> None:
    stream = Stream(await opened())
    await stream.caught_up()
    vk.customer_writes(ANNA, "один раз")
    await stream.text("один раз")
    vk.redeliver(5)
    vk.customer_writes(ANNA, "новое")
    await stream.text("новое")
    assert stream.texts.count("один раз") == 1

    await stream.close()
    again = Stream(await opened(), stream.cursor)
    vk.redeliver(5)
    await again.caught_up()
    assert again.texts == [], "the cursor remembers which events were taken"


async def test_a_long_pause_is_compared_with_history_as_well(vk: VkSandbox, opened: Open) -> None:
    stream = Stream(await opened(service=True))
    await stream.caught_up()
    await stream.close()
    vk.faults.add("event:message_new", FaultKind.LOSE)
    vk.customer_writes(ANNA, "событие пропало")
    vk.customer_writes(BORIS, "событие дошло")
    assert stream.cursor is not None
    again = Stream(await opened(service=True), aged(stream.cursor, timedelta(minutes=30)))
    last = await again.caught_up()
    assert {"событие пропало", "событие дошло"} <= set(again.texts)
    position = load(last.cursor)
    assert position is not None
    assert datetime.now(UTC) - position.at < timedelta(minutes=1)


async def test_a_kill_in_the_middle_of_recovery_recovers_again(vk: VkSandbox, opened: Open) -> None:
    stream = Stream(await opened())
    await stream.caught_up()
    await stream.close()
    vk.customer_writes(ANNA, "раз")
    vk.customer_writes(BORIS, "два")
    vk.forget_events()
    half = Stream(await opened(), stream.cursor)
    await half.until(lambda batch: bool(batch.messages))
    assert half.cursor == stream.cursor, "the cursor moves only when everything is there"
    await half.close()
    whole = Stream(await opened(), half.cursor)
    await whole.caught_up()
    assert {"раз", "два"} <= set(whole.texts)


async def test_a_kill_in_the_middle_of_the_first_look_loses_no_edit(
    vk: VkSandbox, opened: Open
) -> None:
    comment = vk.customer_comments(POST_ID, IGOR, "а собакам можно?")
    vk.customer_writes(ANNA, "прошлое", at=time.time() - HOUR)
    half = Stream(await opened(service=True))
    await half.until(lambda batch: any("собакам" in m.text for m in batch.messages))
    await half.close()
    vk.customer_edits_comment(comment, "а кошкам можно?")
    assert half.cursor is not None
    whole = Stream(await opened(service=True), half.cursor)
    await whole.caught_up()
    assert [edit.text for batch in whole.batches for edit in batch.edits] == ["а кошкам можно?"]
    assert "прошлое" in whole.texts, "what was not looked at is looked at"


async def test_messages_do_not_wait_for_names(vk: VkSandbox, opened: Open) -> None:
    clock = SetClock()
    stream = Stream(await opened(clock=clock))
    await stream.caught_up()
    vk.faults.add("users.get", FaultKind.ERROR, code=10, count=1)
    vk.customer_writes(ANNA, "без имени")
    message = await stream.text("без имени")
    assert message.author == str(ANNA)
    assert stream.batches[-1].contacts == ()
    clock.time += timedelta(minutes=1)
    vk.customer_writes(BORIS, "а теперь с именем")
    batch = await stream.until(lambda batch: bool(batch.contacts))
    assert "Анна Ковалёва" in {contact.name for contact in batch.contacts}


async def test_a_malformed_event_costs_only_itself(vk: VkSandbox, opened: Open) -> None:
    stream = Stream(await opened())
    await stream.caught_up()
    vk.event("message_new", {"message": {"text": "ни номера, ни собеседника"}})
    vk.event("donut_something_new", {"x": 1})
    vk.event("wall_reply_new", {"id": "девять"})
    vk.customer_writes(ANNA, "сосед")
    await stream.text("сосед")


@pytest.mark.parametrize(
    "kind", [FaultKind.HTML, FaultKind.EMPTY, FaultKind.HTTP, FaultKind.RESET, FaultKind.TRUNCATED]
)
async def test_a_lost_poll_is_retried_from_the_same_place(
    vk: VkSandbox, opened: Open, kind: FaultKind
) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    fault = vk.faults.add("lp", kind)
    vk.customer_writes(ANNA, "дойдёт")
    try:
        await stream.text("дойдёт")
    except Retry:
        stream = Stream(channel, stream.cursor)
        await stream.text("дойдёт")
    assert fault.hits == 1


async def test_the_server_address_is_not_asked_for_again_after_a_hiccup(
    vk: VkSandbox, opened: Open
) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    for _ in range(3):
        await stream.close()
        stream = Stream(channel, stream.cursor)
        await stream.caught_up()
    asked = [call.method for call in vk.calls].count("groups.getLongPollServer")
    assert asked == 1, "VK rations this call: error 29"


async def test_a_community_that_reports_nothing_says_how_to_switch_it_on(
    vk: VkSandbox, opened: Open
) -> None:
    vk.state.events.enabled = False  # as VK has it for every new community
    stream = Stream(await opened())
    with pytest.raises(Rejected, match="doctor --fix"):
        await stream.caught_up()


async def test_a_token_without_the_right_to_events_names_the_right(
    vk: VkSandbox, opened: Open
) -> None:
    vk.state.tokens[vk.token].scopes = {"messages", "photos", "docs", "wall"}
    stream = Stream(await opened())
    with pytest.raises(Unsupported, match=r"\(manage\)"):
        await stream.caught_up()


async def test_a_dead_community_token_asks_for_a_new_one(vk: VkSandbox, opened: Open) -> None:
    vk.revoke_token("community")
    channel = await opened(connect=False)
    with pytest.raises(AuthExpired, match="token"):
        await channel.connect()


async def test_a_dead_service_key_costs_only_its_extras(vk: VkSandbox, opened: Open) -> None:
    vk.revoke_token("service")
    vk.customer_writes(ANNA, "всё равно дошло", at=time.time() - HOUR)
    channel = await opened(service=True)
    stream = Stream(channel)
    await stream.caught_up()
    assert "всё равно дошло" in stream.texts
    assert "service.token" in {limit.action for limit in channel.limitations}


async def test_mentions_on_other_pages_are_found(vk: VkSandbox, opened: Open) -> None:
    vk.mention_elsewhere(MARIA, f"была в [club{vk.group_id}|@warm_corner_cafe], рекомендую")
    stream = Stream(await opened(service=True, user=True))
    await stream.caught_up()
    found = next(message for message in stream.messages if "рекомендую" in message.text)
    assert found.place.kind is Kind.MENTION
    assert found.author == str(MARIA)
    assert found.mentions_us


async def test_a_search_that_hangs_holds_no_message_back(vk: VkSandbox, opened: Open) -> None:
    clock = SetClock()
    stream = Stream(await opened(service=True, clock=clock))
    await stream.caught_up()
    fault = vk.faults.add("newsfeed.search", FaultKind.HANG, count=None)
    clock.time += timedelta(minutes=10)
    for text in ("раз", "два", "три"):
        vk.customer_writes(BORIS, text)
        await stream.until(lambda batch, text=text: text in str(batch.messages), 5)  # type: ignore[misc]
    async with asyncio.timeout(10):
        while not fault.hits:
            await asyncio.sleep(0.01)


async def test_mentions_are_looked_for_again_while_live(vk: VkSandbox, opened: Open) -> None:
    clock = SetClock()
    stream = Stream(await opened(service=True, clock=clock))
    await stream.caught_up()
    vk.mention_elsewhere(MARIA, f"советую [club{vk.group_id}|@warm_corner_cafe] всем")
    clock.time += timedelta(minutes=10)
    for number in range(20):
        if any("советую" in text for text in stream.texts):
            break
        vk.customer_writes(BORIS, f"пробуждение {number}")
        await stream.text(f"пробуждение {number}")
    assert sum("советую" in text for text in stream.texts) == 1


async def test_closing_with_a_poll_under_way_takes_no_time(vk: VkSandbox, opened: Open) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    reading = asyncio.create_task(stream.text("никогда"))
    polls = vk.state.events.polls
    async with asyncio.timeout(10):
        while vk.state.events.polls == polls:
            await asyncio.sleep(0.01)
    async with asyncio.timeout(1):
        await channel.close()
        with pytest.raises(Retry):
            await reading


def test_a_cursor_survives_being_stored() -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    position = Position(
        "77", at, ("a" * 16,), {512: 4}, ("post-1_2",), {"topic-1_2": frozenset({5, 6})}
    )
    assert load(position.dump()) == position
    full = position.after(f"{number:040d}" for number in range(1000))
    assert len(full.seen) <= MAX_SEEN
    assert len(full.dump()) < 6_000


@pytest.mark.parametrize("text", ["", "{", "[]", '{"ts": null}', '{"ts": "1"}', "[" * 100_000])
def test_a_spoilt_cursor_is_a_first_start(text: str) -> None:
    assert load(Cursor(text)) is None
