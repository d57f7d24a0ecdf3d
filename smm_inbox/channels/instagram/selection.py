"""The ``fields`` parameter as data, so that a field this flavour does not know can be left out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A field with fields of its own."""

    name: str
    fields: tuple[Part | str, ...]
    limit: int | None = None


Selection = tuple[Part | str, ...]

COMMENT: Selection = ("id", "text", "timestamp", "username", "from", "hidden", "parent_id")
MESSAGE: Selection = (
    "id",
    "created_time",
    "from",
    "to",
    "message",
    "attachments",
    Part("shares", ("link", "id", "name", "description")),
    "story",
    "reactions",
    "is_unsupported",
)
ROOT: Selection = (
    "id",
    "permalink",
    "caption",
    "timestamp",
    "media_type",
    "media_product_type",
    "comments_count",
)
PROFILE: Selection = ("name", "username", "profile_pic", "follower_count", "is_verified_user")
TAG: Selection = ("id", "username", "caption", "permalink", "timestamp")
ME: Selection = ("id", "user_id", "username", "name", "account_type", "followers_count")


def comments(limit: int = 50) -> Part:
    """Comments with their replies."""
    replies = Part("replies", COMMENT, limit)
    return Part("comments", (*COMMENT, replies), limit)


def messages() -> Part:
    """The messages that keep their details."""
    return Part("messages", MESSAGE, 20)


def render(wanted: Selection, without: Collection[str] = ()) -> str:
    """``id,messages.limit(20){id,from}``, leaving out the names in ``without``."""
    words: list[str] = []
    for part in wanted:
        name = part if isinstance(part, str) else part.name
        if name in without:
            continue
        if isinstance(part, Part):
            inner = render(part.fields, without)
            limit = f".limit({part.limit})" if part.limit else ""
            words.append(f"{name}{limit}{{{inner}}}" if inner else name)
        else:
            words.append(name)
    return ",".join(words)
