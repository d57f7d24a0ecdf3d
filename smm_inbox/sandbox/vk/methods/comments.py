"""Comments of every kind: wall, photos, videos, goods, discussion topics."""

from __future__ import annotations

from collections.abc import Callable

from smm_inbox.sandbox.vk import traffic, wall_shapes
from smm_inbox.sandbox.vk.errors import VkError, invalid
from smm_inbox.sandbox.vk.methods.registry import Context, Handler, method
from smm_inbox.sandbox.vk.model import (
    BOARD,
    MARKET,
    PHOTO,
    VIDEO,
    WALL,
    Comment,
    Delivery,
    Json,
)
from smm_inbox.sandbox.vk.params import Params
from smm_inbox.sandbox.vk.tokens import (
    COMMUNITY_OR_USER,
    SERVICE_OR_USER,
    USER_ONLY,
    TokenKind,
)

MAX_TEXT = 16_384
OBJECT_PARAM = {
    WALL: "post_id",
    PHOTO: "photo_id",
    VIDEO: "video_id",
    MARKET: "item_id",
    BOARD: "topic_id",
}
CLOSED = {WALL: 213, PHOTO: 7, VIDEO: 801, MARKET: 1401, BOARD: 7}
"""Error code of each kind when comments are closed."""


@method("wall.getComments", SERVICE_OR_USER)
def wall_get_comments(ctx: Context, p: Params) -> object:
    """Root comments with the beginnings of their threads, or one thread by comment_id."""
    owner, post_id = p.number("owner_id"), p.number("post_id")
    if (owner, post_id) not in ctx.state.posts:
        raise VkError(212)
    everything = ctx.state.comments_of(WALL, owner, post_id)
    root = p.number("comment_id", 0)
    level = [
        comment
        for comment in everything
        if (root in comment.parents and not comment.deleted if root else not comment.parents)
    ]
    if p.text("sort") == "desc":
        level.reverse()
    start, end = p.page(10, 100)
    page = _from_start(level, p)[start:end]
    with_likes = p.flag("need_likes")
    threads = min(p.number("thread_items_count", 0), 10)
    items: list[Json] = []
    people = {comment.from_id for comment in page}
    for comment in page:
        shape = wall_shapes.comment(comment, with_likes=with_likes)
        if not root:
            replies = [c for c in everything if comment.id in c.parents and not c.deleted]
            people |= {reply.from_id for reply in replies[:threads]}
            shape["thread"] = {
                "count": len(replies),
                "items": [wall_shapes.comment(c, with_likes=with_likes) for c in replies[:threads]],
                "can_post": True,
                "show_reply_button": True,
                "groups_can_post": True,
            }
        items.append(shape)
    living = sum(not comment.deleted for comment in everything)
    out: Json = {"count": len(level) if root else living, "items": items}
    out |= _people(ctx, p, people)
    out |= {"current_level_count": len(level), "can_post": True}
    return out if root else out | {"groups_can_post": True}


@method("wall.getComment", USER_ONLY)
def wall_get_comment(ctx: Context, p: Params) -> object:
    """One wall comment."""
    comment = _find(ctx, p, WALL)
    out: Json = {"items": [wall_shapes.comment(comment, with_likes=True)]}
    return out | _people(ctx, p, {comment.from_id}) | {"can_post": True}


@method("wall.createComment", COMMUNITY_OR_USER, "wall")
def wall_create_comment(ctx: Context, p: Params) -> object:
    """A comment; from_group is the community's id, not a flag."""
    as_group = ctx.token.kind is TokenKind.COMMUNITY or p.number("from_group", 0) > 0
    comment = _create(ctx, p, WALL, as_group=as_group)
    return {"comment_id": comment.id, "parents_stack": comment.parents}


@method("photos.getAllComments", USER_ONLY)
def photos_get_all_comments(ctx: Context, p: Params) -> object:
    """Comments under every photo of an owner, newest first, each naming its photo."""
    owner = p.number("owner_id", ctx.token.user_id)
    found = [
        comment
        for comment in ctx.state.comments.values()
        if comment.kind == PHOTO and comment.owner_id == owner and not comment.deleted
    ][::-1]
    start, end = p.page(20, 100)
    items = [
        {**wall_shapes.comment(c, with_likes=p.flag("need_likes")), "pid": c.object_id}
        for c in found[start:end]
    ]
    return {"count": len(found), "items": items}


def _from_start(comments: list[Comment], p: Params) -> list[Comment]:
    """The list from the comment ``start_comment_id`` on, when one is named."""
    wanted = p.number("start_comment_id", 0)
    numbers = [comment.id for comment in comments]
    return comments[numbers.index(wanted) :] if wanted in numbers else comments


def _reader(kind: str) -> Handler:
    def get_comments(ctx: Context, p: Params) -> object:
        owner = _owner(ctx, p, kind)
        object_id = p.number(OBJECT_PARAM[kind])
        if (kind, owner, object_id) not in ctx.state.items:
            raise VkError(100 if kind == BOARD else 15)
        found = [c for c in ctx.state.comments_of(kind, owner, object_id) if not c.deleted]
        if p.text("sort") == "desc":
            found.reverse()
        start, end = p.page(20, 100)
        page = _from_start(found, p)[start:end]
        shown = [wall_shapes.comment(c, with_likes=p.flag("need_likes")) for c in page]
        out: Json = {"count": len(found)}
        if kind == PHOTO:
            out["real_offset"] = start
        out["items"] = shown
        out |= _people(ctx, p, {comment.from_id for comment in page})
        if kind == VIDEO:
            out |= {"current_level_count": len(found), "can_post": True}
        if kind == BOARD:
            out["real_offset"] = start
        return out

    return get_comments


def _creator(kind: str) -> Handler:
    def create_comment(ctx: Context, p: Params) -> object:
        return _create(ctx, p, kind, as_group=p.flag("from_group")).id

    return create_comment


def _editor(kind: str) -> Handler:
    def edit_comment(ctx: Context, p: Params) -> object:
        comment = _find(ctx, p, kind)
        if comment.from_id not in {ctx.state.owner, ctx.token.user_id}:
            raise VkError(211 if kind == WALL else 15)
        text = p.text("message")
        words = p.words("attachments")
        if not text and not words:
            raise invalid("message is empty or invalid")
        traffic.edit_comment(ctx.state, comment, text, ctx.state.attached(words))
        return 1

    return edit_comment


def _remover(kind: str) -> Handler:
    def delete_comment(ctx: Context, p: Params) -> object:
        key = (kind, _owner(ctx, p, kind), p.number("comment_id"))
        known = ctx.state.comments.get(key)
        if kind in {PHOTO, MARKET} and (known is None or known.deleted):
            return 0  # these two say so instead of failing
        comment = _find(ctx, p, kind)
        traffic.delete_comment(ctx.state, comment, ctx.actor)
        return 1

    return delete_comment


def _restorer(kind: str) -> Handler:
    def restore_comment(ctx: Context, p: Params) -> object:
        comment = _find(ctx, p, kind, deleted=True)
        if not comment.deleted:
            return 0
        traffic.restore_comment(ctx.state, comment)
        return 1

    return restore_comment


def _register() -> None:
    """The five sections differ in names and tokens only."""
    sections = {WALL: "wall", PHOTO: "photos", VIDEO: "video", MARKET: "market", BOARD: "board"}
    makers: dict[str, Callable[[str], Handler]] = {
        "getComments": _reader,
        "createComment": _creator,
        "editComment": _editor,
        "deleteComment": _remover,
        "restoreComment": _restorer,
    }
    for kind, section in sections.items():
        for action, make in makers.items():
            if kind == WALL and action in {"getComments", "createComment"}:
                continue
            kinds, scope = USER_ONLY, ""
            if kind == BOARD and action == "getComments":
                kinds = SERVICE_OR_USER
            if kind == BOARD and action in {"deleteComment", "restoreComment"}:
                kinds, scope = COMMUNITY_OR_USER, "wall"
            method(f"{section}.{action}", kinds, scope)(make(kind))


def _create(ctx: Context, p: Params, kind: str, *, as_group: bool) -> Comment:
    state = ctx.state
    owner, object_id = _owner(ctx, p, kind), p.number(OBJECT_PARAM[kind])
    guid = p.text("guid")
    known = state.repeated(kind, owner, object_id, guid) if guid else None
    if known is not None:
        return state.comments[kind, owner, known]
    where = state.posts.get((owner, object_id)) if kind == WALL else None
    thing = where or state.items.get((kind, owner, object_id))
    if thing is None or not thing.open:
        raise VkError(CLOSED[kind] if thing else 100)
    text, words = p.text("message"), p.words("attachments")
    if not text and not words:
        raise invalid("message is empty or invalid")
    if len(text) > MAX_TEXT:
        raise invalid("message is too long")
    target = None
    if kind != BOARD and p.has("reply_to_comment"):
        target = state.comments.get((kind, owner, p.number("reply_to_comment")))
        if target is None or target.object_id != object_id:
            raise invalid("reply_to_comment is invalid")
    comment = traffic.put_comment(
        state,
        kind,
        object_id,
        state.owner if as_group else ctx.token.user_id,
        text,
        reply_to=target,
        attachments=state.attached(words),
        owner_id=owner,
    )
    if guid:
        state.remember(comment.id, kind, owner, object_id, guid)
    if as_group:
        reply_to = target.id if target else 0
        state.delivered(Delivery(kind, object_id, comment.id, text, guid, reply_to, tuple(words)))
    return comment


def _owner(ctx: Context, p: Params, kind: str) -> int:
    if kind == BOARD:
        return -p.number("group_id")
    return p.number("owner_id", ctx.state.owner)


def _find(ctx: Context, p: Params, kind: str, *, deleted: bool = False) -> Comment:
    comment = ctx.state.comments.get((kind, _owner(ctx, p, kind), p.number("comment_id")))
    if comment is None or (comment.deleted and not deleted):
        raise VkError(211 if kind == WALL else 104)
    return comment


def _people(ctx: Context, p: Params, ids: set[int]) -> Json:
    if not p.flag("extended"):
        return {}
    return {
        "profiles": ctx.state.profiles(ids, p.words("fields")),
        "groups": ctx.state.groups(ids),
    }


_register()
