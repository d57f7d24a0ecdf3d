"""The JSON shapes of API 5.199 for posts, comments and what they hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smm_inbox.sandbox.vk.model import (
    BOARD,
    MARKET,
    PHOTO,
    VIDEO,
    WALL,
    Comment,
    Item,
    Json,
    Post,
)

if TYPE_CHECKING:
    from smm_inbox.sandbox.vk.state import State

OBJECT_KEYS = {
    WALL: ("post_id", "post_owner_id"),
    PHOTO: ("photo_id", "photo_owner_id"),
    VIDEO: ("video_id", "video_owner_id"),
    MARKET: ("item_id", "market_owner_id"),
    BOARD: ("topic_id", "topic_owner_id"),
}
"""What a comment event calls the thing it hangs on."""


def likes(count: int) -> Json:
    """A likes block."""
    return {"can_like": 1, "count": count, "user_likes": 0, "can_publish": 1}


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
