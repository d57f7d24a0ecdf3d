"""The only place that touches vk_api and requests: calls, long polls and uploads, all blocking."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
import urllib3.exceptions as u3
import vk_api
from jconfig.memory import MemoryConfig  # type: ignore[import-untyped]
from requests.adapters import HTTPAdapter

from .failures import ApiFailure, Failure, TransportFailure, Trouble
from .rights import Role

API_VERSION = "5.199"
API_HOSTS = ("https://api.vk.ru/", "https://api.vk.com/")
"""vk_api 11.10.1 calls the first, older ones the second; VK documents both."""

MAX_ANSWER = 16 * 1024 * 1024
"""Bytes of one answer: a bigger one is a fault or an attack, not an answer."""

_CONNECT = 10.0
_READ = 20.0
_UPLOAD_READ = 60.0
_T = TypeVar("_T")

# vk_api warns through its own logger; without a handler Python prints that to stderr, into the
# middle of the screen.
logging.getLogger("vk_api").addHandler(logging.NullHandler())

_log = logging.getLogger(__name__)


class Client:
    """Blocking calls to VK for one account. Raises ``Failure`` only, without secrets in it.

    Every (role, lane) pair has a library object of its own, because one object lets only one call
    through at a time: a slow background call must not hold back an answer to a customer.
    """

    def __init__(
        self,
        tokens: Mapping[Role, str],
        *,
        api_url: str = "",
        proxy: str = "",
        timeouts: tuple[float, float] = (_CONNECT, _READ),
    ) -> None:
        self._tokens = dict(tokens)
        self._api_url = api_url
        self._proxy = proxy
        self._timeouts = timeouts
        self._apis: dict[tuple[Role, str], vk_api.VkApi] = {}
        self._poll_session = self._session()
        self._upload_session = self._session()
        self.server_offset: timedelta | None = None
        """VK's clock minus ours, from the latest good answer."""

    def method(self, role: Role, lane: str, name: str, params: Mapping[str, object]) -> object:
        """Call one API method and return its ``response``."""
        api = self._api(role, lane)
        answer = self._guarded(lambda: api.method(name, dict(params), raw=True))
        if not isinstance(answer, dict) or "response" not in answer:
            raise TransportFailure(
                Trouble.NONSENSE, f"{name}: no response in the answer", sent=True
            )
        result: object = answer["response"]
        return result

    def poll(self, server: str, key: str, ts: str, wait: int) -> dict[str, object]:
        """Ask the long-poll server once; returns within ``wait`` seconds or so."""
        url = _web_address(server)
        params = {"act": "a_check", "key": key, "ts": ts, "wait": str(wait)}
        timeouts = (self._timeouts[0], wait + 10.0)
        return self._json(lambda: self._poll_session.get(url, params=params, timeout=timeouts))

    def upload(self, url: str, field: str, path: Path, name: str) -> dict[str, object]:
        """Send one file to an upload address that the API gave."""
        address = _web_address(url)
        try:
            file = path.open("rb")
        except OSError as error:
            raise TransportFailure(
                Trouble.BROKEN, f"the file cannot be read: {error.strerror}", sent=False
            ) from None
        with file:
            return self._json(
                lambda: self._upload_session.post(
                    address,
                    files={field: (name, file)},
                    timeout=(self._timeouts[0], _UPLOAD_READ),
                )
            )

    def close(self) -> None:
        """Drop idle connections; does not wait for those in use."""
        for api in tuple(self._apis.values()):
            api.http.close()
        self._poll_session.close()
        self._upload_session.close()

    def _api(self, role: Role, lane: str) -> vk_api.VkApi:
        known = self._apis.get((role, lane))
        if known is not None:
            return known
        kind = vk_api.VkApiGroup if role is Role.COMMUNITY else vk_api.VkApi
        api = kind(
            token=self._tokens[role],
            api_version=API_VERSION,
            session=self._session(),
            config=MemoryConfig,
        )
        # The library sleeps under its lock and repeats error 6 recursively without end; the rate is
        # kept by our own limiter, and every error comes out as an error.
        api.RPS_DELAY = 0
        api.error_handlers.clear()
        self._apis[(role, lane)] = api
        return api

    def _session(self) -> requests.Session:
        session = _Session()
        # Environment variables must not send a business's letters through somebody's proxy.
        session.trust_env = False
        if self._proxy:
            # socks5h: the proxy resolves names too, otherwise a blocked name never gets that far.
            address = self._proxy.replace("socks5://", "socks5h://", 1)
            session.proxies = {"http": address, "https": address}
        adapter = _Adapter(self._timeouts, self._note_time)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        if self._api_url:
            moved = _Adapter(self._timeouts, self._note_time, target=self._api_url)
            for host in API_HOSTS:
                session.mount(host, moved)
        return session

    def _note_time(self, header: str) -> None:
        try:
            told = parsedate_to_datetime(header)
        except (TypeError, ValueError):
            return
        if told.tzinfo is not None:
            self.server_offset = told - datetime.now(told.tzinfo)

    def _json(self, send: Callable[[], requests.Response]) -> dict[str, object]:
        def run() -> object:
            response = send()
            if not response.ok:
                raise _HttpStatus(response.status_code)
            return response.json()

        answer = self._guarded(run)
        if not isinstance(answer, dict):
            raise TransportFailure(Trouble.NONSENSE, "the answer is not an object", sent=True)
        return answer

    def _guarded(self, run: Callable[[], _T]) -> _T:
        failure: Failure
        try:
            return run()
        except Exception as error:  # whatever it is, nothing of the vendor may leave this file
            failure = self._scrubbed(_translate(error, proxied=bool(self._proxy)))
        # Raised outside of the handler: otherwise the original with the token in it would go along
        # as the context of the new one.
        raise failure

    def _scrubbed(self, failure: Failure) -> Failure:
        for token in self._tokens.values():
            if token and token in str(failure):
                if isinstance(failure, ApiFailure):
                    return ApiFailure(
                        failure.code, failure.message.replace(token, "…"), subcode=failure.subcode
                    )
                return TransportFailure(Trouble.BROKEN, "the connection failed", sent=True)
        return failure


class _HttpStatus(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class _TooBig(Exception):
    pass


class _TooSlow(Exception):
    pass


class _Session(requests.Session):
    """Follows no redirects: a token must not travel to a host that an answer names."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None


class _Adapter(HTTPAdapter):
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


def _web_address(url: str) -> str:
    if urlsplit(url).scheme not in {"http", "https"}:
        raise TransportFailure(Trouble.NONSENSE, "VK gave an address that is none", sent=False)
    return url


def _translate(error: Exception, *, proxied: bool) -> Failure:
    """Turn any exception of the vendors into a failure of ours; only safe words are taken over."""
    match error:
        case Failure():
            return error
        case vk_api.ApiError():
            return _api_failure(error.error)
        case vk_api.ApiHttpError():
            return _status(error.response.status_code)
        case _HttpStatus():
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
        url=url if isinstance(url, str) and url.startswith(("https://", "http://")) else "",
    )
