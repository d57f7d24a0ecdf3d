"""The live part of the demo on VK: people come, and react to what we answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial

from smm_inbox.sandbox.common.lines import (
    COMMENTS,
    FOLLOW_UPS,
    JOINERS,
    QUESTIONS,
    Arrival,
    answer_to,
    gendered,
)
from smm_inbox.sandbox.common.story import Deck, Story
from smm_inbox.sandbox.vk.customers import Customers
from smm_inbox.sandbox.vk.lines import OPENING, WRITTEN
from smm_inbox.sandbox.vk.model import BOARD, CHAT_BASE, MARKET, VIDEO, WALL, Comment, Delivery
from smm_inbox.sandbox.vk.morning import Morning
from smm_inbox.sandbox.vk.people import cast, stranger
from smm_inbox.sandbox.vk.world import POST_ID

PACE = 7.0
"""Seconds between two arrivals."""
PATIENCE = 3
"""How often one conversation reacts before it is content."""
_KINDS = ("direct", "wall", "thread", "market", "board")
_WEIGHTS = (10, 5, 3, 1, 1)


class VkStory(Story[Arrival, Delivery]):
    """Plays the cafe's day on a sandbox: `prepare()` the past, then `start()` the present.

    Args:
        vk: The network to play on.
        seed: The same seed tells the same story.
        pace: Seconds between arrivals; reactions take about as long.
    """

    name = "demo-story"
    opening = OPENING

    def __init__(self, vk: Customers, seed: int = 0, pace: float = PACE) -> None:
        super().__init__(vk.state.listeners, WRITTEN, seed, pace)
        self._vk = vk
        self._people = cast()
        self._reactions: Counter[tuple[str, int, int]] = Counter()
        self._strangers = 0
        self._questions = Deck(QUESTIONS, self._dice)
        self._comments = Deck(COMMENTS, self._dice)

    def prepare(self) -> None:
        """Fill the history; call before the app connects for the first time."""
        Morning(self._vk, self._people).write()

    def _listened_to(self) -> bool:
        return bool(self._vk.state.events.polls)

    def _broke_off(self, trace: str) -> None:
        self._vk.state.failures.append(trace)

    # arrivals

    def _invented(self) -> Arrival:
        kind = self._dice.choices(_KINDS, _WEIGHTS)[0]
        deck = self._questions if kind == "direct" else self._comments
        return Arrival(kind, deck.draw())

    def _said_by(self, who: int, text: str) -> str:
        person = self._vk.state.users.get(who)
        return gendered(text, person.sex if person else 0)

    def _arrive(self, arrival: Arrival) -> None:
        vk, who = self._vk, self._somebody(arrival.who)
        arrival = replace(arrival, text=self._said_by(who, arrival.text))
        match arrival.kind:
            case "direct" | "photo" | "voice" | "sticker":
                self._writes(who, arrival)
            case "wall":
                vk.customer_comments(self._some_post(), who, arrival.text)
            case "thread":
                self._joins(self._some_comment(), who, arrival.text)
            case "board":
                vk.comment_on(BOARD, None, who, arrival.text)
            case "market":
                vk.comment_on(MARKET, None, who, arrival.text)
            case "video":
                vk.comment_on(VIDEO, None, who, arrival.text)
            case "suggest":
                vk.suggest_post(who, arrival.text, attachments=[vk.media.photo(who)])
            case "visitor":
                vk.visitor_post(who, arrival.text)
            case "repost":
                vk.repost(who, arrival.text)
            case "chat":
                vk.chat_message(who, arrival.text)

    def _writes(self, who: int, arrival: Arrival) -> None:
        vk = self._vk
        files = {
            "photo": lambda: [vk.media.photo(who)],
            "voice": lambda: [vk.media.voice(who, self._dice.randint(3, 40))],
            "sticker": lambda: [vk.media.sticker(self._dice.randint(9000, 9040))],
        }
        attachments = files[arrival.kind]() if arrival.kind in files else []
        vk.customer_types(who)
        message = vk.customer_writes(who, arrival.text, attachments=attachments)
        if arrival.kind == "direct" and self._dice.random() < 0.1:
            self._later(
                0.6, partial(vk.customer_edits, message, f"{arrival.text} Спасибо заранее!")
            )

    def _somebody(self, name: str) -> int:
        if name:
            return self._people[name].id
        self._strangers += 1
        return self._vk.add_user(stranger(self._dice, self._strangers)).id

    def _some_post(self) -> int:
        state = self._vk.state
        with state.lock:
            ours = [p.id for p in state.posts.values() if p.from_id == state.owner]
        return self._dice.choice(ours) if ours else POST_ID

    def _some_comment(self) -> Comment | None:
        state = self._vk.state
        with state.lock:
            roots = [
                comment
                for comment in state.comments.values()
                if comment.kind == WALL and not comment.parents and not comment.deleted
            ]
        return self._dice.choice(roots[-6:]) if roots else None

    # reactions

    def _react(self, ours: Delivery) -> None:
        place = (ours.kind, ours.target, self._addressee(ours))
        self._reactions[place] += 1
        if self._reactions[place] > PATIENCE or place[2] <= 0:
            return
        text = self._said_by(place[2], self._dice.choice(answer_to(ours.text)))
        thinking = self._dice.uniform(0.6, 1.6)
        if ours.kind == "message":
            self._later(0.3, partial(self._vk.customer_reads, ours.target))
            self._later(thinking * 0.7, partial(self._vk.customer_types, ours.target))
            self._later(thinking, partial(self._replies, ours, place[2], text))
        else:
            self._later(thinking, partial(self._replies_in_public, ours, place[2], text))

    def _addressee(self, ours: Delivery) -> int:
        """Whom the answer was meant for, 0 for nobody in particular."""
        state = self._vk.state
        with state.lock:
            if ours.kind == "message":
                if ours.target < CHAT_BASE:
                    return ours.target
                quoted = state.dialog(ours.target).find(ours.reply_to)
                return quoted.from_id if quoted else 0
            comment = state.comments.get((ours.kind, state.owner, ours.reply_to))
            if comment is not None:
                return comment.from_id
            found = state.comments_of(ours.kind, state.owner, ours.target)
            others = [c.from_id for c in found if c.from_id > 0 and not c.deleted]
            post = state.posts.get((state.owner, ours.target)) if ours.kind == WALL else None
            return others[-1] if others else max(post.from_id if post else 0, 0)

    def _replies(self, ours: Delivery, who: int, text: str) -> None:
        vk, luck = self._vk, self._dice.random()
        if ours.target > CHAT_BASE:
            vk.chat_message(who, text, peer_id=ours.target)
            return
        if luck < 0.08:
            mine = vk.state.dialog(who).find(ours.id)
            if mine is not None:
                vk.customer_reacts(mine)
            return
        said = vk.customer_writes(who, text)
        if luck > 0.75:
            question = self._dice.choice(FOLLOW_UPS)
            self._later(0.5, partial(vk.customer_writes, who, question))
        elif luck > 0.65:
            self._later(0.5, partial(vk.customer_edits, said, f"{text} И вам хорошего дня!"))
        elif luck > 0.6:
            self._later(0.5, partial(vk.customer_deletes, said))

    def _replies_in_public(self, ours: Delivery, who: int, text: str) -> None:
        state, luck = self._vk.state, self._dice.random()
        with state.lock:
            mine = state.comments.get((ours.kind, state.owner, ours.id))
        if mine is None or mine.deleted:
            return
        named = f"[club{state.group.id}|{state.group.name}], {text}" if luck < 0.5 else text
        said = self._vk.comment_on(ours.kind, ours.target, who, named, reply_to=mine)
        if luck > 0.7:
            other = self._dice.choice(list(self._people.values()))
            if other.id != who and not other.deactivated:
                words = self._dice.choice(JOINERS)
                self._later(0.7, partial(self._joins, mine, other.id, words))
        elif luck > 0.62:
            self._later(0.6, partial(self._vk.delete_comment, said))

    def _joins(self, comment: Comment | None, who: int, text: str) -> None:
        """A second person speaks up in the thread."""
        if comment is None or comment.deleted:
            return
        self._vk.comment_on(comment.kind, comment.object_id, who, text, reply_to=comment)
