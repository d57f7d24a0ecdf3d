"""What the network reads out of a text: mentions, links, commands, in UTF-16 units."""

from __future__ import annotations

import re

from smm_inbox.sandbox.telegram.model import Entity

_MARKED = re.compile(
    r"(?P<url>https?://\S+)|(?P<mention>(?<!\w)@[A-Za-z]\w{3,31})|(?P<hashtag>(?<!\w)#\w+)"
    r"|(?P<command>(?<!\S)/[a-z_]+)"
)


def units(text: str) -> int:
    """Length as the network counts it: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def find_entities(text: str) -> list[Entity]:
    """Marked stretches of a text, in order."""
    return [
        Entity(
            kind=match.lastgroup or "",
            offset=units(text[: match.start()]),
            length=units(match.group()),
        )
        for match in _MARKED.finditer(text)
    ]


def mentioned_names(text: str) -> set[str]:
    """Usernames after an @, in lower case."""
    return {
        match.group()[1:].lower()
        for match in _MARKED.finditer(text)
        if match.lastgroup == "mention"
    }
