"""Comments under our own posts, their roots, and photos we are tagged in."""

from __future__ import annotations

import re
from dataclasses import replace

from smm_inbox.domain.conversation import Kind, Place, Root
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import Direction, NetworkMessage
from smm_inbox.domain.text import clean, clean_line

from . import people, raw
from .harvest import Lens

TAG = "tag:"
"""Begins the conversation of a photo we are tagged in: nobody can answer there."""
AT = "at:"
"""Begins the conversation of a mention that a webhook told of."""
_ROOT_KINDS = {"REELS": "video", "STORY": "story"}


def root(media: raw.Raw) -> Root | None:
    """The snapshot of a post."""
    key = raw.identifier(media.get("id"))
    if not key:
        return None
    product = str(media.get("media_product_type") or "")
    fallback = "video" if media.get("media_type") == "VIDEO" else "post"
    return Root(
        RemoteId(key),
        _ROOT_KINDS.get(product, fallback),
        text=clean(media.get("caption"), limit=4000),
        url=raw.address(media.get("permalink")),
        posted_at=raw.moment(media.get("timestamp")),
    )


def author_of(entry: raw.Raw) -> tuple[str, str]:
    """Id and user name of a comment's author; replies may bring only one of them."""
    told = raw.obj(entry.get("from"))
    name = people.username(told.get("username")) or people.username(entry.get("username"))
    return raw.identifier(told.get("id")), name


def comment(
    entry: raw.Raw, post: Root, top: raw.Raw | None, lens: Lens, *, who: str
) -> NetworkMessage | None:
    """A comment; ``top`` is the comment it replies to, ``who`` the author's id if known."""
    key = raw.identifier(entry.get("id"))
    told, username = author_of(entry)
    who = told or who
    ours = lens.us.is_us(who, username)
    author = None if ours else people.remote_id(who, username)
    if not key or (author is None and not ours):
        return None
    opener = entry if top is None else top
    thread = raw.identifier(opener.get("id")) or raw.identifier(entry.get("parent_id")) or key
    text = clean(entry.get("text"))
    hidden = entry.get("hidden") is True
    return NetworkMessage(
        place=place(thread, post, opener, lens),
        remote_id=RemoteId(key),
        direction=Direction.OUT if ours else Direction.IN,
        text=text,
        sent_at=raw.moment(entry.get("timestamp")) or lens.now,
        author=author,
        reply_to=None if top is None else RemoteId(thread),
        # A hidden comment cannot be answered, and whoever hid it has dealt with it.
        needs_answer=not hidden,
        mentions_us=not ours and mentions(text, lens.us.username),
        url=post.url,
    )


def place(thread: str, post: Root, opener: raw.Raw, lens: Lens) -> Place:
    """One conversation for each top comment."""
    who, username = author_of(opener)
    contact = None if lens.us.is_us(who, username) else people.remote_id(who, username)
    return Place(
        Kind.COMMENT,
        RemoteId(thread),
        contact=contact,
        public=True,
        root=post.remote_id,
        thread=RemoteId(thread),
        url=post.url,
    )


def mentions(text: str, username: str) -> bool:
    """Whether a text names us with ``@``."""
    if not username:
        return False
    return bool(re.search(rf"@{re.escape(username)}(?![\w.])", text, re.IGNORECASE))


def tag(entry: raw.Raw, lens: Lens, *, who: str) -> tuple[NetworkMessage, Root] | None:
    """A photo of somebody's in which we are tagged."""
    key = raw.identifier(entry.get("id"))
    username = people.username(entry.get("username"))
    author = people.remote_id(who, username)
    if not key or author is None:
        return None
    post = root({**entry, "media_product_type": ""})
    if post is None:
        return None
    post = replace(post, author=clean_line(username))
    message = NetworkMessage(
        place=Place(
            Kind.MENTION,
            RemoteId(TAG + key),
            contact=author,
            public=True,
            root=post.remote_id,
            url=post.url,
        ),
        remote_id=RemoteId(key),
        direction=Direction.IN,
        text=post.text,
        sent_at=post.posted_at or lens.now,
        author=author,
        mentions_us=True,
        url=post.url,
    )
    return message, post
