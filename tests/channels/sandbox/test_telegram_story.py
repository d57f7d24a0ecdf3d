"""The demo's day on Telegram, as an unmodified telethon lives through it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from telethon import events
from telethon.sessions import SQLiteSession

from smm_inbox.sandbox.telegram.demo import DemoTelegram, demo_telegram
from smm_inbox.sandbox.telegram.world import DISCUSSION_ID, NEIGHBOURS_ID
from tests.channels.sandbox.telegram_desk import Heard, connected, until

COMMENTS, MENTIONS = (int(f"-100{number}") for number in (DISCUSSION_ID, NEIGHBOURS_ID))


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[DemoTelegram]:
    with demo_telegram(tmp_path, seed=7, pace=0.05) as running:
        yield running
        assert running.tg.state.failures == []
        assert running.tg.state.unknown == []


@pytest.fixture
def session(demo: DemoTelegram, tmp_path: Path) -> Path:
    demo.log_in(tmp_path / "cafe")
    return tmp_path / "cafe" / "telegram.session"


async def test_the_morning_is_there_before_the_day_begins(
    demo: DemoTelegram, session: Path
) -> None:
    state = demo.tg.state
    written = {item.text for item in state.messages.values() if not item.deleted}
    assert len([chat for chat in {m.chat for m in state.messages.values()} if chat[0] == "u"]) > 20
    for box in state.boxes.values():
        dates = [state.messages[uid].date for _, uid in sorted(box.messages.items())]
        assert dates == sorted(dates), "ids grow with the time"
    async with connected(demo.tg, session=SQLiteSession(str(session))) as client:
        dialogs = [item async for item in client.iter_dialogs(limit=30)]
        assert {item.message.message for item in dialogs} <= {
            *written,
            *(item.text for item in state.messages.values()),
        }
        kinds = {item.media.kind for item in state.messages.values() if item.media}
        assert {"photo", "voice", "sticker", "geo", "document", "round", "poll"} <= kinds


async def test_one_of_each_arrives_and_answers_get_a_reaction(
    demo: DemoTelegram, session: Path
) -> None:
    async with connected(demo.tg, session=SQLiteSession(str(session))) as client:
        heard = Heard(client, events.NewMessage(incoming=True))
        await client.get_dialogs()
        await until(lambda: any(event.is_private for event in heard.events))
        await until(lambda: any(event.chat_id == COMMENTS for event in heard.events))
        await until(lambda: any(event.mentioned for event in heard.events))
        comment = next(
            event
            for event in heard.events
            if event.chat_id == COMMENTS and event.reply_to_msg_id and not event.message.fwd_from
        )
        ours = await comment.reply("Здравствуйте! Уточним и ответим в течение 10 минут.")
        await until(
            lambda: any(
                event.chat_id == COMMENTS and event.reply_to_msg_id == ours.id
                for event in heard.events
            )
        )
        mention = next(event for event in heard.events if event.mentioned)
        assert mention.chat_id in {MENTIONS, COMMENTS}


async def test_the_day_goes_on_while_the_network_is_cut(demo: DemoTelegram, session: Path) -> None:
    def arrived() -> int:
        return len(demo.tg.state.messages)

    async with connected(demo.tg, session=SQLiteSession(str(session)), catch_up=True) as client:
        heard = Heard(client, events.NewMessage())
        await client.get_dialogs()
        await heard.first()
        demo.tg.cut()
    before = arrived()
    await until(lambda: arrived() > before + 3)
    demo.tg.restore()
    async with connected(demo.tg, session=SQLiteSession(str(session)), catch_up=True) as client:
        later = Heard(client, events.NewMessage())
        await client.catch_up()
        await later.first()


def test_the_same_seed_tells_the_same_morning(tmp_path: Path) -> None:
    told = []
    for _ in range(2):
        with demo_telegram(tmp_path, seed=3) as demo:
            told.append([item.text for item in demo.tg.state.messages.values()])
    assert told[0] == told[1]
