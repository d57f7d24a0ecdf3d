"""The live part of the demo on Instagram: people come, react, and once the token dies."""

from __future__ import annotations

from collections import Counter
from functools import partial

from smm_inbox.sandbox.common.lines import (
    COMMENTS,
    FOLLOW_UPS,
    QUESTIONS,
    Arrival,
    answer_to,
    gendered,
)
from smm_inbox.sandbox.common.story import Story
from smm_inbox.sandbox.instagram.customers import Customers
from smm_inbox.sandbox.instagram.lines import OPENING, STORIES, WRITTEN
from smm_inbox.sandbox.instagram.model import Comment, Delivery, Media
from smm_inbox.sandbox.instagram.morning import Morning
from smm_inbox.sandbox.instagram.people import Guest, cast

PACE = 15.0
"""Seconds between two arrivals."""
PATIENCE = 3
"""How often one person reacts before being content."""
OUTAGE = 5
"""Paces after which a new token would have been made."""
_KINDS = ("direct", "comment", "thread", "story")
_WEIGHTS = (8, 5, 3, 3)


class InstagramStory(Story[Arrival, Delivery]):
    """Plays the cafe's day on a sandbox: `prepare()` the past, then `start()` the present.

    Args:
        ig: The network to play on.
        seed: The same seed tells the same story.
        pace: Seconds between arrivals; reactions take about as long.
    """

    name = "demo-instagram"
    opening = OPENING
    opening_step = 0.2
    first_arrival = 1.0

    def __init__(self, ig: Customers, seed: int = 0, pace: float = PACE) -> None:
        super().__init__(ig.state.listeners, WRITTEN, seed, pace)
        self._ig = ig
        self._people: dict[str, Guest] = {}
        self._reactions: Counter[str] = Counter()
        self._strangers = 0

    def prepare(self) -> None:
        """Fill the history; call before the app connects for the first time."""
        self._people = cast(self._ig)
        Morning(self._ig, self._people).write()

    def _listened_to(self) -> bool:
        return bool(self._ig.state.calls)

    def _broke_off(self, trace: str) -> None:
        self._ig.state.failures.append(trace)

    # arrivals

    def _invented(self) -> Arrival:
        kind = self._dice.choices(_KINDS, _WEIGHTS)[0]
        lines = {"direct": QUESTIONS, "story": STORIES}.get(kind, COMMENTS)
        return Arrival(kind, self._dice.choice(lines))

    def _arrive(self, arrival: Arrival) -> None:
        ig = self._ig
        if arrival.kind == "token":
            ig.kill_token()
            self._later(OUTAGE, ig.revive_token)
            return
        who = self._somebody(arrival.who)
        text = gendered(arrival.text, 1)
        match arrival.kind:
            case "direct":
                ig.customer_writes(who, text)
            case "photo":
                ig.customer_writes(who, text, attachments=[ig.photo()])
            case "voice":
                ig.customer_writes(who, attachments=[ig.file("audioclip-1795163999.m4a")])
            case "unsupported":
                ig.customer_writes(who, unsupported=True)
            case "story":
                ig.replies_to_story(who, text, self._story().id)
            case "story_mention":
                ig.mentions_in_story(who)
            case "edited":
                message = ig.customer_writes(who, "нас будет трое")
                self._later(1.0, partial(ig.edits, message, text))
            case "unsent":
                message = ig.customer_writes(who, text)
                self._later(3.0, partial(ig.unsends, message))
            case "comment" | "rude":
                ig.comments(self._post(), who, text)
            case "thread":
                self._joins(self._some_comment(), who, text)
            case "tag":
                ig.tags_us(ig.state.people[who].username, text)

    def _somebody(self, name: str) -> str:
        if name:
            return self._people[name].id
        self._strangers += 1
        followers = int(self._dice.paretovariate(0.8) * 40)
        return self._ig.add_person(f"guest.{self._strangers}", followers=followers)

    def _post(self) -> Media:
        return self._dice.choice(self._ig.state.own_media()[:2])

    def _story(self) -> Media:
        live = self._ig.state.own_media("STORY")
        return live[0] if live else self._ig.publish("Утро", product="STORY")

    def _some_comment(self) -> Comment | None:
        state = self._ig.state
        with state.lock:
            shown = [c for c in state.comments.values() if not (c.parent_id or c.deleted)]
        return self._dice.choice(shown[-5:]) if shown else None

    def _joins(self, comment: Comment | None, who: str, text: str) -> None:
        if comment is not None and not comment.deleted:
            media = self._ig.state.media[comment.media_id]
            self._ig.comments(media, who, text, reply_to=comment)

    # reactions

    def _react(self, ours: Delivery) -> None:
        who = self._addressee(ours)
        self._reactions[who] += 1
        if not who or self._reactions[who] > PATIENCE:
            return
        text = gendered(self._dice.choice(answer_to(ours.text)), 1)
        thinking = self._dice.uniform(0.3, 1.0)
        if ours.kind == "reply":
            comment = self._ig.state.comments.get(ours.id)
            self._later(thinking, partial(self._joins, comment, who, text))
            return
        found = self._ig.state.message_by_id(ours.id)
        if found is not None and self._dice.random() < 0.2:
            self._later(thinking, partial(self._ig.reacts, found[1], who))
            return
        self._later(thinking, partial(self._ig.customer_writes, who, text))
        if self._dice.random() > 0.75:
            question = self._dice.choice(FOLLOW_UPS)
            self._later(thinking + 0.5, partial(self._ig.customer_writes, who, question))

    def _addressee(self, ours: Delivery) -> str:
        """Whom the answer was meant for; empty for nobody in particular."""
        state = self._ig.state
        match ours.kind:
            case "message":
                return ours.target
            case "reply" | "private_reply":
                comment = state.comments.get(ours.target)
                who = comment.from_id if comment else ""
                return who if who in state.people else ""
            case _:
                return ""
