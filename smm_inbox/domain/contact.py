"""People who write to the business, as a network knows them."""

from __future__ import annotations

from dataclasses import dataclass

from .ids import RemoteId
from .text import SafeText


@dataclass(frozen=True, slots=True)
class Contact:
    """A person (or community) on one channel. ``None`` and an empty text mean "unknown"."""

    remote_id: RemoteId
    name: SafeText = SafeText("")
    handle: SafeText = SafeText("")
    """Without the leading ``@``."""
    followers: int | None = None
    city: SafeText = SafeText("")
    url: str = ""
    photo_url: str = ""
    note: SafeText = SafeText("")
    """What the network says about the account itself: deleted, banned, closed profile."""
