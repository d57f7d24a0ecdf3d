"""Frozen settings: the only shape of the config file the rest of the program sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.hours import BusinessHours, Limit
from smm_inbox.domain.ids import AccountId


@dataclass(frozen=True, slots=True, repr=False)
class AccountSettings:
    """One ``[accounts.NAME]`` table. ``repr`` hides the options: they hold secrets."""

    id: AccountId
    channel: str
    """Name of the channel: ``vk`` …"""
    title: str
    """How the account is called on the screen."""
    options: Mapping[str, object] = field(default_factory=dict)
    """Checked options of the channel, secrets resolved."""
    mark_read: bool = False
    typing: bool = False
    enabled: bool = True
    secrets: frozenset[str] = frozenset()
    """Values among the options that nothing may show or log."""

    def __repr__(self) -> str:
        return f"AccountSettings({self.id!r}, channel={self.channel!r})"


DEFAULT_UNDO: Mapping[str, timedelta] = MappingProxyType(
    {
        "direct": timedelta(seconds=5),
        "comment": timedelta(seconds=7),
        "email": timedelta(seconds=15),
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole config file."""

    data_dir: Path
    language: str = "ru"
    """``ru``, ``en`` or ``auto``."""
    business: str = ""
    """Name of the business in the head line."""
    operator: str = ""
    theme: str = "dark"
    """``dark``, ``light`` or the name of a Textual theme."""
    hours: BusinessHours = field(default_factory=BusinessHours)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    """By kind (``direct``), channel (``vk``) or both (``vk.comment``); the most exact one wins."""
    undo: Mapping[str, timedelta] = field(default_factory=lambda: dict(DEFAULT_UNDO))
    """Undo window by kind of conversation or by channel."""
    downloads_dir: Path | None = None
    """Where files of customers are saved; ``None``: the downloads folder of the system."""
    backfill_days: int = 30
    check_old_days: int = 7
    """An answer to something older than this many days is warned of; 0: never."""
    bell: bool = True
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Remapped keys: command id to keys."""
    accounts: tuple[AccountSettings, ...] = ()
    source: Path | None = None
    """The file the settings came from."""

    @property
    def secrets(self) -> frozenset[str]:
        """Every secret of every account, for the log to leave out."""
        return frozenset().union(*(account.secrets for account in self.accounts))

    def limit(self, channel: str, kind: Kind) -> Limit:
        """Reply limit for a kind of conversation on a channel."""
        for name in (f"{channel}.{kind}", channel, str(kind)):
            if name in self.limits:
                return self.limits[name]
        return Limit()

    def undo_window(self, channel: str, kind: Kind) -> timedelta:
        """How long an answer waits before it leaves and can be taken back."""
        public = "direct" if kind is Kind.DIRECT else "comment"
        for name in (channel, str(kind), public):
            if name in self.undo:
                return self.undo[name]
        return timedelta(seconds=5)
