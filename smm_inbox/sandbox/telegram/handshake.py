"""How a client and the network agree on a key: the three steps before anything is encrypted."""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Callable
from typing import Any

from telethon.crypto import AES
from telethon.helpers import generate_key_data_from_nonce

from smm_inbox.sandbox.telegram import keys
from smm_inbox.sandbox.telegram.tl import functions, parse, types

# 64 bits, as large as the real ones; the client factors it in a blink.
_PRIME_P, _PRIME_Q = 1229739323, 1402015859


class Handshake:
    """One client's way to a key; feed it the plain messages in turn."""

    def __init__(self, now: Callable[[], float], agreed: Callable[[bytes, int], None]) -> None:
        self._now = now
        self._agreed = agreed
        self._server_nonce = 0
        self._new_nonce = 0
        self._secret = 0
        self._aes = (b"", b"")

    def answer(self, data: bytes) -> Any:
        """Reply to one step; gives a TL object, or None for what belongs to no step."""
        match parse(data):
            case functions.ReqPqMultiRequest() | functions.ReqPqRequest() as step:
                return self._start(step.nonce)
            case functions.ReqDHParamsRequest() as step:
                return self._offer(step)
            case functions.SetClientDHParamsRequest() as step:
                return self._finish(step)
            case _:
                return None

    def _start(self, nonce: int) -> Any:
        self._server_nonce = int.from_bytes(os.urandom(16), "little", signed=True)
        return types.ResPQ(
            nonce=nonce,
            server_nonce=self._server_nonce,
            pq=keys.number_bytes(_PRIME_P * _PRIME_Q),
            server_public_key_fingerprints=[keys.fingerprint()],
        )

    def _offer(self, step: Any) -> Any:
        inner = parse(keys.rsa_open(step.encrypted_data)[20:])
        self._new_nonce = inner.new_nonce
        self._aes = generate_key_data_from_nonce(self._server_nonce, self._new_nonce)
        self._secret = int.from_bytes(os.urandom(256), "big")
        offer = bytes(
            types.ServerDHInnerData(
                nonce=step.nonce,
                server_nonce=self._server_nonce,
                g=keys.DH_G,
                dh_prime=keys.number_bytes(keys.DH_PRIME),
                g_a=keys.number_bytes(pow(keys.DH_G, self._secret, keys.DH_PRIME)),
                server_time=int(self._now()),
            )
        )
        plain = hashlib.sha1(offer).digest() + offer  # noqa: S324
        plain += os.urandom(-len(plain) % 16)
        return types.ServerDHParamsOk(
            nonce=step.nonce,
            server_nonce=self._server_nonce,
            encrypted_answer=AES.encrypt_ige(plain, *self._aes),
        )

    def _finish(self, step: Any) -> Any:
        inner = parse(AES.decrypt_ige(step.encrypted_data, *self._aes)[20:])
        shared = pow(int.from_bytes(inner.g_b, "big"), self._secret, keys.DH_PRIME)
        # Without leading zeros, as telethon counts it, although the protocol says 256 bytes.
        key = keys.number_bytes(shared)
        nonce = self._new_nonce.to_bytes(32, "little", signed=True)
        salt = struct.unpack(
            "<q",
            bytes(
                a ^ b
                for a, b in zip(
                    nonce[:8],
                    self._server_nonce.to_bytes(16, "little", signed=True)[:8],
                    strict=True,
                )
            ),
        )[0]
        self._agreed(key, salt)
        digest = hashlib.sha1(key).digest()  # noqa: S324
        check = hashlib.sha1(nonce + b"\x01" + digest[:8]).digest()[4:20]  # noqa: S324
        return types.DhGenOk(
            nonce=step.nonce,
            server_nonce=self._server_nonce,
            new_nonce_hash1=int.from_bytes(check, "little", signed=True),
        )
