"""One client's connection: sending, silence, and cutting it on demand."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl

from smm_inbox.sandbox.mail.faults import Fault, FaultKind


class Gone(Exception):
    """The connection is over."""


class Line:
    """A connection that can be told to fall silent or to break."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.silent = asyncio.Event()
        self.wake = asyncio.Event()
        """Set when a folder changed."""
        self.idling = False
        # asyncio sets it only on sockets it has made itself.
        sock = writer.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def send(self, *pieces: bytes) -> None:
        """Send; a silent connection swallows it for ever."""
        if self.silent.is_set():
            await self.hush()
        try:
            for piece in pieces:
                self.writer.write(piece)
            await self.writer.drain()
        except OSError as error:
            raise Gone from error

    async def hush(self) -> None:
        """Stay connected and say nothing until the client gives up."""
        self.silent.set()
        with contextlib.suppress(OSError):
            while await self.reader.read(65_536):
                pass
        raise Gone

    async def upgrade(self, context: ssl.SSLContext) -> None:
        """STARTTLS."""
        try:
            await self.writer.start_tls(context)
        except (OSError, ssl.SSLError) as error:
            raise Gone from error

    async def suffer(self, fault: Fault, farewell: bytes) -> None:
        """The kinds of faults that are the same in both protocols; others return."""
        match fault.kind:
            case FaultKind.DROP:
                self.drop()
                raise Gone
            case FaultKind.BYE:
                await self.send(farewell)
                raise Gone
            case FaultKind.HANG:
                await self.hush()
            case FaultKind.DELAY:
                await asyncio.sleep(fault.seconds)
            case _:
                return

    def drop(self) -> None:
        """Break the connection at once (RST where the system allows)."""
        transport = self.writer.transport
        transport.abort()

    async def close(self) -> None:
        """Close after what was sent has left."""
        self.writer.close()
        with contextlib.suppress(OSError, asyncio.CancelledError, ssl.SSLError):
            await self.writer.wait_closed()
