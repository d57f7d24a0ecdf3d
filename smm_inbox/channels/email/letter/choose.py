"""Decide which parts of a letter are its text and which are attachments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .model import PartInfo

_NEVER_SHOWN = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "message/delivery-status",
        "message/disposition-notification",
        "message/global-delivery-status",
        "message/global-headers",
        "text/rfc822-headers",
        "text/x-amp-html",
        "message/feedback-report",
    }
)
_TEXTS = frozenset({"text/plain", "text/html", "text/enriched", "text/x-markdown", "text/markdown"})
_COPIES = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"}
)
MOST_ATTACHMENTS = 200
MOST_TEXTS = 20
_LONGEST_COPY = 256 * 1024
"""Bytes of a copy whose head has to be read; a head alone is far shorter."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Parts by their use."""

    texts: tuple[tuple[PartInfo, ...], ...]
    """Body pieces in order; each is its alternatives: plain text first when there is one."""
    attachments: tuple[PartInfo, ...]
    report: PartInfo | None = None
    """The machine-readable part of a delivery report."""
    original: PartInfo | None = None
    """The copy in a report of the letter it is about, or of that letter's head."""


def choose(parts: Sequence[PartInfo]) -> Choice:
    """Sort the leaves of a letter."""
    groups: dict[str, list[PartInfo]] = {}
    attachments: list[PartInfo] = []
    report: PartInfo | None = None
    original: PartInfo | None = None
    for part in parts:
        if part.type.endswith("delivery-status"):
            report = report or part
        if part.type in _COPIES and any(item.subtype == "report" for item in part.within):
            original = original or part
        if is_body(part):
            groups.setdefault(_group(part), []).append(part)
        elif part.type not in _NEVER_SHOWN:
            attachments.append(part)
    texts = [tuple(sorted(group, key=_plain_first)) for group in groups.values()]
    return Choice(tuple(texts[:MOST_TEXTS]), tuple(attachments), report, original)


def wanted(parts: Sequence[PartInfo]) -> tuple[PartInfo, ...]:
    """Parts whose content ``read_letter`` needs; the others stay on the server."""
    choice = choose(parts)
    chosen = [part for group in choice.texts for part in group]
    if choice.report is not None:
        chosen.append(choice.report)
    copy = choice.original
    if copy is not None and not copy.inner_id and copy.size <= _LONGEST_COPY:
        chosen.append(copy)
    return tuple(chosen)


def is_body(part: PartInfo) -> bool:
    """Whether a part is meant to be read in place."""
    return part.type in _TEXTS and part.disposition != "attachment" and not part.name


def _group(part: PartInfo) -> str:
    """Alternatives of one text share a group, everything else stands for itself."""
    for container in part.within:
        if container.subtype == "alternative":
            return f"alternative {container.number}"
    return f"part {part.number}"


def _plain_first(part: PartInfo) -> bool:
    return part.type == "text/html"


def listed(attachments: Iterable[PartInfo], hidden: frozenset[str]) -> list[PartInfo]:
    """Attachments to show, without the part numbers in ``hidden``."""
    return [part for part in attachments if part.number not in hidden][:MOST_ATTACHMENTS]
