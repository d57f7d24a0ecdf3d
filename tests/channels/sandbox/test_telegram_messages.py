"""Private messages between customers of the sandbox network and an unmodified telethon."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from telethon import errors, events, functions, types, utils

from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.telegram.world import ANNA, BORIS, BOT, DELETED, ELENA, IGOR
from tests.channels.sandbox.telegram_desk import Heard, connected, until


@pytest.fixture
def tg() -> Iterator[TelegramSandbox]:
    with TelegramSandbox(seed=1) as sandbox:
        yield sandbox
        assert sandbox.state.failures == []
        assert sandbox.state.unknown == []


async def anna(client: Any) -> Any:
    """Our customer as the client addresses her; learnt from the list of chats."""
    await client.get_dialogs()
    return await client.get_input_entity(ANNA)


def send(peer: Any, text: str, random_id: int, **more: Any) -> Any:
    return functions.messages.SendMessageRequest(peer, text, random_id=random_id, **more)


async def test_a_text_arrives_and_is_answered_as_a_reply(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        heard = Heard(client, events.NewMessage())
        asked = tg.customer_writes(ANNA, "вы сегодня до скольки?")
        (event,) = await heard.first()
        assert (event.raw_text, event.out, event.id) == (asked.text, False, tg.id_of(asked))
        sender = await event.get_sender()
        assert (sender.id, sender.first_name, sender.username) == (ANNA, "Анна", "anya_kovaleva_x")
        await event.reply("до десяти")
    (sent,) = tg.sent
    assert (sent.text, sent.peer, sent.reply_to) == ("до десяти", ANNA, tg.id_of(asked))
    assert sent.random_id


async def test_a_stranger_arrives_with_a_profile(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        heard = Heard(client, events.NewMessage())
        tg.customer_writes(BORIS, "здравствуйте")
        tg.customer_writes(BORIS, "есть кто?")
        first, second = await heard.first(2)
        assert isinstance(first.original_update, types.UpdateNewMessage)
        assert second.original_update.pts == first.original_update.pts + 1
        assert (await first.get_sender()).first_name == "Борис"


async def test_an_edit_keeps_the_id_and_a_deletion_names_no_chat(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        heard = Heard(client, events.MessageEdited(), events.MessageDeleted())
        asked = tg.customer_writes(ANNA, "столик на двоих")
        tg.customer_edits(asked, "столик на троих")
        (edited,) = await heard.first()
        assert (edited.raw_text, edited.id) == ("столик на троих", tg.id_of(asked))
        assert edited.message.edit_date is not None
        tg.customer_deletes(asked)
        _, gone = await heard.first(2)
        assert (gone.deleted_ids, gone.chat_id) == ([tg.id_of(asked)], None)


async def test_an_album_arrives_as_one_group(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        heard = Heard(client, events.NewMessage())
        tg.customer_sends_album(ANNA, [tg.media.photo() for _ in range(3)], "выбирайте")
        got = await heard.first(3)
        assert len({event.message.grouped_id for event in got}) == 1
        assert [event.raw_text for event in got] == ["выбирайте", "", ""]


KINDS = {
    "photo": "photo",
    "voice": "voice",
    "video": "video",
    "round": "video_note",
    "audio": "audio",
    "sticker": "sticker",
    "animation": "gif",
    "document": "document",
    "geo": "geo",
    "venue": "venue",
    "contact": "contact",
    "poll": "poll",
    "dice": "dice",
    "link": "web_preview",
}


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_attachment_is_one_telethon_knows(
    tg: TelegramSandbox, kind: str
) -> None:
    async with connected(tg) as client:
        heard = Heard(client, events.NewMessage())
        tg.customer_writes(ANNA, media=kind)
        (event,) = await heard.first()
        assert getattr(event.message, KINDS[kind])


async def test_what_is_newer_than_the_client_is_unsupported(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        heard = Heard(client, events.NewMessage())
        tg.customer_writes(ANNA, media="unsupported")
        (event,) = await heard.first()
        assert isinstance(event.message.media, types.MessageMediaUnsupported)


async def test_a_picture_is_fetched_until_its_reference_expires(tg: TelegramSandbox) -> None:
    picture = bytes(range(256)) * 4096  # a megabyte: several parts
    async with connected(tg) as client:
        heard = Heard(client, events.NewMessage())
        tg.customer_writes(ANNA, media=tg.media.photo(picture))
        (event,) = await heard.first()
        assert await event.message.download_media(bytes) == picture
        tg.expire_file_references()
        with pytest.raises(errors.FileReferenceExpiredError):
            await event.message.download_media(bytes)
        fresh = await client.get_messages(await event.get_input_chat(), ids=event.id)
        assert await fresh.download_media(bytes) == picture


async def test_an_answer_from_the_phone_is_heard_as_ours(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        heard = Heard(client, events.NewMessage())
        tg.customer_writes(ANNA, "вы открыты?")
        tg.admin_replies_from_phone(ANNA, "да, ждём вас")
        _, ours = await heard.first(2)
        assert (ours.raw_text, ours.out, ours.chat_id) == ("да, ждём вас", True, ANNA)
    assert tg.sent == []


async def test_what_this_client_sent_is_not_pushed_back_to_it(tg: TelegramSandbox) -> None:
    async with connected(tg) as client, connected(tg) as other:
        here, there = Heard(client, events.NewMessage()), Heard(other, events.NewMessage())
        tg.customer_writes(ANNA, "ау")
        await here.first()
        await client.send_message(ANNA, "тут")
        await there.first(2)
        tg.customer_writes(ANNA, "ура")
        await here.first(2)
        assert here.texts == ["ау", "ура"]
        assert there.texts == ["ау", "тут", "ура"]


@pytest.mark.parametrize("repeat", ["error", "replay"])
async def test_a_random_id_takes_effect_once(tg: TelegramSandbox, repeat: str) -> None:
    tg.rules.repeat = repeat
    tg.customer_writes(ANNA, "привет")
    async with connected(tg) as client:
        request = send(await anna(client), "здравствуйте", 4_242_424_242)
        first = await client(request)
        assert isinstance(first, types.UpdateShortSentMessage)
        if repeat == "error":
            with pytest.raises(errors.RandomIdDuplicateError):
                await client(request)
        else:
            again = await client(request)
            named = again.updates[0]
            assert (named.id, named.random_id) == (first.id, 4_242_424_242)
            assert again.updates[1].pts_count == 0
    assert [item.random_id for item in tg.sent] == [4_242_424_242]


async def test_our_message_changes_and_goes_for_both_sides(tg: TelegramSandbox) -> None:
    tg.customer_writes(ANNA, "привет")
    async with connected(tg) as client:
        await anna(client)
        ours = await client.send_message(ANNA, "здраствуйте")
        await client.edit_message(ANNA, ours.id, "здравствуйте")
        with pytest.raises(errors.MessageNotModifiedError):
            await client.edit_message(ANNA, ours.id, "здравствуйте")
        theirs = (await client.get_messages(ANNA, limit=2))[1]
        with pytest.raises(errors.MessageAuthorRequiredError):
            await client.edit_message(ANNA, theirs.id, "чужое")
        await client.delete_messages(ANNA, [ours.id, 999_999])
        assert [item.raw_text for item in await client.get_messages(ANNA, limit=9)] == ["привет"]
    assert [item.kind for item in tg.sent] == ["message", "edit", "delete"]


async def test_files_and_albums_are_uploaded_and_sent(tg: TelegramSandbox) -> None:
    tg.customer_writes(ANNA, "пришлите меню")
    async with connected(tg) as client:
        await anna(client)
        paper = io.BytesIO(b"%PDF" + bytes(700_000))
        paper.name = "menu.pdf"
        sent = await client.send_file(ANNA, paper, caption="вот", force_document=True)
        assert (sent.document.size, sent.file.name) == (700_004, "menu.pdf")
        pictures = []
        for number in range(2):
            picture = io.BytesIO(b"\xff\xd8" + bytes([number]) * 900)
            picture.name = f"{number}.jpg"
            pictures.append(picture)
        album = await client.send_file(ANNA, pictures, caption=["зал", "кухня"])
        assert len({item.grouped_id for item in album}) == 1
    assert [item.media for item in tg.sent] == [
        ("document:menu.pdf",),
        ("photo:0.jpg",),
        ("photo:1.jpg",),
    ]
    assert [item.text for item in tg.sent] == ["вот", "зал", "кухня"]


async def test_lengths_are_counted_in_utf16(tg: TelegramSandbox) -> None:
    tg.customer_writes(ANNA, "привет")
    async with connected(tg) as client:
        peer = await anna(client)
        await client(send(peer, "я" * 4096, 1))
        await client(send(peer, "🍰" * 2048, 2))
        with pytest.raises(errors.MessageTooLongError):
            await client(send(peer, "🍰" * 2048 + "!", 3))
        with pytest.raises(errors.MessageEmptyError):
            await client(send(peer, " \n", 4))
    assert len(tg.sent) == 2


async def test_reading_is_told_both_ways(tg: TelegramSandbox) -> None:
    async with connected(tg) as client, connected(tg) as other:
        heard = Heard(other, events.MessageRead(inbox=True))
        seen = Heard(client, events.MessageRead())
        asked = tg.customer_writes(ANNA, "привет")
        await anna(client)
        await other.get_dialogs()
        await client.send_read_acknowledge(ANNA, max_id=tg.id_of(asked))
        (read,) = await heard.first()
        assert read.max_id == tg.id_of(asked)
        assert (await client.get_dialogs())[0].unread_count == 0
        ours = await client.send_message(ANNA, "здравствуйте")
        tg.customer_reads(ANNA)
        await until(lambda: any(item.max_id == ours.id for item in seen.events))


async def test_people_who_cannot_be_written_to_give_telegrams_reasons(
    tg: TelegramSandbox,
) -> None:
    for who in (ANNA, BORIS, DELETED, IGOR, ELENA):
        tg.customer_writes(who, "привет")
    tg.state.users[BORIS].blocked_us = True
    async with connected(tg) as client:
        await client.get_dialogs()
        with pytest.raises(errors.UserIsBlockedError):
            await client.send_message(BORIS, "ау")
        with pytest.raises(errors.InputUserDeactivatedError):
            await client.send_message(DELETED, "ау")
        stranger = types.InputPeerUser(ANNA, 12345)
        with pytest.raises(errors.PeerIdInvalidError):
            await client(send(stranger, "ау", 5))


def test_every_network_has_people_of_its_own(tg: TelegramSandbox) -> None:
    tg.state.users[BORIS].blocked_us = True
    with TelegramSandbox(seed=1) as another:
        assert not another.state.users[BORIS].blocked_us


async def test_a_limited_account_may_answer_but_not_begin(tg: TelegramSandbox) -> None:
    tg.limit_account()
    asked = tg.customer_writes(ANNA, "привет")
    async with connected(tg) as client:
        await anna(client)
        await client.send_message(ANNA, "здравствуйте", reply_to=tg.id_of(asked))
        igor = await client.get_input_entity("igor_pv")
        with pytest.raises(errors.PeerFloodError):
            await client.send_message(igor, "купите кофе")


async def test_history_is_paged_and_searched_like_telegrams(tg: TelegramSandbox) -> None:
    said = [tg.customer_writes(ANNA, f"вопрос {number}") for number in range(250)]
    async with connected(tg) as client:
        peer = await anna(client)
        every = [item.raw_text async for item in client.iter_messages(peer)]
        assert every == [item.text for item in reversed(said)]
        newer = await client.get_messages(peer, limit=None, min_id=tg.id_of(said[239]))
        assert [item.raw_text for item in newer] == [item.text for item in said[:239:-1]]
        onward = [m.id async for m in client.iter_messages(peer, reverse=True, limit=120)]
        assert onward == [tg.id_of(item) for item in said[:120]]
        found = await client.get_messages(peer, search="вопрос 17", limit=50)
        assert {item.raw_text for item in found} == {
            "вопрос 17",
            *(f"вопрос 17{n}" for n in range(10)),
        }
        chosen = await client.get_messages(peer, ids=[tg.id_of(said[3]), 999_999])
        assert [item and item.raw_text for item in chosen] == ["вопрос 3", None]


async def test_the_list_of_chats_is_paged(tg: TelegramSandbox) -> None:
    from smm_inbox.sandbox.telegram import User

    for number in range(130):
        person = tg.add_user(User(8_000_000_000 + number, f"Гость {number}"))
        tg.customer_writes(person, f"привет от {number}")
    async with connected(tg) as client:
        found = [dialog.id async for dialog in client.iter_dialogs()]
        assert len(found) == len(set(found))
        assert set(range(8_000_000_000, 8_000_000_130)) <= set(found)


async def test_a_bot_hears_its_own_chats_and_answers(tg: TelegramSandbox) -> None:
    async with connected(tg, BOT) as client:
        await client.get_me()
        heard = Heard(client, events.NewMessage())
        tg.customer_writes(ANNA, "/start", to=BOT)
        (event,) = await heard.first()
        await event.reply("Здравствуйте!")
        with pytest.raises(errors.PeerIdInvalidError):
            await client.send_message(IGOR, "первым бот не пишет")
    assert [(item.account, item.text) for item in tg.sent] == [(BOT, "Здравствуйте!")]
    assert utils.get_peer_id(types.PeerUser(ANNA)) == tg.sent[0].peer


async def test_typing_is_shown(tg: TelegramSandbox) -> None:
    tg.customer_writes(ANNA, "привет")
    async with connected(tg) as client:
        heard = Heard(client, events.UserUpdate())
        peer = await anna(client)
        tg.customer_types(ANNA)
        (event,) = await heard.first()
        assert event.typing
        assert event.user_id == ANNA
        assert await client(
            functions.messages.SetTypingRequest(peer, types.SendMessageTypingAction())
        )
