"""People are shown as VK knows them; mention markup reads as people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.channels.vk.mapping import keys, mentions, people
from smm_inbox.domain.ids import RemoteId

from .support import US, load


def test_what_a_profile_does_not_say_stays_unknown() -> None:
    anna, boris, elena, deleted, closed = [
        people.user(entry) for entry in load("users_get")["response"]
    ]
    assert anna is not None
    assert boris is not None
    assert elena is not None
    assert deleted is not None
    assert closed is not None
    assert (anna.name, anna.handle, anna.followers) == ("Анна Ковалёва", "anya_kovaleva_x", 318)
    assert anna.city == "Санкт-Петербург"
    assert anna.url == "https://vk.com/id1900000101"
    assert (boris.city, boris.handle) == ("", ""), "id123 is no name of its own"
    assert elena.followers == 20451
    assert (deleted.name, deleted.note, deleted.followers) == ("", "page deleted", None)
    assert (closed.note, closed.followers) == ("closed profile", None)


def test_zero_followers_are_zero_and_not_unknown() -> None:
    (igor,) = people.everybody(load("board_getComments")["response"]).values()
    assert igor.followers == 0


def test_a_community_is_a_contact_with_a_minus() -> None:
    found = people.everybody(load("groups_getById")["response"])
    assert found[-999000001].name == "Кофейня «Тёплый угол»"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("[id1|Анна], да", "Анна, да"),
        ("[club1|@cafe] ?", "@cafe ?"),
        ("[id5:bp-1_205|Игорь], вот", "Игорь, вот"),
        ("[https://vk.com/wall-1_2|запись] тут", "запись тут"),
        ("f[a|b] и [/] и [@click=app.quit]", "f[a|b] и [/] и [@click=app.quit]"),
        ("[id1|[id2|Б]]", "[id1|Б]"),
        ("\x1b]52;c;eHh4\x07[id1|\x1bА], х", "]52;c;eHh4А, х"),
        (None, ""),
        ({"a": 1}, ""),
    ],
)
def test_markup_is_made_readable(raw: object, shown: str) -> None:
    assert mentions.readable(raw) == shown


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[club999000001|Тёплый угол], привет", True),
        ("[public999000001|x]", True),
        ("спросите *club999000001 об этом", True),
        ("спросите @club999000001 об этом", True),
        ("@Warm_Corner_Cafe, вы где?", True),
        ("(@warm_corner_cafe)", True),
        ("[club9990000011|другой]", False),
        ("[id999000001|человек]", False),
        ("warm_corner_cafe без знака", False),
        ("@warm_corner_cafe_fans", False),
        ("mail@warm_corner_cafe", False),
        ("@club9990000012", False),
        (None, False),
    ],
)
def test_our_name_is_found_in_every_spelling_and_no_other(text: object, named: bool) -> None:
    assert mentions.mentions(text, US) is named


@given(st.text(alphabet="[]|id123club@*,. \n", max_size=400))
def test_no_text_breaks_the_reading_of_mentions(text: str) -> None:
    mentions.readable(text)
    mentions.mentions(text, US)
    mentions.addressee(text)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**12), st.integers(1, 10**12))
def test_every_name_leads_back_to_its_numbers(owner: int, number: int, comment: int) -> None:
    for section in keys.Section:
        subject = keys.Subject(section, owner, number)
        assert keys.parse_root(subject.root) == subject
        assert keys.parse_thread(subject.thread(comment)) == (subject, comment)
        assert keys.parse_comment(subject.comment(comment)) == (section, owner, comment)
    for key in (keys.MessageKey(owner, number), keys.MessageKey(owner, None, number)):
        assert keys.parse_message(key.remote_id) == key


def test_foreign_names_are_nobodys() -> None:
    for name in ("", "wall", "1_10r5", "post1", "x" * 1000):
        assert keys.parse_message(RemoteId(name)) is None
        assert keys.parse_comment(name) is None
