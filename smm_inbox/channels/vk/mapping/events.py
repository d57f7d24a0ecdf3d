"""Long-poll events: each type to its handler, one bad event never spoils its neighbours."""

from __future__ import annotations

import logging

from smm_inbox.domain.text import clean_line

from . import comments, messages, posts, raw
from .harvest import Harvest, Lens, Malformed
from .keys import Section
from .raw import Raw

_log = logging.getLogger(__name__)

_SECTION_PREFIX = {
    "wall_reply": Section.WALL,
    "photo_comment": Section.PHOTO,
    "video_comment": Section.VIDEO,
    "market_comment": Section.MARKET,
    "board_post": Section.BOARD,
}

HANDLERS: dict[str, comments.Handler] = {
    "message_new": messages.message_new,
    "message_reply": messages.message_new,
    "message_edit": messages.message_edit,
    "message_allow": messages.message_allow,
    "message_deny": messages.message_deny,
    "message_reaction_event": messages.reaction,
    "wall_post_new": posts.wall_post_new,
    "wall_repost": posts.wall_repost,
    **{
        f"{prefix}_{ending}": handler
        for prefix, section in _SECTION_PREFIX.items()
        for ending, handler in comments.handlers(section).items()
    },
}
"""Types that bring something into the inbox."""

_IGNORED = frozenset(
    {
        "message_read",
        "message_typing_state",
        "message_event",
        "group_join",
        "group_leave",
        "user_block",
        "user_unblock",
        "like_add",
        "like_remove",
        "photo_new",
        "video_new",
        "wall_schedule_post_new",
        "wall_schedule_post_delete",
    }
)

WANTED: tuple[str, ...] = tuple(sorted(HANDLERS))
"""Event types that must be ticked in the community's long-poll settings."""


def apply(into: Harvest, update: Raw, lens: Lens) -> None:
    """Take one event of a long-poll answer; what cannot be understood is logged and skipped."""
    kind = update.get("type")
    word = kind if isinstance(kind, str) else ""
    handler = HANDLERS.get(word)
    if handler is None:
        if word not in _IGNORED:
            _log.info("event type %r is not known, skipped", clean_line(word, limit=60))
        return
    body = update.get("object")
    if not isinstance(body, dict):
        _log.warning("event %s without an object, skipped", word)
        return
    try:
        handler(into, body, lens)
    except Malformed as error:
        _log.warning("event %s skipped: %s", word, error)


def event_id(update: Raw) -> str:
    """What tells a repeated event from a new one; empty when VK gives none."""
    value = update.get("event_id")
    return clean_line(value, limit=64) if isinstance(value, str) else ""


def people_in(update: Raw) -> set[int]:
    """Users and communities an event speaks of, to be looked up before it is shown."""
    body = raw.obj(update.get("object"))
    found: set[int] = set()
    for holder in (body, raw.obj(body.get("message"))):
        for name in ("from_id", "admin_author_id", "reacted_id"):
            if number := raw.integer(holder.get(name)):
                found.add(number)
    return found
