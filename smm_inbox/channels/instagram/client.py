"""The only room that speaks HTTP: one exchange, with timeouts, limits and named failures."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import httpx

from . import usage
from .failures import ApiFailure, Failure, MediaGone, TransportFailure, Trouble
from .mapping import raw

BASE_URL = "https://graph.instagram.com"
VERSION = "v25.0"
MAX_ANSWER = 16 * 1024 * 1024
"""Bytes of one answer: a bigger one is a fault or an attack, not an answer."""
READ_TIMEOUT = 30.0
WRITE_TIMEOUT = 60.0
"""Seconds; sending takes longer, because Instagram itself may fetch what is sent."""
_CONNECT = 10.0
_MEDIA_HOSTS = ("lookaside.fbsbx.com", ".cdninstagram.com", ".fbcdn.net")
"""Where Instagram keeps pictures and files; a message may name any address it likes."""
MAX_MEDIA = 256 * 1024 * 1024
_HOPS = 5
_CERTIFICATE = "CERTIFICATE_VERIFY"

_log = logging.getLogger(__name__)
# It tells every address, and that of a refresh holds the token.
logging.getLogger("httpx").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    body: raw.Raw
    usage: usage.Usage | None
    server_time: datetime | None


class Client:
    """One account's connections; API and pictures take the same proxy."""

    def __init__(self, *, base_url: str = "", version: str = "", proxy: str = "") -> None:
        self._base = (base_url or BASE_URL).rstrip("/")
        self._version = version or VERSION
        self._proxied = bool(proxy)
        # trust_env: ALL_PROXY=socks://… would raise here, and a proxy is a matter of the account.
        self._http = httpx.AsyncClient(
            proxy=proxy or None,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(READ_TIMEOUT, connect=_CONNECT, write=_CONNECT, pool=5.0),
        )

    async def call(
        self,
        method: str,
        path: str,
        token: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        versioned: bool = True,
    ) -> Answer:
        """One exchange.

        Raises:
            ApiFailure: Instagram said no.
            TransportFailure: no usable answer came.
        """
        prefix = f"{self._base}/{self._version}" if versioned else self._base
        try:
            outcome: Answer | Failure = await self._exchange(
                method, f"{prefix}/{path}", token, params, body
            )
        except Failure as failure:
            outcome = failure
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, TimeoutError) as error:
            outcome = self._lost(error)
        except RuntimeError as error:
            if not self._http.is_closed:
                raise
            outcome = TransportFailure(Trouble.BROKEN, type(error).__name__, sent=True)
        # Raised here and not above: a vendor's exception holds the request with its token.
        if isinstance(outcome, Failure):
            raise outcome
        return outcome

    async def media(self, url: str) -> AsyncIterator[tuple[bytes, int]]:
        """Content of a picture or file in pieces, each with the size that was told; no token goes.

        Raises:
            MediaGone: the address has died.
            TransportFailure: no usable answer came.
        """
        failure: Failure | None = None
        try:
            for _ in range(_HOPS):
                if not self._keeps_media(url):
                    raise TransportFailure(Trouble.NONSENSE, "a strange address", sent=False)
                async with self._http.stream("GET", url) as response:
                    if response.is_redirect:
                        url = str(response.url.join(response.headers["location"]))
                        continue
                    async for piece in _pieces(response):
                        yield piece
                    return
            raise TransportFailure(Trouble.NONSENSE, "sent on for ever", sent=True)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, TimeoutError) as error:
            failure = self._lost(error)
        if failure is not None:
            raise failure

    def _keeps_media(self, url: str) -> bool:
        told, ours = httpx.URL(url), httpx.URL(self._base)
        if (told.scheme, told.host, told.port) == (ours.scheme, ours.host, ours.port):
            return True
        # A host of its own or one below it: not "evil-lookaside.fbsbx.com", nor "xfbcdn.net".
        known = any(f".{told.host}".endswith(f".{host.lstrip('.')}") for host in _MEDIA_HOSTS)
        return told.scheme == "https" and known

    async def close(self) -> None:
        """Drop all connections."""
        await self._http.aclose()

    async def _exchange(
        self,
        method: str,
        url: str,
        token: str,
        params: Mapping[str, str] | None,
        body: Mapping[str, object] | None,
    ) -> Answer:
        patience = READ_TIMEOUT if method == "GET" else WRITE_TIMEOUT
        request = self._http.build_request(
            method,
            url,
            params=dict(params or {}),
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(patience, connect=_CONNECT, write=_CONNECT, pool=5.0),
        )
        # The timeouts of httpx are per packet: a server that drips would hold for ever.
        async with asyncio.timeout(patience + 2 * _CONNECT):
            response = await self._http.send(request, stream=True)
            try:
                content = await _read(response)
            finally:
                await response.aclose()
        return _judge(response.status_code, response.headers, content)

    def _lost(self, error: Exception) -> TransportFailure:
        name = type(error).__name__
        match error:
            case httpx.ProxyError():
                return TransportFailure(Trouble.PROXY, name, sent=False)
            case httpx.ConnectError() if _CERTIFICATE in str(error):
                return TransportFailure(Trouble.CERTIFICATE, name, sent=False)
            case httpx.ConnectError() | httpx.ConnectTimeout():
                trouble = Trouble.PROXY if self._proxied else Trouble.UNREACHABLE
                return TransportFailure(trouble, name, sent=False)
            case httpx.PoolTimeout():
                return TransportFailure(Trouble.TIMEOUT, name, sent=False)
            case httpx.UnsupportedProtocol() | httpx.LocalProtocolError() | httpx.InvalidURL():
                return TransportFailure(Trouble.UNREACHABLE, name, sent=False)
            case httpx.TimeoutException() | TimeoutError():
                return TransportFailure(Trouble.TIMEOUT, name, sent=True)
            case httpx.DecodingError():
                return TransportFailure(Trouble.NONSENSE, name, sent=True)
            case _:
                return TransportFailure(Trouble.BROKEN, name, sent=True)


async def _read(response: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MAX_ANSWER:
            raise TransportFailure(Trouble.NONSENSE, "the answer is too big", sent=True)
    return bytes(content)


async def _pieces(response: httpx.Response) -> AsyncIterator[tuple[bytes, int]]:
    if response.status_code in {400, 401, 403, 404, 410}:
        raise MediaGone(f"HTTP {response.status_code}")
    if response.status_code != 200:
        raise TransportFailure(Trouble.SERVER, f"HTTP {response.status_code}", sent=True)
    told = raw.count(response.headers.get("content-length")) or 0
    got = 0
    async for piece in response.aiter_bytes(65_536):
        got += len(piece)
        if got > MAX_MEDIA:
            raise TransportFailure(Trouble.NONSENSE, "the file is too big", sent=True)
        yield piece, told
    if got < told:
        raise TransportFailure(Trouble.BROKEN, "the file is cut off", sent=True)


def _judge(status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    """An answer is judged by what it says: Instagram refuses for good under 500 and under 200."""
    used = usage.read(headers)
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        if status >= 500:
            raise TransportFailure(Trouble.SERVER, f"HTTP {status}", sent=True)
        raise TransportFailure(Trouble.NONSENSE, f"HTTP {status}, not JSON", sent=True)
    if "error" in body:
        raise _api_failure(raw.obj(body["error"]), status, used)
    if status >= 400:
        raise TransportFailure(Trouble.SERVER, f"HTTP {status}", sent=True)
    return Answer(body, used, usage.server_time(headers))


def _api_failure(error: raw.Raw, status: int, used: usage.Usage | None) -> Failure:
    code = raw.integer(error.get("code"))
    if code is None:
        return TransportFailure(Trouble.NONSENSE, "an error without a number", sent=True)
    message = error.get("message")
    trace = raw.identifier(error.get("fbtrace_id"))
    _log.info("error %s under HTTP %s, trace %s", code, status, trace)
    return ApiFailure(
        code,
        raw.integer(error.get("error_subcode")) or 0,
        message[:500] if isinstance(message, str) else "",
        transient=error.get("is_transient") is True,
        regain=used.regain if used else 0,
    )
