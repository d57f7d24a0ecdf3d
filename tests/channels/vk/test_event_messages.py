"""Every example of a private or chat message arrives as what it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smm_inbox.channels.vk.mapping import messages
from smm_inbox.channels.vk.mapping.harvest import Harvest, Memory
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.message import AttachmentKind, Direction
from smm_inbox.domain.text import SafeText

from .support import ARRIVAL, GROUP, harvest, lens, load, only

ANNA = "1900000101"


def test_a_private_message_is_a_direct_conversation_with_its_author() -> None:
    message = only("lp_message_new_text")
    assert message.place.kind is Kind.DIRECT
    assert (message.place.conversation, message.place.contact, message.author) == (ANNA,) * 3
    assert not message.place.public
    assert message.remote_id == f"{ANNA}_1"
    assert message.direction is Direction.IN
    assert message.needs_answer
    assert message.text.startswith("Здравствуйте! Можно забронировать")
    assert message.sent_at == datetime.fromtimestamp(1795165200, UTC)
    assert message.token is None
    assert not message.mentions_us


def test_a_photo_comes_with_its_biggest_size_and_the_answered_message() -> None:
    message = only("lp_message_new_photo_reply")
    (photo,) = message.attachments
    assert photo.kind is AttachmentKind.PHOTO
    assert photo.url == "https://img.example.invalid/p/1900000101_457240001_z.jpg"
    assert message.reply_to == f"{ANNA}_3"


def test_every_kind_of_attachment_is_told_apart() -> None:
    message = only("lp_message_new_every_attachment")
    assert message.text == ""
    assert message.needs_answer
    assert [found.kind for found in message.attachments] == [
        AttachmentKind.PHOTO,
        AttachmentKind.VIDEO,
        AttachmentKind.DOCUMENT,
        AttachmentKind.VOICE,
        AttachmentKind.LINK,
        AttachmentKind.POST,
    ]
    _, video, document, voice, link, post = message.attachments
    assert (video.name, video.duration) == ("Как мы пили кофе", 34)
    assert video.url == "https://vk.com/video1900000101_456239017"
    assert (document.name, document.size) == ("Меню банкета.pdf", 183422)
    assert document.url.startswith("https://doc.example.invalid/")
    assert (voice.duration, voice.url) == (7, "https://psv.example.invalid/a.mp3")
    assert link.name == "Садовая, 12"
    assert post.text.startswith("В пятницу открываемся")


def test_a_sticker_and_a_place_stand_side_by_side() -> None:
    sticker, place = only("lp_message_new_sticker_geo").attachments
    assert sticker.kind is AttachmentKind.STICKER
    assert (place.kind, place.text) == (AttachmentKind.LOCATION, "59.934, 30.335")


def test_a_gift_keeps_its_picture() -> None:
    message = only("lp_message_new_unknown_attachment")
    assert message.text == "А это вам"
    (gift,) = message.attachments
    assert (gift.kind, gift.url) == (AttachmentKind.GIFT, "https://vk.example.invalid/g256.jpg")


def test_a_forwarded_message_keeps_its_text() -> None:
    message = only("lp_message_new_forward")
    (forward,) = message.attachments
    assert (forward.kind, forward.text) == (AttachmentKind.FORWARD, "Да, бронь подтверждена")


def test_a_chat_message_to_us_is_a_public_mention_known_by_its_chat_number() -> None:
    message = only("lp_message_new_chat_mention")
    assert message.place.kind is Kind.MENTION
    assert message.place.public
    assert message.place.conversation == "2000000007"
    assert message.place.root == "chat2000000007"
    assert message.remote_id == "2000000007_915"
    assert message.author == "1900000104"
    assert message.mentions_us
    assert message.text == "@warm_corner_cafe подскажите, вы работаете 4 ноября?"


def test_a_button_press_from_an_advertisement_is_a_message() -> None:
    message = only("lp_message_new_from_ad_ref")
    assert (message.text, message.needs_answer) == ("Начать", True)


def test_a_colleague_in_the_browser_answers_for_us_under_their_name() -> None:
    memory = Memory()
    memory.names.put(1900000777, SafeText("Ольга Смена"))
    message = only("lp_message_reply_from_admin_ui", memory)
    assert message.direction is Direction.OUT
    assert message.author is None
    assert message.token is None, "random_id 0 is no token"
    assert message.operator == "Ольга Смена"
    assert message.addressee == ANNA
    assert not message.automatic
    assert not message.needs_answer


def test_our_own_message_comes_back_with_its_token() -> None:
    message = only("lp_message_reply_own_send")
    assert (message.direction, message.token) == (Direction.OUT, "1733921")
    assert message.remote_id == f"{ANNA}_10"
    assert message.operator == ""


def test_an_edit_changes_the_known_message_and_adds_none() -> None:
    found = harvest("lp_message_edit")
    assert found.messages == []
    (edit,) = found.edits
    assert (edit.kind, edit.remote_id) == (Kind.DIRECT, f"{ANNA}_1")
    assert edit.text == "Здравствуйте! Можно столик на троих сегодня в 19:30?"
    assert edit.edited_at == datetime.fromtimestamp(1795165600, UTC)
    assert edit.attachments == ()


def test_allowing_and_forbidding_messages_open_and_close_the_conversation() -> None:
    (allowed,) = harvest("lp_message_allow").access
    assert (allowed.conversation, allowed.blocked) == ("1900000102", "")
    (denied,) = harvest("lp_message_deny").access
    assert denied.conversation == "1900000102"
    assert "does not allow messages" in denied.blocked


def test_who_writes_again_can_be_answered_again() -> None:
    (access,) = harvest("lp_message_new_text").access
    assert (access.conversation, access.blocked) == (str(ANNA), "")
    assert not harvest("lp_message_reply_from_admin_ui").access


def test_a_reaction_is_shown_and_nobody_waits() -> None:
    message = only("lp_message_reaction_event")
    assert not message.needs_answer
    assert message.reply_to == f"{ANNA}_10"
    assert message.remote_id != message.reply_to
    assert message.sent_at == ARRIVAL


@pytest.mark.parametrize(
    "name",
    [
        "lp_message_typing_state",
        "lp_message_read",
        "lp_message_event",
        "lp_group_join",
        "lp_group_leave",
        "lp_user_block",
        "lp_like_add",
        "lp_unknown_event_type",
        "lp_empty",
    ],
)
def test_events_that_ask_nothing_of_us_bring_nothing(name: str) -> None:
    assert harvest(name).empty


def test_conversations_say_who_can_be_written_to() -> None:
    into = Harvest()
    for entry in load("messages_getConversations")["response"]["items"]:
        messages.conversation_access(into, entry["conversation"])
    blocked = {str(access.conversation): access.blocked for access in into.access}
    assert blocked["1900000101"] == ""
    assert "does not allow messages" in blocked["1900000102"]
    assert "deleted or blocked" in blocked["1900000105"]


def test_buttons_betray_a_bot() -> None:
    event = load("lp_message_reply_own_send")["updates"][0]["object"]
    into = Harvest()
    messages.take(into, event | {"keyboard": {"buttons": [[{}]]}, "random_id": 0}, lens())
    assert into.messages[0].automatic


def test_an_answer_to_our_message_in_a_chat_is_for_us() -> None:
    said = {"from_id": -GROUP, "conversation_message_id": 5, "text": "да"}
    event = {"peer_id": 2000000007, "from_id": 1, "conversation_message_id": 6, "text": "а когда?"}
    into = Harvest()
    messages.take(into, event, lens())
    assert into.messages == []
    messages.take(into, event | {"reply_message": said}, lens())
    assert into.messages[0].reply_to == "2000000007_5"
    assert into.messages[0].needs_answer
