"""The JSON control API: another process directs the sandbox and reads what it received."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from smm_inbox.sandbox.vk.customers import Customers
from smm_inbox.sandbox.vk.model import Comment, Json, Message, Post

ACTIONS = [
    "customer_writes",
    "chat_message",
    "customer_reads",
    "customer_types",
    "customer_allows",
    "customer_denies",
    "admin_replies",
    "comment_on",
    "customer_comments",
    "photo_comment",
    "video_comment",
    "product_comment",
    "topic_comment",
    "admin_comments",
    "publish_post",
    "suggest_post",
    "visitor_post",
    "repost",
    "mention_elsewhere",
    "revoke_token",
    "restore_token",
    "expire_key",
    "forget_events",
    "restart_long_poll",
    "redeliver",
    "event",
]
"""Script calls taken as they are; the body's keys are their parameters."""
_ON_MESSAGE = {"customer_edits": "customer_edits", "customer_deletes": "customer_deletes"}
_ON_COMMENT = {"customer_edits_comment", "delete_comment", "restore_comment"}


def control(customers: Customers, method: str, name: str, body: object) -> Json:
    """Run one control request; mistakes come back as `{"error": …}`."""
    if not isinstance(body, dict):
        return {"error": "the body must be a JSON object"}
    try:
        if method == "GET":
            return _read(customers, name)
        return _act(customers, name, {str(key): value for key, value in body.items()})
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


def _read(customers: Customers, name: str) -> Json:
    state = customers.state
    with state.lock:
        match name:
            case "sent":
                return {"sent": [asdict(item) for item in state.sent]}
            case "calls":
                return {"calls": [asdict(item) for item in state.calls]}
            case "state":
                return snapshot(customers)
            case _:
                return {"error": f"nothing to read under {name!r}"}


def snapshot(customers: Customers) -> Json:
    """Everything that exists, for a test to hold against the client's database."""
    state = customers.state
    with state.lock:
        return {
            "ts": state.events.ts,
            "published": state.events.published,
            "messages": [
                asdict(item) for dialog in state.dialogs.values() for item in dialog.messages
            ],
            "comments": [asdict(item) for item in state.comments.values()],
            "posts": [asdict(item) for item in state.posts.values()],
            "sent": [asdict(item) for item in state.sent],
        }


def _act(customers: Customers, name: str, body: dict[str, object]) -> Json:
    if name == "faults/add":
        _call(customers.faults.add, body)
        return {"ok": True}
    if name == "faults/clear":
        customers.faults.clear()
        return {"ok": True}
    if name in _ON_MESSAGE:
        peer, cmid = body.pop("peer_id"), body.pop("cmid")
        with customers.state.lock:
            message = customers.state.dialogs[_number(peer)].messages[_number(cmid) - 1]
        return _told(_call(getattr(customers, name), {"message": message, **body}))
    if name in _ON_COMMENT:
        kind, number = str(body.pop("kind", "wall")), _number(body.pop("comment_id"))
        with customers.state.lock:
            comment = customers.state.comments[kind, customers.state.owner, number]
        return _told(_call(getattr(customers, name), {"comment": comment, **body}))
    if name in ACTIONS:
        return _told(_call(getattr(customers, name), body))
    return {"error": f"no such action {name!r}"}


def _call(action: Callable[..., object], body: dict[str, object]) -> object:
    return action(**body)


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is not a number")
    return value


def _told(result: object) -> Json:
    if isinstance(result, Message | Comment | Post):
        return {"ok": True, "result": asdict(result)}
    return {"ok": True}
