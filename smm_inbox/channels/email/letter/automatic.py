"""Tell letters written by machines: autoresponders, lists and newsletters, delivery reports."""

from __future__ import annotations

from .addresses import parse_addresses
from .headers import Head
from .model import Robot
from .params import split_value
from .words import decode_words

_REPLYING_PRECEDENCE = frozenset({"auto_reply", "auto-reply", "autoreply"})
_BULK_PRECEDENCE = frozenset({"bulk", "list", "junk"})
_REPLYING_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from")
_NO = frozenset({"", "no", "none", "false", "0"})
_LIST_HEADERS = ("list-id", "list-unsubscribe", "list-post")


def robot(head: Head, ours: frozenset[str]) -> Robot | None:
    """Why a letter counts as automatic, by its headers only: a subject alone is weak evidence.

    The marks of a mailing list do not count when the list is one of our own addresses: an info@
    that is a group relays real customers.
    """
    kind, parameters = split_value(head.raw("content-type"))
    if kind == "multipart/report":
        report = parameters.get("report-type", b"").lower()
        # A read receipt answers a letter of ours by machine; everything else is a failure report.
        return Robot.AUTO_REPLY if b"disposition" in report else Robot.BOUNCE
    if head.has("return-path") and head.word("return-path") in {"<>", ""}:
        return Robot.AUTO_REPLY if _replies(head) else Robot.BOUNCE
    if _replies(head):
        return Robot.AUTO_REPLY
    if _is_bulk(head) and not _is_our_list(head, ours):
        return Robot.LIST
    return None


def _replies(head: Head) -> bool:
    submitted = head.word("auto-submitted").partition(";")[0].strip()
    return (
        submitted not in _NO
        or head.word("precedence") in _REPLYING_PRECEDENCE
        or any(head.has(name) and head.word(name) not in _NO - {""} for name in _REPLYING_HEADERS)
        or head.word("x-auto-response-suppress") not in _NO
    )


def _is_bulk(head: Head) -> bool:
    return head.word("precedence") in _BULK_PRECEDENCE or any(
        head.has(name) for name in _LIST_HEADERS
    )


def list_address(head: Head) -> str:
    """Address of the mailing list a letter came through; empty when there is none."""
    found = parse_addresses(head.raw("list-post"))
    return found[0].address if found else ""


def _is_our_list(head: Head, ours: frozenset[str]) -> bool:
    if list_address(head).lower() in ours:
        return True
    name = decode_words(head.raw("list-id")).rpartition("<")[2].strip("<> ").lower()
    return bool(name) and name in {address.replace("@", ".") for address in ours}
