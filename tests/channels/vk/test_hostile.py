"""Whatever VK sends, nothing raises, neighbours survive, and what comes out is safe to show."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smm_inbox.channels.vk.mapping import comments, messages, people, posts
from smm_inbox.channels.vk.mapping.events import apply, people_in
from smm_inbox.channels.vk.mapping.harvest import Harvest, Malformed
from smm_inbox.channels.vk.mapping.keys import Section, Subject

from .support import FIXTURES, GROUP, harvest, lens, load

EVENTS = sorted(
    path.stem
    for path in FIXTURES.glob("lp_*.json")
    if not path.stem.startswith(("lp_failed", "lp_empty", "lp_mixed"))
)
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=True),
    st.text(max_size=30),
    st.sampled_from(
        ["\x1b]52;c;AAAA\x07", "[/]", "[@click=app.quit]x[/]", "\u202eevil", "\ud800", "1" * 400]
    ),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=5)), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [at] if at else []
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, entry in inner:
        found += paths(entry, (*at, key))
    return found


def spoil(payload: Any, path: tuple[Any, ...], junk: Any, *, drop: bool) -> Any:
    payload = copy.deepcopy(payload)
    holder = payload
    for key in path[:-1]:
        holder = holder[key]
    if drop:
        del holder[path[-1]]
    else:
        holder[path[-1]] = junk
    return payload


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [t for f in dataclasses.fields(value) for t in texts(getattr(value, f.name))]
    if isinstance(value, tuple | list):
        return [t for entry in value for t in texts(entry)]
    return []


def check(found: Harvest) -> None:
    for text in texts(found.batch()):
        assert not UNSAFE.search(text), repr(text)
    for message in found.messages:
        assert message.sent_at.tzinfo is not None


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_field_of_any_event_may_be_missing_or_nonsense(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(EVENTS))
    update = load(name)["updates"][0]
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(update)))
        update = spoil(update, path, data.draw(JUNK), drop=data.draw(st.booleans()))
        if not isinstance(update, dict) or not update:
            return
    into, seen_by = Harvest(), lens()
    people_in(update)
    apply(into, update, seen_by)
    apply(into, load("lp_message_new_text")["updates"][0], seen_by)
    check(into)
    assert any(m.text.startswith("Здравствуйте! Можно забронировать") for m in into.messages), (
        "a bad event must not take its neighbour along"
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_field_of_any_list_may_be_missing_or_nonsense(data: st.DataObject) -> None:
    name = data.draw(
        st.sampled_from(
            [
                "messages_getConversations",
                "messages_getHistory",
                "users_get",
                "wall_get",
                "wall_getComments",
                "newsfeed_getMentions",
                "board_getComments",
            ]
        )
    )
    answer = load(name)["response"]
    path = data.draw(st.sampled_from(paths(answer)))
    answer = spoil(answer, path, data.draw(JUNK), drop=data.draw(st.booleans()))
    people.everybody(answer)
    into, seen_by = Harvest(), lens()
    entries = answer.get("items", []) if isinstance(answer, dict) else answer
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict):
            continue
        people.user(entry)
        conversation = entry.get("conversation")
        messages.conversation_access(into, conversation if isinstance(conversation, dict) else {})
        with contextlib.suppress(Malformed):
            messages.take(into, entry, seen_by)
        with contextlib.suppress(Malformed):
            posts.wall_post_new(into, entry, seen_by)
        with contextlib.suppress(Malformed):
            posts.found_elsewhere(into, entry, seen_by)
        with contextlib.suppress(Malformed):
            comments.take(into, entry, seen_by, Subject(Section.WALL, -GROUP, 512))
    check(into)


def test_hostile_words_come_out_as_plain_text() -> None:
    update = load("lp_message_new_every_attachment")["updates"][0]
    evil = "\x1b]52;c;ZXZpbA==\x07\u202e[/][@click=app.quit]\x00\x9b31m"
    message = update["object"]["message"]
    message["text"] = evil * 3
    message["attachments"][2]["doc"]["title"] = evil
    message["attachments"][2]["doc"]["url"] = "javascript:alert(1)"
    message["attachments"][4]["link"]["url"] = "https://x\x1b]0;y\x07"
    into = Harvest()
    apply(into, update, lens())
    check(into)
    _, _, document, _, link, _ = into.messages[0].attachments
    assert document.url == ""
    assert link.url == ""


def test_a_text_without_end_is_cut() -> None:
    update = load("lp_message_new_text")["updates"][0]
    update["object"]["message"]["text"] = "[id1|" * 500_000
    into = Harvest()
    apply(into, update, lens())
    assert len(into.messages[0].text) == 100_000


@pytest.mark.parametrize("name", EVENTS)
def test_every_example_is_safe_as_it_is(name: str) -> None:
    check(harvest(name))
