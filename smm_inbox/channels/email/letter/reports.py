"""Delivery reports: which letter came back, for whom and why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from smm_inbox.domain.text import SafeText, clean_line

from .addresses import find_addresses
from .headers import Head, message_ids, read_head
from .model import PartInfo

_RECIPIENT = re.compile(
    rb"^(?:final-recipient|original-recipient)\s*:\s*(?:[^;\r\n]{0,40};)?\s*([^\r\n]{1,320})",
    re.IGNORECASE | re.MULTILINE,
)
_ACTION_FAILED = re.compile(rb"^action\s*:\s*failed", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(rb"^status\s*:\s*(\d\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
_SAID = re.compile(
    rb"^diagnostic-code\s*:\s*(?:[^;\r\n]{0,40};)?\s*"
    rb"([^\r\n]{1,500}(?:\r?\n[ \t][^\r\n]{1,500}){0,5})",
    re.IGNORECASE | re.MULTILINE,
)
_COPIED_ID = re.compile(r"^[\s>]{0,10}message-id:\s{0,5}(<[^<>\s]{3,900}>)", re.I | re.MULTILINE)
# qmail writes reports of its own and sends one only when it has given up.
_QMAIL = re.compile(r"^\s*hi\. this is the (?:qmail|deliver)", re.IGNORECASE)
_QMAIL_ADDRESS = re.compile(r"^<([^<>\s]{3,320})>:\s*$\n(.{1,300})", re.MULTILINE)
_CODE = re.compile(r"\b([45]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Failure:
    """Who was not reached, and the words of the mail system."""

    failed: tuple[str, ...] = ()
    status: str = ""
    said: SafeText = SafeText("")


def failure(report: bytes, head: Head, text: str) -> Failure:
    """Read the ``message/delivery-status`` part, or what takes its place in older reports.

    A letter that is only late has not failed.
    """
    if report:
        return _of_status(report)
    listed = find_addresses(head.raw("x-failed-recipients").decode("utf-8", "replace"))
    if listed:  # Exim names them in a report that is final
        found = _CODE.search(text[:20_000])
        return Failure(_unique(listed), found[1] if found else "")
    if _QMAIL.match(text):
        pairs = _QMAIL_ADDRESS.findall(text[:20_000])
        words = pairs[0][1] if pairs else ""
        found = _CODE.search(words)
        return Failure(
            _unique(address for address, _ in pairs),
            found[1] if found else "",
            clean_line(words, limit=200),
        )
    return Failure()


def _of_status(report: bytes) -> Failure:
    failed: list[str] = []
    status, said = "", SafeText("")
    for block in re.split(rb"\r?\n[ \t]*\r?\n", report[:200_000]):
        if not _ACTION_FAILED.search(block):
            continue
        for match in _RECIPIENT.findall(block):
            failed += find_addresses(match.decode("utf-8", "replace"))
        if not status and (found := _STATUS.search(block)):
            status = found[1].decode("ascii")
        if not said and (found := _SAID.search(block)):
            said = clean_line(found[1].decode("utf-8", "replace"), limit=200)
    return Failure(_unique(failed), status, said)


def _unique(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address.lower() for address in addresses))


def original_id(part: PartInfo | None, body: bytes, head: Head, text: str) -> str:
    """Message-ID of the letter that came back; empty when the report does not tell.

    ``part`` is the copy of that letter or of its head in the report, ``body`` what was read of it;
    older reports have a copy in their text, and the report itself may answer the letter.
    """
    if part is not None and part.inner_id:
        return part.inner_id
    copied = read_head(body)[0] if body else Head()
    found = (
        *message_ids(copied.raw("message-id")),
        *_COPIED_ID.findall(text[:200_000]),
        *message_ids(head.raw("in-reply-to")),
        *reversed(message_ids(head.raw("references"))),
    )
    return next(iter(found), "")
