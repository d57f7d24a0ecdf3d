"""The sandbox's answers have the keys of the example payloads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from smm_inbox.sandbox.vk import VkSandbox
from smm_inbox.sandbox.vk.world import (
    ANNA,
    BORIS,
    DELETED,
    ELENA,
    IGOR,
    MARIA,
    PHOTO_ID,
    POST_ID,
    PRODUCT_ID,
    TOPIC_ID,
    VIDEO_ID,
)

FIXTURES = Path(__file__).parents[2] / "fixtures" / "vk"
G = 999000001
FIELDS = "screen_name,city,followers_count,photo_100,online,verified,sex,domain"


def example(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def differences(real: Any, made: Any, path: str = "") -> list[str]:
    """Where the two differ in keys or in kinds of values; lists are compared item by item."""
    if isinstance(real, dict) and isinstance(made, dict):
        wrong = [f"{path}: {key}" for key in sorted(real.keys() ^ made.keys())]
        for key in real.keys() & made.keys():
            wrong += differences(real[key], made[key], f"{path}.{key}")
        return wrong
    if isinstance(real, list) and isinstance(made, list):
        pairs = zip(real, made, strict=False)
        return [line for one, two in pairs for line in differences(one, two, f"{path}[]")]
    return [] if type(real) is type(made) else [f"{path}: {type(real)} is not {type(made)}"]


@pytest.fixture
def call(vk: VkSandbox) -> Callable[..., Any]:
    def run(method: str, token: str = vk.token, **params: object) -> Any:
        form = {"access_token": token, "v": "5.199", **{k: str(v) for k, v in params.items()}}
        return requests.post(f"{vk.url}/method/{method}", data=form, timeout=10).json()

    return run


Call = Callable[..., Any]
Scene = Callable[[VkSandbox, Call], Any]


def _photo_reply(vk: VkSandbox, call: Call) -> None:
    ours = vk.admin_replies(ANNA, "Пришлите пример")
    vk.state.events.forget()
    vk.customer_writes(ANNA, "Вот", attachments=[vk.media.photo(ANNA)], reply_to=ours)


def _geo(vk: VkSandbox, call: Call) -> None:
    point = {"type": "point", "coordinates": {"latitude": 59.934, "longitude": 30.335}}
    vk.customer_writes(BORIS, attachments=[vk.media.sticker()], extra={"geo": point})


def _edit(vk: VkSandbox, call: Call) -> None:
    message = vk.customer_writes(ANNA, "на двоих")
    vk.state.events.forget()
    vk.customer_edits(message, "на троих")


def _thread(vk: VkSandbox, call: Call) -> None:
    root = vk.customer_comments(POST_ID, ANNA, "есть?")
    vk.state.events.forget()
    vk.customer_comments(POST_ID, BORIS, "есть", reply_to=root)


def _own_comment(vk: VkSandbox, call: Call) -> None:
    root = vk.customer_comments(POST_ID, IGOR, "можно?")
    vk.state.events.forget()
    call(
        "wall.createComment",
        owner_id=-G,
        post_id=POST_ID,
        from_group=G,
        message="можно",
        reply_to_comment=root.id,
    )


def _changed(kind: str, what: str) -> Scene:
    def scene(vk: VkSandbox, call: Call) -> None:
        comment = vk.comment_on(kind, None, ANNA, "было")
        if what != "delete":
            vk.delete_comment(comment)
        vk.state.events.forget()
        if what == "restore":
            vk.restore_comment(comment)
        elif what == "edit":
            vk.customer_edits_comment(comment, "стало")
        else:
            vk.delete_comment(comment, by=vk.state.admin_id)

    return scene


EVENTS: dict[str, Scene] = {
    "lp_message_new_text": lambda vk, call: vk.customer_writes(ANNA, "Здравствуйте!"),
    "lp_message_new_photo_reply": _photo_reply,
    "lp_message_new_sticker_geo": _geo,
    "lp_message_new_unknown_attachment": lambda vk, call: vk.customer_writes(
        BORIS, "вам", attachments=[vk.media.gift()]
    ),
    "lp_message_new_chat_mention": lambda vk, call: vk.chat_message(IGOR, "привет"),
    "lp_message_new_from_ad_ref": lambda vk, call: vk.customer_writes(
        IGOR, "Начать", extra={"payload": "{}", "ref": "promo", "ref_source": "vk_ads"}
    ),
    "lp_message_reply_from_admin_ui": lambda vk, call: vk.admin_replies(ANNA, "Ждём"),
    "lp_message_edit": _edit,
    "lp_message_allow": lambda vk, call: vk.customer_allows(BORIS),
    "lp_message_deny": lambda vk, call: vk.customer_denies(BORIS),
    "lp_message_typing_state": lambda vk, call: vk.customer_types(ANNA),
    "lp_wall_post_new_suggest": lambda vk, call: vk.suggest_post(
        ELENA, "раф!", attachments=[vk.media.photo(ELENA)]
    ),
    "lp_wall_post_new_by_user_mention": lambda vk, call: vk.visitor_post(IGOR, "когда?"),
    "lp_wall_repost": lambda vk, call: vk.repost(ELENA, "Идём?"),
    "lp_wall_reply_new": lambda vk, call: vk.customer_comments(POST_ID, ANNA, "есть?"),
    "lp_wall_reply_new_thread": _thread,
    "lp_wall_reply_new_own": _own_comment,
    "lp_photo_comment_new": lambda vk, call: vk.photo_comment(ANNA, "красиво"),
    "lp_video_comment_new": lambda vk, call: vk.video_comment(BORIS, "музыка?"),
    "lp_market_comment_new": lambda vk, call: vk.product_comment(ELENA, "есть?"),
    "lp_board_post_new": lambda vk, call: vk.topic_comment(IGOR, "завтраки"),
} | {
    f"lp_{name}_{what}": _changed(kind, what)
    for kind, name in (
        ("wall", "wall_reply"),
        ("photo", "photo_comment"),
        ("video", "video_comment"),
        ("market", "market_comment"),
        ("board", "board_post"),
    )
    for what in ("edit", "delete", "restore")
}


@pytest.mark.parametrize("name", EVENTS)
def test_events(vk: VkSandbox, call: Call, name: str) -> None:
    EVENTS[name](vk, call)
    server = call("groups.getLongPollServer", group_id=G)["response"]
    query = {"act": "a_check", "key": server["key"], "ts": int(server["ts"]) - 1, "wait": "0"}
    made = requests.get(server["server"], params=query, timeout=5).json()
    assert differences(example(name), made) == []


def _filled(vk: VkSandbox) -> None:
    vk.customer_writes(ANNA, "Здравствуйте!")
    root = vk.customer_comments(POST_ID, ANNA, "есть?")
    vk.customer_comments(POST_ID, BORIS, "есть", reply_to=root)
    vk.photo_comment(ANNA, "красиво")
    vk.video_comment(BORIS, "музыка?")
    vk.product_comment(ELENA, "есть?")
    vk.topic_comment(IGOR, "завтраки")
    vk.mention_elsewhere(ELENA, "Лучший кофе — у [club999000001|@warm_corner_cafe]!")


PEOPLE = ",".join(map(str, (ANNA, BORIS, ELENA, DELETED, MARIA)))
WALL = {"owner_id": -G, "post_id": POST_ID}
EXTENDED = {"extended": 1, "fields": FIELDS}
METHODS: dict[str, tuple[str, str, dict[str, object]]] = {
    "groups_getById": ("groups.getById", "token", {}),
    "groups_getLongPollServer": ("groups.getLongPollServer", "token", {"group_id": G}),
    "groups_getLongPollSettings": ("groups.getLongPollSettings", "token", {"group_id": G}),
    "groups_getTokenPermissions": ("groups.getTokenPermissions", "token", {}),
    "users_get": ("users.get", "token", {"user_ids": PEOPLE, "fields": FIELDS}),
    "utils_resolveScreenName": (
        "utils.resolveScreenName",
        "token",
        {"screen_name": "warm_corner_cafe"},
    ),
    "messages_getConversations": ("messages.getConversations", "token", EXTENDED),
    "messages_getConversations_empty": (
        "messages.getConversations",
        "token",
        {"filter": "important"},
    ),
    "messages_markAsRead": ("messages.markAsRead", "token", {"peer_id": ANNA}),
    "messages_setActivity": ("messages.setActivity", "token", {"peer_id": ANNA, "type": "typing"}),
    "messages_send_peer_id": (
        "messages.send",
        "token",
        {"peer_id": ANNA, "message": "!", "random_id": 1},
    ),
    "messages_send_peer_ids_partial": (
        "messages.send",
        "token",
        {"peer_ids": f"{ANNA},{BORIS}", "message": "!", "random_id": 1},
    ),
    "wall_get": ("wall.get", "service_key", {"owner_id": -G}),
    "wall_getById": ("wall.getById", "service_key", {"posts": f"-{G}_{POST_ID}", **EXTENDED}),
    "photos_getComments": (
        "photos.getComments",
        "user_token",
        {"owner_id": -G, "photo_id": PHOTO_ID, "need_likes": 1, **EXTENDED},
    ),
    "video_getComments": (
        "video.getComments",
        "user_token",
        {"owner_id": -G, "video_id": VIDEO_ID, **EXTENDED},
    ),
    "market_getComments": (
        "market.getComments",
        "user_token",
        {"owner_id": -G, "item_id": PRODUCT_ID, **EXTENDED},
    ),
    "board_getComments": (
        "board.getComments",
        "service_key",
        {"group_id": G, "topic_id": TOPIC_ID, "need_likes": 1, **EXTENDED},
    ),
    "newsfeed_getMentions": ("newsfeed.getMentions", "user_token", {"owner_id": -G}),
    "photos_getMessagesUploadServer": (
        "photos.getMessagesUploadServer",
        "token",
        {"peer_id": ANNA},
    ),
    "docs_getMessagesUploadServer": ("docs.getMessagesUploadServer", "token", {"peer_id": ANNA}),
    "error_27_group_auth": ("wall.getById", "token", {}),
    "error_5_auth": ("groups.getById", "seed", {}),
}
SOMETIMES = {"unread_count", "unanswered", "verified", "important", "city", "reason"}
"""Keys that depend on the person or the moment, not on the shape."""


@pytest.mark.parametrize("name", METHODS)
def test_methods(vk: VkSandbox, call: Call, name: str) -> None:
    _filled(vk)
    method, token, params = METHODS[name]
    made = call(method, str(getattr(vk, token, "wrong")), **params)
    wrong = differences(example(name), made)
    assert [line for line in wrong if line.rpartition(" ")[2] not in SOMETIMES] == []


def test_comments_and_their_threads(vk: VkSandbox, call: Call) -> None:
    _filled(vk)
    asked = {**WALL, "thread_items_count": 10, "need_likes": 1, **EXTENDED}
    made = call("wall.getComments", vk.service_key, **asked)
    assert differences(example("wall_getComments"), made) == []
    root = made["response"]["items"][0]
    assert (made["response"]["count"], made["response"]["current_level_count"]) == (2, 1)
    thread = call("wall.getComments", vk.service_key, **asked, comment_id=root["id"])
    wrong = differences(example("wall_getComments_thread"), thread)
    assert [line for line in wrong if line.rpartition(" ")[2] not in SOMETIMES] == []


def test_history_and_single_messages(vk: VkSandbox, call: Call) -> None:
    _filled(vk)
    made = call("messages.getHistory", peer_id=ANNA, **EXTENDED)
    wrong = differences(example("messages_getHistory"), made)
    assert [line for line in wrong if line.rpartition(" ")[2] not in SOMETIMES] == []
    number = made["response"]["items"][0]["id"]
    one = call("messages.getById", message_ids=number)
    assert differences(example("messages_getById"), one) == []


def test_every_attachment_of_the_examples(vk: VkSandbox) -> None:
    message = example("lp_message_new_every_attachment")["updates"][0]["object"]["message"]
    photo, video, doc, voice, link, *_ = message["attachments"]
    media = vk.media
    assert differences(photo, media.photo(ANNA)) == []
    assert differences(video, media.video(ANNA, "Как мы пили кофе", 34)) == []
    assert differences(doc, media.doc(ANNA, "Меню.pdf")) == []
    assert differences(voice, media.voice(ANNA, 7)) == []
    assert differences(link, media.link("https://maps.example.invalid", "Садовая, 12")) == []
