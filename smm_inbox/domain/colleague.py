"""Colleagues who can help: by topic, how to reach them, what to tell the customer meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .text import SafeText, clean_line

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who knows."""

    id: int
    """0 for one that is not stored yet."""
    name: SafeText
    topics: SafeText = SafeText("")
    """What they know about, with commas."""
    contact: SafeText = SafeText("")
    """How to reach them: a phone, a handle, an address."""
    phrase: SafeText = SafeText("")
    """What the customer is told meanwhile."""

    @property
    def address(self) -> str:
        """The e-mail address among the contacts; empty without one."""
        for word in self.contact.replace(",", " ").replace(";", " ").split():
            name, at, host = word.strip("<>().").partition("@")
            if at and name and "." in host:
                return f"{name}@{host}"
        return ""

    @property
    def line(self) -> str:
        """The colleague as one line, as ``read_colleague`` reads it."""
        parts = [self.name, self.topics, self.contact, self.phrase]
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        return " | ".join(parts)


def read_colleague(line: str, id: int = 0) -> Colleague | None:
    """Read ``name | topics | contact | phrase``; ``None`` without a name. Parts may be missing."""
    parts = [clean_line(part.strip(), limit=_LONGEST) for part in line.split("|", 3)]
    parts += [SafeText("")] * (4 - len(parts))
    name, topics, contact, phrase = parts
    return Colleague(id, name, topics, contact, phrase) if name else None


def by_topic(
    colleagues: Iterable[Colleague], text: str, stems: Callable[[str], Sequence[str]]
) -> list[Colleague]:
    """Colleagues whose topics the text touches first, each group in its order.

    ``stems`` cuts a text into the stems of its words.
    """
    wanted = set(stems(text))

    def hits(one: Colleague) -> int:
        return len(wanted & set(stems(f"{one.topics} {one.name}")))

    return sorted(colleagues, key=hits, reverse=True)
