"""Show where a link leads when its words do not say it."""

from __future__ import annotations

import re

from smm_inbox.domain.text import clean_line

_LONGEST = 500
_WEB = re.compile(r"(?:https?|ftp)://", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_COMPARED = re.compile(r"^(?:https?://|mailto:|tel:)?(?:www\.)?", re.IGNORECASE)
_DIGITS = re.compile(r"\D+")


def target(href: str) -> str:
    """What to show for a link's address; empty for anything that is not a place to go or write."""
    href = clean_line(href, limit=4000).replace(" ", "%20").replace("<", "%3C").replace(">", "%3E")
    lower = href.lower()
    if lower.startswith("mailto:"):
        return href[7:].partition("?")[0]
    if lower.startswith("tel:"):
        return href[4:]
    if _WEB.match(href):
        return href if len(href) <= _LONGEST else href[: _LONGEST - 1] + "…"
    if _SCHEME.match(href) or not href.startswith("//"):
        return ""
    return href


def link_suffix(text: str, href: str) -> str:
    """What to write after a link's text: `` <address>``, or nothing when the text says it."""
    shown = " ".join(text.split())
    where = target(href)
    if not where or not shown:
        return ""
    if _bare(shown) == _bare(where):
        return ""
    if (
        href.lower().startswith("tel:")
        and _DIGITS.sub("", shown)[-10:] == _DIGITS.sub("", where)[-10:]
    ):
        return ""
    return f" <{where}>"


def _bare(text: str) -> str:
    return _COMPARED.sub("", text.strip()).rstrip("/").casefold()
