"""Mention markup: made readable, and searched for our own name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from smm_inbox.domain.text import MAX_TEXT, SafeText, clean

# [id1|Анна], [club1|@cafe], [id1:bp-1_205|Анна] in discussions, [https://vk.com/…|words]. The
# quantifiers are bounded and exclude the closing characters: a hostile text costs linear time.
_MARKUP = re.compile(r"\[([A-Za-z0-9_.:/?=&%#-]{1,200})\|([^\[\]\n]{0,300})\]")
_TARGET = re.compile(r"(id|club|public|event)(\d{1,19})(?::bp-\d+_\d+)?")
_ADDRESS_PREFIX = re.compile(
    r"\s*\[(id|club|public|event)(\d{1,19})(?::bp-\d+_\d+)?\|[^\[\]\n]*\]\s*,"
)


@dataclass(frozen=True, slots=True)
class Ourselves:
    """Who we are in texts."""

    group_id: int
    screen_name: str = ""

    @property
    def owner(self) -> int:
        """The community as an author or owner: its number with a minus."""
        return -self.group_id


def readable(raw: object) -> SafeText:
    """Clean a text and show mentions as people see them: ``[id1|Анна], да`` is ``Анна, да``."""
    return clean(_MARKUP.sub(_shown, raw[: MAX_TEXT * 2]) if isinstance(raw, str) else "")


def _shown(found: re.Match[str]) -> str:
    # Only links of VK's own making: "[a|b]" in somebody's formula stays as it was written.
    if _TARGET.fullmatch(found[1]) or found[1].startswith(("http://", "https://", "vk.com/")):
        return found[2]
    return found[0]


def addressee(raw: object) -> int | None:
    """Whom a text speaks to by its first words ``[id1|Анна], …``; a community is negative."""
    found = _ADDRESS_PREFIX.match(raw[:600]) if isinstance(raw, str) else None
    if not found:
        return None
    return int(found[2]) if found[1] == "id" else -int(found[2])


def mentions(raw: object, us: Ourselves) -> bool:
    """Whether a text names the community: ``[club1|…]``, ``@club1``, ``*club1``, ``@cafe``."""
    if not isinstance(raw, str):
        return False
    text = raw[: MAX_TEXT * 2]
    for found in _MARKUP.finditer(text):
        target = _TARGET.match(found[1])
        if target and target[1] != "id" and int(target[2]) == us.group_id:
            return True
    words = [f"(?:club|public|event){us.group_id}"]
    if us.screen_name:
        words.append(re.escape(us.screen_name))
    pattern = rf"(?<![\w@*.])[@*](?:{'|'.join(words)})(?![\w])"
    return re.search(pattern, text, re.IGNORECASE) is not None
