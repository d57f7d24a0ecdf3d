"""A person behind contacts: how to address and reach them, and who else may be the same person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .contact import Contact
from .feed import OtherConversation
from .ids import AccountId, ContactId
from .note import Note
from .text import SafeText

MAX_DETAIL = 300
"""Longest line of how to address or reach somebody, in code points."""


@dataclass(frozen=True, slots=True)
class Details:
    """What the operator noted to be read before answering; empty when nothing was."""

    address: SafeText = SafeText("")
    """How to address them: ``на Вы, Мария``."""
    reach: SafeText = SafeText("")
    """How else to reach them: phones, e-mail addresses, links, in the operator's own words."""


@dataclass(frozen=True, slots=True)
class Margin:
    """What stands beside a conversation and is never sent."""

    details: Details = Details()
    notes: tuple[Note, ...] = ()
    """Notes on the conversation, oldest first."""
    about: int = 0
    """Notes on the person."""
    written: int = 1
    """Conversations of the person, this one included."""


class Likeness(StrEnum):
    """Why two contacts may be one person."""

    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    HANDLE = "handle"
    NAME = "name"
    """The same name and city."""


@dataclass(frozen=True, slots=True)
class Person:
    """A contact that is the same person, may be, or was found by its name."""

    id: ContactId
    account: AccountId
    contact: Contact
    why: Likeness | None = None
    """For a proposal."""


@dataclass(frozen=True, slots=True)
class Written:
    """Conversations of a person: the first ones, newest first, and how many there are."""

    rows: tuple[OtherConversation, ...] = ()
    total: int = 0
    awaiting: int = 0
    since: datetime | None = None
    """The oldest of them all."""


@dataclass(frozen=True, slots=True)
class AuthorCard:
    """Everything the card of an author shows."""

    id: ContactId
    account: AccountId
    contact: Contact
    details: Details
    notes: tuple[Note, ...]
    linked: tuple[Person, ...]
    """Other contacts the operator joined with this one."""
    proposals: tuple[Person, ...]
    """Contacts that may be the same person; the operator decides."""
    written: Written
