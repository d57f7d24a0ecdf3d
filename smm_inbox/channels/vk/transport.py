"""How requests are made: with timeouts, size limits and no redirects; failures get names."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit, urlunsplit

import requests
import urllib3.exceptions as u3
import vk_api
from requests.adapters import HTTPAdapter

from .failures import ApiFailure, Failure, TransportFailure, Trouble
from .mapping import raw

MAX_ANSWER = 16 * 1024 * 1024
"""Bytes of one answer: a bigger one is a fault or an attack, not an answer."""

_log = logging.getLogger(__name__)


class HttpStatus(Exception):
    """An answer with an error status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class _TooBig(Exception):
    pass


class _TooSlow(Exception):
    pass


class Session(requests.Session):
    """Follows no redirects: a token must not travel to a host that an answer names."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Nowhere."""
        return None


class Adapter(HTTPAdapter):
    """Adds timeouts and a size limit to every exchange, and may move it to another address."""

    def __init__(
        self,
        timeouts: tuple[float, float],
        note_time: Callable[[str], None],
        target: str = "",
    ) -> None:
        super().__init__(max_retries=0)
        self._timeouts = timeouts
        self._note_time = note_time
        self._target = urlsplit(target) if target else None

    def send(  # type: ignore[override]
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | None = None,
        verify: bool | str = True,
        cert: object = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a request and read its answer whole, within the limits."""
        if self._target is not None and request.url:
            parts = urlsplit(request.url)
            request = request.copy()
            request.url = urlunsplit(
                (
                    self._target.scheme,
                    self._target.netloc,
                    self._target.path.rstrip("/") + parts.path,
                    parts.query,
                    "",
                )
            )
        limits = timeout or self._timeouts
        response = super().send(
            request, stream=True, timeout=limits, verify=verify, cert=None, proxies=proxies
        )
        read = limits[1] if isinstance(limits, tuple) else limits
        _read_all(response, patience=read * 2)
        if response.ok and "json" in response.headers.get("Content-Type", ""):
            self._note_time(response.headers.get("Date", ""))
        return response


def _read_all(response: requests.Response, *, patience: float) -> None:
    """Read the body within ``MAX_ANSWER`` bytes and ``patience`` seconds.

    The timeout of requests is per packet: a server that sends a byte now and then holds for ever.
    """
    deadline = time.monotonic() + patience
    body = bytearray()
    for chunk in response.iter_content(65536):
        body += chunk
        if len(body) > MAX_ANSWER:
            response.close()
            raise _TooBig
        if time.monotonic() > deadline:
            response.close()
            raise _TooSlow
    response._content = bytes(body)


def web_address(url: str) -> str:
    """``url`` when it can be asked at all; VK names the addresses of polls and uploads itself."""
    if urlsplit(url).scheme not in {"http", "https"}:
        raise TransportFailure(Trouble.NONSENSE, "VK gave an address that is none", sent=False)
    return url


def translate(error: Exception, *, proxied: bool) -> Failure:
    """Turn any exception of the vendors into a failure of ours; only safe words are taken over."""
    match error:
        case Failure():
            return error
        case vk_api.ApiError():
            return _api_failure(error.error)
        case vk_api.ApiHttpError():
            return _status(error.response.status_code)
        case HttpStatus():
            return _status(error.status)
        case _TooBig():
            return TransportFailure(Trouble.NONSENSE, "the answer is too big", sent=True)
        case _TooSlow():
            return TransportFailure(Trouble.TIMEOUT, "the answer takes too long", sent=True)
        case json.JSONDecodeError() | requests.exceptions.JSONDecodeError():
            return TransportFailure(Trouble.NONSENSE, "the answer is not JSON", sent=True)
        case requests.exceptions.RequestException():
            return _network(error, proxied=proxied)
        case KeyError() | TypeError() | ValueError() | AttributeError() | RecursionError():
            # vk_api looks into the answer without checking its shape.
            return TransportFailure(
                Trouble.NONSENSE, f"the answer is malformed ({type(error).__name__})", sent=True
            )
        case _:
            _log.warning("unexpected %s from the network library", type(error).__name__)
            return TransportFailure(Trouble.BROKEN, type(error).__name__, sent=True)


def _network(error: requests.exceptions.RequestException, *, proxied: bool) -> TransportFailure:
    reason = _reason(error)
    name = type(reason).__name__
    if isinstance(error, requests.exceptions.ProxyError):
        return TransportFailure(Trouble.PROXY, name, sent=False)
    if isinstance(error, requests.exceptions.SSLError):
        # Only a refused certificate surely comes before the request has left.
        verification = "CERTIFICATE_VERIFY" in str(error)
        return TransportFailure(Trouble.CERTIFICATE, name, sent=not verification)
    nothing_sent = isinstance(
        error,
        requests.exceptions.ConnectTimeout
        | requests.exceptions.InvalidURL
        | requests.exceptions.InvalidSchema,
    ) or isinstance(reason, u3.NewConnectionError | u3.ConnectTimeoutError)
    if nothing_sent:
        # With a proxy every connection of ours goes to the proxy, so it is the proxy that is away.
        trouble = Trouble.PROXY if proxied else Trouble.UNREACHABLE
        return TransportFailure(trouble, name, sent=False)
    if isinstance(error, requests.exceptions.Timeout) or isinstance(reason, u3.ReadTimeoutError):
        return TransportFailure(Trouble.TIMEOUT, name, sent=True)
    return TransportFailure(Trouble.BROKEN, name, sent=True)


def _reason(error: Exception) -> object:
    inner: object = error.args[0] if error.args else error
    return getattr(inner, "reason", inner)


def _status(status: int) -> TransportFailure:
    return TransportFailure(Trouble.SERVER, f"HTTP {status}", sent=True)


def _api_failure(error: Mapping[str, object]) -> Failure:
    code = error.get("error_code")
    if not isinstance(code, int):
        return TransportFailure(Trouble.NONSENSE, "an error without a number", sent=True)
    subcode = error.get("error_subcode")
    url = error.get("redirect_uri") or error.get("captcha_img")
    message = error.get("error_msg")
    return ApiFailure(
        code,
        message[:500] if isinstance(message, str) else "",
        subcode=subcode if isinstance(subcode, int) else 0,
        url=raw.address(url),
    )
