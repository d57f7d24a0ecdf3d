"""What can happen in the network: a message or comment comes, changes, goes, with its event."""

from __future__ import annotations

from collections.abc import Sequence

from smm_inbox.sandbox.vk import shapes, wall_shapes
from smm_inbox.sandbox.vk.model import BOARD, WALL, Comment, Json, Message, Post
from smm_inbox.sandbox.vk.state import State

_EVENT = {
    "wall": "wall_reply",
    "photo": "photo_comment",
    "video": "video_comment",
    "market": "market_comment",
    "board": "board_post",
}


def put_message(
    state: State,
    peer_id: int,
    from_id: int,
    text: str,
    *,
    attachments: Sequence[Json] = (),
    reply_to: int = 0,
    forwards: Sequence[Json] = (),
    random_id: int = 0,
    admin_author_id: int = 0,
    extra: Json | None = None,
    at: float | None = None,
) -> Message:
    """Put a message into a conversation and queue its event."""
    dialog = state.dialog(peer_id)
    item = Message(
        peer_id=peer_id,
        cmid=len(dialog.messages) + 1,
        id=state.message_id(),
        from_id=from_id,
        date=int(at) if at is not None else state.now(),
        text=text,
        attachments=list(attachments),
        reply_to=reply_to,
        forwards=list(forwards),
        random_id=random_id,
        admin_author_id=admin_author_id,
        extra=dict(extra or {}),
    )
    dialog.messages.append(item)
    state.messages[item.id] = item
    dialog.answered = item.out
    shape = shapes.message(item, dialog)
    if item.out:
        dialog.in_read = item.cmid
        state.events.publish("message_reply", shape)
    else:
        if person := state.users.get(from_id):
            person.allowed = True
        state.events.publish("message_new", {"message": shape, "client_info": shapes.CLIENT_INFO})
    return item


def edit_message(
    state: State, item: Message, text: str, attachments: Sequence[Json] | None = None
) -> None:
    """Change a message, whoever wrote it."""
    item.text = text
    if attachments is not None:
        item.attachments = list(attachments)
    item.update_time = state.now()
    state.events.publish("message_edit", shapes.message(item, state.dialog(item.peer_id)))


def put_comment(
    state: State,
    kind: str,
    object_id: int,
    from_id: int,
    text: str,
    *,
    reply_to: Comment | None = None,
    attachments: Sequence[Json] = (),
    owner_id: int | None = None,
    likes: int = 0,
    at: float | None = None,
) -> Comment:
    """Put a comment under something and queue its event; replies go into the root's thread."""
    parents: list[int] = []
    if reply_to is not None and kind == WALL:
        parents = reply_to.parents or [reply_to.id]
    quoted = reply_to if kind != BOARD else None
    owner = state.owner if owner_id is None else owner_id
    item = Comment(
        kind=kind,
        owner_id=owner,
        object_id=object_id,
        id=state.comment_id(kind),
        from_id=from_id,
        date=int(at) if at is not None else state.now(),
        text=text,
        attachments=list(attachments),
        parents=parents,
        reply_to_user=quoted.from_id if quoted else 0,
        reply_to_comment=quoted.id if quoted else 0,
        likes=likes,
    )
    state.comments[kind, owner, item.id] = item
    event = wall_shapes.comment_event(item)
    if kind == WALL and from_id > 0:
        event["likes"] = wall_shapes.likes(likes)
    _tell(state, item, "new", event)
    return item


def edit_comment(
    state: State, item: Comment, text: str, attachments: Sequence[Json] | None = None
) -> None:
    """Change a comment."""
    item.text = text
    if attachments is not None:
        item.attachments = list(attachments)
    _tell(state, item, "edit", wall_shapes.comment_event(item))


def delete_comment(state: State, item: Comment, deleter: int) -> None:
    """Take a comment away; VK keeps it for a restore."""
    item.deleted = True
    _tell(state, item, "delete", wall_shapes.comment_gone(item, deleter))


def restore_comment(state: State, item: Comment) -> None:
    """Bring a deleted comment back."""
    item.deleted = False
    _tell(state, item, "restore", wall_shapes.comment_event(item))


def put_post(state: State, post: Post) -> Post:
    """Put a post on a wall; only our own wall and reposts of our posts make events."""
    state.posts[post.owner_id, post.id] = post
    if post.repost_of:
        original = state.posts.get(post.repost_of)
        if original and original.owner_id == state.owner:
            original.reposts += 1
            state.events.publish("wall_repost", wall_shapes.post(post, state))
    elif post.owner_id == state.owner:
        brief = post.from_id > 0
        state.events.publish("wall_post_new", wall_shapes.post(post, state, brief=brief))
    return post


def _tell(state: State, item: Comment, what: str, event: Json) -> None:
    """Only comments on what belongs to the community reach its queue."""
    if item.owner_id == state.owner:
        state.events.publish(f"{_EVENT[item.kind]}_{what}", event)
