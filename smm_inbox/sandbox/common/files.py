"""The smallest real files behind attachments."""

from __future__ import annotations

import struct
import zlib


def png(seed: int, side: int = 32) -> bytes:
    """A small real picture whose colour depends on `seed`."""
    red, green, blue = seed * 37 % 200 + 40, seed * 59 % 200 + 40, seed * 83 % 200 + 40
    return png_of(side, side, (b"\0" + bytes((red, green, blue)) * side) * side)


def png_of(width: int, height: int, rows: bytes) -> bytes:
    """A PNG with these pixels: each row is a zero and three bytes a pixel."""

    def chunk(name: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc)

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def ogg() -> bytes:
    """A tenth of a second of silence in an Ogg Opus file."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 7) + b"sandbox" + struct.pack("<I", 0)
    silence = b"\xf8\xff\xfe"  # one 20 ms frame, as the Opus reference encoder writes silence
    pages = [_page(0, 0, 2, [head]), _page(1, 0, 0, [tags]), _page(2, 4_800, 4, [silence] * 5)]
    return b"".join(pages)


def _page(number: int, position: int, flags: int, packets: list[bytes]) -> bytes:
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, position, 0x5A4D4D, number, 0)
    lacing = bytes([len(packets), *map(len, packets)])
    page = head + lacing + b"".join(packets)
    return page[:22] + struct.pack("<I", _ogg_crc(page)) + page[26:]


def _ogg_crc(data: bytes) -> int:
    """Ogg's CRC-32: polynomial 04c11db7, not reflected."""
    crc = 0
    for byte in data:
        crc ^= byte << 24
        for _bit in range(8):
            crc = (crc << 1) ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1
        crc &= 0xFFFFFFFF
    return crc
