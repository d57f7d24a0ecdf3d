"""MTProto 2.0 encryption as the server does it."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from hashlib import sha256

from telethon.crypto import AES

_HEAD = struct.Struct("<qqqii")


class BrokenPacket(Exception):
    """A packet nobody with the right key would have written."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One decrypted packet of a client."""

    salt: int
    session: int
    msg_id: int
    seq: int
    body: bytes


def open_packet(key: bytes, data: bytes) -> Packet:
    """Decrypt what a client sent: message key and ciphertext, without the key id.

    Raises:
        BrokenPacket: The message key does not fit.
    """
    msg_key, cipher = data[:16], data[16:]
    if len(msg_key) < 16 or not cipher or len(cipher) % 16:
        raise BrokenPacket("not a whole number of blocks")
    plain: bytes = AES.decrypt_ige(cipher, *_aes(key, msg_key, 0))
    if sha256(key[88:120] + plain).digest()[8:24] != msg_key:
        raise BrokenPacket("the message key does not fit")
    salt, session, msg_id, seq, size = _HEAD.unpack_from(plain)
    return Packet(salt, session, msg_id, seq, plain[_HEAD.size : _HEAD.size + size])


def seal(key: bytes, key_id: int, packet: Packet) -> bytes:
    """Encrypt one packet for a client."""
    plain = _HEAD.pack(packet.salt, packet.session, packet.msg_id, packet.seq, len(packet.body))
    plain += packet.body
    plain += os.urandom(-(len(plain) + 12) % 16 + 12)
    msg_key = sha256(key[96:128] + plain).digest()[8:24]
    cipher: bytes = AES.encrypt_ige(plain, *_aes(key, msg_key, 8))
    return struct.pack("<Q", key_id) + msg_key + cipher


def _aes(key: bytes, msg_key: bytes, x: int) -> tuple[bytes, bytes]:
    """AES key and initialisation vector; ``x`` is 0 towards the server and 8 from it."""
    a = sha256(msg_key + key[x : x + 36]).digest()
    b = sha256(key[x + 40 : x + 76] + msg_key).digest()
    return a[:8] + b[8:24] + a[24:32], b[:8] + a[8:24] + b[24:32]
