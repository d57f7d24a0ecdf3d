"""What was read before, for noticing what changed in place and what is no longer there."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from . import files
from .mapping import raw

NAME = "seen.json"
INTENT = "storing.json"
MAX_THREADS = 300
MAX_PEOPLE = 5_000
TALK, POST = "talk", "post"
_MARK = 12


@dataclass(slots=True)
class Seen:
    """A message or comment as it was last read."""

    at: int
    """Seconds since 1970."""
    mark: str
    """Fingerprint of the text; empty: the database may or may not have it."""
    reactions: dict[str, str] = field(default_factory=dict)
    """Emoji by who reacted; an empty one as with ``mark``."""


@dataclass(slots=True)
class Thread:
    """A private talk, or everything under a post."""

    seen: dict[str, Seen] = field(default_factory=dict)
    count: int = 0
    """``comments_count`` of a post."""
    heard: int = 0
    """When the customer last wrote."""


@dataclass(slots=True)
class Known:
    """A person."""

    username: str = ""
    fetched_at: int = 0
    refused: bool = False
    """Instagram does not show the profile: asked again only when the person writes."""


class Intent(NamedTuple):
    """Something that is about to be stored."""

    where: str
    """``TALK`` or ``POST``."""
    name: str
    """Of the talk or the post."""
    key: str
    at: int
    reactor: str = ""
    """Whose reaction on the message ``key`` it is; empty: the message itself."""


class Memory:
    """Everything kept between two readings; a file of the account, tied to the cursor.

    It is written after the database has stored a batch. A kill between the two would leave rows
    that nobody here knows, and nobody would miss them when they are gone on Instagram. So what a
    batch brings is named in a second file before it is stored: of that, either may be true.
    """

    def __init__(self, generation: str = "") -> None:
        self.generation = generation or secrets.token_hex(6)
        self.talks: OrderedDict[str, Thread] = OrderedDict()
        self.posts: OrderedDict[str, Thread] = OrderedDict()
        self.tags: OrderedDict[str, None] = OrderedDict()
        self.people: OrderedDict[str, Known] = OrderedDict()
        self.full_at = 0
        self.step = 0
        """How often it was written down."""
        self.pending: list[Intent] = []
        """What the batch on its way brings."""
        self.lost = True
        """Nothing was loaded: what is in the database may be older than what is read."""
        self.changed = False

    def talk(self, person: str) -> Thread:
        """The talk with a person."""
        return _take(self.talks, person, Thread)

    def post(self, media: str) -> Thread:
        """What stands under a post."""
        return _take(self.posts, media, Thread)

    def person(self, who: str) -> Known:
        """What is known of a person."""
        found = self.people.setdefault(who, Known())
        self.people.move_to_end(who)
        while len(self.people) > MAX_PEOPLE:
            self.people.popitem(last=False)
        return found

    def id_of(self, username: str) -> str:
        """The id behind a user name, when it was seen before."""
        if not username:
            return ""
        folded = username.casefold()
        for who, known in reversed(self.people.items()):
            if known.username.casefold() == folded:
                return who
        return ""

    def tag(self, media: str) -> bool:
        """Note a tag; whether it is new."""
        if media in self.tags:
            return False
        self.tags[media] = None
        while len(self.tags) > MAX_THREADS * 3:
            self.tags.popitem(last=False)
        self.changed = True
        return True

    def intend(self, folder: Path) -> None:
        """Name what the database is about to be given."""
        if self.pending:
            brings = [list(intent) for intent in self.pending]
            head = {"generation": self.generation, "step": self.step}
            files.save(folder / INTENT, {**head, "brings": brings})

    def save(self, folder: Path) -> None:
        """Write it down: the database has stored what was read."""
        value: raw.Raw = {
            "generation": self.generation,
            "step": self.step + 1,
            "talks": {name: _dump(thread) for name, thread in self.talks.items()},
            "posts": {name: _dump(thread) for name, thread in self.posts.items()},
            "tags": list(self.tags),
            "people": {
                who: [known.username, known.fetched_at, int(known.refused)]
                for who, known in self.people.items()
            },
            "full_at": self.full_at,
        }
        files.save(folder / NAME, value)
        self.step += 1
        self.pending.clear()
        self.changed = False

    def doubt(self, intent: Intent) -> None:
        """The database may have this or not: it is told again, and missed when it is gone."""
        where, name, key, at, reactor = intent
        thread = self.talk(name) if where == TALK else self.post(name)
        seen = thread.seen.setdefault(key, Seen(at, ""))
        if reactor:
            seen.reactions[reactor] = ""
        else:
            seen.mark = ""


def load(folder: Path, generation: str) -> Memory:
    """The memory that belongs to the cursor; an empty one when there is none."""
    memory = Memory(generation)
    if not generation:
        return memory
    stored = files.load(folder / NAME)
    if stored.get("generation") == generation:
        _fill(memory, stored)
    brings = files.load(folder / INTENT)
    if brings.get("generation") == generation and brings.get("step") == memory.step:
        told = brings.get("brings")
        for intent in told if isinstance(told, list) else []:
            if isinstance(intent, list) and len(intent) == len(Intent._fields):
                where, name, key, at, reactor = intent
                memory.doubt(Intent(str(where), str(name), str(key), raw.count(at) or 0, reactor))
    return memory


def _fill(memory: Memory, stored: raw.Raw) -> None:
    for name, entry in raw.obj(stored.get("talks")).items():
        memory.talks[name] = _thread(entry)
    for name, entry in raw.obj(stored.get("posts")).items():
        memory.posts[name] = _thread(entry)
    tags = stored.get("tags")
    for name in tags if isinstance(tags, list) else []:
        memory.tags[str(name)] = None
    for who, entry in raw.obj(stored.get("people")).items():
        if isinstance(entry, list) and len(entry) == 3:
            fetched = raw.count(entry[1]) or 0
            memory.people[who] = Known(str(entry[0]), fetched, bool(entry[2]))
    memory.full_at = raw.count(stored.get("full_at")) or 0
    memory.step = raw.count(stored.get("step")) or 0
    memory.lost = False


def fingerprint(text: str) -> str:
    """A short mark of a text: the text itself is in the database only."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970."""
    return int(moment.timestamp())


def moment(at: int) -> datetime:
    """The moment behind such seconds."""
    return datetime.fromtimestamp(at, UTC)


def _take(threads: OrderedDict[str, Thread], name: str, make: type[Thread]) -> Thread:
    found = threads.get(name)
    if found is None:
        found = threads[name] = make()
    threads.move_to_end(name)
    while len(threads) > MAX_THREADS:
        threads.popitem(last=False)
    return found


def _dump(thread: Thread) -> raw.Raw:
    return {
        "seen": {
            name: [seen.at, seen.mark, seen.reactions] if seen.reactions else [seen.at, seen.mark]
            for name, seen in thread.seen.items()
        },
        "count": thread.count,
        "heard": thread.heard,
    }


def _thread(value: object) -> Thread:
    entry = raw.obj(value)
    thread = Thread(count=raw.count(entry.get("count")) or 0)
    thread.heard = raw.count(entry.get("heard")) or 0
    for name, told in raw.obj(entry.get("seen")).items():
        if isinstance(told, list) and len(told) >= 2:
            reactions = raw.obj(told[2]) if len(told) > 2 else {}
            shown = {who: str(emoji) for who, emoji in reactions.items()}
            thread.seen[name] = Seen(raw.count(told[0]) or 0, str(told[1]), shown)
    return thread
