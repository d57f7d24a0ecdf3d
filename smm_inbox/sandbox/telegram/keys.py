"""The sandbox network's RSA pair, its Diffie-Hellman group, and the keys clients agreed with it.

The RSA primes lie open on purpose: they guard nothing but loopback sockets, and a fixed pair lets a
client configured for one sandbox talk to the next.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import dataclass, field

_P = int(
    "9baf4aee0baf4319be48a98f52ffac737a6280dee72f7c53cb1ccedbd4a37473f641c3066650fb7ec8203dda9894da3"
    "547987c3c254c5684770b95a2667cdbbb9438bc9f29b7e45861ea2b6395743fe479430b4b350813083855fd15dc4d9d"
    "aadaa59b3f184cda93030f8418a442a4abf0799cc80f5a13d743f94c51f47032587886392c32a31de7",
    16,
)
_Q = int(
    "e1bd78937a40f63258dc517a42d41a4d346809e114706512fb50e9b570f6e6515b705a9d7b01641fc9106510f1ea74f"
    "d4cdab22a7e19441847c33cec28907c3509846f9b6e5ded1d703c4addf8f6b228058964fef9f4d1a82a31f86683f820"
    "8c598da113f0117b97276c4b887063b8f82e6d58e3a1abe391",
    16,
)
RSA_N = _P * _Q
RSA_E = 65537
_RSA_D = pow(RSA_E, -1, (_P - 1) * (_Q - 1))

DH_G = 3
DH_PRIME = int(
    "c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4"
    "dbfa336f6e0ac925139543aed44cce7c3720fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c59"
    "5f642477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4a4a695811051907e162753b56b"
    "0f6b410dba74d8a84b2a14b3144e0ef1284754fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928f"
    "ef5b9ae4e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f0d8115f635b105ee2e4e15"
    "d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b",
    16,
)
"""Telegram's own group: clients know it to be good and skip an hour of testing it."""


def number_bytes(number: int) -> bytes:
    """Big-endian, as short as it goes."""
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def tl_bytes(data: bytes) -> bytes:
    """A TL byte string: length, content, zeros up to a multiple of four."""
    head = bytes([len(data)]) if len(data) < 254 else b"\xfe" + len(data).to_bytes(3, "little")
    return head + data + bytes(-(len(head) + len(data)) % 4)


def fingerprint() -> int:
    """How the client recognises the RSA key."""
    digest = hashlib.sha1(tl_bytes(number_bytes(RSA_N)) + tl_bytes(number_bytes(RSA_E)))  # noqa: S324
    return int(struct.unpack("<q", digest.digest()[-8:])[0])


def public_key_pem() -> str:
    """The public key in the form the clients' libraries read (PKCS#1)."""
    body = _der_number(RSA_N) + _der_number(RSA_E)
    text = base64.b64encode(b"\x30" + _der_length(len(body)) + body).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN RSA PUBLIC KEY-----", *lines, "-----END RSA PUBLIC KEY-----", ""])


def rsa_open(block: bytes) -> bytes:
    """What the client encrypted for us: 255 bytes."""
    return pow(int.from_bytes(block, "big"), _RSA_D, RSA_N).to_bytes(256, "big")[1:]


def _der_length(size: int) -> bytes:
    if size < 128:
        return bytes([size])
    raw = number_bytes(size)
    return bytes([0x80 | len(raw)]) + raw


def _der_number(number: int) -> bytes:
    raw = number_bytes(number)
    raw = b"\0" + raw if raw[0] & 0x80 else raw
    return b"\x02" + _der_length(len(raw)) + raw


@dataclass(slots=True)
class AuthKey:
    """A key one client agreed with us, and whom it speaks for."""

    key: bytes
    salt: int
    created: int
    account: int = 0
    """User id of the signed-in account, 0 before a login."""
    halfway: int = 0
    """The account whose code was right and whose password is still wanted."""
    scanned: int = 0
    """The account that accepted this client's QR code."""
    revoked: bool = False
    """The account's owner ended this session."""
    sessions: list[int] = field(default_factory=list)

    @property
    def id(self) -> int:
        """How packets name the key."""
        return int.from_bytes(hashlib.sha1(self.key).digest()[12:20], "little")  # noqa: S324
