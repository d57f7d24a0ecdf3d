"""SEARCH: which letters fit a query."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from smm_inbox.sandbox.mail.model import Folder, Stored
from smm_inbox.sandbox.mail.wire import Syntax, Value, number_set, text, within

Test = Callable[[int, Stored], bool]
"""Takes the sequence number and the letter."""

_FLAGS = {
    "SEEN": r"\Seen",
    "ANSWERED": r"\Answered",
    "FLAGGED": r"\Flagged",
    "DELETED": r"\Deleted",
    "DRAFT": r"\Draft",
    "RECENT": r"\Recent",
}
_HEADERS = {"FROM": "From", "TO": "To", "CC": "Cc", "BCC": "Bcc", "SUBJECT": "Subject"}


class Refused(Exception):
    """This provider does not search by that key."""


def compile_query(
    args: list[Value], folder: Folder, count: int, refuses: frozenset[str]
) -> tuple[Test, bool]:
    """Turn a query into a test; the second result tells whether it speaks of mod-sequences."""
    if args and args[0] == b"CHARSET":
        args = args[2:]
    words = iter(args)
    state = _State(folder, count, refuses)
    tests = list(state.every(words))
    if not tests:
        raise Syntax("nothing to search for")
    return _all(tests), state.modseq


class _State:
    def __init__(self, folder: Folder, count: int, refuses: frozenset[str]) -> None:
        self.folder = folder
        self.count = count
        self.refuses = refuses
        self.modseq = False

    def every(self, words: Iterator[Value]) -> Iterator[Test]:
        for word in words:
            yield self.one(word, words)

    def one(self, word: Value, rest: Iterator[Value]) -> Test:
        if isinstance(word, list):
            return _all(list(self.every(iter(word))))
        key = text(word).upper()
        if key in self.refuses:
            raise Refused(key)
        if key in _FLAGS:
            flag = _FLAGS[key]
            return lambda _, item: flag in item.flags
        if key.startswith("UN") and key[2:] in _FLAGS:
            absent = _FLAGS[key[2:]]
            return lambda _, item: absent not in item.flags
        if key[:1].isdigit() or key[:1] == "*":
            ranges = number_set(word, self.count)
            return lambda number, _: within(ranges, number)
        return self.keyed(key, rest)

    def keyed(self, key: str, rest: Iterator[Value]) -> Test:
        match key:
            case "ALL":
                return lambda _, item: True
            case "NOT":
                inner = self.one(next(rest), rest)
                return lambda number, item: not inner(number, item)
            case "OR":
                left, right = self.one(next(rest), rest), self.one(next(rest), rest)
                return lambda number, item: left(number, item) or right(number, item)
            case "UID":
                ranges = number_set(next(rest), max(self.folder.letters, default=0))
                return lambda _, item: within(ranges, item.uid)
            case "MODSEQ":
                self.modseq = True
                least = int(text(next(rest)))
                return lambda _, item: item.modseq >= least
            case "SINCE" | "BEFORE" | "ON" | "SENTSINCE" | "SENTBEFORE" | "SENTON":
                return _dated(key, text(next(rest)))
            case "LARGER" | "SMALLER":
                size = int(text(next(rest)))
                larger = key == "LARGER"
                return lambda _, item: len(item.raw) > size if larger else len(item.raw) < size
            case "KEYWORD" | "UNKEYWORD":
                flag, present = text(next(rest)), key == "KEYWORD"
                return lambda _, item: (flag in item.flags) is present
            case "HEADER":
                return _header(text(next(rest)), text(next(rest)))
            case "TEXT" | "BODY":
                wanted = text(next(rest)).lower().encode()
                return lambda _, item: wanted in item.raw.lower()
            case _ if key in _HEADERS:
                return _header(_HEADERS[key], text(next(rest)))
            case _:
                raise Syntax(f"unknown search key {key}")


def _all(tests: list[Test]) -> Test:
    return lambda number, item: all(test(number, item) for test in tests)


def _header(name: str, wanted: str) -> Test:
    folded = wanted.lower()
    return lambda _, item: folded in item.header(name).lower()


def _dated(key: str, value: str) -> Test:
    try:
        # strptime would need an English locale: the names of months are IMAP's, not ours.
        day = parsedate_to_datetime(f"{value.strip(chr(34)).replace('-', ' ')} 00:00:00 +0000")
    except ValueError as error:
        raise Syntax("not a date") from error
    sent = key.startswith("SENT")
    compare = key.removeprefix("SENT")

    def test(_: int, item: Stored) -> bool:
        moment = _sent_on(item) if sent else item.at
        if moment is None:
            return False
        if compare == "ON":
            return moment.date() == day.date()
        return (moment.date() >= day.date()) is (compare == "SINCE")

    return test


def _sent_on(item: Stored) -> datetime | None:
    try:
        return parsedate_to_datetime(item.header("Date"))
    except ValueError:
        return None
