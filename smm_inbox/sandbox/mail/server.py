"""The mail network as running loopback servers with their own thread and event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from smm_inbox.sandbox.common.server import STOP_SECONDS, ServerThread, listening
from smm_inbox.sandbox.mail import keeping
from smm_inbox.sandbox.mail.customers import Customers
from smm_inbox.sandbox.mail.faults import Faults
from smm_inbox.sandbox.mail.imap import ImapSession
from smm_inbox.sandbox.mail.line import Gone, Line
from smm_inbox.sandbox.mail.model import State
from smm_inbox.sandbox.mail.profiles import PROFILES, Access
from smm_inbox.sandbox.mail.smtp import SmtpSession

_log = logging.getLogger(__name__)

_BUFFER = 2**20
"""Longest line a client may send."""


class MailSandbox(Customers, ServerThread):
    """An IMAP and an SMTP server of one's own on 127.0.0.1 that deliver to each other.

    `with MailSandbox(profile="yandex") as mail:` serves until the block ends. The methods of
    `Customers` script what people and servers do.
    """

    def __init__(
        self,
        profile: str = "plain",
        *,
        address: str = "info@cafe.example",
        seed: int = 0,
        imap_port: int = 0,
        smtp_port: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        certificate: tuple[Path, Path] | None = None,
        starttls: bool = False,
        file: Path | None = None,
    ) -> None:
        """Prepare the servers; the ports are taken at once.

        Args:
            profile: `plain`, `yandex`, `mailru` or `gmail`.
            address: The mailbox that exists from the start; its password is `letmein`.
            seed: Repeats UIDVALIDITY and faults.
            imap_port: 0 takes a free one.
            smtp_port: 0 takes a free one.
            clock: Gives the time of arrival.
            certificate: Certificate and key files (PEM): both ports speak TLS.
            starttls: With a certificate: TLS only after STARTTLS.
            file: Mailboxes are read from it at start and written to it at the end.
        """
        Customers.__init__(self, State(PROFILES[profile], clock, seed), Faults(seed), address)
        self._file = file
        if file is not None and file.exists():
            keeping.load(self.state, file)
        if self.address not in self.state.users:
            self.state.add_user(address, Access())
        self._imap = listening(imap_port, backlog=256)
        self._smtp = listening(smtp_port, backlog=256)
        self.imap_port: int = self._imap.getsockname()[1]
        self.smtp_port: int = self._smtp.getsockname()[1]
        ServerThread.__init__(self, "sandbox-mail", self._imap, self._smtp)
        context = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
        self._tls = None if starttls else context
        self._starttls = context if starttls else None
        self._lines: set[Line] = set()

    def stop(self) -> None:
        """Drop every connection, write the file and end; safe to call twice."""
        served = self._thread is not None
        super().stop()
        if served and self._file is not None:
            keeping.save(self.state, self._file)

    # --- connections ------------------------------------------------------------------------------

    @property
    def connections(self) -> int:
        """How many clients are connected now."""
        return len(self._lines)

    @property
    def idling(self) -> int:
        """How many clients wait in IDLE now."""
        return sum(line.idling for line in tuple(self._lines))

    def drop_all(self) -> None:
        """Break every connection; new ones are welcome."""
        self._each(Line.drop)

    def silence_all(self) -> None:
        """Every present connection stays open and never says a word again."""
        self._each(lambda line: line.silent.set())

    def say_bye(self) -> None:
        """Every IMAP client in IDLE hears BYE and is disconnected."""

        def bye(line: Line) -> None:
            if line.idling:
                line.writer.write(b"* BYE Server is going away\r\n")
                line.writer.close()

        self._each(bye)

    def _each(self, action: Callable[[Line], object]) -> None:
        loop = self._loop
        if loop is None:
            return
        done = threading.Event()

        def run() -> None:
            for line in tuple(self._lines):
                action(line)
            done.set()

        loop.call_soon_threadsafe(run)
        done.wait(STOP_SECONDS)

    # --- serving ----------------------------------------------------------------------------------

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        self.state.changed = partial(self._soon, self._tell)
        servers = [
            await asyncio.start_server(handler, sock=sock, limit=_BUFFER, ssl=self._tls)
            for handler, sock in ((self._on_imap, self._imap), (self._on_smtp, self._smtp))
        ]
        yield
        self.state.changed = lambda: None
        for server in servers:
            server.close()
        for line in tuple(self._lines):
            line.drop()

    def _tell(self) -> None:
        for line in self._lines:
            line.wake.set()

    async def _on_imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(reader, writer)
        await self._attend(line, ImapSession(self.state, self.faults, line, self._starttls))

    async def _on_smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(reader, writer)
        await self._attend(line, SmtpSession(self.state, self.faults, line, self._starttls))

    async def _attend(self, line: Line, session: ImapSession | SmtpSession) -> None:
        self._lines.add(line)
        try:
            await session.serve()
        except (Gone, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        except asyncio.CancelledError:
            line.drop()
        except Exception:
            # A fault of the sandbox itself must be seen, not taken for a network's.
            _log.exception("the sandbox mail server failed")
        finally:
            self._lines.discard(line)
            with contextlib.suppress(RuntimeError):
                await line.close()
