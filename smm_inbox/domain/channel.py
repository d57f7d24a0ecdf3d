"""What a channel can do and how it feels: capabilities and health as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from .text import LengthUnit, SafeText

if TYPE_CHECKING:
    from .conversation import Kind
    from .message import Gap


class ReplyKind(StrEnum):
    """Ways to answer."""

    IN_PLACE = "in_place"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the screen may offer for an account. What is not declared is not shown."""

    kinds: frozenset[Kind]
    reply_kinds: dict[Kind, frozenset[ReplyKind]]
    max_text: dict[Kind, int]
    """Longest text of one network message; longer ones are split when ``splits`` has the kind."""
    unit: LengthUnit = LengthUnit.CODE_POINTS
    splits: frozenset[Kind] = frozenset()
    idempotent_send: bool = False
    """The network itself swallows a repeated token: an ambiguous send may simply be repeated."""
    token_lifetime: timedelta | None = None
    """How long the network remembers a token; ``None``: unknown or for ever."""
    edit: frozenset[Kind] = frozenset()
    edit_window: timedelta | None = None
    delete_own: frozenset[Kind] = frozenset()
    delete_window: timedelta | None = None
    delete_theirs: frozenset[Kind] = frozenset()
    hide: frozenset[Kind] = frozenset()
    react: dict[Kind, tuple[str, ...]] = field(default_factory=dict)
    """Emoji that can be put on a customer's message, by kind; an absent kind takes none."""
    ban: bool = False
    mark_read: bool = False
    typing: bool = False
    upload: dict[Kind, int] = field(default_factory=dict)
    """Most files with one answer, by kind; an absent kind takes no files."""
    max_file_size: int = 0
    """Bytes."""
    private_needs_source: bool = False
    """A private answer has to name the public message it is about: ``Outgoing.reply_to`` is it."""
    reply_all: bool | None = None
    """Whether an answer goes to everybody its message was addressed to when the operator does not
    say; ``None``: the network has no such choice."""


class Attention(StrEnum):
    """How closely the operator looks at an account.

    A network that has to be asked for news is asked more or less often by that.
    """

    NOBODY = "nobody"
    """No screen is there, or nobody told."""
    AWAY = "away"
    """The program is in the background."""
    HERE = "here"
    """The program is in the foreground."""
    TALKING = "talking"
    """A private talk of this account is open on the screen."""


class HealthState(StrEnum):
    """Connection state of an account."""

    OFF = "off"
    CONNECTING = "connecting"
    CATCHING_UP = "catching_up"
    ONLINE = "online"
    WAITING = "waiting"
    NEEDS_LOGIN = "needs_login"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Limitation:
    """Something this account cannot do, and what would make it possible."""

    action: str
    """Stable word: ``comments.read``, ``comments.delete``, ``photos.reply``, ``mentions.poll`` …"""
    sentence: SafeText
    urgent: bool = False
    """Somebody has to act, and may not look at the connections: it is said once by itself."""


@dataclass(frozen=True, slots=True)
class Health:
    """State of an account, shown as one dot and one sentence."""

    state: HealthState
    why: SafeText = SafeText("")
    until: datetime | None = None
    """When the next attempt is due, for ``waiting``."""
    last_success: datetime | None = None
    gaps: tuple[Gap, ...] = ()
    limitations: tuple[Limitation, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are on a network, as told at connect."""

    remote_id: str
    name: SafeText
    handle: SafeText = SafeText("")
    url: str = ""
