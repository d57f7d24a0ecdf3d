"""The JSON control API: another process directs the sandbox and reads what it received."""

from __future__ import annotations

from dataclasses import asdict

from smm_inbox.sandbox.instagram.customers import Customers
from smm_inbox.sandbox.instagram.model import Comment, Json, Media, Message, Tag

_ACTIONS = frozenset(
    {
        "add_person",
        "customer_writes",
        "replies_to_story",
        "mentions_in_story",
        "owner_writes",
        "publish",
        "tags_us",
        "kill_token",
        "revive_token",
    }
)
_ON_MESSAGE = frozenset({"edits", "unsends", "reacts"})
_ON_MEDIA = frozenset({"comments"})
_ON_COMMENT = frozenset({"owner_comments", "deletes_comment"})
_SWITCHES = frozenset(
    {"human_agent", "live_app", "usage", "regain_minutes", "dm_rate", "refreshable"}
)


def control(customers: Customers, method: str, name: str, body: object) -> Json:
    """Run one control request; mistakes come back as `{"error": …}`."""
    if not isinstance(body, dict):
        return {"error": "the body must be a JSON object"}
    try:
        if method == "GET":
            return _read(customers, name)
        return _act(customers, name, {str(key): value for key, value in body.items()})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


def snapshot(customers: Customers) -> Json:
    """Everything that exists, for a test to hold against the client's database."""
    state = customers.state
    with state.lock:
        return {
            "messages": [
                asdict(message) for talk in state.talks.values() for message in talk.messages
            ],
            "comments": [asdict(comment) for comment in state.comments.values()],
            "media": [asdict(item) for item in state.media.values()],
            "tags": [asdict(tag) for tag in state.tags],
            "sent": [asdict(item) for item in state.sent],
        }


def _read(customers: Customers, name: str) -> Json:
    match name:
        case "sent":
            return {"sent": [asdict(item) for item in customers.sent]}
        case "calls":
            return {"calls": [asdict(item) for item in customers.calls]}
        case "state":
            return snapshot(customers)
        case _:
            return {"error": f"nothing to read under {name!r}"}


def _act(customers: Customers, name: str, body: dict[str, object]) -> Json:
    state = customers.state
    if name == "faults/add":
        customers.faults.add(**body)  # type: ignore[arg-type]
        return {"ok": True}
    if name == "faults/clear":
        customers.faults.clear()
        return {"ok": True}
    if name == "switch":
        for key, value in body.items():
            if key not in _SWITCHES:
                raise KeyError(key)
            setattr(state, key, value)
        return {"ok": True}
    if name in _ON_MESSAGE:
        found = state.message_by_id(str(body.pop("message")))
        if found is None:
            raise KeyError("message")
        return _told(getattr(customers, name)(found[1], **body))
    if name in _ON_MEDIA:
        reply_to = body.pop("reply_to", None)
        target = None if reply_to is None else state.comments[str(reply_to)]
        media = state.media[str(body.pop("media"))]
        return _told(customers.comments(media, reply_to=target, **body))  # type: ignore[arg-type]
    if name in _ON_COMMENT:
        comment = state.comments[str(body.pop("comment"))]
        return _told(getattr(customers, name)(comment, **body))
    if name in _ACTIONS:
        return _told(getattr(customers, name)(**body))
    return {"error": f"no such action {name!r}"}


def _told(result: object) -> Json:
    if isinstance(result, Message | Comment | Media | Tag):
        return {"ok": True, "result": asdict(result)}
    return {"ok": True, "result": result}
