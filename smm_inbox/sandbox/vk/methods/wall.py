"""wall.*: reading posts, and opening and closing their comments."""

from __future__ import annotations

from smm_inbox.sandbox.vk import wall_shapes
from smm_inbox.sandbox.vk.errors import VkError
from smm_inbox.sandbox.vk.methods.registry import Context, method
from smm_inbox.sandbox.vk.model import Json, Post
from smm_inbox.sandbox.vk.params import Params
from smm_inbox.sandbox.vk.tokens import COMMUNITY_OR_USER, SERVICE_OR_USER


@method("wall.get", SERVICE_OR_USER)
def get(ctx: Context, p: Params) -> object:
    """A wall's posts, newest first; suggested ones only when asked for."""
    owner = p.number("owner_id")
    wanted = p.text("filter", "all")
    posts = [post for post in ctx.state.posts.values() if post.owner_id == owner]
    if wanted == "suggests":
        posts = [post for post in posts if post.post_type == "suggest"]
    else:
        posts = [post for post in posts if post.post_type != "suggest"]
    if wanted == "owner":
        posts = [post for post in posts if post.from_id == owner]
    if wanted == "others":
        posts = [post for post in posts if post.from_id != owner]
    posts.sort(key=lambda post: (post.date, post.id), reverse=True)
    start, end = p.page(20, 100)
    page = posts[start:end]
    out: Json = {
        "count": len(posts),
        "items": [wall_shapes.post(post, ctx.state) for post in page],
    }
    return out | _people(ctx, p, page)


@method("wall.getById", SERVICE_OR_USER)
def get_by_id(ctx: Context, p: Params) -> object:
    """Posts by `owner_id`; those that do not exist are left out."""
    found: list[Post] = []
    for word in p.words("posts"):
        owner, _, number = word.partition("_")
        if owner.lstrip("-").isdigit() and number.isdigit():
            post = ctx.state.posts.get((int(owner), int(number)))
            if post is not None:
                found.append(post)
    out: Json = {"items": [wall_shapes.post(post, ctx.state) for post in found]}
    return out | _people(ctx, p, found)


@method("wall.closeComments", COMMUNITY_OR_USER, "wall")
def close_comments(ctx: Context, p: Params) -> object:
    """Nobody may comment this post any more."""
    return _set_open(ctx, p, value=False)


@method("wall.openComments", COMMUNITY_OR_USER, "wall")
def open_comments(ctx: Context, p: Params) -> object:
    """Comments are welcome again."""
    return _set_open(ctx, p, value=True)


def _set_open(ctx: Context, p: Params, *, value: bool) -> int:
    post = ctx.state.posts.get((p.number("owner_id"), p.number("post_id")))
    if post is None:
        raise VkError(210)
    changed, post.open = post.open != value, value
    return int(changed)


def _people(ctx: Context, p: Params, posts: list[Post]) -> Json:
    if not p.flag("extended"):
        return {}
    ids = {post.from_id for post in posts} | {post.owner_id for post in posts}
    return {
        "profiles": ctx.state.profiles(ids, p.words("fields")),
        "groups": ctx.state.groups(ids),
    }
