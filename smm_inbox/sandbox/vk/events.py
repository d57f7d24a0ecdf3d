"""The long-poll queue: what happened, in order, for as long as the network remembers."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable
from fnmatch import fnmatch
from itertools import islice

from smm_inbox.sandbox.vk.model import Json

OFF_BY_DEFAULT = [
    "audio_new",
    "group_change_photo",
    "group_change_settings",
    "group_join",
    "group_leave",
    "group_officers_edit",
    "lead_forms_new",
    "market_order_new",
    "poll_vote_new",
    "user_block",
    "user_unblock",
    "like_add",
    "like_remove",
    "donut_subscription_create",
    "donut_subscription_prolonged",
    "donut_subscription_cancelled",
    "donut_subscription_expired",
    "donut_subscription_price_changed",
    "donut_money_withdraw",
    "donut_money_withdraw_error",
]
ON_BY_DEFAULT = [
    "market_order_edit",
    "message_allow",
    "message_deny",
    "message_new",
    "message_read",
    "message_reply",
    "message_typing_state",
    "message_edit",
    "photo_new",
    "video_new",
    "wall_post_new",
    "wall_repost",
    "message_event",
    "message_reaction_event",
    "wall_schedule_post_new",
    "wall_schedule_post_delete",
] + [
    f"{kind}_{what}"
    for kind in ("wall_reply", "photo_comment", "video_comment", "market_comment", "board_post")
    for what in ("new", "edit", "delete", "restore")
]
FIRST_TS = 1000


class EventQueue:
    """Events with a growing ts; older ones than `retention` are forgotten."""

    def __init__(self, group_id: int, seed: int = 0, retention: int = 10_000) -> None:
        self.group_id = group_id
        self.seed = seed
        self.retention = retention
        self.enabled = True
        self.api_version = "5.199"
        self.ticked = dict.fromkeys(sorted([*ON_BY_DEFAULT, *OFF_BY_DEFAULT]), 1)
        self.ticked.update(dict.fromkeys(OFF_BY_DEFAULT, 0))
        self.ts = FIRST_TS
        self.published = 0
        self.polls = 0
        """How often somebody looked for events."""
        self.wake: Callable[[], None] = lambda: None
        self.lost: Callable[[str], bool] = lambda _target: False
        self._events: deque[tuple[int, Json]] = deque()
        self._floor = FIRST_TS
        self._keys: dict[str, int] = {}
        self._issued = 0
        self._told_from = FIRST_TS
        """Where the first reader began: what was before it, nobody was ever told."""
        self._repeat = 0

    def publish(self, kind: str, obj: Json) -> bool:
        """Queue one event; False when its type is not ticked or it was lost on the way."""
        if not self.enabled or self.ticked.get(kind, 1) == 0:
            return False
        self.published += 1
        if self.lost(f"event:{kind}"):
            return False
        self.ts += 1
        event: Json = {
            "group_id": self.group_id,
            "type": kind,
            "event_id": self._digest(f"event:{self.published}:{kind}"),
            "v": self.api_version,
            "object": self._dressed(kind, obj),
        }
        self._events.append((self.ts, event))
        while len(self._events) > self.retention:
            self._floor = self._events.popleft()[0]
        self.wake()
        return True

    def issue(self) -> tuple[str, str]:
        """A key for long polling and the ts to start from."""
        if not self._issued:
            self._told_from = self.ts
        self._issued += 1
        key = self._digest(f"key:{self._issued}")
        self._keys[key] = 0
        return key, str(self.ts)

    def expire_keys(self, failed: int = 2) -> None:
        """Every key handed out so far answers `failed` from now on."""
        self._keys = dict.fromkeys(self._keys, failed)
        self.wake()

    def forget(self) -> None:
        """The history is outdated: whoever is behind gets failed 1."""
        self._events.clear()
        self.ts += 1
        self._floor = self.ts
        self.wake()

    def restart(self) -> None:
        """The network lost everything: failed 3, new key and a new count of ts."""
        self._events.clear()
        self.ts = self._floor = self._told_from = FIRST_TS
        self.expire_keys(3)

    def repeat(self, count: int) -> None:
        """Deliver the last `count` events once more with the next answer."""
        self._repeat = count
        self.wake()

    def check(self, key: str, ts: str) -> Json | None:
        """The answer to one poll, None while there is nothing to say."""
        self.polls += 1
        failed = self._keys.get(key, 2)
        if failed:
            return {"failed": failed}
        position = int(ts) if ts.isdigit() else -1
        if not self._floor <= position <= self.ts:
            return {"failed": 1, "ts": self.ts}
        again = self._taken_again(position)
        fresh = [event for _at, event in islice(reversed(self._events), self.ts - position)][::-1]
        if again or fresh:
            return {"ts": str(self.ts), "updates": [*again, *fresh]}
        return None

    def empty(self) -> Json:
        """The answer when the wait ran out."""
        return {"ts": str(self.ts), "updates": []}

    def set_events(self, patterns: dict[str, int]) -> None:
        """Tick or untick event types; a name may be a pattern such as `photo_*`."""
        for pattern, on in patterns.items():
            for name in self.ticked:
                if fnmatch(name, pattern):
                    self.ticked[name] = 1 if on else 0

    def _taken_again(self, position: int) -> list[Json]:
        if not self._repeat:
            return []
        old = [event for at, event in self._events if self._told_from < at <= position]
        again, self._repeat = old[-self._repeat :], 0
        return again

    def _dressed(self, kind: str, obj: Json) -> Json:
        """The shape the community's own api_version setting asks for, not the caller's `v`."""
        version = tuple(int(part) for part in self.api_version.split(".") if part.isdigit())
        message = obj.get("message")
        if kind != "message_new" or not isinstance(message, dict) or version >= (5, 103):
            return obj
        if version >= (5, 80):
            return message
        old = {key: value for key, value in message.items() if key not in {"text", "peer_id"}}
        return {**old, "user_id": message["from_id"], "body": message["text"]}

    def _digest(self, text: str) -> str:
        return hashlib.blake2b(f"{self.seed}:{text}".encode(), digest_size=20).hexdigest()
