"""Every example payload means something stated here, and nothing hostile gets through."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.channels.instagram import errors, usage
from smm_inbox.channels.instagram.failures import ApiFailure
from smm_inbox.channels.instagram.mapping import attachments, comments, hooks, messages, people, raw
from smm_inbox.channels.instagram.mapping.harvest import Harvest
from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.errors import Ambiguous, AuthExpired, RateLimited, Rejected, Retry
from smm_inbox.domain.message import AttachmentKind, Direction
from smm_inbox.domain.text import clean

from .support import FIXTURES, LENS, NOW, load


def failure(name: str) -> ApiFailure:
    error = load(name)["error"]
    return ApiFailure(
        error["code"],
        error.get("error_subcode", 0),
        error["message"],
        transient=error.get("is_transient", False),
    )


def test_talk_examples() -> None:
    talk = load("04_conversations_expanded")["data"][0]
    found = [messages.message(m, "876540912233445", LENS) for m in talk["messages"]["data"]]
    assert [m.direction for m in found if m] == [Direction.IN, Direction.OUT, Direction.IN]
    newest = found[0]
    assert newest is not None
    assert newest.text == "У окна, если можно 🙏"
    assert newest.place.conversation == newest.author == "876540912233445"
    assert newest.sent_at.isoformat() == "2026-11-20T08:41:12+00:00"
    one = messages.message(load("06_message_text"), "876540912233445", LENS)
    assert one is not None
    assert one.text.startswith("Здравствуйте!")


def test_attachment_examples() -> None:
    kind = AttachmentKind
    files = attachments.of_message(load("07_message_attachments"))
    assert [item.kind for item in files] == [kind.PHOTO, kind.VIDEO, kind.VOICE, kind.DOCUMENT]
    assert files[3].name == "menu-noyabr.pdf"
    (share,) = attachments.of_message(load("10_message_share"))
    assert (share.kind, share.url) == (kind.POST, "https://www.instagram.com/p/DCinvented01/")
    (other,) = attachments.of_message(load("11_message_unsupported"))
    assert (other.kind, other.url) == (kind.OTHER, attachments.INBOX)


def test_story_examples() -> None:
    reply = messages.message(load("08_message_story_reply"), "1083345672209914", LENS)
    assert reply is not None
    assert reply.place.root == "story:17990001112223334"
    assert not reply.mentions_us
    root = messages.story_root(load("08_message_story_reply"))
    assert root is not None
    assert root.kind == "story"
    assert root.url.startswith("https://lookaside")
    mention = messages.message(load("09_message_story_mention"), "7754321098123456", LENS)
    assert mention is not None
    assert mention.mentions_us
    assert mention.needs_answer
    assert mention.attachments[0].kind is AttachmentKind.STORY


def test_our_own_reaction_is_nobodys() -> None:
    assert messages.reactions(load("12_message_reactions"), LENS) == {}
    theirs = copy.deepcopy(load("12_message_reactions"))
    theirs["reactions"]["data"][0]["users"] = [{"id": "876540912233445"}]
    assert messages.reactions(theirs, LENS) == {"876540912233445": "❤️"}


def test_old_messages_without_details_are_left_out() -> None:
    found = [
        messages.message(m, "1083345672209914", LENS) for m in load("13_messages_over_20")["data"]
    ]
    assert [m is not None for m in found] == [True] * 20 + [False] * (len(found) - 20)


def test_profile_examples() -> None:
    liza = people.profile("7754321098123456", load("21_user_profile"))
    assert (liza.name, liza.handle, liza.followers) == (
        "Лиза | еда Казань",
        "liza.croissant",
        48210,
    )
    guram = people.profile("665544332211009", load("22_user_profile_nulls"))
    assert (guram.name, guram.photo_url, guram.followers) == ("", "", 17)


def test_post_and_comment_examples() -> None:
    image, reel = load("23_media_list")["data"]
    assert [root.kind for item in (image, reel) if (root := comments.root(item))] == [
        "post",
        "video",
    ]
    media = load("24_media_with_comments")["data"][0]
    root = comments.root(media)
    assert root is not None
    price, gluten = media["comments"]["data"]
    asked = comments.comment(price, root, None, LENS, who="")
    assert asked is not None
    assert (asked.author, asked.place.thread) == ("1290034455667788", "18011122233344455")
    (reply,) = gluten["replies"]["data"]
    ours = comments.comment(reply, root, gluten, LENS, who="")
    assert ours is not None
    assert ours.direction is Direction.OUT, "told by the user name only"
    assert ours.place.conversation == "18011122233344466"
    assert ours.place.contact == "1083345672209914"


def test_tag_example() -> None:
    found = comments.tag(load("30_tags")["data"][0], LENS, who="")
    assert found is not None
    message, root = found
    assert (message.place.kind, message.author) == (Kind.MENTION, "@liza.croissant")
    assert root.text == "Завтрак в тёплом углу"


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("@teply_ugol_cafe привет", True),
        ("а (@Teply_Ugol_Cafe) где?", True),
        ("@teply_ugol_cafe_fan", False),
        ("@teply_ugol_cafe.ru", False),
        ("teply_ugol_cafe", False),
    ],
)
def test_mentions_are_whole_names(text: str, mentioned: bool) -> None:
    assert comments.mentions(text, "teply_ugol_cafe") is mentioned


def hooked(name: str) -> Harvest:
    return hooks.harvest(load(name), LENS, lambda _: "")


def test_webhook_examples() -> None:
    (message,) = hooked("46_webhook_message").messages
    polled = load("06_message_text")["id"].rsplit("1gZDZD", 1)[0]
    assert message.remote_id.startswith(polled), "the same keys as polling finds"
    assert message.place.conversation == "876540912233445"
    (comment,) = hooked("47_webhook_comment").messages
    assert (comment.place.conversation, comment.reply_to) == (
        "18011122233344466",
        "18011122233344466",
    )
    (edit,) = hooked("48_webhook_message_edit").edits
    assert edit.text == "У окна, пожалуйста"
    (removal,) = hooked("49_webhook_unsend").removals
    assert removal.remote_id == edit.remote_id
    (mention,) = hooked("50_webhook_mention").messages
    assert mention.place.conversation == "at:17966667777888899:18022233344455566"
    assert mention.mentions_us


def test_a_webhook_of_another_account_is_left_out() -> None:
    payload = load("46_webhook_message")
    payload["entry"][0]["id"] = "1784"
    assert hooks.harvest(payload, LENS, lambda _: "").empty


def test_a_webhook_with_the_change_in_the_entry_itself() -> None:
    payload = load("47_webhook_comment")
    entry = payload["entry"][0]
    entry |= entry.pop("changes")[0]
    assert len(hooks.harvest(payload, LENS, lambda _: "").messages) == 1


@pytest.mark.parametrize(
    ("name", "read", "send"),
    [
        ("35_error_token_expired", AuthExpired, AuthExpired),
        ("36_error_window", errors.WindowClosed, errors.WindowClosed),
        ("37_error_human_agent", Rejected, Rejected),
        ("38_error_app_limit", RateLimited, RateLimited),
        ("39_error_buc_limit", RateLimited, RateLimited),
        ("40_error_dm_limit", RateLimited, RateLimited),
        ("41_error_consent", errors.NoConsent, errors.NoConsent),
        ("42_error_not_found", errors.Gone, errors.Gone),
        ("43_error_message_deleted", errors.Gone, errors.Gone),
        ("44_error_private_reply", errors.UsedUp, errors.UsedUp),
        ("51_error_transient", Retry, Ambiguous),
    ],
)
def test_error_examples(name: str, read: type[Exception], send: type[Exception]) -> None:
    assert type(errors.translate(failure(name), effect=False, now=NOW)) is read
    assert type(errors.translate(failure(name), effect=True, now=NOW)) is send


def test_usage_headers_example() -> None:
    told = usage.read({name.lower(): value for name, value in load("45_usage_headers").items()})
    assert told == usage.Usage(97, 0)
    assert usage.read({}) is None
    assert usage.read({"x-app-usage": "[[["}) is None


@pytest.mark.parametrize(
    "value",
    ["2026-11-20T08:41:12+0000", "1795164072", 1795164072, 1795164072000],
)
def test_times_come_in_several_shapes(value: object) -> None:
    found = raw.moment(value)
    assert found is not None
    assert found.year == 2026


@pytest.mark.parametrize("value", [None, "", "soon", 0, -5, 10**18, True, [], "0001-01-01"])
def test_nonsense_is_no_time(value: object) -> None:
    assert raw.moment(value) is None


HOSTILE = "\x1b]52;c;aGk=\x07[/]\u202eтекст\x00[@click=app.quit]"
VALUES: list[Any] = [None, 0, -1, 1.5, True, "", HOSTILE, [], {}, [None], {"data": 7}, 10**40]
NAMES = sorted(path.stem for path in FIXTURES.glob("*.json"))


def everything(payload: Any) -> Iterator[Any]:
    """Whatever the mappers make of a payload that could be any of them."""
    entries = [payload, *raw.data(payload)] if isinstance(payload, dict) else [payload]
    for entry in [raw.obj(one) for one in entries]:
        yield messages.message(entry, "1", LENS)
        yield messages.story_root(entry)
        yield messages.reactions(entry, LENS)
        for inner in raw.data(entry.get("messages")):
            yield messages.message(inner, "1", LENS)
        root = comments.root(entry)
        yield root
        if root is not None:
            for inner in raw.data(entry.get("comments")):
                yield comments.comment(inner, root, None, LENS, who="")
                for reply in raw.data(inner.get("replies")):
                    yield comments.comment(reply, root, inner, LENS, who="")
        yield comments.tag(entry, LENS, who="")
        yield people.profile("1", entry)
        yield hooks.harvest(entry, LENS, lambda _: "")
        yield raw.after(entry)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))


@given(name=st.sampled_from(NAMES), pick=st.integers(0, 10_000), value=st.sampled_from(VALUES))
def test_any_field_may_be_anything(name: str, pick: int, value: Any) -> None:
    payload = load(name)
    paths = list(places(payload))
    if paths:
        path = paths[pick % len(paths)]
        target = payload
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value
    for made in everything(payload):
        shown = json.dumps(repr(made), ensure_ascii=False)
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert "\\x1b" not in shown
        assert "\\x00" not in shown


def test_foreign_text_is_cleaned_everywhere() -> None:
    entry: raw.Raw = {
        "id": "1",
        "from": {"id": "5", "username": HOSTILE},
        "message": HOSTILE,
        "attachments": {"data": [{"name": HOSTILE, "file_url": "javascript:alert(1)"}]},
    }
    found = messages.message(entry, "5", LENS)
    assert found is not None
    assert found.text == clean(HOSTILE)
    assert found.attachments[0].url == ""
    assert "\x1b" not in found.attachments[0].name
