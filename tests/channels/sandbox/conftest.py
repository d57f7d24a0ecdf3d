"""The sandbox VK and the unmodified vk_api library pointed at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import vk_api
from requests.adapters import HTTPAdapter

from smm_inbox.sandbox.vk import VkSandbox

TIMEOUT = 10


class _Elsewhere(HTTPAdapter):
    """Sends what was meant for api.vk.ru and api.vk.com to the sandbox."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        path = (request.url or "").split("/", 3)[3]
        request.url = f"{self._url}/{path}"
        kwargs["timeout"] = kwargs.get("timeout") or TIMEOUT
        return super().send(request, *args, **kwargs)


@pytest.fixture
def vk() -> Iterator[VkSandbox]:
    with VkSandbox(seed=1) as sandbox:
        yield sandbox
        assert sandbox.state.failures == []


@pytest.fixture
def login(vk: VkSandbox) -> Callable[..., Any]:
    def make(token: str = vk.token) -> Any:
        session = requests.Session()
        session.trust_env = False
        for host in ("https://api.vk.ru/", "https://api.vk.com/"):
            session.mount(host, _Elsewhere(vk.url))
        return vk_api.VkApiGroup(
            token=token,
            api_version="5.199",
            session=session,
            config=vk_api.vk_api.jconfig.MemoryConfig,
        )

    return make


@pytest.fixture
def api(login: Callable[..., Any]) -> Any:
    return login().get_api()


@pytest.fixture
def poll(vk: VkSandbox, api: Any) -> Callable[..., Any]:
    """One long poll from the beginning or a given ts, on a fresh or given key."""
    server = api.groups.getLongPollServer(group_id=vk.group_id)

    def ask(ts: object = None, *, key: str = "", wait: int = 0) -> Any:
        query: dict[str, str] = {
            "act": "a_check",
            "key": key or str(server["key"]),
            "ts": str(server["ts"] if ts is None else ts),
            "wait": str(wait),
        }
        return requests.get(server["server"], params=query, timeout=TIMEOUT).json()

    return ask
