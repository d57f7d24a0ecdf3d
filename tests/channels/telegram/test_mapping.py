"""Telegram's objects become the inbox's own: clean, complete, and never a crash."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telethon.tl import types

from smm_inbox.channels.telegram.mapping import messages, people, places
from smm_inbox.channels.telegram.mapping.attachments import attachment
from smm_inbox.channels.telegram.mapping.harvest import Harvest, Lens, Memory, Ourselves, Recent
from smm_inbox.channels.telegram.mapping.keys import (
    channel_peer,
    message_name,
    message_number,
    parse_place,
)
from smm_inbox.channels.telegram.mapping.text import readable
from smm_inbox.channels.telegram.mapping.updates import new_message
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.message import AttachmentKind, Direction
from smm_inbox.domain.text import clean

US, ANNA, BOT = 1, 100, 200
GROUP, CHANNEL = channel_peer(500), channel_peer(600)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOSTILE = "\x1b]52;c;aGk=\x07[/]\u202ecat\x00\x9b31m[@click=app.quit]x"


def lens() -> Lens:
    memory = Memory()
    people.learn(
        memory,
        [
            types.User(ANNA, first_name="Анна", username="anna"),
            types.User(BOT, first_name="Бот", bot=True),
            types.Channel(
                500, "Соседи", types.ChatPhotoEmpty(), NOW, megagroup=True, username="sosedi"
            ),
        ],
    )
    return Lens(Ourselves(US), NOW, memory)


def message(peer: Any, text: str = "Привет", number: int = 7, **more: Any) -> types.Message:
    return types.Message(number, peer, NOW, text, **more)


def mapped(*parts: types.Message, seen: Lens | None = None) -> Harvest:
    into = Harvest()
    for bundle in messages.bundles(parts):
        messages.add(into, bundle, seen or lens())
    return into


def document(*attributes: Any, size: int = 10) -> types.MessageMediaDocument:
    return types.MessageMediaDocument(
        document=types.Document(1, 2, b"", NOW, "x/y", size, 2, list(attributes))
    )


GEO = types.GeoPoint(37.6, 55.75, 0)


@pytest.mark.parametrize(
    ("media", "kind", "said"),
    [
        (types.MessageMediaPhoto(), AttachmentKind.PHOTO, ""),
        (document(types.DocumentAttributeFilename("меню.pdf")), AttachmentKind.DOCUMENT, "меню"),
        (document(types.DocumentAttributeAudio(7, voice=True)), AttachmentKind.VOICE, ""),
        (document(types.DocumentAttributeAudio(7, title="Вальс")), AttachmentKind.AUDIO, "Вальс"),
        (document(types.DocumentAttributeVideo(3.5, 1, 1)), AttachmentKind.VIDEO, ""),
        (
            document(types.DocumentAttributeSticker("🥐", types.InputStickerSetEmpty())),
            AttachmentKind.STICKER,
            "🥐",
        ),
        (types.MessageMediaGeo(GEO), AttachmentKind.LOCATION, "55.75"),
        (types.MessageMediaGeo(types.GeoPointEmpty()), AttachmentKind.LOCATION, ""),
        (
            types.MessageMediaVenue(GEO, "Кофейня", "Садовая, 12", "", "", ""),
            AttachmentKind.LOCATION,
            "Садовая",
        ),
        (
            types.MessageMediaContact("+79990000000", "Пётр", "Ли", "", 5),
            AttachmentKind.CONTACT,
            "Пётр Ли",
        ),
        (
            types.MessageMediaWebPage(types.WebPage(1, "https://cafe.example/m", "", 0, title="М")),
            AttachmentKind.LINK,
            "М",
        ),
        (types.MessageMediaWebPage(types.WebPageEmpty(1)), AttachmentKind.LINK, ""),
        (types.MessageMediaDice(6, "🎲"), AttachmentKind.OTHER, "🎲 6"),
        (types.MessageMediaStory(types.PeerUser(ANNA), 1), AttachmentKind.STORY, ""),
        (types.MessageMediaUnsupported(), AttachmentKind.OTHER, "Unsupported"),
    ],
)
def test_every_kind_of_media_is_readable(media: Any, kind: AttachmentKind, said: str) -> None:
    found = attachment(media, "1_2")
    assert found.kind is kind
    assert said in f"{found.name} {found.text}"


def test_hostile_text_is_clean_everywhere() -> None:
    seen = lens()
    people.learn(
        seen.memory,
        [types.User(300, first_name=HOSTILE, last_name=HOSTILE, username="x" + HOSTILE)],
    )
    into = mapped(
        message(
            types.PeerUser(300),
            HOSTILE,
            media=document(types.DocumentAttributeFilename(HOSTILE)),
            fwd_from=types.MessageFwdHeader(NOW, from_name=HOSTILE),
        ),
        seen=seen,
    )
    (got,) = into.messages
    known = seen.memory.people.get(300)
    assert known is not None
    texts = [got.text, known.name, known.handle]
    texts += [text for a in got.attachments for text in (a.name, a.text)]
    assert all(text == clean(text) and "\n" not in text for text in texts)
    assert "[/]" in got.text, "markup is text"


def test_what_a_person_shows_of_themselves_is_known_and_the_rest_is_not_guessed() -> None:
    picture = types.UserProfilePhoto(5, 2)
    open_one = people.contact(
        types.User(7, first_name="Анна", username="anna", phone="79990000000", photo=picture)
    )
    assert open_one.photo_url == "https://t.me/i/userpic/320/anna.jpg"
    assert "+79990000000" in open_one.note
    shy = people.contact(types.User(8, first_name="Борис", photo=picture))
    assert (shy.photo_url, shy.note, shy.city, shy.followers) == ("", "", "", None)


def test_links_behind_words_are_spelled_out() -> None:
    # The croissant takes two units; the positions of Telegram count units.
    entities = [types.MessageEntityTextUrl(3, 4, "https://cafe.example/menu")]
    assert readable("🥐 меню тут", entities) == "🥐 меню (https://cafe.example/menu) тут"


def test_a_message_from_nobody_we_serve_is_left_out() -> None:
    for peer in (types.PeerUser(777000), types.PeerUser(US), types.PeerUser(BOT)):
        assert mapped(message(peer)).messages == []
    assert mapped(message(types.PeerChannel(500), from_id=types.PeerUser(ANNA))).messages == []


def test_a_missed_call_waits_and_a_taken_one_does_not() -> None:
    def call(duration: int | None, *, out: bool = False) -> types.MessageService:
        action = types.MessageActionPhoneCall(1, duration=duration)
        return types.MessageService(9, types.PeerUser(ANNA), NOW, action=action, out=out)

    (missed,) = mapped(call(None)).messages
    assert missed.needs_answer
    assert missed.attachments[0].kind is AttachmentKind.CALL
    (taken,) = mapped(call(60)).messages
    assert not taken.needs_answer
    (ours,) = mapped(call(None, out=True)).messages
    assert ours.direction is Direction.OUT
    assert ours.automatic, "a call that nobody took answers nobody"


def test_an_away_message_of_telegram_business_does_not_count_as_an_answer() -> None:
    (away,) = mapped(message(types.PeerUser(ANNA), out=True, offline=True)).messages
    assert away.automatic


def test_a_bot_in_the_comments_is_automatic() -> None:
    seen = lens()
    seen.memory.links[GROUP] = CHANNEL
    (got,) = mapped(
        message(types.PeerChannel(500), from_id=types.PeerUser(BOT)), seen=seen
    ).messages
    assert got.automatic


def test_answers_of_colleagues_who_administer_the_group_are_ours() -> None:
    seen = lens()
    seen.memory.links[GROUP] = CHANNEL
    seen.memory.staff[GROUP] = frozenset({ANNA})
    (got,) = mapped(
        message(types.PeerChannel(500), from_id=types.PeerUser(ANNA)), seen=seen
    ).messages
    assert got.direction is Direction.OUT
    assert got.operator == "Анна"


def test_a_suggested_post_is_a_private_conversation_with_its_author() -> None:
    seen = lens()
    direct = types.Channel(
        700,
        "Тёплый угол",
        types.ChatPhotoEmpty(),
        NOW,
        megagroup=True,
        monoforum=True,
        creator=True,
    )
    people.learn(seen.memory, [direct])
    into = mapped(
        message(
            types.PeerChannel(700),
            "Опубликуете?",
            from_id=types.PeerUser(ANNA),
            saved_peer_id=types.PeerUser(ANNA),
        ),
        seen=seen,
    )
    (got,) = into.messages
    target = parse_place(got.place)
    assert got.place.kind is Kind.DIRECT
    assert target is not None
    assert (target.peer, target.author, target.suggestions) == (channel_peer(700), ANNA, True)


def test_short_updates_are_whole_messages() -> None:
    short = types.UpdateShortMessage(5, ANNA, "Привет", 1, 1, NOW)
    in_group = types.UpdateShortChatMessage(6, ANNA, 50, "Эй", 1, 1, NOW, mentioned=True)
    seen = lens()
    one, two = new_message(short), new_message(in_group)
    assert one is not None
    assert two is not None
    kinds = [m.place.kind for m in mapped(one, two, seen=seen).messages]
    assert kinds == [Kind.DIRECT, Kind.MENTION]


def test_edits_of_reactions_and_of_album_parts() -> None:
    seen, into = lens(), Harvest()
    reacted = message(types.PeerUser(ANNA), edit_date=NOW, edit_hide=True)
    messages.add_edit(into, reacted, seen)
    assert into.edits == []
    part = message(types.PeerUser(ANNA), "подпись", edit_date=NOW, grouped_id=5)
    messages.add_edit(into, part, seen)
    assert into.edits[0].attachments is None


def test_a_part_of_an_album_that_comes_late_is_not_lost() -> None:
    seen = lens()
    parts = [message(types.PeerUser(ANNA), "", number, grouped_id=5) for number in (7, 8, 9)]
    (early,) = mapped(*parts[:2], seen=seen).messages
    (late,) = mapped(parts[2], seen=seen).messages
    assert (early.remote_id, late.remote_id) == ("7", "9")
    assert messages.name_of(parts[1], seen) == "7", "an edit speaks of the album"


def test_a_deletion_without_a_chat_names_what_it_may_be() -> None:
    seen, into = lens(), Harvest()
    messages.add_removals(into, [7], None, seen)
    assert {(r.kind, r.remote_id) for r in into.removals} == {
        (Kind.DIRECT, "7"),
        (Kind.MENTION, "7"),
    }
    mapped(message(types.PeerUser(ANNA)), seen=seen)
    again = Harvest()
    messages.add_removals(again, [7], None, seen)
    assert [r.kind for r in again.removals] == [Kind.DIRECT]


def test_names_of_messages_go_both_ways() -> None:
    for peer in (ANNA, -50, GROUP):
        assert message_number(message_name(peer, 42)) == 42
    assert message_name(ANNA, 42) == message_name(-50, 42), "one numbering for both"
    assert message_number("sent123") is None


def test_a_private_group_has_a_page_of_its_own() -> None:
    assert places.message_url(None, GROUP, 3) == "https://t.me/c/500/3"
    assert places.message_url(lens().memory.chats.get(GROUP), GROUP, 3) == "https://t.me/sosedi/3"
    assert places.message_url(None, -50, 3) == ""


def test_memory_is_bounded() -> None:
    recent: Recent[int, int] = Recent(3)
    for number in range(10):
        recent.put(number, number)
    assert recent.keys() == [7, 8, 9]
