"""Promises in what the business writes: "перезвоним до 18:00" is something somebody waits for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from .conversation import UNTIL_ANSWER
from .hours import BusinessHours
from .promise import Promised
from .promise_time import Moment, moments
from .snooze import Snooze, parse

# A verb in the first person of the future (perfective), as a business speaks to its customer. The
# stems are kept whole words: «ответим» is a promise, «ответили» is a report, «ответить» a wish.
_DEEDS = (
    r"пере?звон(?:ю|им)|позвон(?:ю|им)|набер(?:у|ем)|свяж(?:усь|емся)|напиш(?:у|ем)"
    r"|отпиш(?:усь|емся)|ответ(?:чу|им)|отвеч(?:у)|верн(?:усь|емся|у|ем)|сообщ(?:у|им)"
    r"|подскаж(?:у|ем)|расскаж(?:у|ем)|уточн(?:ю|им)|узна(?:ю|ем)|провер(?:ю|им)"
    r"|разбер(?:усь|емся)|выясн(?:ю|им)|спрош(?:у)|спросим|посмотр(?:ю|им)|пришл(?:ю|ем)"
    r"|отправ(?:лю|им)|вышл(?:ю|ем)|скин(?:у|ем)|привез(?:у|ем)|достав(?:лю|им)|переда(?:м|дим)"
    r"|подготов(?:лю|им)|сдела(?:ю|ем)|исправ(?:лю|им)|реш(?:у|им)|замен(?:ю|им)"
    r"|компенсиру(?:ю|ем)|возмест(?:им)|возмещу|переведу|переведем|оформ(?:лю|им)"
    r"|отлож(?:у|им)|найд(?:у|ем)|поищ(?:у|ем)"
    r"|да(?:м|дим) знать|да(?:м|дим) ответ|держать в курсе|буд(?:ет|ут) готов[аоы]?"
    r"|посчита(?:ю|ем)|рассчита(?:ю|ем)|соглас(?:ую|уем)|обсуд(?:им)|обсужу|добав(?:лю|им)"
)
_DEED = re.compile(rf"(?<![\w-])(?P<deed>{_DEEDS})(?![\w-])")
_BEFORE_NOT = re.compile(r"(?:^|\W)(?:не|нельзя|вряд ли|пока не)\s+(?:\w+\s+)?$")
_BEFORE_IF = re.compile(r"(?:^|\W)(?:если|как только|когда)\W+(?:\w+\W+){0,2}$")
# A deed for which the moment need not be named: somebody sits by the telephone.
_OWED_ANYWAY = re.compile(
    r"пере?звон|позвон|набер|свяж|отпиш|напиш|вернусь|вернемся|ответ|сообщ|уточн|узна|выясн|спро"
    r"|провер|разбер|знать|в курсе"
)
_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.:]\d+[^.!?…\n]*)*(?:[.!?…]+|$)?")
_CLAUSE = re.compile(r"[^,;:()—–]+(?:[,:]\d+[^,;:()—–]*)*")
_MOST = 5
_PHRASE = 120
# Whoever pastes a book into an answer must not wait for it to be read over and over: a sentence is
# read in stretches of this length, and only so much before a verb is looked at.
_STRETCH = 2000
_BEFORE = 200


def recognise(text: str, now: datetime, hours: BusinessHours) -> tuple[Promised, ...]:
    """Promises in an outgoing ``text`` (Russian), earliest first, one a moment, at most five.

    A verb of the business in the future is needed ("перезвоним", "будет готово"); its moment is
    looked for in the same sentence, nearest first. Verbs that leave somebody waiting count without
    a moment too: then the promise is due at the end of the business day. Questions, conditions and
    negations are no promises.
    """
    found: dict[datetime, Promised] = {}
    for sentence, folded in _sentences(text):
        if folded.rstrip().endswith("?"):
            continue
        named: list[Moment] | None = None
        for deed in _DEED.finditer(folded):
            before = folded[max(0, deed.start() - _BEFORE) : deed.start()]
            if _BEFORE_NOT.search(before) or _BEFORE_IF.search(before):
                continue
            if named is None:
                named = list(moments(folded, now, hours))
            moment = _nearest(folded, deed.start(), deed.end(), named)
            if moment is None:
                if not _OWED_ANYWAY.search(deed["deed"]):
                    continue
                due = hours.end_of_day(now)
            else:
                due = moment.due
            found.setdefault(due, Promised(_phrase(sentence), due))
    return tuple(sorted(found.values(), key=lambda one: one.due)[:_MOST])


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    folded = "".join(_lower(char) for char in text)
    for match in _SENTENCE.finditer(folded):
        for start in range(match.start(), match.end(), _STRETCH):
            end = min(start + _STRETCH, match.end())
            yield text[start:end], folded[start:end]


def _lower(char: str) -> str:
    """One character stays one, so that places in the folded text are places in the text."""
    lowered = char.lower()
    if len(lowered) != 1:
        return char
    return "е" if lowered == "ё" else " " if lowered == "\u00a0" else lowered


def _nearest(sentence: str, start: int, end: int, found: list[Moment]) -> Moment | None:
    """The moment that belongs to a verb: in its clause, else behind it, else before it."""
    if not found:
        return None
    clause = next(
        (part.span() for part in _CLAUSE.finditer(sentence) if part.start() <= start < part.end()),
        (0, len(sentence)),
    )

    def distance(moment: Moment) -> tuple[int, int]:
        inside = clause[0] <= moment.start < clause[1]
        behind = moment.start >= end
        gap = moment.start - end if behind else max(0, start - moment.end)
        return (0 if inside else 1 if behind else 2, gap)

    return min(found, key=distance)


def _phrase(sentence: str) -> str:
    line = " ".join(sentence.split())
    return line if len(line) <= _PHRASE else line[: _PHRASE - 1].rstrip() + "…"


_ENGLISH = re.compile(r"(?<!\w)(?:until|till|by|for|in|at|on)\s+(?=\S)|^")


def read_promise(line: str, now: datetime, hours: BusinessHours) -> Promised | None:
    """A promise written down by hand: what, and by when ("вернуть деньги до пятницы").

    Without a moment it is due at the end of the business day. ``None`` for an empty line.
    """
    phrase = _phrase(line)
    if not phrase:
        return None
    return Promised(phrase, read_moment(line, now, hours) or hours.end_of_day(now))


def read_moment(line: str, now: datetime, hours: BusinessHours) -> datetime | None:
    """The moment a line names: "завтра в 10", "by Friday", "2h"; ``None`` when it names none."""
    if (whole := parse(line, now, hours)) and isinstance(whole, Snooze):
        return None if whole.until == UNTIL_ANSWER else whole.until
    folded = "".join(_lower(char) for char in line[:_STRETCH])
    first = min(moments(folded, now, hours), key=lambda one: one.start, default=None)
    if first is not None:
        return first.due
    tail = ending(line, now, hours)
    return None if tail is None else tail[1]


def ending(line: str, now: datetime, hours: BusinessHours) -> tuple[int, datetime] | None:
    """An English moment at the end of a line ("… until 18:00"): where it begins, when it is."""
    for found in _ENGLISH.finditer(line, max(0, len(line) - _BEFORE)):
        rest = parse(line[found.end() :], now, hours)
        if found.end() and isinstance(rest, Snooze) and rest.until != UNTIL_ANSWER:
            return found.start(), rest.until
    return None
