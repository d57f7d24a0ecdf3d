"""Reads one table of the config file key by key and reports what nobody asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time

from smm_inbox.domain.text import SafeText, clean, clean_line
from smm_inbox.locale import tr

from .problems import Findings, nearest

_SHOWN = 40


def describe(value: object) -> str:
    """Kind of a value in words; never the value itself, which may be a secret."""
    if isinstance(value, bool):
        return "true" if value else "false"
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (str, tr("text")),
        (int, tr("a whole number")),
        (float, tr("a fraction")),
        (list, tr("a list")),
        (dict, tr("a table")),
        ((datetime, date, time), tr("a date or time without quotes")),
    )
    return next((word for kind, word in kinds if isinstance(value, kind)), "?")


def quote(value: object) -> str:
    """A short value as it stands; a long one could be a token pasted into the wrong line."""
    if isinstance(value, str) and len(value) <= _SHOWN:
        return f"«{clean_line(value)}»"
    return clean_line(str(value), limit=40) if isinstance(value, int | float) else describe(value)


def as_table(value: object) -> Mapping[str, object] | None:
    """The value as a table, or ``None``."""
    return value if isinstance(value, dict) else None


class Table:
    """One table. Ask for every key it may have, then call ``close``."""

    def __init__(self, findings: Findings, path: str, raw: Mapping[str, object]) -> None:
        self.findings = findings
        self.path = path
        self._raw = raw
        self._asked: dict[str, None] = {}

    def at(self, key: str) -> str:
        """Dotted path of ``key``."""
        return f"{self.path}.{key}" if self.path else key

    def __contains__(self, key: str) -> bool:
        return key in self._raw

    def get(self, key: str) -> object:
        """The raw value of ``key``, or ``None``."""
        self._asked[key] = None
        return self._raw.get(key)

    def rest(self) -> Iterator[tuple[str, object]]:
        """The keys not asked for by name; they count as known from now on."""
        for key in [key for key in self._raw if key not in self._asked]:
            self._asked[key] = None
            yield key, self._raw[key]

    def wrong(self, key: str, value: object, expected: str, hint: str = "") -> None:
        """Note that ``key`` has a value of the wrong kind; the value is not shown."""
        self.findings.add(self.at(key), expected=expected, found=describe(value), hint=hint)

    def bad(self, key: str, value: object, expected: str, hint: str = "") -> None:
        """Note that ``key`` has a bad value, which is shown."""
        self.findings.add(self.at(key), expected=expected, found=quote(value), hint=hint)

    def text(self, key: str, default: str = "") -> SafeText:
        """A line of text."""
        value = self.get(key)
        if value is None:
            return clean_line(default)
        if not isinstance(value, str):
            self.wrong(key, value, tr("text in quotes"))
            return clean_line(default)
        return clean_line(value)

    def lines(self, key: str) -> SafeText:
        """Text that may have several lines."""
        value = self.get(key)
        if not isinstance(value, str):
            self.wrong(key, value, tr("text in quotes"))
            return SafeText("")
        return SafeText(clean(value, limit=10_000).strip("\n"))

    def texts(self, key: str) -> tuple[SafeText, ...]:
        """A list of texts."""
        value = self.get(key)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong(key, value, tr("a list of texts in square brackets"))
            return ()
        return tuple(line for item in value if (line := clean_line(item)))

    def choice(self, key: str, default: str, among: Collection[str]) -> str:
        """One word out of several."""
        value = self.get(key)
        if value is None or value in among:
            return value if isinstance(value, str) else default
        hint = nearest(value, among) if isinstance(value, str) else ""
        self.bad(key, value, tr("one of {words}").format(words=", ".join(among)), hint)
        return default

    def flag(self, key: str, default: bool) -> bool:
        """Yes or no."""
        value = self.get(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.wrong(key, value, tr("true or false without quotes"))
        return default

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number between ``low`` and ``high``."""
        value = self.get(key)
        if value is None:
            return default
        expected = tr("a whole number from {low} to {high}").format(low=low, high=high)
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(key, value, expected)
            return default
        if not low <= value <= high:
            self.bad(key, value, expected)
            return default
        return value

    def table(self, key: str) -> Table:
        """A table inside this one; an absent one is empty."""
        value = self.get(key)
        inner = as_table(value)
        if value is not None and inner is None:
            self.wrong(
                key,
                value,
                tr("a table"),
                tr("Write [{name}] on a line of its own.").format(name=self.at(key)),
            )
        return Table(self.findings, self.at(key), inner or {})

    def close(self) -> None:
        """Report the keys nobody asked for."""
        for key in self._raw:
            if key not in self._asked:
                self.findings.unknown(self.at(key), self._asked)
