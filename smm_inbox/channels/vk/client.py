"""Calls, long polls and uploads, all blocking; with ``transport`` all that touches vk_api."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TypeVar

import requests
import vk_api
from jconfig.memory import MemoryConfig  # type: ignore[import-untyped]

from .failures import ApiFailure, Failure, TransportFailure, Trouble
from .rights import Role
from .transport import Adapter, HttpStatus, Session, translate, web_address

API_VERSION = "5.199"
API_HOSTS = ("https://api.vk.ru/", "https://api.vk.com/")
"""vk_api 11.10.1 calls the first, older ones the second; VK documents both."""

_CONNECT = 10.0
_READ = 20.0
_UPLOAD_READ = 60.0
_T = TypeVar("_T")

# vk_api warns through its own logger; without a handler Python prints that to stderr, into the
# middle of the screen.
logging.getLogger("vk_api").addHandler(logging.NullHandler())


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
        url = web_address(server)
        params = {"act": "a_check", "key": key, "ts": ts, "wait": str(wait)}
        timeouts = (self._timeouts[0], wait + 10.0)
        return self._json(lambda: self._poll_session.get(url, params=params, timeout=timeouts))

    def upload(self, url: str, field: str, path: Path, name: str) -> dict[str, object]:
        """Send one file to an upload address that the API gave."""
        address = web_address(url)
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

    def abandon(self, lane: str) -> None:
        """Leave the library objects of ``lane`` to the call that hangs in one, with its lock."""
        for role in Role:
            self._apis.pop((role, lane), None)

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
        session = Session()
        # Environment variables must not send a business's letters through somebody's proxy.
        session.trust_env = False
        if self._proxy:
            # socks5h: the proxy resolves names too, otherwise a blocked name never gets that far.
            address = self._proxy.replace("socks5://", "socks5h://", 1)
            session.proxies = {"http": address, "https": address}
        adapter = Adapter(self._timeouts, self._note_time)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        if self._api_url:
            moved = Adapter(self._timeouts, self._note_time, target=self._api_url)
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
                raise HttpStatus(response.status_code)
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
            failure = self._scrubbed(translate(error, proxied=bool(self._proxy)))
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
