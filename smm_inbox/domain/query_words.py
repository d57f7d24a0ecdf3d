"""Operators of the search language and their values, in Russian and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, tzinfo
from difflib import get_close_matches
from enum import StrEnum

from .conversation import Kind, MessageType, Status
from .fold import fold
from .ids import AccountId
from .layout import retype
from .query_days import day_named


class Field(StrEnum):
    """What an operator asks about."""

    CHANNEL = "channel"
    TAG = "tag"
    AUTHOR = "author"
    KIND = "kind"
    TYPE = "type"
    BEFORE = "before"
    AFTER = "after"
    HAS = "has"
    WAITING = "waiting"
    STATUS = "status"


class Slip(StrEnum):
    """What was not understood in a query."""

    TOO_MANY = "too_many"
    """More words than are looked for."""
    OPERATOR = "operator"
    """No such operator, but one is close to it."""
    VALUE = "value"
    """An operator does not know its value."""
    NO_VALUE = "no_value"
    """An operator still waits for its value."""
    NO_TAGS = "no_tags"
    """There are no tags to choose from."""
    DAY = "day"
    """The value is no day."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A slip with what is needed to tell it in a sentence."""

    slip: Slip
    value: str = ""
    """What was found."""
    name: str = ""
    """Of the operator, as typed."""
    close: str = ""
    """What was perhaps meant."""
    choices: tuple[str, ...] = ()
    """Some of what is possible."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names that queries may use here, folded, and what they stand for."""

    channels: Mapping[str, frozenset[AccountId]] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Properties a message or its conversation must have; ``None``: any."""

    accounts: frozenset[AccountId] | None = None
    kinds: frozenset[Kind] | None = None
    types: frozenset[MessageType | None] | None = None
    statuses: frozenset[str] | None = None
    """``Status`` values and the boxes ``snoozed`` and ``spam``."""
    tags: tuple[frozenset[int], ...] = ()
    """One tag of every set."""
    not_tags: frozenset[int] = frozenset()
    before: datetime | None = None
    """Sent earlier than this."""
    after: datetime | None = None
    """Sent at this moment or later."""
    attachment: bool | None = None
    waiting: bool | None = None
    nothing: bool | None = None
    """A condition that nothing can fulfil: its tag or account does not exist."""

    def joined(self, other: Wanted) -> Wanted:
        """Both at once."""
        mine = {one.name: getattr(self, one.name) for one in fields(self)}
        for one in fields(other):
            new, old = getattr(other, one.name), mine[one.name]
            if new is None:
                continue
            if one.name == "before" and old is not None:
                new = min(old, new)
            elif one.name == "after" and old is not None:
                new = max(old, new)
            elif one.name == "tags":
                new = old + new
            elif isinstance(new, frozenset) and old is not None:
                new = old | new if one.name == "not_tags" else old & new
            mine[one.name] = new
        return Wanted(**mine)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a value was understood as, and what was not understood."""

    wanted: Wanted = field(default_factory=Wanted)
    problem: Problem | None = None


_SHOWN = 40
_MOST_CHOICES = 8

_NAMES: dict[Field, tuple[str, ...]] = {
    Field.CHANNEL: ("канал", "channel", "аккаунт", "account"),
    Field.TAG: ("тег", "тэг", "tag", "метка"),
    Field.AUTHOR: ("автор", "author", "от", "from"),
    Field.KIND: ("вид", "kind"),
    Field.TYPE: ("тип", "type"),
    Field.BEFORE: ("до", "before"),
    Field.AFTER: ("после", "after", "с"),
    Field.HAS: ("есть", "has"),
    Field.STATUS: ("статус", "status", "состояние"),
}
_ALONE = {"ждет": Field.WAITING, "ждут": Field.WAITING, "waiting": Field.WAITING}
_OPERATORS = {name: one for one, names in _NAMES.items() for name in names}

_KINDS: dict[str, Kind] = {
    "личное": Kind.DIRECT,
    "лс": Kind.DIRECT,
    "direct": Kind.DIRECT,
    "private": Kind.DIRECT,
    "комментарий": Kind.COMMENT,
    "comment": Kind.COMMENT,
    "упоминание": Kind.MENTION,
    "mention": Kind.MENTION,
    "отзыв": Kind.REVIEW,
    "review": Kind.REVIEW,
    "вручную": Kind.MANUAL,
    "manual": Kind.MANUAL,
}
_TYPES: dict[str, MessageType | None] = {
    "вопрос": MessageType.QUESTION,
    "question": MessageType.QUESTION,
    "благодарность": MessageType.THANKS,
    "спасибо": MessageType.THANKS,
    "thanks": MessageType.THANKS,
    "жалоба": MessageType.COMPLAINT,
    "complaint": MessageType.COMPLAINT,
    "нейтральное": MessageType.NEUTRAL,
    "neutral": MessageType.NEUTRAL,
    "нет": None,
    "none": None,
}
_STATUSES: dict[str, str] = {
    "новое": Status.NEW,
    "new": Status.NEW,
    "вработе": Status.IN_PROGRESS,
    "работа": Status.IN_PROGRESS,
    "in_progress": Status.IN_PROGRESS,
    "progress": Status.IN_PROGRESS,
    "закрыто": Status.CLOSED,
    "closed": Status.CLOSED,
    "отложено": "snoozed",
    "snoozed": "snoozed",
    "спам": "spam",
    "spam": "spam",
}
_THINGS: dict[str, str] = {
    "вложение": "attachment",
    "вложения": "attachment",
    "файл": "attachment",
    "фото": "attachment",
    "attachment": "attachment",
    "file": "attachment",
    "photo": "attachment",
}
_SIGNS = re.compile(r'[,"«»“”„]')


def operator_named(name: str, *, alone: bool = False) -> Field | None:
    """The operator of that name, in either layout; ``alone``: the word that needs no value."""
    known = _ALONE if alone else _OPERATORS
    return known.get(fold(name)) or known.get(fold(retype(name)))


def unknown_operator(name: str) -> Problem | None:
    """The operator that was perhaps meant, if one is close."""
    close = get_close_matches(fold(name), list(_OPERATORS), n=1, cutoff=0.75)
    if not close or len(name) < 3:
        return None
    return Problem(Slip.OPERATOR, name=name[:_SHOWN], close=close[0])


def read_value(
    asked: Field,
    name: str,
    value: str,
    vocabulary: Vocabulary,
    now: datetime,
    zone: tzinfo,
    *,
    negative: bool,
) -> Reading:
    """Read what stands behind ``name:``; several values are separated by commas."""
    if asked is Field.WAITING:
        return Reading(Wanted(waiting=not negative))
    if asked in {Field.BEFORE, Field.AFTER}:
        return _moment(asked, value, now, zone)
    choices = _choices(asked, vocabulary)
    parts = [fold(part.strip()) for part in value.split(",") if part.strip()]
    if not parts:
        return Reading(problem=_values(asked, choices))
    problem: Problem | None = None
    found: set[object] = set()
    for part in parts:
        hits = _matching(part, choices)
        found.update(hits)
        if not hits:
            problem = _not_known(asked, name, part, choices)
    if not found:
        return Reading(problem=problem)
    return Reading(_wanted(asked, frozenset(found), choices, negative=negative), problem)


def with_renamed(value: str, tag: int, name: str, vocabulary: Vocabulary) -> str:
    """The tags behind ``tag:`` for when one of them is called ``name``.

    A beginning that stands for several tags keeps standing for the others. Signs of this language
    cannot stand in a value: of such a name its beginning is written, which stands for it.
    """
    name = _SIGNS.split(name)[0].strip() or name
    parts: list[str] = []
    for part in value.split(","):
        hits = _matching(fold(part.strip()), vocabulary.tags) if part.strip() else set()
        if hits != {tag}:
            parts.append(part)
        if tag in hits:
            parts.append(name)
    return ",".join(dict.fromkeys(parts))  # both tags of a merge may have been named


def _choices(asked: Field, vocabulary: Vocabulary) -> Mapping[str, object]:
    match asked:
        case Field.CHANNEL:
            return vocabulary.channels
        case Field.TAG:
            return vocabulary.tags
        case Field.KIND:
            return _KINDS
        case Field.TYPE:
            return _TYPES
        case Field.STATUS:
            return _STATUSES
        case _:
            return _THINGS


def _matching(part: str, choices: Mapping[str, object]) -> set[object]:
    """What a value stands for; while it is being typed, everything that begins with it."""
    for read in (part, fold(retype(part))):
        if read in choices:
            return {choices[read]}
        if begun := {one for name, one in choices.items() if name.startswith(read)}:
            return begun
    return set()


def _wanted(
    asked: Field, found: frozenset[object], choices: Mapping[str, object], *, negative: bool
) -> Wanted:
    if asked is Field.HAS:
        return Wanted(attachment=not negative)
    if asked is Field.TAG:
        tags = frozenset(one for one in found if isinstance(one, int))
        return Wanted(not_tags=tags) if negative else Wanted(tags=(tags,))
    if asked is Field.CHANNEL:
        groups = [one for one in found if isinstance(one, frozenset)]
        accounts = frozenset(account for group in groups for account in group)
        if negative:
            every = [one for one in choices.values() if isinstance(one, frozenset)]
            accounts = frozenset(account for group in every for account in group) - accounts
        return Wanted(accounts=accounts)
    kept = frozenset(choices.values()) - found if negative else found
    if asked is Field.KIND:
        return Wanted(kinds=frozenset(one for one in kept if isinstance(one, Kind)))
    if asked is Field.TYPE:
        types = (one for one in kept if one is None or isinstance(one, MessageType))
        return Wanted(types=frozenset(types))
    return Wanted(statuses=frozenset(str(one) for one in kept))


def _values(asked: Field, choices: Mapping[str, object]) -> Problem:
    if not choices:
        return Problem(Slip.NO_TAGS if asked is Field.TAG else Slip.NO_VALUE)
    return Problem(Slip.NO_VALUE, choices=tuple(choices)[:_MOST_CHOICES])


def _not_known(asked: Field, name: str, part: str, choices: Mapping[str, object]) -> Problem:
    if asked is Field.TAG and not choices:
        return Problem(Slip.NO_TAGS)
    close = get_close_matches(part, list(choices), n=1, cutoff=0.6)
    return Problem(
        Slip.VALUE,
        value=part[:_SHOWN],
        name=name[:_SHOWN],
        close=close[0] if close else "",
        choices=tuple(choices)[:_MOST_CHOICES],
    )


def _moment(asked: Field, value: str, now: datetime, zone: tzinfo) -> Reading:
    local = now.astimezone(zone)
    found = day_named(fold(value.strip()), local) or day_named(fold(retype(value.strip())), local)
    if found is None:
        return Reading(problem=Problem(Slip.DAY, value=value[:_SHOWN]))
    if asked is Field.BEFORE:
        return Reading(Wanted(before=found))
    return Reading(Wanted(after=found))
