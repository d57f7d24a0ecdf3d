"""newsfeed.*: mentions of the community on walls that are not its own."""

from __future__ import annotations

from smm_inbox.sandbox.vk import wall_shapes
from smm_inbox.sandbox.vk.methods.registry import Context, method
from smm_inbox.sandbox.vk.model import Json, Post
from smm_inbox.sandbox.vk.params import Params
from smm_inbox.sandbox.vk.tokens import SERVICE_OR_USER, USER_ONLY


@method("newsfeed.getMentions", USER_ONLY)
def get_mentions(ctx: Context, p: Params) -> object:
    """Posts that link to the community, of the last day unless told otherwise."""
    state = ctx.state
    if p.number("owner_id", ctx.token.user_id) != state.owner:
        return {"count": 0, "items": []}
    first = p.number("start_time", state.now() - 24 * 3600)
    last = p.number("end_time", state.now())
    found = [
        post for post in _foreign(ctx, f"[club{state.group.id}|") if first <= post.date <= last
    ]
    start, end = p.page(20, 50)
    return {"count": len(found), "items": [wall_shapes.mention(post) for post in found[start:end]]}


@method("newsfeed.search", SERVICE_OR_USER)
def search(ctx: Context, p: Params) -> object:
    """Public posts that contain the words."""
    found = _foreign(ctx, p.text("q"))
    found = [post for post in found if post.date >= p.number("start_time", 0)]
    start, end = p.page(30, 200)
    page = found[start:end]
    out: Json = {
        "items": [wall_shapes.mention(post) for post in page],
        "count": len(found),
        "total_count": len(found),
    }
    if p.flag("extended"):
        ids = {post.from_id for post in page}
        out |= {
            "profiles": ctx.state.profiles(ids, p.words("fields")),
            "groups": ctx.state.groups(ids),
        }
    return out


def _foreign(ctx: Context, words: str) -> list[Post]:
    found = [
        post
        for post in ctx.state.posts.values()
        if post.owner_id != ctx.state.owner and words.casefold() in post.text.casefold()
    ]
    return sorted(found, key=lambda post: post.date, reverse=True)
