"""What people write to the channel itself: a private conversation with each of them."""

from __future__ import annotations

import pytest

from smm_inbox.channels.telegram import sender as sender_module
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import Ambiguous
from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.telegram.model import User
from smm_inbox.sandbox.telegram.world import ANNA, BORIS, SUGGESTIONS_ID

from .conftest import Open
from .support import Stream, answer


async def test_a_suggested_post_arrives_and_is_answered_in_its_place(
    opened: Open, tg: TelegramSandbox
) -> None:
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    tg.customer_suggests(BORIS, "Другой разговор")
    tg.customer_suggests(ANNA, "Напишите про веранду!", media="photo")
    wish = await stream.text("веранду")
    assert wish.place.kind is Kind.DIRECT
    assert not wish.place.public
    receipt = await channel.send(answer(wish, "Напишем в пятницу"))
    (sent,) = [item for item in tg.sent if item.kind == "message"]
    assert (sent.peer, sent.text) == (SUGGESTIONS_ID, "Напишем в пятницу")
    assert tg.message(sent.uid).letter_of == ANNA
    assert str(receipt.remote_id).endswith(f"_{sent.id}")


async def test_suggested_posts_of_the_time_we_were_off_come_too(
    opened: Open, tg: TelegramSandbox
) -> None:
    tg.customer_suggests(ANNA, "Ещё до первого запуска")
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    assert "Ещё до первого запуска" in stream.texts
    await stream.close()
    await channel.close()
    tg.customer_suggests(ANNA, "Пока вас не было")
    again = Stream(await opened(), stream.cursor)
    await again.caught_up()
    assert set(again.texts) == {"Пока вас не было"}


async def test_edits_and_deletions_of_suggested_posts_come_too(
    opened: Open, tg: TelegramSandbox
) -> None:
    kept, gone = (tg.customer_suggests(who, f"Письмо {who}") for who in (ANNA, BORIS))
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    tg.customer_edits(kept, "Исправлено")
    batch = await stream.until(lambda batch: bool(batch.edits))
    assert [edit.text for edit in batch.edits] == ["Исправлено"]
    await stream.close()
    await channel.close()
    tg.customer_deletes(gone)
    again = Stream(await opened(), stream.cursor)
    batch = await again.until(lambda batch: bool(batch.removals))
    assert any(str(r.remote_id).endswith(f"_{tg.id_of(gone)}") for r in batch.removals)


async def test_more_people_than_one_page_holds_are_all_read(
    opened: Open, tg: TelegramSandbox
) -> None:
    for number in range(130):
        tg.add_user(User(6_800_000_000 + number, f"Гость {number}"))
        tg.customer_suggests(6_800_000_000 + number, f"Вопрос {number}")
    stream = Stream(await opened())
    await stream.caught_up()
    assert {f"Вопрос {number}" for number in range(130)} <= set(stream.texts)


async def test_an_answer_of_unknown_fate_is_looked_for_in_its_own_topic(
    opened: Open, tg: TelegramSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender_module, "PATIENCE", 0.3)
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    tg.customer_suggests(BORIS, "Первый")
    first = await stream.text("Первый")
    tg.customer_suggests(ANNA, "Вторая")
    second = await stream.text("Вторая")
    tg.faults.add("messages.sendMessage", "hang", after=True)
    message = answer(first, "Спасибо", token=1)
    with pytest.raises(Ambiguous):
        await channel.send(message)
    found = await channel.find_sent(message)
    assert found is not None
    assert str(found.remote_id).endswith(f"_{tg.sent[0].id}")
    assert await channel.find_sent(answer(second, "Спасибо", token=2)) is None
