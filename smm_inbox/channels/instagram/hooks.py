"""The webhook intake: checks who sends, keeps what was sent, and answers at once."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from smm_inbox.domain.errors import ChannelError

from . import spool
from .mapping import raw

_log = logging.getLogger(__name__)

MAX_BODY = 8 * 1024 * 1024
"""Bytes; a batch has at most 1000 updates."""
_MAX_HEAD = 64 * 1024
_PATIENCE = 15.0
_SIGNATURE = "x-hub-signature-256"


@dataclass(frozen=True, slots=True, repr=False)
class Target:
    """An account that takes webhooks."""

    folder: Path
    """Its private folder, where the running inbox looks for them."""
    app_secret: str
    verify_token: str = ""


class Intake:
    """A small HTTP server for Meta's calls, meant to stand behind a tunnel or a relay."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._targets = targets
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Begin to listen; returns the port."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=_MAX_HEAD)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        status, said = 400, b""
        try:
            async with asyncio.timeout(_PATIENCE):
                status, said = await self._answer(reader)
                writer.write(_response(status, said))
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            _log.info("a webhook call broke off")
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip("\r\n").split("\r\n")
        method, _, rest = first.partition(" ")
        headers = {
            name.strip().lower(): value.strip()
            for name, colon, value in (line.partition(":") for line in lines)
            if colon
        }
        if method == "GET":
            return self._verify(rest.partition(" ")[0])
        if method != "POST":
            return 405, b""
        length = raw.count(headers.get("content-length"))
        if length is None:
            return 411, b""
        if length > MAX_BODY:
            return 413, b""
        return self._take(await reader.readexactly(length), headers.get(_SIGNATURE, ""))

    def _verify(self, address: str) -> tuple[int, bytes]:
        """Meta asks once whether this address is ours."""
        query = parse_qs(urlsplit(address).query)
        told = query.get("hub.verify_token", [""])[0]
        challenge = query.get("hub.challenge", [""])[0]
        known = any(
            target.verify_token and hmac.compare_digest(target.verify_token, told)
            for target in self._targets
            if told.isascii() and target.verify_token.isascii()
        )
        if not known or not challenge.isalnum() or not challenge.isascii():
            return 403, b""
        return 200, challenge.encode()

    def _take(self, body: bytes, signature: str) -> tuple[int, bytes]:
        """Keep a payload; Meta repeats for a day and a half what was not answered with 200."""
        targets = [target for target in self._targets if signed(body, signature, target.app_secret)]
        if not targets:
            _log.warning("a webhook with a false signature was refused")
            return 403, b""
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            payload = None
        if not isinstance(payload, dict):
            _log.warning("a webhook that is no JSON object was left out")
            return 200, b""
        try:
            for target in targets:
                spool.put(target.folder, payload)
        except ChannelError as error:
            _log.warning("a webhook cannot be kept: %s", error)
            return 500, b""
        return 200, b"EVENT_RECEIVED"


def signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether ``X-Hub-Signature-256`` belongs to the very bytes that came."""
    made = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(made.encode(), signature.encode("latin-1"))


def _response(status: int, said: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status} {'OK' if status == 200 else 'Refused'}\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(said)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + said
