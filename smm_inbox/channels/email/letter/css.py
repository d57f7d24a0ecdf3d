"""What classes, ids and styles of an HTML letter tell: hidden text, quotes, signatures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

Attributes = Mapping[str, "str | None"]

_HIDING = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|(?<![\w-])opacity:0(?:\.0+)?(?:;|!|$)|"
    r"(?<!-)max-height:0(?:px|em|pt|%)?(?:;|!|$)|text-indent:-\d{3,}"
)
_FONT_SIZE = re.compile(
    r"(?:^|;)font(?:-size)?:(?:[^;]*\s)?(\d*\.?\d+)(px|pt|em|rem|%)?(?:[/\s][^;]*)?"
)
_LEVEL_BLOCKQUOTE = re.compile(r"border(?:-left)?:(?:none|0|medium)")
_NO_MARGIN = re.compile(r"(?:^|;)margin(?:-bottom)?:0")
_QUOTE_CLASSES = frozenset(
    {
        "gmail_attr",
        "mail-quote-collapse",
        "moz-cite-prefix",
        "yahoo_quoted",
        "protonmail_quote",
        "tutanota_quote",
        "zmail_extra",
        "ms-outlook-mobile-reference-message",
    }
)
_QUOTE_IDS = frozenset(
    {
        "mail-app-auto-quote",
        "olk_src_body_section",
        "reply-intro",
        "yahoo_quoted",
    }
)
_TAIL_IDS = frozenset({"divrplyfwdmsg", "appendonsend", "stopspelling"})
_CONTAINERS = frozenset({"gmail_quote", "gmail_quote_container", "gmail_extra"})
_SIGNATURE_CLASSES = frozenset(
    {
        "gmail_signature",
        "gmail_signature_prefix",
        "moz-signature",
        "protonmail_signature_block",
        "applemailsignature",
        "bloop_sign",
    }
)
_SIGNATURE_IDS = frozenset(
    {
        "signature",
        "ms-outlook-mobile-signature",
        "ms-outlook-mobile-body-separator-line",
        "applemailsignature",
        "_rc_sig",
        "bloop_sign",
        "composer_signature",
    }
)


@dataclass(frozen=True, slots=True)
class Look:
    """What styles say about the visibility of an element's text."""

    hidden: bool = False
    """The element and everything in it is invisible."""
    tiny: bool | None = None
    """The font is too small to see (children may enlarge it); ``None`` leaves it as it is."""


PLAIN = Look()


def look_of(attributes: Attributes) -> Look:
    """Visibility of an element by its attributes."""
    style = _style(attributes)
    if "hidden" in attributes or (style and _HIDING.search(style)):
        return Look(hidden=True)
    if "font" in style and (match := _FONT_SIZE.search(style)):
        size = float(match[1])
        unit = match[2] or "px"
        return Look(tiny=size <= 1 if unit in {"px", "pt"} else size <= 0.1)
    return PLAIN


def _style(attributes: Attributes) -> str:
    return re.sub(r"\s*([:;])\s*", r"\1", (attributes.get("style") or "")[:2000].lower()).strip()


def _names(attributes: Attributes) -> tuple[list[str], str]:
    # Outlook on the web puts "x_" before every class and id of a letter it quotes.
    classes = [
        name.removeprefix("x_") for name in (attributes.get("class") or "")[:500].lower().split()
    ]
    return classes, (attributes.get("id") or "")[:200].lower().removeprefix("x_")


def is_quote(attributes: Attributes) -> bool:
    """Whether an element holds a quoted letter or the line that introduces one."""
    classes, name = _names(attributes)
    return name in _QUOTE_IDS or not _QUOTE_CLASSES.isdisjoint(classes)


def is_quote_container(attributes: Attributes) -> bool:
    """Whether an element holds a quote *and* perhaps answers between its pieces (Gmail)."""
    return not _CONTAINERS.isdisjoint(_names(attributes)[0])


def is_signature(attributes: Attributes) -> bool:
    """Whether an element holds a signature."""
    classes, name = _names(attributes)
    return (
        name in _SIGNATURE_IDS
        or "data-signature-widget" in attributes
        or not _SIGNATURE_CLASSES.isdisjoint(classes)
    )


def starts_quoted_tail(attributes: Attributes) -> bool:
    """Whether everything from this element on is the letter answered (Outlook on the web)."""
    return _names(attributes)[1] in _TAIL_IDS


def is_indent(attributes: Attributes) -> bool:
    """Whether a blockquote only moves text to the right: editors use it for indenting."""
    return bool(_LEVEL_BLOCKQUOTE.search(_style(attributes))) and not attributes.get("type")


def is_tight(attributes: Attributes) -> bool:
    """Whether a paragraph has no empty line around it."""
    classes, _ = _names(attributes)
    if any(name.startswith(("mso", "p1", "p2", "s1")) for name in classes):
        return True
    return bool(_NO_MARGIN.search(_style(attributes)))
