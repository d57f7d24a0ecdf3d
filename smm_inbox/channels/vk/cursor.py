"""How far a community has been read: the long-poll position and what recovery needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from smm_inbox.domain.ids import Cursor

from .mapping import raw

MAX_SEEN = 200
"""Event ids remembered: VK repeats events after a reconnect."""

_ID_LENGTH = 16
"""Kept of an event id: enough to tell 200 apart, and the cursor is stored with every batch."""


@dataclass(frozen=True, slots=True)
class Position:
    """A cursor, unpacked."""

    ts: str
    at: datetime
    """VK's time up to which nothing is missing."""
    seen: tuple[str, ...] = ()
    comment_counts: Mapping[int, int] = field(default_factory=dict)
    """Number of comments under our latest posts when they were last compared."""
    mention_posts: tuple[str, ...] = ()
    """Posts that are conversations themselves."""
    asking: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Discussions and who waits in them: an answer given while we were away may name nobody."""

    def after(self, event_ids: Iterable[str]) -> Position:
        """The position with more events marked as seen."""
        added = [shorten(event_id) for event_id in event_ids if event_id]
        return replace(self, seen=(*self.seen, *added)[-MAX_SEEN:])

    def has_seen(self, event_id: str) -> bool:
        """Whether an event was taken already."""
        return bool(event_id) and shorten(event_id) in self.seen

    def dump(self) -> Cursor:
        """The position as the opaque text that is stored."""
        return Cursor(
            json.dumps(
                {
                    "ts": self.ts,
                    # By the minute: a quiet night need not write the disk at every poll.
                    "at": int(self.at.timestamp()) // 60 * 60,
                    "seen": list(self.seen),
                    "wm": {str(post): number for post, number in self.comment_counts.items()},
                    "posts": list(self.mention_posts),
                    "asking": {topic: sorted(people) for topic, people in self.asking.items()},
                },
                separators=(",", ":"),
            )
        )


def shorten(event_id: str) -> str:
    """The kept part of an event id."""
    return event_id[:_ID_LENGTH]


def load(cursor: Cursor | None) -> Position | None:
    """The position behind a stored cursor; ``None`` when there is none that can be used."""
    if not cursor:
        return None
    try:
        stored = raw.obj(json.loads(cursor))
    except (ValueError, RecursionError):
        return None
    at = raw.moment(stored.get("at"))
    ts = timestamp(stored.get("ts"))
    if at is None or ts is None:
        return None
    counts = {
        post: number
        for name, value in raw.obj(stored.get("wm")).items()
        if (post := raw.positive(name)) and (number := raw.count(value)) is not None
    }
    return Position(
        ts,
        at.astimezone(UTC),
        _words(stored.get("seen"))[-MAX_SEEN:],
        counts,
        _words(stored.get("posts")),
        {
            topic: frozenset(raw.integers(people))
            for topic, people in raw.obj(stored.get("asking")).items()
        },
    )


def timestamp(value: object) -> str | None:
    """A long-poll ``ts``: text normally, a number in the answer ``failed: 1``."""
    number = raw.count(value)
    return str(number) if number is not None else None


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(word for word in value if isinstance(word, str))
