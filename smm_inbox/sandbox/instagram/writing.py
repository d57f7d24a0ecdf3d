"""POST and DELETE: messages, private replies, comment replies, hiding, deleting, reactions."""

from __future__ import annotations

from smm_inbox.sandbox.instagram import state as world
from smm_inbox.sandbox.instagram.errors import GraphError
from smm_inbox.sandbox.instagram.model import AGENT_WINDOW, WINDOW, Comment, Json, Message, Person
from smm_inbox.sandbox.instagram.reading import OURSELVES
from smm_inbox.sandbox.instagram.state import State

MAX_BYTES = 1000
"""Longest text of a message, in bytes of UTF-8."""
_ACTIONS = {"react", "unreact", "mark_seen", "typing_on", "typing_off"}
_EMOJI = {"love": "❤️"}


def name_of(method: str, path: list[str], body: Json) -> str:
    """What a POST or DELETE does, as faults and the record of calls name it."""
    match method, path:
        case "POST", [_, "messages"]:
            return "act" if "sender_action" in body else "send"
        case "POST", [_, "replies"]:
            return "reply"
        case "POST", [_, "mentions"]:
            return "mention"
        case "POST", [_, "subscribed_apps"]:
            return "subscribe"
        case "POST", [_]:
            return "comments_switch" if "comment_enabled" in body else "hide"
        case "DELETE", [_]:
            return "delete"
        case _:
            return "unknown"


def act(state: State, method: str, path: list[str], body: Json) -> Json:
    """Carry out a POST or DELETE.

    Raises:
        GraphError: as Graph would.
    """
    match method, path:
        case "POST", [who, "messages"] if who in OURSELVES:
            return _message(state, body)
        case "POST", [node, "replies"]:
            return _reply(state, _comment(state, node), _text(body.get("message")))
        case "POST", [who, "mentions"] if who in OURSELVES:
            return _mention(state, body)
        case "POST", [who, "subscribed_apps"] if who in OURSELVES:
            return {"success": True}
        case "POST", [node] if node in state.media:
            state.media[node].commentable = str(body.get("comment_enabled")).lower() == "true"
            return {"success": True}
        case "POST", [node]:
            return _hide(state, _comment(state, node), str(body.get("hide", "")).lower() == "true")
        case "DELETE", [node]:
            comment = _comment(state, node)
            comment.deleted = True
            for reply in state.comments_of(comment.media_id, comment.id):
                reply.deleted = True
            state.deliver("delete", node, node)
            return {"success": True}
        case _:
            raise GraphError("path")


def _message(state: State, body: Json) -> Json:
    recipient = body.get("recipient")
    recipient = recipient if isinstance(recipient, dict) else {}
    if "sender_action" in body:
        return _action(state, str(recipient.get("id", "")), body)
    content = body.get("message")
    text = _text(content.get("text") if isinstance(content, dict) else None)
    if len(text.encode()) > MAX_BYTES:
        raise GraphError("bad_message", f"Length of param message[text] must be <= {MAX_BYTES}")
    if "comment_id" in recipient:
        return _private_reply(state, str(recipient["comment_id"]), text)
    person = state.people.get(str(recipient.get("id", "")))
    if person is None:
        raise GraphError("nobody")
    _check_window(state, person, body.get("tag"))
    message = _put(state, person, text)
    state.deliver("message", person.id, message.id, text)
    return {"recipient_id": person.id, "message_id": message.id}


def _check_window(state: State, person: Person, tag: object) -> None:
    if person.blocked:
        raise GraphError("unavailable")
    if not state.live_app:
        raise GraphError("window")
    heard = state.talks[person.id].heard_at if person.id in state.talks else None
    passed = None if heard is None else state.now() - heard
    if tag == "HUMAN_AGENT":
        if not state.human_agent:
            raise GraphError("human_agent")
        if passed is None or passed > AGENT_WINDOW:
            raise GraphError("window")
    elif passed is None or passed > WINDOW:
        raise GraphError("window")


def _private_reply(state: State, comment_id: str, text: str) -> Json:
    comment = state.comments.get(comment_id)
    late = comment is not None and state.now() - comment.at > AGENT_WINDOW
    if comment is None or comment.deleted or comment.answered_privately or late:
        raise GraphError("private_reply")
    person = state.people.get(comment.from_id)
    if person is None:
        raise GraphError("private_reply")
    comment.answered_privately = True
    message = _put(state, person, text)
    state.deliver("private_reply", comment_id, message.id, text)
    return {"recipient_id": person.id, "message_id": message.id}


def _put(state: State, person: Person, text: str) -> Message:
    talk = state.talk_with(person.id)
    message = Message(state.opaque("item"), world.USER_ID, person.id, text, state.now())
    message.shown_at = message.at + state.late
    talk.messages.append(message)
    talk.updated = message.at
    return message


def _action(state: State, person_id: str, body: Json) -> Json:
    action = str(body["sender_action"])
    if action not in _ACTIONS:
        raise GraphError("bad_message")
    if person_id not in state.people:
        raise GraphError("nobody")
    payload = body.get("payload")
    payload = payload if isinstance(payload, dict) else {}
    if action in {"react", "unreact"}:
        found = state.message_by_id(str(payload.get("message_id", "")))
        if found is None:
            raise GraphError("bad_message")
        if action == "react":
            emoji = _EMOJI.get(str(payload.get("reaction")), "👍")
            found[1].reactions[world.USER_ID] = emoji
        else:
            found[1].reactions.pop(world.USER_ID, None)
        state.deliver(action, person_id, found[1].id)
    return {"recipient_id": person_id}


def _reply(state: State, comment: Comment, text: str) -> Json:
    if comment.hidden:
        raise GraphError("hidden")
    if not state.media[comment.media_id].commentable:
        raise GraphError("permission")
    mine = Comment(
        state.number(),
        comment.media_id,
        world.USER_ID,
        text,
        state.now(),
        parent_id=comment.parent_id or comment.id,
        shown_at=state.now() + state.late,
    )
    state.comments[mine.id] = mine
    state.deliver("reply", comment.id, mine.id, text)
    return {"id": mine.id}


def _mention(state: State, body: Json) -> Json:
    text = _text(body.get("message"))
    target = str(body.get("comment_id") or body.get("media_id") or "")
    if not target or any(tag.id == target for tag in state.tags):
        raise GraphError("not_found")
    number = state.number()
    state.deliver("mention", target, number, text)
    return {"id": number}


def _hide(state: State, comment: Comment, hidden: bool) -> Json:
    if comment.from_id != world.USER_ID:  # the owner's own comments stay visible
        comment.hidden = hidden
    state.deliver("hide" if hidden else "unhide", comment.id, comment.id)
    return {"success": True}


def _comment(state: State, comment_id: str) -> Comment:
    comment = state.comments.get(comment_id)
    if comment is None or comment.deleted:
        raise GraphError("not_found")
    return comment


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise GraphError("bad_message")
    return value
