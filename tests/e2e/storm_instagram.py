"""A sandbox Instagram in a storm: who writes, what goes wrong, and what must be true afterwards."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smm_inbox.sandbox.instagram import InstagramSandbox
from smm_inbox.sandbox.instagram.control import snapshot
from smm_inbox.sandbox.instagram.model import Comment, Media
from tests.e2e.storm_truth import Truth

ACCOUNT = "insta"
PEOPLE = 12
"""So many that nobody's talk outgrows what keeps its details between two looks."""
_RECENT = 6


def options(ig: InstagramSandbox) -> dict[str, object]:
    """An account's table in the config file."""
    return {
        "channel": "instagram",
        "token": ig.token,
        "base_url": ig.url,
        "poll_seconds": 2,
        "calls_per_hour": 1_000_000,
    }


@dataclass
class InstagramCrowd:
    """Customers and the owner's phone; repeatable by seed."""

    ig: InstagramSandbox
    dice: random.Random
    name: str
    people: list[str] = field(default_factory=list)
    posts: list[Media] = field(default_factory=list)
    tops: list[Comment] = field(default_factory=list)
    ours: list[Comment] = field(default_factory=list)
    """What the owner wrote under comments."""
    count: int = 0

    def __post_init__(self) -> None:
        self.ig.state.usage = 0
        self.people = [self.ig.add_person(f"{self.name}{n}") for n in range(PEOPLE)]
        self.posts = [self.ig.publish(f"Пост {n}") for n in range(3)]

    def __call__(self) -> None:
        """One of them does something."""
        deeds: dict[Callable[[], object], int] = {
            self.writes: 6,
            self.answers_a_story: 1,
            self.comments_on: 4,
            self.replies_to: 2,
            self.edits: 1,
            self.unsends: 1,
            self.reacts: 1,
            self.owner_comments: 1,
            self.owner_deletes: 1,
            self.tags: 1,
            self.owner_answers: 1,
        }
        self.dice.choices(list(deeds), list(deeds.values()))[0]()

    def words(self, what: str) -> str:
        """Words nobody else says."""
        self.count += 1
        return f"{what} {self.name}-{self.count}"

    def _somebody(self) -> str:
        return self.dice.choice(self.people)

    def writes(self) -> None:
        self.ig.customer_writes(self._somebody(), self.words("?"))

    def answers_a_story(self) -> None:
        self.ig.replies_to_story(self._somebody(), self.words("история"), "17900000000000001")

    def comments_on(self) -> None:
        post = self.dice.choice(self.posts)
        self.tops.append(self.ig.comments(post, self._somebody(), self.words("!")))

    def replies_to(self) -> None:
        if self.tops:
            top = self.dice.choice(self.tops)
            post = self.ig.state.media[top.media_id]
            self.ig.comments(post, self._somebody(), self.words("!!"), reply_to=top)

    def _recent(self) -> Any:
        """A message of a customer that still keeps its details."""
        talk = self.ig.state.talks.get(who := self._somebody())
        shown = talk.visible(self.ig.state.now())[:_RECENT] if talk else []
        theirs = [message for message in shown if message.from_id == who]
        return self.dice.choice(theirs) if theirs else None

    def edits(self) -> None:
        if message := self._recent():
            self.ig.edits(message, self.words("изм"))

    def unsends(self) -> None:
        if message := self._recent():
            self.ig.unsends(message)

    def reacts(self) -> None:
        if message := self._recent():
            self.ig.reacts(message, message.from_id)

    def owner_comments(self) -> None:
        if self.tops:
            top = self.dice.choice(self.tops)
            self.ours.append(self.ig.owner_comments(top, self.words("с телефона")))

    def owner_deletes(self) -> None:
        """Of the own ones only: an answer to a comment that is gone would be refused."""
        if self.ours:
            self.ig.deletes_comment(self.dice.choice(self.ours))

    def tags(self) -> None:
        self.ig.tags_us(self.words("guest"), self.words("фото"))

    def owner_answers(self) -> None:
        if self.ig.state.talks:
            who = self.dice.choice(list(self.ig.state.talks))
            self.ig.owner_writes(who, self.words("с телефона"))


def trouble(ig: InstagramSandbox) -> None:
    """Everything that can go wrong on the way; of five answers to an answer one is lost."""
    add = ig.faults.add
    for target in ("send", "reply"):
        for late in (0.0, 0.2):
            add(target, "reset", after=True, late=late, count=None, probability=0.06)
            add(target, "hang", after=True, late=late, seconds=0.2, count=None, probability=0.04)
        for after in (False, True):
            add(target, "error", after=after, count=None, probability=0.04)
            add(target, "http", after=after, count=None, probability=0.03)
        add(target, "reset", count=None, probability=0.06)
        add(target, "truncated", count=None, probability=0.05)
        add(target, "html", count=None, probability=0.03)
    for target in ("conversations", "media", "comments", "replies", "tags", "profile", "me"):
        for kind in ("error", "http", "reset", "truncated", "empty"):
            add(target, kind, count=None, probability=0.015)
    add("conversations", "hang", seconds=0.2, count=None, probability=0.03)
    add("conversations", "error_in_200", count=None, probability=0.03)


def delivered(ig: InstagramSandbox) -> list[str]:
    """Texts that customers got from the program."""
    return [item.text for item in ig.sent]


class InstagramTruth(Truth):
    """The truth about the Instagram account."""

    def __init__(self, database: Path, ledger: Path, ig: InstagramSandbox) -> None:
        super().__init__(database, ledger, snapshot(ig), ACCOUNT)

    def every_message_is_here_once(self, *, history_lost: bool = False) -> None:
        found = {
            row["remote_id"]: row
            for row in self.mine("SELECT * FROM messages WHERE remote_id IS NOT NULL")
            if ":reaction:" not in row["remote_id"]
        }
        ours, state = InstagramSandbox.user_id, self.state
        for item in [*state["messages"], *state["comments"], *state["tags"]]:
            row = found.pop(item["id"], None)
            if item.get("unsent") or item.get("deleted"):
                assert row is None or row["deleted_at"] is not None, item
                continue
            if row is None and self._vouched_for(item):
                continue
            assert row is not None, f"{item['id']} is lost: {item}"
            assert (row["direction"] == "out") == (item.get("from_id") == ours), item
            assert row["deleted_at"] is None, item
            assert row["text"] == item.get("text", item.get("caption")), item
        assert not found, f"nobody wrote {found}"

    def _vouched_for(self, item: dict[str, Any]) -> bool:
        """A person saw it arrive; Instagram shows its details to nobody any more."""
        return any(
            row["text"] == item.get("text")
            for row in self.mine(
                "SELECT text FROM messages WHERE own = 1 AND state = 'sent' AND remote_id IS NULL"
            )
        )
