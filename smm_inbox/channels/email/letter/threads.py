"""Find the conversation a letter belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from smm_inbox.domain.text import fold, one_line

from .model import Letter

SUBJECT_WINDOW = timedelta(days=30)
"""How long letters of one person with one subject stay one conversation."""

_REPLY_WORDS = r"re|отв|на|ответ|aw|antw|sv|vs|res|rif|ha|нa"
_FORWARD_WORDS = r"fwd?|fw|пересл|пер|wg|tr|fs|i|переслано"
_NUMBER = r"(?:\s?(?:\[\d{1,4}\]|\(\d{1,4}\)|\^\d{1,4}|\*\d{1,4}|\d{1,4}))?"
_REPLY = re.compile(rf"\s*(?:{_REPLY_WORDS}){_NUMBER}\s?[:：]\s*", re.IGNORECASE)
_ANY_PREFIX = re.compile(
    rf"\s*(?:{_REPLY_WORDS}|{_FORWARD_WORDS}){_NUMBER}\s?[:：]\s*", re.IGNORECASE
)
_FORWARD = re.compile(rf"\s*(?:\[?(?:{_FORWARD_WORDS}){_NUMBER}\s?[:：])", re.IGNORECASE)


class ThreadLookup(Protocol):
    """What the threading rules ask about letters already stored."""

    def by_message_id(self, message_id: str) -> str | None:
        """Thread of the stored letter with this Message-ID (angle brackets included)."""
        ...

    def by_subject(self, correspondent: str, subject: str, since: datetime) -> str | None:
        """Thread of the newest letter to or from ``correspondent`` (lower-case address).

        Only letters whose normalised subject is ``subject`` and that are not older than ``since``.
        """
        ...


def bare_subject(subject: str) -> str:
    """The subject without "Re:", "Отв:", "Fwd:" and their numbered forms, otherwise as written."""
    return _strip(subject, _ANY_PREFIX)


def without_reply_prefix(subject: str) -> str:
    """The subject without reply prefixes; "Fwd:" stays."""
    return _strip(subject, _REPLY)


def normal_subject(subject: str) -> str:
    """The subject for comparing: without prefixes, case, ё and doubled spaces."""
    return one_line(fold(bare_subject(subject)))


def is_forward(subject: str) -> bool:
    """Whether the first prefix says that the letter forwards another one."""
    return _FORWARD.match(subject) is not None


def _strip(subject: str, prefix: re.Pattern[str]) -> str:
    rest = subject.strip()
    while (match := prefix.match(rest)) and match.end() > 0:
        rest = rest[match.end() :]
    return rest.strip()


def thread_of(letter: Letter, lookup: ThreadLookup, *, now: datetime, fallback: str) -> str:
    """Thread key of ``letter``: In-Reply-To, then References, then person and subject.

    A letter that fits nowhere begins a thread named by its Message-ID. ``fallback`` (for example
    folder, UIDVALIDITY and UID) names it when the Message-ID is empty or already belongs to another
    letter: broken mailers repeat one for ever, and all their letters must not become one thread.
    """
    for message_id in _ancestors(letter):
        found = lookup.by_message_id(message_id)
        if found is not None:
            return found
    subject = normal_subject(letter.subject)
    contact = letter.contact or letter.sender
    if subject and contact is not None and not letter.automatic:
        since = (letter.sent_at or now) - SUBJECT_WINDOW
        found = lookup.by_subject(contact.key, subject, since)
        if found is not None:
            return found
    own = letter.message_id
    return own if own and lookup.by_message_id(own) is None else fallback


def _ancestors(letter: Letter) -> Sequence[str]:
    """Letters it answers, nearest first, without itself."""
    nearest = [letter.report.original] if letter.report else []
    nearest += [letter.in_reply_to] if letter.in_reply_to else []
    nearest += reversed(letter.references)
    return [item for item in dict.fromkeys(nearest) if item != letter.message_id]
