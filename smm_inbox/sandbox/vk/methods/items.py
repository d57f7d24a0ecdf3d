"""photos.getById, video.get, market.getById, board.getTopics: what comments hang on."""

from __future__ import annotations

from smm_inbox.sandbox.vk import wall_shapes
from smm_inbox.sandbox.vk.methods.registry import Context, method
from smm_inbox.sandbox.vk.model import BOARD, MARKET, PHOTO, VIDEO, Item, Json
from smm_inbox.sandbox.vk.params import Params
from smm_inbox.sandbox.vk.tokens import SERVICE_OR_USER, USER_ONLY


@method("photos.getById", SERVICE_OR_USER)
def photos_get_by_id(ctx: Context, p: Params) -> object:
    """Photos by `owner_id`, a bare list."""
    photos: list[Json] = []
    for item in _named(ctx, p.words("photos"), PHOTO):
        photo = ctx.state.media.photo_object(item.owner_id, item.id, item.text)
        photos.append({**photo, "date": item.date})
    return photos


@method("video.get", USER_ONLY)
def video_get(ctx: Context, p: Params) -> object:
    """Videos by `owner_id`, or all of an owner."""
    found = _named(ctx, p.words("videos"), VIDEO)
    if not p.has("videos"):
        found = _owned(ctx, p, VIDEO, p.number("owner_id"))
    items = [wall_shapes.video(item, _comments(ctx, item)) for item in found]
    return {"count": len(items), "items": items, "profiles": [], "groups": []}


@method("market.getById", USER_ONLY)
def market_get_by_id(ctx: Context, p: Params) -> object:
    """Products by `owner_id`."""
    found = _named(ctx, p.words("item_ids"), MARKET)
    return {"count": len(found), "items": [wall_shapes.product(item) for item in found]}


@method("market.get", USER_ONLY)
def market_get(ctx: Context, p: Params) -> object:
    """All products of an owner."""
    found = _owned(ctx, p, MARKET, p.number("owner_id"))
    return {"count": len(found), "items": [wall_shapes.product(item) for item in found]}


@method("board.getTopics", SERVICE_OR_USER)
def board_get_topics(ctx: Context, p: Params) -> object:
    """Discussion topics of the community."""
    found = _owned(ctx, p, BOARD, -p.number("group_id"))
    items: list[Json] = []
    for item in found:
        comments = ctx.state.comments_of(BOARD, item.owner_id, item.id)
        items.append(wall_shapes.topic(item, [c for c in comments if not c.deleted]))
    out: Json = {"count": len(items), "items": items, "default_order": 1, "can_add_topics": 1}
    if p.flag("extended"):
        out |= {"profiles": [], "groups": ctx.state.groups({ctx.state.owner})}
    return out


def _named(ctx: Context, words: list[str], kind: str) -> list[Item]:
    found: list[Item] = []
    for word in words:
        owner, _, rest = word.partition("_")
        number = rest.partition("_")[0]
        if owner.lstrip("-").isdigit() and number.isdigit():
            item = ctx.state.items.get((kind, int(owner), int(number)))
            if item is not None:
                found.append(item)
    return found


def _owned(ctx: Context, p: Params, kind: str, owner: int) -> list[Item]:
    found = [i for i in ctx.state.items.values() if i.kind == kind and i.owner_id == owner]
    start, end = p.page(40, 200)
    return found[start:end]


def _comments(ctx: Context, item: Item) -> int:
    found = ctx.state.comments_of(item.kind, item.owner_id, item.id)
    return sum(not comment.deleted for comment in found)
