"""Everything the sandbox Instagram remembers, behind one lock."""

from __future__ import annotations

import base64
import random
import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from smm_inbox.sandbox.instagram.errors import GraphError
from smm_inbox.sandbox.instagram.faults import Faults
from smm_inbox.sandbox.instagram.model import (
    DAY,
    Call,
    Comment,
    Delivery,
    Media,
    Message,
    Person,
    Tag,
    Talk,
    Token,
)

USER_ID = "17841405822304914"
"""The professional id: the one in participants, `from` and `to`."""
APP_SCOPED_ID = "9421736204557118"
USERNAME = "teply_ugol_cafe"
NAME = "Тёплый угол · кофейня"
TOKEN = "IGAA-demo-instagram-token"  # noqa: S105 - opens nothing but the sandbox
APP_SECRET = "demo-app-secret"  # noqa: S105 - signs nothing but the sandbox's webhooks
SIXTY_DAYS = 60 * DAY
HOURLY_CALLS = 200
"""What the usage header calls a hundred per cent."""
CDN = "cdn"
"""Begins the path of pictures and files."""
KEPT_CALLS = 100_000


class State:
    """The network's memory. Take `lock` around everything."""

    def __init__(self, *, seed: int = 0, clock: Callable[[], float]) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.url = ""
        self.faults = Faults(seed)
        self.failures: list[str] = []
        self.people: dict[str, Person] = {}
        self.talks: dict[str, Talk] = {}
        """By person."""
        self.media: dict[str, Media] = {}
        self.comments: dict[str, Comment] = {}
        self.tags: list[Tag] = []
        self.sent: list[Delivery] = []
        self.calls: deque[Call] = deque(maxlen=KEPT_CALLS)
        self.listeners: list[Callable[[Delivery], None]] = []
        self.tokens: dict[str, Token] = {}
        self.refreshable = True
        self.human_agent = False
        """Whether the Human Agent feature is approved."""
        self.live_app = True
        """False: comments come empty and strangers cannot be answered, as without access."""
        self.usage: int | None = None
        """Per cent for the usage headers; None counts the calls of the last hour."""
        self.regain_minutes = 0
        self.dm_rate: int | None = None
        """Conversation calls allowed in a second; None: any."""
        self.epoch = 0
        """Addresses of pictures and files of an earlier one are dead."""
        self.late = 0.0
        """Seconds until what is written now shows."""
        self._dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._last = 18_011_000_000_000_000
        self.issue(TOKEN)

    def now(self) -> float:
        """Seconds since 1970."""
        return self.clock()

    def issue(self, value: str, *, age: float = 2 * DAY, life: float = SIXTY_DAYS) -> Token:
        """A token made `age` seconds ago that lives `life` seconds from then."""
        born = self.now() - age
        self.tokens[value] = Token(value, born, born + life)
        return self.tokens[value]

    def check_token(self, value: str) -> Token:
        """The token behind `value`, when it is good."""
        if not value:
            raise GraphError("no_token")
        token = self.tokens.get(value)
        if token is None:
            raise GraphError("invalid")
        if token.dead:
            raise GraphError("password" if token.dead == 460 else "expired")
        if token.expires_at <= self.now():
            raise GraphError("expired")
        return token

    def number(self) -> str:
        """A fresh numeric id."""
        self._last += self._dice.randint(1, 999)
        return str(self._last)

    def opaque(self, what: str) -> str:
        """A fresh long id, as messages and conversations have."""
        plain = f"ig_{what}:1:IGMessageID:{USER_ID}:3402823668417103012442760{self.number()}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=") + "ZDZD" * 14

    def talk_with(self, person_id: str) -> Talk:
        """The conversation with somebody, opened when there is none."""
        if person_id not in self.talks:
            self.talks[person_id] = Talk(self.opaque("thread"), person_id)
        return self.talks[person_id]

    def talk_by_id(self, talk_id: str) -> Talk | None:
        """A conversation by its own id."""
        return next((talk for talk in self.talks.values() if talk.id == talk_id), None)

    def message_by_id(self, message_id: str) -> tuple[Talk, Message] | None:
        """A message and its conversation."""
        for talk in self.talks.values():
            for message in talk.messages:
                if message.id == message_id:
                    return talk, message
        return None

    def own_media(self, product: str | None = None) -> list[Media]:
        """Posts (or stories), newest first."""
        story = product == "STORY"
        found = [item for item in self.media.values() if (item.product == "STORY") == story]
        return sorted(found, key=lambda item: item.at, reverse=True)

    def comments_of(self, media_id: str, parent_id: str = "") -> list[Comment]:
        """Top-level comments newest first, or the replies to one oldest first."""
        found = [
            comment
            for comment in self.comments.values()
            if comment.media_id == media_id
            and comment.parent_id == parent_id
            and not comment.deleted
            and comment.shown_at <= self.now()
        ]
        return sorted(found, key=lambda comment: comment.at, reverse=not parent_id)

    def comments_count(self, media_id: str) -> int:
        """All comments and replies under a post."""
        return sum(
            comment.media_id == media_id and not comment.deleted and comment.shown_at <= self.now()
            for comment in self.comments.values()
        )

    def username_of(self, person_id: str) -> str:
        """A user name, ours included."""
        if person_id == USER_ID:
            return USERNAME
        person = self.people.get(person_id)
        return person.username if person else ""

    def deliver(self, kind: str, target: str, remote_id: str, text: str = "") -> None:
        """Note an effect and tell whoever listens."""
        delivery = Delivery(kind, target, remote_id, text, self.now())
        self.sent.append(delivery)
        for listener in list(self.listeners):
            listener(delivery)

    def usage_now(self) -> int:
        """Per cent of the hourly calls that are used up."""
        if self.usage is not None:
            return self.usage
        since = self.now() - 3600
        recent = 0
        for call in reversed(self.calls):
            if call.at < since:
                break
            recent += call.name != CDN
        return recent * 100 // HOURLY_CALLS


def iso(at: float) -> str:
    """A time as Graph writes it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
