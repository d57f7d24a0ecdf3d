"""The JSON shapes of API 5.199 for everything the sandbox knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from smm_inbox.sandbox.vk.model import (
    CHAT_BASE,
    Dialog,
    Group,
    Json,
    Message,
    User,
)

if TYPE_CHECKING:
    pass

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
    if chat:
        members = {item.from_id for item in dialog.messages}
        out["chat_settings"] = {
            "title": dialog.title,
            "members_count": len(members),
            "state": "in",
            "active_ids": sorted(members),
        }
    if unread:
        out["unread_count"] = unread
    if not dialog.answered:
        out["unanswered"] = True
    return out
