"""What the parts of one mailbox share: settings, memory, threads and connections."""

from __future__ import annotations

import logging
import socket
import sqlite3
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from smm_inbox.channels.base import ChannelContext
from smm_inbox.channels.bridge import Bridge, Unfinished
from smm_inbox.domain.errors import Retry
from smm_inbox.locale import tr

from . import errors, login, wires
from .failures import Failure
from .fates import Fates
from .folders import Layout, arrange
from .imap import Imap
from .index import Index
from .settings import MailSettings, Server
from .smtp import Submission
from .store import Store
from .tidings import Tidings

T = TypeVar("T")

_log = logging.getLogger(__name__)

READ, WORK, OWN = "read", "work", "own"
"""Lanes: the reader's connection, everything else on IMAP, and our own files."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Pauses and patience, in seconds."""

    idle: float = 20.0
    """One round of IDLE: a server that vanished is noticed at its end."""
    poll: float = 30.0
    """Between two looks at folders that IDLE does not watch, or at all of them without IDLE."""
    look: tuple[float, ...] = (0.0, 3.0, 9.0)
    """When to look for an answer of unknown fate in the sent folder."""
    copy: tuple[float, ...] = (0.0, 1.0, 2.0)
    """When to look whether the server filed the sent copy."""
    chores: float = 6.0
    """How long an answer, or the end of the catch-up, waits for the sent copies to be filed."""
    command: float = 90.0
    """Patience for one exchange with IMAP."""


@dataclass(slots=True)
class Account:
    """One mailbox."""

    context: ChannelContext
    settings: MailSettings
    timing: Timing = field(default_factory=Timing)
    bridge: Bridge = field(init=False)
    store: Store = field(init=False)
    index: Index = field(init=False)
    fates: Fates = field(init=False)
    tidings: Tidings = field(init=False)
    layout: Layout | None = None
    missing: tuple[str, ...] = ()
    """Folders the config names and the mailbox does not have."""
    _tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        self.bridge = Bridge(f"mail-{self.context.account}", (READ, WORK, OWN))
        self.store = Store(self.context.data_dir / "letters.sqlite3")
        self.index = Index(self.store)
        self.fates = Fates(self.store)
        self.tidings = Tidings(self.store, self.index)

    def now(self) -> datetime:
        """The time."""
        return self.context.clock.now()

    # --- connections: blocking, for the lanes -----------------------------------------------------

    def tls(self) -> ssl.SSLContext:
        """Whom we trust; read once."""
        if self._tls is None:
            self._tls = wires.trust(self.settings.ca_file)
        return self._tls

    def imap(self) -> Imap:
        """A connection that is yet to be made."""
        return Imap(self.settings.imap, self.tls(), self.settings.proxy)

    def enter(self, imap: Imap) -> Layout:
        """Connect, log in and learn the folders."""
        imap.connect(login.fetch(self.settings))
        settings = self.settings
        layout = arrange(imap.folders(), settings.folders, settings.sent_folder)
        self.layout, self.missing = layout, layout.missing
        return layout

    # --- crossing over to the lanes ---------------------------------------------------------------

    async def own(self, run: Callable[[], T]) -> T:
        """Run something that touches only our own files."""
        try:
            return await self.bridge.call(run, lane=OWN, within=30.0)
        except Unfinished:
            raise Retry(tr("The disk does not answer in time; we will try again.")) from None
        except (sqlite3.Error, OSError) as error:
            _log.warning("mail %s: own file: %s", self.context.account, error)
            raise Retry(
                tr("The folder of the mail account cannot be written: is the disk full?")
            ) from None

    async def on(
        self,
        imap: Imap,
        run: Callable[[], T],
        *,
        lane: str | None = WORK,
        within: float | None = None,
    ) -> T:
        """Run an exchange on a connection; whatever ends it early ends the connection."""
        done = False
        try:
            patience = within or self.timing.command
            if lane is None:
                result = await self.bridge.detached(run, label="errand", within=patience)
            else:
                result = await self.bridge.call(run, lane=lane, within=patience)
            done = True
        except Failure as failure:
            done = imap.alive
            raise errors.translate(failure, self.settings.provider, self.now()) from None
        except Unfinished as late:
            raise errors.unfinished(started=late.started, effect=False) from None
        except (sqlite3.Error, OSError) as error:
            _log.warning("mail %s: own file: %s", self.context.account, error)
            raise Retry(
                tr("The folder of the mail account cannot be written: is the disk full?")
            ) from None
        finally:
            if not done:
                imap.abort()
        return result

    async def visit(
        self, run: Callable[[Imap, Layout], T], *, within: float = 120.0, alone: bool = False
    ) -> T:
        """Run something on a connection of its own, closed afterwards.

        ``alone`` gives it a thread of its own: for what takes long and must hold up nothing.
        """
        imap = await self.own_imap()

        def whole() -> T:
            try:
                return run(imap, self.enter(imap))
            finally:
                imap.close()

        return await self.on(imap, whole, lane=None if alone else WORK, within=within)

    async def own_imap(self) -> Imap:
        """A connection that is yet to be made; reading the certificates takes a moment."""
        try:
            return await self.bridge.call(self.imap, lane=OWN, within=30.0)
        except Failure as failure:
            raise errors.translate(failure, self.settings.provider, self.now()) from None
        except Unfinished:
            raise Retry(tr("The disk does not answer in time; we will try again.")) from None

    # --- SMTP -------------------------------------------------------------------------------------

    async def submission(self) -> Submission:
        """One letter's way out. Raises domain errors."""
        try:
            context = await self.bridge.call(self.tls, lane=OWN, within=30.0)
        except Failure as failure:
            raise errors.translate(failure, self.settings.provider, self.now()) from None
        except Unfinished:
            raise Retry(tr("The disk does not answer in time; we will try again.")) from None
        return Submission(self.settings.smtp, context, self._smtp_socket)

    async def _smtp_socket(self) -> socket.socket:
        server: Server = self.settings.smtp

        def connect() -> socket.socket:
            opened = wires.open_socket(server, self.settings.proxy)
            opened.setblocking(False)
            return opened

        return await self.bridge.detached(connect, label="connect", within=40.0)

    def close(self) -> None:
        """Let go; threads that hang in a socket are left behind."""
        self.bridge.close()
        self.store.close()
