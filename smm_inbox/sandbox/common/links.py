"""Two ways to treat a client badly on any TCP connection: reset it, or say nothing."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys

_CHUNK = 65536


def reset(writer: asyncio.StreamWriter) -> None:
    """End the connection with an RST."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def say_nothing(reader: asyncio.StreamReader, seconds: float | None) -> None:
    """Read and never answer until the client gives up or `seconds` have passed."""
    try:
        async with asyncio.timeout(seconds):
            while await reader.read(_CHUNK):
                pass  # more requests on a hung connection are not answered either
    except (TimeoutError, OSError):
        return
