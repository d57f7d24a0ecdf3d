"""Texts of messages: links that hide behind words are spelled out."""

from __future__ import annotations

from telethon.tl import types

from smm_inbox.domain.text import SafeText, clean

_MOST_LINKS = 100


def readable(text: object, entities: object = None) -> SafeText:
    """A text as plain words; a hidden link follows its words in brackets."""
    if not isinstance(text, str):
        return SafeText("")
    links = [
        (entity.offset + entity.length, entity.url)
        for entity in (entities if isinstance(entities, list) else [])
        if isinstance(entity, types.MessageEntityTextUrl)
        and isinstance(entity.url, str)
        and isinstance(entity.offset, int)
        and isinstance(entity.length, int)
    ]
    if links:
        text = _with_links(text, links[:_MOST_LINKS])
    return clean(text)


def _with_links(text: str, links: list[tuple[int, str]]) -> str:
    """Put links in after their words; positions count UTF-16 units, as Telegram does."""
    units = text.encode("utf-16-le", "surrogatepass")
    for end, url in sorted(links, reverse=True):
        at = max(0, min(end * 2, len(units)))
        before = units[:at].decode("utf-16-le", "replace")
        if before.endswith(url):
            continue
        units = units[:at] + f" ({url})".encode("utf-16-le", "surrogatepass") + units[at:]
    return units.decode("utf-16-le", "replace")
