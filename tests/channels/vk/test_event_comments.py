"""Every example of a comment or post arrives in its place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smm_inbox.channels.vk.mapping import comments
from smm_inbox.channels.vk.mapping.events import apply
from smm_inbox.channels.vk.mapping.harvest import Harvest, Memory
from smm_inbox.channels.vk.mapping.keys import Section, Subject
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import AttachmentKind, Direction

from .support import ARRIVAL, GROUP, harvest, lens, load, only

POST = f"post-{GROUP}_512"


def test_a_comment_opens_a_public_thread_under_its_post() -> None:
    found = harvest("lp_wall_reply_new")
    (message,) = found.messages
    assert message.place.kind is Kind.COMMENT
    assert message.place.public
    assert message.place.conversation == f"wall-{GROUP}_512:9001"
    assert message.place.thread == message.remote_id == f"wall-{GROUP}_9001"
    assert message.place.root == POST
    assert message.place.contact == message.author == "1900000101"
    assert message.text == "А овсяное молоко есть?"
    assert message.needs_answer
    assert message.url == f"https://vk.com/wall-{GROUP}_512?reply=9001"
    assert found.subjects == {Subject(Section.WALL, -GROUP, 512)}


def test_an_answer_in_a_thread_stays_in_it_and_reads_as_people_write() -> None:
    found = harvest("lp_wall_reply_new_thread")
    (message,) = found.messages
    assert message.place.conversation == f"wall-{GROUP}_512:9001"
    assert message.place.thread == f"wall-{GROUP}_9001"
    assert message.place.contact is None, "who opened the thread is not known from this event"
    assert message.reply_to == f"wall-{GROUP}_9001"
    assert message.text == "Анна, есть, и безлактозное тоже"
    assert message.author == "1900000102"
    assert found.threads == {(Subject(Section.WALL, -GROUP, 512), 9001)}


def test_a_thread_that_was_seen_before_knows_who_opened_it() -> None:
    memory = Memory()
    harvest("lp_wall_reply_new", memory)
    found = harvest("lp_wall_reply_new_thread", memory)
    assert found.messages[0].place.contact == "1900000101"
    assert found.threads == set()


def test_a_mention_in_a_comment_is_marked() -> None:
    message = only("lp_wall_reply_new_mention")
    assert message.place.kind is Kind.COMMENT
    assert message.mentions_us
    assert message.text == "@warm_corner_cafe а собакам можно? @warm_corner_cafe"


def test_our_own_comment_speaks_to_the_one_it_answers() -> None:
    message = only("lp_wall_reply_new_own")
    assert message.direction is Direction.OUT
    assert message.author is None
    assert message.addressee == "1900000104"
    assert message.place.conversation == f"wall-{GROUP}_512:9004"
    assert message.text == "Игорь, можно, у нас есть миски для воды 🐶"
    assert not message.needs_answer


def test_a_comment_may_be_a_picture_only() -> None:
    message = only("lp_wall_reply_new_attachment_only")
    assert message.text == ""
    assert [found.kind for found in message.attachments] == [AttachmentKind.PHOTO]
    assert message.needs_answer


def test_an_answer_to_our_comment_stays_in_the_thread_and_names_us() -> None:
    message = only("lp_wall_reply_new_on_reply_to_group")
    assert message.place.conversation == f"wall-{GROUP}_512:9004"
    assert message.reply_to == f"wall-{GROUP}_9005"
    assert message.mentions_us
    assert message.text == "Тёплый угол, спасибо!"


@pytest.mark.parametrize(
    ("fixture", "remote_id", "text"),
    [
        ("wall_reply", f"wall-{GROUP}_9001", "А овсяное молоко и сироп без сахара есть?"),
        ("photo_comment", f"photo-{GROUP}_310", "Какая красивая подача! Сколько стоит?"),
        ("video_comment", f"video-{GROUP}_41", "Что за музыка в ролике?"),
        ("market_comment", f"market-{GROUP}_18", "Подарочный набор в наличии? Два штуки"),
        (
            "board_post",
            f"board-{GROUP}_48000555_205",
            "Предлагаю вернуть завтраки по будням до 12:00",
        ),
    ],
)
def test_an_edit_and_a_restored_comment_name_the_same_comment(
    fixture: str, remote_id: str, text: str
) -> None:
    edited = harvest(f"lp_{fixture}_edit")
    assert edited.messages == []
    (edit,) = edited.edits
    assert (edit.kind, edit.remote_id, edit.text) == (Kind.COMMENT, remote_id, text)
    assert edit.edited_at == ARRIVAL

    restored = harvest(f"lp_{fixture}_restore")
    (back,) = restored.removals
    assert (back.remote_id, back.restored) == (remote_id, True)
    assert [message.remote_id for message in restored.messages] == [remote_id]


@pytest.mark.parametrize(
    ("fixture", "remote_id"),
    [
        ("wall_reply", f"wall-{GROUP}_9006"),
        ("photo_comment", f"photo-{GROUP}_310"),
        ("video_comment", f"video-{GROUP}_41"),
        ("market_comment", f"market-{GROUP}_18"),
        ("board_post", f"board-{GROUP}_48000555_205"),
    ],
)
def test_a_deletion_names_its_comment(fixture: str, remote_id: str) -> None:
    found = harvest(f"lp_{fixture}_delete")
    assert found.messages == []
    (removal,) = found.removals
    assert (removal.kind, removal.remote_id) == (Kind.COMMENT, remote_id)
    assert (removal.restored, removal.at) == (False, ARRIVAL)


@pytest.mark.parametrize(
    ("fixture", "conversation", "root"),
    [
        ("photo_comment", f"photo-{GROUP}_457239021:310", f"photo-{GROUP}_457239021"),
        ("video_comment", f"video-{GROUP}_456239100:41", f"video-{GROUP}_456239100"),
        ("market_comment", f"market-{GROUP}_7700012:18", f"product-{GROUP}_7700012"),
        ("board_post", f"board-{GROUP}_48000555:1900000104", f"topic-{GROUP}_48000555"),
    ],
)
def test_comments_elsewhere_hang_on_their_photo_video_product_or_topic(
    fixture: str, conversation: str, root: str
) -> None:
    message = only(f"lp_{fixture}_new")
    assert message.place.kind is Kind.COMMENT
    assert message.place.public
    assert message.place.conversation == conversation
    assert message.place.root == root
    assert message.place.contact == message.author


def test_our_own_post_is_a_snapshot_and_no_conversation() -> None:
    found = harvest("lp_wall_post_new")
    assert found.messages == []
    root = found.roots[RemoteId(POST)]
    assert root.kind == "post"
    assert root.text.startswith("В пятницу открываемся в 8:00")
    assert root.posted_at == datetime.fromtimestamp(1795078800, UTC)
    assert root.url == f"https://vk.com/wall-{GROUP}_512"


def test_a_suggested_post_is_a_mention_with_its_picture() -> None:
    message = only("lp_wall_post_new_suggest")
    assert message.place.kind is Kind.MENTION
    assert message.place.conversation == message.remote_id == f"post-{GROUP}_513"
    assert message.place.contact == message.author == "1900000103"
    assert message.place.title == "suggested post"
    assert message.needs_answer
    assert len(message.attachments) == 1


def test_a_visitors_post_is_a_mention() -> None:
    message = only("lp_wall_post_new_by_user_mention")
    assert message.place.conversation == f"post-{GROUP}_514"
    assert message.place.title == "post on our wall"
    assert message.mentions_us
    assert message.text == "Тёплый угол, когда вернёте тыквенный латте?"


def test_a_repost_shows_our_post_and_waits_only_for_questions() -> None:
    found = harvest("lp_wall_repost")
    (message,) = found.messages
    assert message.place.conversation == "post1900000103_77"
    assert message.place.title == "repost"
    assert message.place.root == POST
    assert message.needs_answer, "the words with it are a question"
    assert found.roots[RemoteId(POST)].text.startswith("В пятницу")

    bare = load("lp_wall_repost")["updates"][0]
    bare["object"]["text"] = "Красота"
    into = Harvest()
    apply(into, bare, lens())
    assert not into.messages[0].needs_answer


def test_our_comment_right_under_a_visitors_post_answers_that_post() -> None:
    memory = Memory()
    harvest("lp_wall_post_new_by_user_mention", memory)
    event: dict[str, object] = {
        "id": 9500,
        "from_id": -GROUP,
        "date": 1795165300,
        "text": "Уже вернули!",
    }
    event |= {"post_id": 514, "owner_id": -GROUP, "post_owner_id": -GROUP, "parents_stack": []}
    into = Harvest()
    comments.comment_new(into, event, lens(memory), Section.WALL)
    (message,) = into.messages
    assert message.place.kind is Kind.MENTION
    assert message.place.conversation == f"post-{GROUP}_514"
    assert message.direction is Direction.OUT


def test_in_a_discussion_our_answer_goes_to_the_one_it_names() -> None:
    event: dict[str, object] = {
        "id": 206,
        "from_id": -GROUP,
        "date": 1795165300,
        "topic_id": 48000555,
    }
    event |= {"topic_owner_id": -GROUP, "text": "[id1900000104:bp-999000001_205|Игорь], вернём!"}
    into = Harvest()
    comments.comment_new(into, event, lens(), Section.BOARD)
    (message,) = into.messages
    assert message.place.conversation == f"board-{GROUP}_48000555:1900000104"
    assert message.addressee == "1900000104"
    assert message.text == "Игорь, вернём!"


@pytest.mark.parametrize(
    ("before", "with_whom"),
    [
        ([(104, "а когда?")], 104),
        ([(104, "а когда?"), (105, "и мне"), (-GROUP, "[id105|Анна], завтра")], 104),
        ([(104, "а когда?"), (105, "и мне")], -GROUP),
        ([(104, "а когда?"), (-GROUP, "[id104|Игорь], завтра")], -GROUP),
        ([], -GROUP),
    ],
)
def test_in_a_discussion_words_of_ours_that_name_nobody_answer_the_only_one_who_waits(
    before: list[tuple[int, str]], with_whom: int
) -> None:
    memory, told = Memory(), [*before, (-GROUP, "Завтра!")]
    for _ in range(2):  # VK repeats events: that changes nothing
        for number, (author, text) in enumerate(told, 201):
            event: dict[str, object] = {"id": number, "from_id": author, "date": 1795165300}
            event |= {"topic_id": 48000555, "topic_owner_id": -GROUP, "text": text}
            into = Harvest()
            comments.comment_new(into, event, lens(memory), Section.BOARD)
        (message,) = into.messages
        assert message.place.conversation == f"board-{GROUP}_48000555:{with_whom}"


def test_a_photo_comment_that_answers_another_joins_its_thread() -> None:
    memory = Memory()
    harvest("lp_photo_comment_new", memory)
    event: dict[str, object] = {"from_id": 1900000102, "date": 1795165300, "photo_id": 457239021}
    event |= {"photo_owner_id": -GROUP, "text": "да"}
    places = []
    for number, answered in ((311, 310), (312, 311)):
        into = Harvest()
        comment = event | {"id": number, "reply_to_comment": answered}
        comments.comment_new(into, comment, lens(memory), Section.PHOTO)
        places.append(into.messages[0].place.conversation)
    assert places == [f"photo-{GROUP}_457239021:310"] * 2


def test_deleted_comments_of_a_list_are_removals() -> None:
    into = Harvest()
    subject = Subject(Section.WALL, -GROUP, 512)
    for entry in load("wall_getComments")["response"]["items"]:
        comments.take(into, entry, lens(), subject)
    assert [message.remote_id for message in into.messages] == [
        f"wall-{GROUP}_9001",
        f"wall-{GROUP}_9004",
    ]
    assert [removal.remote_id for removal in into.removals] == [f"wall-{GROUP}_9006"]
