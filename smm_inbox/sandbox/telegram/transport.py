"""How packets are framed on the wire: full, abridged, intermediate, padded; plain or obfuscated."""

from __future__ import annotations

import asyncio
import hashlib
import os
import struct
from typing import Protocol
from zlib import crc32

from telethon.crypto import AESModeCTR

MAX_PACKET = 4 * 1024 * 1024


class BadFrame(Exception):
    """The client does not speak any transport we know."""


class Source(Protocol):
    """Where bytes come from."""

    async def readexactly(self, size: int) -> bytes:
        """Read exactly so many bytes."""
        ...


class _Cipher(Protocol):
    def encrypt(self, data: bytes) -> bytes: ...


class Plain:
    """Bytes as they are, after some that were read to guess the transport."""

    def __init__(self, reader: asyncio.StreamReader, ahead: bytes = b"") -> None:
        self._reader = reader
        self._ahead = ahead

    async def readexactly(self, size: int) -> bytes:
        """Read exactly so many bytes."""
        if self._ahead:
            head, self._ahead = self._ahead[:size], self._ahead[size:]
            if len(head) == size:
                return head
            return head + await self._reader.readexactly(size - len(head))
        return await self._reader.readexactly(size)


class _Veiled:
    """Bytes under AES-CTR."""

    def __init__(self, reader: asyncio.StreamReader, cipher: _Cipher) -> None:
        self._reader = reader
        self._cipher = cipher

    async def readexactly(self, size: int) -> bytes:
        return self._cipher.encrypt(await self._reader.readexactly(size))


class Framing:
    """One connection's way to frame packets."""

    def __init__(self, kind: str, source: Source, veil: _Cipher | None = None) -> None:
        self.kind = kind
        self._source = source
        self._veil = veil
        self._sent = 0

    async def read(self) -> bytes:
        """The next packet of the client.

        Raises:
            BadFrame: Wrong length or checksum.
            asyncio.IncompleteReadError: The client is gone.
        """
        if self.kind == "full":
            head = await self._source.readexactly(8)
            size = struct.unpack("<i", head[:4])[0]
            rest = await self._source.readexactly(_checked(size) - 8)
            if struct.unpack("<I", rest[-4:])[0] != crc32(head + rest[:-4]):
                raise BadFrame("checksum")
            return rest[:-4]
        if self.kind == "abridged":
            short = (await self._source.readexactly(1))[0]
            if short >= 127:
                short = int.from_bytes(await self._source.readexactly(3), "little")
            return await self._source.readexactly(_checked(short * 4))
        size = struct.unpack("<i", await self._source.readexactly(4))[0]
        body = await self._source.readexactly(_checked(size))
        return body[: len(body) // 4 * 4] if self.kind == "padded" else body

    def encode(self, data: bytes) -> bytes:
        """One packet for the client."""
        framed = self._frame(data)
        self._sent += 1
        return framed if self._veil is None else self._veil.encrypt(framed)

    def _frame(self, data: bytes) -> bytes:
        if self.kind == "full":
            head = struct.pack("<ii", len(data) + 12, self._sent) + data
            return head + struct.pack("<I", crc32(head))
        if self.kind == "abridged":
            words = len(data) // 4
            return (bytes([words]) if words < 127 else b"\x7f" + words.to_bytes(3, "little")) + data
        if self.kind == "padded":
            data += os.urandom(int.from_bytes(os.urandom(1), "little") % 4)
        return struct.pack("<i", len(data)) + data


def _checked(size: int) -> int:
    if not 0 < size <= MAX_PACKET:
        raise BadFrame(f"length {size}")
    return size


async def recognise(reader: asyncio.StreamReader, proxy_secret: bytes = b"") -> Framing:
    """Find out which transport the client speaks from its first bytes.

    Args:
        reader: The connection.
        proxy_secret: 16 bytes; when given, clients may also come as to an MTProxy.

    Raises:
        BadFrame: None of them.
    """
    first = await reader.readexactly(1)
    if first == b"\xef":
        return Framing("abridged", Plain(reader))
    head = first + await reader.readexactly(3)
    if head == b"\xee" * 4:
        return Framing("intermediate", Plain(reader))
    counter = await reader.readexactly(4)
    if counter == bytes(4):
        # Only the full transport counts its packets, from zero, right after the length.
        return Framing("full", Plain(reader, head + counter))
    return _unveil(reader, head + counter + await reader.readexactly(56), proxy_secret)


def _unveil(reader: asyncio.StreamReader, header: bytes, proxy_secret: bytes) -> Framing:
    kinds = {b"\xef": "abridged", b"\xee": "intermediate", b"\xdd": "padded"}
    backwards = header[55:7:-1]
    for secret in {b"", proxy_secret}:
        theirs, ours = header[8:40], backwards[:32]
        if secret:
            theirs = hashlib.sha256(theirs + secret).digest()
            ours = hashlib.sha256(ours + secret).digest()
        opener = AESModeCTR(theirs, header[40:56])
        tag = opener.encrypt(header)[56:60]
        if tag == tag[:1] * 4 and tag[:1] in kinds:
            veil = AESModeCTR(ours, backwards[32:48])
            return Framing(kinds[tag[:1]], _Veiled(reader, opener), veil)
    raise BadFrame("no transport tag")
