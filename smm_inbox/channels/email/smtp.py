"""The only place that touches aiosmtplib: one connection for one letter."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import aiosmtplib
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPTimeoutError,
)

from .failures import LoginRefused, Lost, Refusal, SmtpRefused, Trouble
from .login import Credentials
from .settings import Security, Server

ANSWER_SECONDS = 60.0
"""Longest wait for an answer before the letter is handed over."""
DATA_SECONDS = 240.0
"""Handing over the letter; under the outbox's own limit."""
_GO_ON, _TAKEN = 354, 250
_LINE_END = re.compile(rb"\r\n|\n|\r")
_DOT = re.compile(rb"^\.", re.MULTILINE)


class Submission:
    """One letter through one connection: a connection after a fault is never used again."""

    def __init__(
        self,
        server: Server,
        context: ssl.SSLContext,
        open_socket: Callable[[], Awaitable[socket.socket]],
    ) -> None:
        self._server = server
        self._context = context
        self._open_socket = open_socket

    async def check(self, credentials: Credentials) -> None:
        """Connect and log in, nothing more."""
        async with self._connected(credentials):
            pass

    async def submit(
        self,
        credentials: Credentials,
        sender: str,
        recipients: Sequence[str],
        letter: bytes,
        *,
        before_data: Callable[[], Awaitable[None]],
    ) -> tuple[Refusal, ...]:
        """Hand a letter over; returns the recipients that were refused while others were taken.

        ``before_data`` runs at the last moment at which the letter surely has not left. Raises
        ``Lost`` with ``effect`` set when nobody knows whether it has.
        """
        async with self._connected(credentials) as smtp:
            return await self._envelope(smtp, sender, recipients, letter, before_data)

    async def _envelope(
        self,
        smtp: aiosmtplib.SMTP,
        sender: str,
        recipients: Sequence[str],
        letter: bytes,
        before_data: Callable[[], Awaitable[None]],
    ) -> tuple[Refusal, ...]:
        options = ["BODY=8BITMIME"] if smtp.supports_extension("8bitmime") else []
        limit = smtp.esmtp_extensions.get("size", "")
        if limit.isdigit() and 0 < int(limit) < len(letter):
            raise SmtpRefused(552, "too big")
        if limit or smtp.supports_extension("size"):
            options.append(f"SIZE={len(letter)}")
        await smtp.mail(_mailbox(sender), options=options)
        refused: list[Refusal] = []
        for address in recipients:
            try:
                await smtp.rcpt(_mailbox(address))
            except SMTPRecipientRefused as error:
                refused.append(Refusal(address, error.code, error.message))
        if len(refused) == len(recipients):
            # One passing refusal among them makes the whole worth another attempt.
            code = min((item.code for item in refused), default=554)
            raise SmtpRefused(code, "all recipients refused", refusals=tuple(refused))
        await self._data(smtp, letter, before_data)
        return tuple(refused)

    async def _data(
        self, smtp: aiosmtplib.SMTP, letter: bytes, before_data: Callable[[], Awaitable[None]]
    ) -> None:
        """Hand the letter over. Until the server asked for it, a broken line has no effect.

        The library's own ``data`` does not tell a line that broke before from one that broke after.
        """
        answer = await smtp.execute_command(b"DATA", timeout=ANSWER_SECONDS)
        protocol = smtp.protocol
        if answer.code != _GO_ON or protocol is None:
            raise SmtpRefused(answer.code, answer.message)
        await before_data()
        try:
            protocol.write(_as_data(letter))
            answer = await protocol.read_response(timeout=DATA_SECONDS)
        except (SMTPException, OSError) as error:
            raise Lost(_trouble(error), type(error).__name__, effect=True) from None
        if answer.code != _TAKEN:
            raise SmtpRefused(answer.code, answer.message)

    @contextlib.asynccontextmanager
    async def _connected(self, credentials: Credentials) -> AsyncIterator[aiosmtplib.SMTP]:
        smtp = aiosmtplib.SMTP(
            hostname=self._server.host,
            sock=await self._open_socket(),
            # The name of this machine is nobody's business, and looking it up may take long.
            local_hostname="localhost",
            use_tls=self._server.security is Security.TLS,
            start_tls=False,
            tls_context=self._context,
            timeout=ANSWER_SECONDS,
        )
        try:
            await smtp.connect()
            await smtp.ehlo()
            if self._server.security is Security.STARTTLS:
                await self._starttls(smtp)
            await _login(smtp, credentials)
            yield smtp
            with contextlib.suppress(SMTPException, OSError):
                await smtp.quit(timeout=2.0)
        except SMTPAuthenticationError as error:
            raise LoginRefused(
                error.message, protocol="smtp", by_token=bool(credentials.token), code=error.code
            ) from None
        except SMTPConnectResponseError as error:
            raise SmtpRefused(error.code, error.message) from None
        except SMTPResponseException as error:
            raise SmtpRefused(error.code, error.message) from None
        except (SMTPException, OSError) as error:
            raise Lost(_trouble(error), type(error).__name__) from None
        finally:
            smtp.close()

    async def _starttls(self, smtp: aiosmtplib.SMTP) -> None:
        if not smtp.supports_extension("starttls"):
            raise Lost(Trouble.NO_STARTTLS)
        await smtp.starttls(tls_context=self._context)
        await smtp.ehlo()


async def _login(smtp: aiosmtplib.SMTP, credentials: Credentials) -> None:
    """Log in by the one mechanism that fits: each further try would count as a wrong password."""
    if credentials.token:
        await smtp.auth_xoauth2(credentials.user, credentials.token)
    elif "plain" in smtp.server_auth_methods or "login" not in smtp.server_auth_methods:
        await smtp.auth_plain(credentials.user, credentials.password)
    else:
        await smtp.auth_login(credentials.user, credentials.password)


def _as_data(letter: bytes) -> bytes:
    """A letter as it follows DATA (RFC 5321, 4.5.2): CRLF, dots doubled, a dot at the end."""
    lines = _LINE_END.sub(b"\r\n", letter)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return _DOT.sub(b"..", lines) + b".\r\n"


def _mailbox(address: str) -> str:
    """An address as SMTP without SMTPUTF8 takes it: the domain in Punycode."""
    local, _, domain = address.rpartition("@")
    if any(char in address for char in "\r\n\0<> ") or not local.isascii():
        raise SmtpRefused(553, "bad address", refusals=(Refusal(address, 553, "unusable address"),))
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise SmtpRefused(
            553, "bad domain", refusals=(Refusal(address, 553, "unusable domain"),)
        ) from None


def _trouble(error: BaseException) -> Trouble:
    causes = (error, error.__cause__, error.__context__)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Trouble.CERTIFICATE
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Trouble.TLS
    if isinstance(error, SMTPTimeoutError | asyncio.TimeoutError | TimeoutError):
        return Trouble.TIMEOUT
    return Trouble.BROKEN
