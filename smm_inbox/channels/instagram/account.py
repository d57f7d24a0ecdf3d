"""What the rooms of one account share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from smm_inbox.channels.base import ChannelContext
from smm_inbox.domain.channel import Attention
from smm_inbox.domain.message import WriteAccess

from .api import Api
from .client import Client
from .credentials import Credentials
from .mapping.harvest import Lens, Ourselves
from .memory import Memory
from .schedule import Loop

WINDOW = timedelta(hours=24)
"""How long a customer can be answered after their last message."""
AGENT_WINDOW = timedelta(days=7)
"""The same where Meta approved the Human Agent feature."""


@dataclass(slots=True)
class Account:
    """One professional account."""

    context: ChannelContext
    client: Client
    api: Api
    credentials: Credentials
    scale: float = 1.0
    """How much slower than usual everything is looked at."""
    human_agent: bool = False
    hooked: bool = False
    """Whether webhooks are set up, so that mentions elsewhere can come."""
    us: Ourselves = field(default_factory=Ourselves)
    memory: Memory = field(default_factory=Memory)
    news: list[WriteAccess] = field(default_factory=list)
    """Learnt while sending; leaves with the next batch."""
    troubles: dict[Loop, str] = field(default_factory=dict)
    """Loops that are refused, with the reason."""
    comments_withheld: bool = False
    """Comments are counted and not shown: the app has no access."""
    sending_withheld: bool = False
    """Answers are refused inside the window: the app has no access."""

    attention: Attention = Attention.NOBODY
    """How closely the operator looks now."""
    attended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when ``attention`` changed and nobody has acted upon it yet."""

    def lens(self) -> Lens:
        """Through what payloads are looked at now."""
        return Lens(self.us, self.api.now())

    @property
    def window(self) -> timedelta:
        """How long answers are possible."""
        return AGENT_WINDOW if self.human_agent else WINDOW
