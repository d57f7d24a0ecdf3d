"""The live half of the demo on Telegram: people come, and react to what we answer."""

from __future__ import annotations

from collections import Counter
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
from smm_inbox.sandbox.telegram.customers import Customers
from smm_inbox.sandbox.telegram.lines import CHATTER, OPENING, POSTS, SHIFT, WRITTEN
from smm_inbox.sandbox.telegram.model import Delivery, Message, channel_chat, is_channel
from smm_inbox.sandbox.telegram.morning import Morning, posts
from smm_inbox.sandbox.telegram.people import Guest, cast, stranger
from smm_inbox.sandbox.telegram.world import COLLEAGUE, DISCUSSION_ID, ME, NEIGHBOURS_ID, SHIFT_ID

PACE = 9.0
"""Seconds between two arrivals."""
PATIENCE = 3
"""How often one person reacts in one place before being content."""
_LINES = {
    "direct": QUESTIONS,
    "comment": COMMENTS,
    "thread": JOINERS,
    "mention": QUESTIONS,
    "shift": SHIFT,
    "chatter": CHATTER,
    "post": POSTS,
}
_WEIGHTS = (10, 5, 3, 2, 1, 2, 1)
_MEDIA = {"photo", "voice", "sticker", "document", "round"}


class TelegramStory(Story[Arrival, Delivery]):
    """Plays the cafe's day on a sandbox: `prepare()` the past, then `start()` the present.

    Args:
        tg: The network to play on.
        seed: The same seed tells the same story.
        pace: Seconds between arrivals; reactions take about as long.
    """

    name = "demo-telegram"
    opening = OPENING

    def __init__(self, tg: Customers, seed: int = 0, pace: float = PACE) -> None:
        super().__init__(tg.state.listeners, WRITTEN, seed, pace)
        self._tg = tg
        self._people = cast()
        self._sexes = {guest.user.id: guest.sex for guest in self._people.values()}
        self._reactions: Counter[tuple[str, int]] = Counter()
        self._albums: set[int] = set()
        self._strangers = 0
        self._decks = {kind: Deck(lines, self._dice) for kind, lines in _LINES.items()}

    def prepare(self) -> None:
        """Fill the history; call before the app connects for the first time."""
        Morning(self._tg, self._people).write()

    def _listened_to(self) -> bool:
        return bool(self._tg.state.polls)

    def _broke_off(self, trace: str) -> None:
        self._tg.state.failures.append(trace)

    # arrivals

    def _invented(self) -> Arrival:
        kind = self._dice.choices(tuple(_LINES), _WEIGHTS)[0]
        return Arrival(kind, self._decks[kind].draw())

    def _arrive(self, arrival: Arrival) -> None:
        tg, who = self._tg, self._somebody(arrival)
        text = gendered(arrival.text, self._sexes.get(who, 0))
        match arrival.kind:
            case "comment":
                tg.customer_comments(self._dice.choice(posts(tg)[-3:]), who, text)
            case "thread":
                self._joins(self._some_comment(), who, text)
            case "mention":
                tg.mention_in_group(who, text)
            case "answer":
                self._answers_us(who, text)
            case "chatter":
                tg.group_message(who, text)
            case "shift":
                tg.group_message(COLLEAGUE, text, group=SHIFT_ID)
            case "suggest":
                tg.customer_suggests(who, text, media="photo")
            case "post":
                tg.publish_post(text)
            case _:
                self._writes(who, arrival.kind, text)

    def _writes(self, who: int, kind: str, text: str) -> None:
        tg = self._tg
        tg.customer_types(who)
        said = tg.customer_writes(who, text, media=kind if kind in _MEDIA else None)
        if kind == "edited":
            self._later(0.5, partial(tg.customer_edits, said, f"{text}, и один на коляске"))
        elif kind == "deleted":
            self._later(0.8, partial(tg.customer_deletes, said))

    def _somebody(self, arrival: Arrival) -> int:
        if arrival.who:
            return self._people[arrival.who].user.id
        if arrival.kind in {"shift", "post"}:
            return COLLEAGUE
        self._strangers += 1
        return self._welcome(stranger(self._dice, self._strangers))

    def _welcome(self, guest: Guest) -> int:
        state = self._tg.state
        with state.lock:
            self._tg.add_user(guest.user)
            for number in (DISCUSSION_ID, NEIGHBOURS_ID):
                state.channels[number].members.append(guest.user.id)
        self._sexes[guest.user.id] = guest.sex
        return guest.user.id

    def _some_comment(self) -> Message | None:
        chat = channel_chat(DISCUSSION_ID)
        with self._tg.state.lock:
            found = [
                item
                for item in self._tg.state.messages.values()
                if item.chat == chat and item.reply_to and not item.deleted and item.author != ME
            ]
        return self._dice.choice(found[-6:]) if found else None

    def _answers_us(self, who: int, text: str) -> None:
        """Somebody answers what we said in the neighbours' group, or names us."""
        chat = channel_chat(NEIGHBOURS_ID)
        with self._tg.state.lock:
            ours = [
                item
                for item in self._tg.state.messages.values()
                if item.chat == chat and item.author == ME and not item.deleted and item.text
            ]
        if ours:
            self._tg.group_message(who, text, reply_to=ours[-1])
        else:
            self._tg.mention_in_group(who, text)

    def _joins(self, comment: Message | None, who: int, text: str) -> None:
        """A second person speaks up in the thread."""
        if comment is not None and not comment.deleted:
            self._tg.group_message(who, text, group=DISCUSSION_ID, reply_to=comment)

    # reactions

    def _react(self, ours: Delivery) -> None:
        if ours.kind != "message" or self._same_album(ours):
            return
        who = self._addressee(ours)
        self._reactions[ours.chat, who] += 1
        if not who or self._reactions[ours.chat, who] > PATIENCE:
            return
        text = gendered(self._dice.choice(answer_to(ours.text)), self._sexes.get(who, 0))
        thinking = self._dice.uniform(0.6, 1.6)
        if ours.chat.startswith("u:"):
            self._later(0.3, partial(self._tg.customer_reads, who))
            self._later(thinking * 0.7, partial(self._tg.customer_types, who))
            self._later(thinking, partial(self._replies, ours, who, text))
        else:
            self._later(thinking, partial(self._replies_in_public, ours, who, text))

    def _same_album(self, ours: Delivery) -> bool:
        album = self._tg.message(ours.uid).album
        known = album in self._albums
        if album:
            self._albums.add(album)
        return known

    def _addressee(self, ours: Delivery) -> int:
        """Whom the answer was meant for, 0 for nobody in particular."""
        state = self._tg.state
        with state.lock:
            if ours.chat.startswith("u:"):
                person = state.users[ours.peer]
                return 0 if person.deleted or person.bot else ours.peer
            target = state.messages.get(state.messages[ours.uid].reply_to)
            if target is None or target.as_channel or target.author == ME:
                return 0
            return target.author

    def _replies(self, ours: Delivery, who: int, text: str) -> None:
        tg, luck = self._tg, self._dice.random()
        if luck < 0.08:
            tg.customer_reacts(tg.message(ours.uid))
            return
        said = tg.customer_writes(who, text)
        if luck > 0.75:
            question = self._dice.choice(FOLLOW_UPS)
            self._later(0.5, partial(tg.customer_writes, who, question))
        elif luck > 0.65:
            self._later(0.5, partial(tg.customer_edits, said, f"{text} И вам хорошего дня!"))
        elif luck > 0.6:
            self._later(0.5, partial(tg.customer_deletes, said))
        elif luck > 0.55:
            self._later(0.5, partial(tg.customer_writes, who, media="sticker"))

    def _replies_in_public(self, ours: Delivery, who: int, text: str) -> None:
        tg, luck = self._tg, self._dice.random()
        mine = tg.message(ours.uid)
        if mine.deleted:
            return
        group = int(ours.chat[2:])
        said = tg.group_message(who, text, group=group, reply_to=mine)
        if luck > 0.7 and is_channel(ours.chat) and group == DISCUSSION_ID:
            others = [g.user.id for g in self._people.values() if not g.user.deleted]
            other = self._dice.choice(others)
            self._later(0.7, partial(self._joins, mine, other, self._dice.choice(JOINERS)))
        elif luck > 0.62:
            self._later(0.6, partial(tg.customer_deletes, said))
