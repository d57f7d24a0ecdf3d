"""GET requests: which node or edge is meant, and its page."""

from __future__ import annotations

from smm_inbox.sandbox.instagram import fields as selection
from smm_inbox.sandbox.instagram import state as world
from smm_inbox.sandbox.instagram.errors import GraphError
from smm_inbox.sandbox.instagram.model import DETAILED, Json
from smm_inbox.sandbox.instagram.shapes import Fields, Page, Shaper
from smm_inbox.sandbox.instagram.state import State

REFRESH_AGE = 86_400.0
"""A younger token is not refreshed."""
OURSELVES = frozenset({"me", world.USER_ID, world.APP_SCOPED_ID})
_OWN_EDGES = frozenset({"conversations", "media", "tags", "stories"})
_DEFAULT_LIMIT = 25


def name_of(state: State, path: list[str]) -> str:
    """What a GET asks for, as faults and the record of calls name it."""
    match path:
        case ["refresh_access_token"]:
            return "refresh"
        case [who] if who in OURSELVES:
            return "me"
        case [who, edge] if who in OURSELVES:
            return edge if edge in _OWN_EDGES else "unknown"
        case [_, edge]:
            return edge if edge in {"comments", "replies", "messages"} else "unknown"
        case [node] if node in state.people:
            return "profile"
        case [node] if node in state.media:
            return "media"
        case [node] if node in state.comments:
            return "comment"
        case [node] if state.talk_by_id(node) is not None:
            return "messages"
        case [_]:
            return "message"
        case _:
            return "unknown"


def answer(state: State, path: list[str], query: dict[str, str], token: str) -> Json:
    """The answer to a GET.

    Raises:
        GraphError: as Graph would.
    """
    if path == ["refresh_access_token"]:
        return _refresh(state, query, token)
    try:
        wanted = selection.parse(query.get("fields", ""))
    except selection.BadFields as error:
        raise GraphError("syntax", str(error)) from None
    shaper = Shaper(state, token)
    match path:
        case [who] if who in OURSELVES:
            return shaper.me(wanted)
        case [who, edge] if who in OURSELVES and edge in _OWN_EDGES:
            return _own_edge(state, shaper, edge, wanted, query)
        case [node]:
            return _node(state, shaper, node, wanted)
        case [node, edge]:
            return _edge(state, shaper, node, edge, wanted, query)
        case _:
            raise GraphError("path")


def _own_edge(
    state: State, shaper: Shaper, edge: str, wanted: Fields, query: dict[str, str]
) -> Json:
    page = _page(f"{world.USER_ID}/{edge}", query)
    match edge:
        case "conversations":
            talks = sorted(state.talks.values(), key=lambda talk: talk.updated, reverse=True)
            talks = [talk for talk in talks if talk.visible(state.now())]
            if "user_id" in query:
                talks = [talk for talk in talks if talk.person_id == query["user_id"]]
            return shaper.edge(talks, lambda t: t.id, lambda t: shaper.talk(t, wanted), page)
        case "media":
            media = state.own_media()
            return shaper.edge(media, lambda m: m.id, lambda m: shaper.media(m, wanted), page)
        case "stories":
            live = [item for item in state.own_media("STORY") if state.now() - item.at < 86_400]
            return shaper.edge(live, lambda m: m.id, lambda m: shaper.media(m, wanted), page)
        case _:
            tags = sorted(state.tags, key=lambda tag: tag.at, reverse=True)
            page = _page(f"{world.USER_ID}/tags", query, has_next=False)
            return shaper.edge(tags, lambda t: t.id, lambda t: shaper.tag(t, wanted), page)


def _node(state: State, shaper: Shaper, node: str, wanted: Fields) -> Json:
    if node in state.people:
        return shaper.profile(state.people[node], wanted)
    if node in state.media:
        return shaper.media(state.media[node], wanted)
    comment = state.comments.get(node)
    if comment is not None and not comment.deleted:
        return shaper.comment(comment, wanted)
    talk = state.talk_by_id(node)
    if talk is not None:
        return shaper.talk(talk, wanted)
    found = state.message_by_id(node)
    if found is not None:
        talk, message = found
        if message.unsent or message not in talk.visible(state.now())[:DETAILED]:
            raise GraphError("deleted")
        return shaper.message(message, wanted)
    raise GraphError("not_found")


def _edge(
    state: State, shaper: Shaper, node: str, edge: str, wanted: Fields, query: dict[str, str]
) -> Json:
    if edge == "comments" and node in state.media:
        page = _page(f"{node}/comments", query, largest=50)
        return shaper.comments(state.media[node], wanted, page)
    comment = state.comments.get(node)
    if edge == "replies" and comment is not None and not comment.deleted:
        return shaper.replies(comment, wanted, _page(f"{node}/replies", query, largest=50))
    talk = state.talk_by_id(node)
    if edge == "messages" and talk is not None:
        return shaper.messages(talk, wanted, _page(f"{node}/messages", query))
    if edge in {"comments", "replies", "messages"}:
        raise GraphError("not_found")
    raise GraphError("path")


def _page(path: str, query: dict[str, str], *, largest: int = 100, has_next: bool = True) -> Page:
    limit = query.get("limit", "")
    return Page(
        path,
        int(limit) if limit.isdigit() else _DEFAULT_LIMIT,
        query.get("after", ""),
        query.get("access_token", ""),
        largest,
        has_next,
    )


def _refresh(state: State, query: dict[str, str], value: str) -> Json:
    token = state.check_token(value)
    if query.get("grant_type") != "ig_refresh_token":
        raise GraphError("path")
    if state.now() - token.issued_at < REFRESH_AGE or not state.refreshable:
        raise GraphError("not_refreshable")
    fresh = state.issue(f"{value.split('.', maxsplit=1)[0]}.{state.number()}", age=0)
    return {
        "access_token": fresh.value,
        "token_type": "bearer",
        "expires_in": int(fresh.expires_at - state.now()),
    }
