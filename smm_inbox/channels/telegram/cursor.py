"""How far an account has been read: our own marks, because Telegram's state loses messages."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from smm_inbox.domain.ids import Cursor, RemoteId

from .mapping.keys import is_channel

MOST_MARKS = 500
"""Chats whose marks are kept; the cursor is stored with every chat that is read."""


class Position:
    """A cursor, unpacked. A mark says up to which message a chat was read whole."""

    def __init__(self) -> None:
        self.at: datetime | None = None
        """Telegram's time when the last look at all chats began."""
        self.marks: dict[int, int] = {}
        self.floor = 0
        """Mark of private chats and basic groups that have none of their own."""
        self.links: dict[int, int] = {}
        """Discussion group → its channel."""
        self.hidden: tuple[RemoteId, ...] = ()

    def mark(self, peer: int) -> int:
        """The last message of ``peer`` that was read; 0 when none was."""
        return self.marks.get(peer, 0 if is_channel(peer) else self.floor)

    def advance(self, peer: int, number: int) -> None:
        """Note that everything in ``peer`` up to ``number`` was read."""
        self.marks[peer] = max(number, self.mark(peer))
        private = [(mark, peer) for peer, mark in self.marks.items() if not is_channel(peer)]
        if len(private) > MOST_MARKS:
            # Their messages share one numbering: the oldest mark is below whatever is new anywhere.
            lowest, forgotten = min(private)
            self.floor = max(self.floor, lowest)
            del self.marks[forgotten]

    def dump(self) -> Cursor:
        """The position as the opaque text that is stored."""
        return Cursor(
            json.dumps(
                {
                    "at": int(self.at.timestamp()) if self.at is not None else None,
                    "marks": {str(peer): mark for peer, mark in self.marks.items()},
                    "floor": self.floor,
                    "links": {str(group): channel for group, channel in self.links.items()},
                    "hidden": list(self.hidden),
                },
                separators=(",", ":"),
            )
        )


def load(cursor: Cursor | None) -> Position:
    """The position behind a stored cursor; one at the beginning when it cannot be used."""
    position = Position()
    try:
        stored = json.loads(cursor) if cursor else {}
    except (ValueError, RecursionError):
        return position
    if not isinstance(stored, dict):
        return position
    at = stored.get("at")
    if isinstance(at, int) and 0 < at < 7_258_118_400:
        position.at = datetime.fromtimestamp(at, UTC)
    position.marks = _numbers(stored.get("marks"))
    position.links = _numbers(stored.get("links"))
    floor = stored.get("floor")
    position.floor = floor if isinstance(floor, int) and floor > 0 else 0
    hidden = stored.get("hidden")
    if isinstance(hidden, list):
        position.hidden = tuple(RemoteId(name) for name in hidden if isinstance(name, str))
    return position


def _numbers(value: object) -> dict[int, int]:
    if not isinstance(value, dict):
        return {}
    return {
        int(name): number
        for name, number in value.items()
        if isinstance(number, int) and name.lstrip("-").isdecimal()
    }
