"""Accounts at run time: their channels, health and identity."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.domain.channel import Capabilities, Health, HealthState, Identity
from smm_inbox.domain.clock import Clock
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId
from smm_inbox.domain.text import SafeText, clean_line
from smm_inbox.storage import accounts as stored
from smm_inbox.storage.database import Database

from .bus import Bus, HealthChanged

if TYPE_CHECKING:
    from smm_inbox.channels.base import Channel, ChannelFactory

_log = logging.getLogger(__name__)

FactoryOf = Callable[[str], "ChannelFactory"]
"""Finds the factory of a channel by its name; raises ``InboxError`` for an unknown one."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as the screen shows it."""

    id: AccountId
    channel: str
    short: str
    title: str
    health: Health
    capabilities: Capabilities | None
    identity: Identity | None


class LiveAccount:
    """One account while the program runs."""

    def __init__(self, settings: AccountSettings) -> None:
        self.settings = settings
        self.id = settings.id
        self.short = settings.channel
        self.channel: Channel | None = None
        self.identity: Identity | None = None
        self.health = Health(HealthState.OFF)
        self.ready = asyncio.Event()
        """Set while the network answered ``connect`` and has not been lost since."""
        self.opening = threading.Lock()
        """Held while the channel is created: the engine does that on a thread."""
        self.reconnect = asyncio.Event()
        """Asks the supervisor to connect anew, whatever it is doing."""


class Accounts:
    """All configured accounts."""

    def __init__(
        self, settings: Settings, db: Database, clock: Clock, bus: Bus, factory_of: FactoryOf
    ) -> None:
        self._settings = settings
        self._db = db
        self._clock = clock
        self._bus = bus
        self._factory_of = factory_of
        self._live: dict[AccountId, LiveAccount] = {
            account.id: LiveAccount(account) for account in settings.accounts
        }
        self._listeners: list[Callable[[AccountId], None]] = []

    async def load(self) -> None:
        """Remember from the database who we are and when the networks last answered."""
        async with self._db.transaction() as tx:
            for account in self._live.values():
                await stored.ensure(tx, account.id, account.settings.channel)
        for account in self._live.values():
            account.identity = await stored.identity(self._db, account.id)
            account.health = replace(
                account.health,
                last_success=await stored.last_success(self._db, account.id),
                gaps=await stored.gaps(self._db, account.id),
            )

    def list(self) -> tuple[AccountView, ...]:
        """Accounts in the order of the config file."""
        return tuple(
            AccountView(
                id=account.id,
                channel=account.settings.channel,
                short=account.short,
                title=account.settings.title,
                health=account.health,
                capabilities=None if account.channel is None else account.channel.capabilities,
                identity=account.identity,
            )
            for account in self._live.values()
        )

    def live(self, account: AccountId) -> LiveAccount | None:
        """The running account; ``None`` for one that left the config file."""
        return self._live.get(account)

    def all(self) -> Mapping[AccountId, LiveAccount]:
        """Every configured account."""
        return self._live

    def health(self, account: AccountId) -> Health:
        """State of an account; ``off`` when it is not configured."""
        live = self._live.get(account)
        return Health(HealthState.OFF) if live is None else live.health

    def capabilities(self, account: AccountId) -> Capabilities | None:
        """What an account can do; ``None`` before its channel was loaded."""
        live = self._live.get(account)
        return None if live is None or live.channel is None else live.channel.capabilities

    def channel_of(self, account: AccountId) -> Channel | None:
        """The channel when the network can be talked to right now."""
        live = self._live.get(account)
        return live.channel if live is not None and live.ready.is_set() else None

    def open_channel(self, account: LiveAccount) -> Channel:
        """The channel object of an account, created on first use; no network.

        Raises ``InboxError`` when the channel cannot be loaded.
        """
        with account.opening:
            if account.channel is None:
                account.channel = self._create(account)
            return account.channel

    async def load_channel(self, account: LiveAccount) -> Channel:
        """Like ``open_channel``, off the loop: importing a vendor library takes up to a second."""
        if account.channel is not None:
            return account.channel
        return await asyncio.to_thread(self.open_channel, account)

    def _create(self, account: LiveAccount) -> Channel:
        from smm_inbox.channels.base import ChannelContext  # noqa: PLC0415 - after the first frame

        factory = self._factory_of(account.settings.channel)
        account.short = factory.short
        data_dir = self._settings.data_dir / "accounts" / account.id
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        return factory.create(
            ChannelContext(
                account=account.id,
                options=account.settings.options,
                clock=self._clock,
                data_dir=data_dir,
                backfill_since=self._clock.now() - timedelta(days=self._settings.backfill_days),
            )
        )

    def learn_shorts(self) -> None:
        """Load the factories (light, no vendor library) for the short names of the channels."""
        for account in self._live.values():
            try:
                account.short = self._factory_of(account.settings.channel).short
            except InboxError as error:
                self.set_health(account.id, HealthState.BROKEN, error.sentence)

    async def retry_now(self, account: AccountId) -> None:
        """Connect anew at once, ending any pause."""
        live = self._live.get(account)
        if live is not None:
            live.reconnect.set()

    def on_change(self, listener: Callable[[AccountId], None]) -> None:
        """Call ``listener`` whenever an account's health changes."""
        self._listeners.append(listener)

    def set_health(
        self,
        account: AccountId,
        state: HealthState,
        why: str = "",
        until: datetime | None = None,
    ) -> None:
        """Move an account to a state; a change is logged and published once."""
        live = self._live[account]
        sentence = SafeText(clean_line(why, limit=1_500))  # with the address of a captcha
        limitations = () if live.channel is None else live.channel.limitations
        new = replace(live.health, state=state, why=sentence, until=until, limitations=limitations)
        if new == live.health:
            return
        if (new.state, new.why) != (live.health.state, live.health.why):
            _log.info("account %s: %s %s", account, state, sentence)
        live.health = new
        self._tell(account)

    async def note_success(self, account: AccountId, *, with_gaps: bool) -> None:
        """The network answered just now."""
        live = self._live[account]
        gaps = await stored.gaps(self._db, account) if with_gaps else live.health.gaps
        changed = gaps != live.health.gaps
        live.health = replace(live.health, last_success=self._clock.now(), gaps=gaps)
        if changed:
            self._tell(account)

    async def identify(self, account: AccountId, who: Identity) -> None:
        """Remember who we are on the network."""
        live = self._live[account]
        if live.identity != who:
            live.identity = who
            async with self._db.transaction() as tx:
                await stored.save_identity(tx, account, who)
            self._tell(account)

    def _tell(self, account: AccountId) -> None:
        for listener in self._listeners:
            listener(account)
        self._bus.publish(HealthChanged(account))

    async def close(self) -> None:
        """Close every channel; bounded by their own promise."""
        for account in self._live.values():
            account.ready.clear()
        channels = [a.channel for a in self._live.values() if a.channel is not None]
        await asyncio.gather(*(channel.close() for channel in channels), return_exceptions=True)
