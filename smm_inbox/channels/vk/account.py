"""What the parts of one VK account share."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta

from smm_inbox.channels.base import ChannelContext
from smm_inbox.domain.message import WriteAccess

from .api import Api
from .directory import Directory
from .mapping.harvest import Harvest, Lens, Malformed, Memory
from .mapping.mentions import Ourselves
from .snapshots import Snapshots

_log = logging.getLogger(__name__)


@dataclass(slots=True, repr=False)
class Account:
    """One community: its API, its memory, and what is waiting to be told."""

    context: ChannelContext
    api: Api
    us: Ourselves
    memory: Memory
    directory: Directory
    snapshots: Snapshots
    news: list[WriteAccess] = field(default_factory=list)
    """Learnt while sending; told with the next batch."""

    def lens(self) -> Lens:
        """How payloads that arrive now are looked at."""
        return Lens(self.us, self.api.now(), self.memory)

    async def complete(self, harvest: Harvest, *, patience: timedelta) -> None:
        """Add authors, snapshots and root comments, as far as VK gives them within ``patience``.

        What does not come in time is asked for again with a later batch: a message is never held
        back for the name of its author.
        """
        seconds = patience.total_seconds()
        await self.snapshots.fill(harvest, self.lens(), within=seconds)
        await self.directory.fill(harvest, within=seconds)
        harvest.access.extend(self.news)
        self.news.clear()


def skip(what: str, error: Malformed) -> None:
    """Log an item that cannot be understood."""
    _log.warning("%s skipped: %s", what, error)
