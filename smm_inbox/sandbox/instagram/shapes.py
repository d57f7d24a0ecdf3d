"""Nodes as JSON: only the fields that were asked for and that have data."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from smm_inbox.sandbox.instagram import state as world
from smm_inbox.sandbox.instagram.errors import GraphError
from smm_inbox.sandbox.instagram.fields import Field
from smm_inbox.sandbox.instagram.model import (
    DETAILED,
    Comment,
    Json,
    Media,
    Message,
    Person,
    Tag,
    Talk,
)
from smm_inbox.sandbox.instagram.state import State, iso

Node = TypeVar("Node")
Fields = tuple[Field, ...]
Getter = Callable[[Node, Field], object]

_MESSAGE_DEFAULT = ("id", "created_time")
_MAX_PAGE = 100


@dataclass(frozen=True, slots=True)
class Page:
    """How one edge is paged."""

    path: str
    limit: int
    after: str = ""
    token: str = ""
    largest: int = _MAX_PAGE
    has_next: bool = True
    """Some edges name cursors but never a next page."""


class Shaper:
    """Writes nodes of one state as JSON."""

    def __init__(self, state: State, token: str) -> None:
        self._state = state
        self._token = token

    # --- nodes ------------------------------------------------------------------------------------

    def me(self, fields: Fields) -> Json:
        """Our own account."""
        picture = "https://scontent.cdninstagram.com/v/t51.2885-19/invented_n.jpg?oe=6A1BE7E2"
        known: Json = {
            "id": world.APP_SCOPED_ID,
            "user_id": world.USER_ID,
            "username": world.USERNAME,
            "name": world.NAME,
            "account_type": "Business",
            "profile_picture_url": picture,
            "followers_count": 1874,
            "follows_count": 203,
            "media_count": len(self._state.own_media()),
        }
        return self._pick(fields, ("id",), lambda field: known.get(field.name), set(known))

    def talk(self, talk: Talk, fields: Fields) -> Json:
        """A conversation."""

        def get(field: Field) -> object:
            match field.name:
                case "id":
                    return talk.id
                case "updated_time":
                    return iso(talk.updated)
                case "participants":
                    return {
                        "data": [
                            self._person_ref(world.USER_ID),
                            self._person_ref(talk.person_id),
                        ]
                    }
                case _:
                    return self.messages(talk, field.fields, self._nested(field, talk.id, 25))

        names = {"id", "updated_time", "participants", "messages"}
        return self._pick(fields, ("id", "updated_time"), get, names)

    def messages(self, talk: Talk, fields: Fields, page: Page) -> Json:
        """The messages of a conversation, newest first; old ones without details."""
        visible = talk.visible(self._state.now())
        detailed = {message.id for message in visible[:DETAILED]}

        def shape(message: Message) -> Json:
            if message.id not in detailed:
                return {"id": message.id, "created_time": iso(message.at)}
            return self.message(message, fields)

        return self.edge(visible, lambda m: m.id, shape, page)

    def message(self, message: Message, fields: Fields) -> Json:
        """A direct message."""

        def get(field: Field) -> object:
            match field.name:
                case "id":
                    return message.id
                case "created_time":
                    return iso(message.at)
                case "from":
                    return self._person_ref(message.from_id)
                case "to":
                    return {"data": [self._person_ref(message.to_id)]}
                case "message":
                    return message.text
                case "attachments":
                    shown = self._addressed(message.attachments)
                    return {"data": shown} if message.attachments else None
                case "shares":
                    wanted = {inner.name for inner in field.fields}
                    data = [
                        {key: value for key, value in share.items() if key in wanted}
                        for share in message.shares
                    ]
                    return {"data": data} if any(data) else None
                case "story":
                    return self._addressed(message.story)
                case "reactions":
                    return self._reactions(message)
                case _:
                    return message.unsupported or None

        names = {"id", "created_time", "from", "to", "message", "attachments", "shares", "story"}
        names |= {"reactions", "is_unsupported"}
        return self._pick(fields, _MESSAGE_DEFAULT, get, names)

    def profile(self, person: Person, fields: Fields) -> Json:
        """A customer, as far as they let us see."""
        if not person.consented:
            raise GraphError("consent")
        picture = "https://scontent.cdninstagram.com/v/t51/invented2.jpg?oe=6A20AA00"
        known: Json = {
            "id": person.id,
            "name": person.name,
            "username": person.username,
            "profile_pic": picture if person.name else None,
            "follower_count": person.followers,
            "is_user_follow_business": person.followers % 2 == 0,
            "is_business_follow_user": False,
            "is_verified_user": person.followers > 30_000,
        }
        wanted = [field.name for field in fields] or ["id", "name"]
        for name in wanted:
            if name not in known:
                raise GraphError("field", f"({name})")
        # Unlike elsewhere, an absent name is said to be null.
        return {name: known[name] for name in [*wanted, "id"]}

    def media(self, item: Media, fields: Fields) -> Json:
        """A post of ours."""

        def get(field: Field) -> object:
            match field.name:
                case "comments":
                    nested = self._nested(field, f"{item.id}/comments", 25)
                    return self.comments(item, field.fields, nested)
                case "comments_count":
                    return self._state.comments_count(item.id)
                case "timestamp":
                    return iso(item.at)
                case "media_url":
                    return f"https://scontent.cdninstagram.com/v/{item.code}.jpg"
                case _:
                    return {
                        "id": item.id,
                        "caption": item.caption or None,
                        "media_type": item.kind,
                        "media_product_type": item.product,
                        "permalink": item.permalink,
                        "like_count": item.likes,
                        "username": world.USERNAME,
                    }.get(field.name)

        names = {"id", "caption", "media_type", "media_product_type", "permalink", "like_count"}
        names |= {"username", "comments", "comments_count", "timestamp", "media_url"}
        names |= {"thumbnail_url"}
        return self._pick(fields, ("id",), get, names)

    def comments(self, item: Media, fields: Fields, page: Page) -> Json:
        """Top-level comments, newest first, fifty at most."""
        state = self._state
        found = state.comments_of(item.id) if state.live_app else []
        return self.edge(
            found, lambda c: c.id, lambda c: self.comment(c, fields), page, hide=self._kept_back
        )

    def replies(self, comment: Comment, fields: Fields, page: Page) -> Json:
        """The replies to a comment, oldest first."""
        state = self._state
        found = state.comments_of(comment.media_id, comment.id) if state.live_app else []
        return self.edge(
            found, lambda c: c.id, lambda c: self.comment(c, fields), page, hide=self._kept_back
        )

    def comment(self, comment: Comment, fields: Fields) -> Json:
        """A comment."""

        def get(field: Field) -> object:
            match field.name:
                case "timestamp":
                    return iso(comment.at)
                case "from":
                    return self._person_ref(comment.from_id)
                case "username":
                    return self._state.username_of(comment.from_id)
                case "media":
                    return {"id": comment.media_id}
                case "replies":
                    if not self._state.comments_of(comment.media_id, comment.id):
                        return None
                    nested = self._nested(field, f"{comment.id}/replies", 25)
                    return self.replies(comment, field.fields, nested)
                case _:
                    return {
                        "id": comment.id,
                        "text": comment.text,
                        "hidden": comment.hidden,
                        "like_count": comment.likes,
                        "parent_id": comment.parent_id or None,
                    }.get(field.name)

        names = {"id", "text", "timestamp", "username", "from", "like_count", "hidden"}
        names |= {"parent_id", "replies", "media"}
        return self._pick(fields, ("id", "text", "timestamp"), get, names)

    def tag(self, tag: Tag, fields: Fields) -> Json:
        """Somebody's post that tags us."""
        known: Json = {
            "id": tag.id,
            "username": tag.username,
            "caption": tag.caption or None,
            "permalink": f"https://www.instagram.com/p/{tag.code}/",
            "timestamp": iso(tag.at),
            "media_type": "IMAGE",
        }
        return self._pick(fields, ("id",), lambda field: known[field.name], set(known))

    # --- edges ------------------------------------------------------------------------------------

    def edge(
        self,
        items: Sequence[Node],
        key: Callable[[Node], str],
        shape: Callable[[Node], Json],
        page: Page,
        hide: Callable[[Node], bool] = lambda _: False,
    ) -> Json:
        """One page; what privacy hides is taken out of the page, not replaced by the next."""
        start = 0
        if page.after:
            last = _decode(page.after)
            places = [place for place, item in enumerate(items) if key(item) == last]
            if not places:
                raise GraphError("cursor")
            start = places[0] + 1
        limit = max(1, min(page.limit, page.largest))
        chunk = items[start : start + limit]
        result: Json = {"data": [shape(item) for item in chunk if not hide(item)]}
        if not chunk:
            return result
        after = _encode(key(chunk[-1]))
        paging: Json = {"cursors": {"before": _encode(key(chunk[0])), "after": after}}
        if page.has_next and start + limit < len(items):
            query = urlencode({"access_token": self._token, "limit": limit, "after": after})
            paging["next"] = f"{self._state.url}/v25.0/{page.path}?{query}"
        result["paging"] = paging
        return result

    def _nested(self, field: Field, path: str, default: int) -> Page:
        limit = field.arguments.get("limit", "")
        return Page(
            path,
            int(limit) if limit.isdigit() else default,
            field.arguments.get("after", ""),
            largest=50 if path.endswith(("comments", "replies")) else _MAX_PAGE,
        )

    def _kept_back(self, comment: Comment) -> bool:
        person = self._state.people.get(comment.from_id)
        return person is not None and person.restricted

    # --- small things -----------------------------------------------------------------------------

    def _pick(
        self,
        fields: Fields,
        default: Sequence[str],
        get: Callable[[Field], object],
        known: set[str],
    ) -> Json:
        result: Json = {}
        for field in fields or tuple(Field(name, {}) for name in default):
            if field.name not in known:
                raise GraphError("field", f"({field.name})")
            value = get(field)
            if value is not None:
                result[field.name] = value
        if "id" in known and "id" not in result:
            result["id"] = get(Field("id", {}))
        return result

    def _person_ref(self, person_id: str) -> Json:
        return {"username": self._state.username_of(person_id), "id": person_id}

    def _addressed(self, value: object) -> object:
        """The same with addresses of pictures and files that are good now."""
        if isinstance(value, dict):
            return {key: self._addressed(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._addressed(inner) for inner in value]
        if isinstance(value, str) and value.startswith(f"{self._state.url}/{world.CDN}/"):
            return f"{value}?epoch={self._state.epoch}"
        return value

    def _reactions(self, message: Message) -> Json | None:
        if not message.reactions:
            return None
        by_emoji: dict[str, list[Json]] = {}
        for person_id, emoji in message.reactions.items():
            by_emoji.setdefault(emoji, []).append(self._person_ref(person_id))
        return {"data": [{"reaction": emoji, "users": who} for emoji, who in by_emoji.items()]}


def _encode(key: str) -> str:
    return base64.urlsafe_b64encode(f"QVFI{key}".encode()).decode().rstrip("=")


def _decode(cursor: str) -> str:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.urlsafe_b64decode(padded).decode().removeprefix("QVFI")
    except ValueError:
        return ""
