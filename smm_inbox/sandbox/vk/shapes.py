"""The JSON shapes of API 5.199 for everything the sandbox knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from smm_inbox.sandbox.vk.model import (
    BOARD,
    CHAT_BASE,
    MARKET,
    PHOTO,
    VIDEO,
    WALL,
    Comment,
    Dialog,
    Group,
    Item,
    Json,
    Message,
    Post,
    User,
)

if TYPE_CHECKING:
    from smm_inbox.sandbox.vk.state import State

CLIENT_INFO: Json = {
    "button_actions": [
        "text",
        "vkpay",
        "open_app",
        "location",
        "open_link",
        "callback",
        "intent_subscribe",
        "intent_unsubscribe",
    ],
    "keyboard": True,
    "inline_keyboard": True,
    "carousel": True,
    "lang_id": 0,
}
OBJECT_KEYS = {
    WALL: ("post_id", "post_owner_id"),
    PHOTO: ("photo_id", "photo_owner_id"),
    VIDEO: ("video_id", "video_owner_id"),
    MARKET: ("item_id", "market_owner_id"),
    BOARD: ("topic_id", "topic_owner_id"),
}
"""What a comment event calls the thing it hangs on."""
EXTENDED_FIELDS = frozenset({"screen_name", "sex", "photo_50", "photo_100", "online"})
"""What VK adds to profiles of an extended answer when `fields` is not given."""


def user(person: User, fields: Iterable[str], base: str) -> Json:
    """A profile with the asked fields; what VK hides is absent."""
    wanted = set(fields)
    out: Json = {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
    }
    if person.deactivated:
        out["deactivated"] = person.deactivated
        tail: Json = {"photo_100": f"{base}/file/avatar/deactivated.png", "online": 0, "sex": 0}
        return out | {key: value for key, value in tail.items() if key in wanted}
    name = person.screen_name or f"id{person.id}"
    if "screen_name" in wanted:
        out["screen_name"] = name
    out |= {"is_closed": person.closed, "can_access_closed": not person.closed}
    more: Json = {"sex": person.sex}
    if not person.closed:
        if person.city:
            more["city"] = {"id": person.city[0], "title": person.city[1]}
        if person.followers is not None:
            more["followers_count"] = person.followers
        if person.verified:
            more["verified"] = 1
        more["photo_50"] = f"{base}/file/avatar/{person.id}_50.png"
        more["photo_100"] = f"{base}/file/avatar/{person.id}_100.png"
    more |= {"online": int(person.online), "domain": name}
    return out | {key: value for key, value in more.items() if key in wanted}


def group(own: Group, base: str) -> Json:
    """The community."""
    out: Json = {
        "id": own.id,
        "name": own.name,
        "screen_name": own.screen_name,
        "is_closed": 0,
        "type": "page",
    }
    return out | {f"photo_{size}": f"{base}/file/group/{size}.png" for size in (50, 100, 200)}


def likes(count: int) -> Json:
    """A likes block."""
    return {"can_like": 1, "count": count, "user_likes": 0, "can_publish": 1}


def message(item: Message, dialog: Dialog) -> Json:
    """A message as events and history carry it; in group chats its id is 0."""
    number = 0 if item.peer_id > CHAT_BASE else item.id
    out: Json = {
        "date": item.date,
        "from_id": item.from_id,
        "id": number,
        "version": 10_000_000 + number,
        "out": int(item.out),
        "fwd_messages": item.forwards,
        "important": False,
        "is_hidden": False,
        "attachments": item.attachments,
        "conversation_message_id": item.cmid,
        "text": item.text,
        "peer_id": item.peer_id,
        "random_id": item.random_id,
    }
    if item.admin_author_id:
        out["admin_author_id"] = item.admin_author_id
    if item.update_time:
        out["update_time"] = item.update_time
    if item.reply_to and (target := dialog.find(item.reply_to)):
        out["reply_message"] = quoted(target)
    return out | item.extra


def quoted(item: Message) -> Json:
    """A message inside another one."""
    return {
        "date": item.date,
        "from_id": item.from_id,
        "text": item.text,
        "attachments": item.attachments,
        "conversation_message_id": item.cmid,
        "id": 0 if item.peer_id > CHAT_BASE else item.id,
        "peer_id": item.peer_id,
    }


def conversation(dialog: Dialog, can_write: Json) -> Json:
    """A conversation's head."""
    last = dialog.living[-1] if dialog.living else None
    chat = dialog.peer_id > CHAT_BASE
    ids = {item.cmid: item.id for item in dialog.messages}
    unread = sum(not item.out and item.cmid > dialog.in_read for item in dialog.living)
    last_id = last.id if last and not chat else 0
    out: Json = {
        "peer": {
            "id": dialog.peer_id,
            "type": "chat" if chat else "user",
            "local_id": dialog.peer_id - CHAT_BASE if chat else dialog.peer_id,
        },
        "last_message_id": last_id,
        "last_conversation_message_id": last.cmid if last else 0,
        "in_read": ids.get(dialog.in_read, 0),
        "out_read": ids.get(dialog.out_read, 0),
        "in_read_cmid": dialog.in_read,
        "out_read_cmid": dialog.out_read,
        "version": 10_000_000 + last_id,
        "sort_id": {"major_id": 0, "minor_id": last_id},
        "is_marked_unread": False,
        "important": dialog.important,
        "can_write": can_write,
    }
    if unread:
        out["unread_count"] = unread
    if not dialog.answered:
        out["unanswered"] = True
    return out


def post(item: Post, state: State, *, brief: bool = False) -> Json:
    """A wall post; suggested and visitors' posts come brief in events."""
    out: Json = {
        "inner_type": "wall_wallpost",
        "id": item.id,
        "owner_id": item.owner_id,
        "from_id": item.from_id,
        "date": item.date,
        "post_type": item.post_type,
        "text": item.text,
    }
    if item.repost_of:
        original = state.posts.get(item.repost_of)
        out["copy_history"] = [post(original, state)] if original else []
        return out
    out["attachments"] = item.attachments
    if brief:
        return out
    count = sum(not comment.deleted for comment in state.comments_of(WALL, item.owner_id, item.id))
    return out | {
        "comments": {"can_post": int(item.open), "count": count, "groups_can_post": True},
        "likes": likes(item.likes),
        "reposts": {"count": item.reposts, "user_reposted": 0},
        "views": {"count": item.views},
        "post_source": {"type": "vk"},
        "hash": "PaxH4sh",
    }


def mention(item: Post) -> Json:
    """A post on somebody else's wall, as newsfeed.getMentions and search give it."""
    return {
        "inner_type": "wall_wallpost",
        "id": item.id,
        "owner_id": item.owner_id,
        "from_id": item.from_id,
        "date": item.date,
        "post_type": item.post_type,
        "text": item.text,
        "to_id": item.owner_id,
        "comments": {"can_post": 1, "count": 0},
        "likes": likes(item.likes),
    }


def _comment_body(item: Comment) -> Json:
    return {
        "id": item.id,
        "from_id": item.from_id,
        "date": item.date,
        "text": "" if item.deleted else item.text,
    }


def _comment_links(item: Comment) -> Json:
    out: Json = {}
    if item.kind == WALL:
        out["parents_stack"] = item.parents
    if item.reply_to_user:
        out["reply_to_user"] = item.reply_to_user
    if item.reply_to_comment:
        out["reply_to_comment"] = item.reply_to_comment
    if item.attachments:
        out["attachments"] = item.attachments
    return out


def comment_event(item: Comment) -> Json:
    """A comment as new, edit and restore events carry it."""
    out = _comment_body(item) | _comment_links(item)
    key, owner_key = OBJECT_KEYS[item.kind]
    out[key] = item.object_id
    if item.kind == WALL:
        out["owner_id"] = item.owner_id
    return out | {owner_key: item.owner_id}


def comment_gone(item: Comment, deleter: int) -> Json:
    """A deletion event; each kind names the people in its own way."""
    if item.kind == BOARD:
        return {"topic_owner_id": item.owner_id, "topic_id": item.object_id, "id": item.id}
    out: Json = {"owner_id": item.owner_id, "id": item.id}
    if item.kind != WALL:
        out["user_id"] = item.from_id
    return out | {"deleter_id": deleter, OBJECT_KEYS[item.kind][0]: item.object_id}


def comment(item: Comment, *, with_likes: bool) -> Json:
    """A comment in a list; wall comments say where they stand."""
    out = _comment_body(item)
    if item.kind == WALL:
        out |= {"post_id": item.object_id, "owner_id": item.owner_id}
    if item.kind == BOARD:
        out["can_edit"] = 0
    out |= _comment_links(item)
    if with_likes and item.kind in {WALL, PHOTO, BOARD} and not item.deleted:
        out["likes"] = likes(item.likes)
    if item.deleted:
        out["deleted"] = True
    return out


def topic(item: Item, comments: list[Comment]) -> Json:
    """A discussion topic."""
    last = comments[-1] if comments else None
    return {
        "id": item.id,
        "title": item.title,
        "created": item.date,
        "created_by": item.owner_id,
        "updated": last.date if last else item.date,
        "updated_by": last.from_id if last else item.owner_id,
        "is_closed": int(not item.open),
        "is_fixed": 0,
        "comments": len(comments),
    }


def video(item: Item, comments: int) -> Json:
    """A video of the community."""
    return {
        "id": item.id,
        "owner_id": item.owner_id,
        "title": item.title,
        "description": item.text,
        "duration": item.duration,
        "date": item.date,
        "comments": comments,
        "views": 312,
        "can_comment": int(item.open),
        "type": "video",
    }


def product(item: Item) -> Json:
    """A product of the community."""
    return {
        "id": item.id,
        "owner_id": item.owner_id,
        "title": item.title,
        "description": item.text,
        "date": item.date,
        "availability": 0,
        "price": {
            "amount": str(item.price * 100),
            "currency": {"id": 643, "name": "RUB", "title": "₽"},
            "text": f"{item.price} ₽",
        },
    }
