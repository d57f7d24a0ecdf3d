"""Every fault does what it says, and only as often as it was asked to."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest
import requests

from smm_inbox.sandbox.common.files import png
from smm_inbox.sandbox.vk import FaultKind, Faults, VkSandbox
from smm_inbox.sandbox.vk.world import ANNA


def post(vk: VkSandbox, *, timeout: float = 10, random_id: int = 1) -> requests.Response:
    form = {
        "access_token": vk.token,
        "peer_id": str(ANNA),
        "message": "да",
        "random_id": str(random_id),
    }
    return requests.post(f"{vk.url}/method/messages.send", data=form, timeout=timeout)


@pytest.fixture(autouse=True)
def _a_customer_wrote(vk: VkSandbox) -> None:
    vk.customer_writes(ANNA, "Здравствуйте!")


@pytest.mark.parametrize("after", [False, True])
def test_an_error_code_before_or_after_the_effect(vk: VkSandbox, after: bool) -> None:
    vk.faults.add("messages.*", FaultKind.ERROR, code=10, after=after)
    assert post(vk).json()["error"]["error_code"] == 10
    assert len(vk.sent) == after
    assert "response" in post(vk).json()
    assert len(vk.sent) == 1


@pytest.mark.parametrize("after", [False, True])
def test_a_reset_before_or_after_the_effect(vk: VkSandbox, after: bool) -> None:
    vk.faults.add("messages.send", "reset", after=after)
    with pytest.raises(requests.ConnectionError):
        post(vk)
    assert len(vk.sent) == after


def test_a_reset_is_a_reset_and_not_an_orderly_end(vk: VkSandbox) -> None:
    vk.faults.add("groups.getById", "reset")
    host, _, port = vk.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(b"GET /method/groups.getById HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            raw.recv(1)


@pytest.mark.parametrize("after", [False, True])
def test_a_hang_before_or_after_the_effect(vk: VkSandbox, after: bool) -> None:
    vk.faults.add("messages.send", "hang", after=after)
    with pytest.raises(requests.ReadTimeout):
        post(vk, timeout=0.15)
    assert len(vk.sent) == after


def test_pages_instead_of_json(vk: VkSandbox) -> None:
    vk.faults.add("messages.send", "http", status=502)
    vk.faults.add("messages.send", "html")
    vk.faults.add("messages.send", "empty")
    vk.faults.add("messages.send", "http", status=500, after=True)
    gateway, page, empty = post(vk), post(vk), post(vk)
    assert (gateway.status_code, gateway.text[:6]) == (502, "<html>")
    assert (page.status_code, page.text[:6]) == (200, "<html>")
    assert (empty.status_code, empty.content) == (200, b"")
    assert vk.sent == []
    assert post(vk).status_code == 500
    assert len(vk.sent) == 1


def test_half_an_answer_after_the_effect(vk: VkSandbox) -> None:
    vk.faults.add("messages.send", "truncated")
    with pytest.raises(requests.JSONDecodeError):
        post(vk).json()
    assert len(vk.sent) == 1


def test_a_delay_is_only_a_delay(vk: VkSandbox) -> None:
    vk.faults.add("messages.send", "delay", seconds=0.2)
    before = time.monotonic()
    assert "response" in post(vk).json()
    assert time.monotonic() - before >= 0.2


def test_an_upload_can_be_refused(vk: VkSandbox) -> None:
    vk.faults.add("upload", "refuse")
    where, files = f"{vk.url}/upload/photo", {"photo": ("a.png", png(1))}
    assert requests.post(where, files=files, timeout=5).json()["photo"] == "[]"
    assert requests.post(where, files=files, timeout=5).json()["photo"] != "[]"


def test_long_poll_can_break_too(vk: VkSandbox, poll: Any) -> None:
    vk.faults.add("lp", "html")
    with pytest.raises(requests.JSONDecodeError):
        poll(999)
    vk.faults.add("lp", "failed", code=3)
    assert poll() == {"failed": 3}
    assert poll() == {"failed": 3}


def test_clear_ends_every_trouble(vk: VkSandbox) -> None:
    vk.faults.add("*", "error", count=None)
    assert [post(vk).json()["error"]["error_code"] for _ in range(3)] == [10] * 3
    vk.faults.clear()
    assert "response" in post(vk).json()


def test_the_same_seed_gives_the_same_faults() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add("m", "error", count=None, probability=0.5)
        return [faults.take("m") is not None for _ in range(64)]

    assert struck(3) == struck(3) != struck(4)
    assert 16 < sum(struck(3)) < 48


def test_skip_lets_the_first_ones_through() -> None:
    faults = Faults()
    fault = faults.add("messages.*", "reset", skip=2, count=1)
    hits = [faults.take("messages.send") is not None for _ in range(5)]
    assert (hits, fault.hits) == ([False, False, True, False, False], 1)


def test_closing_does_not_wait_for_hung_connections() -> None:
    vk = VkSandbox().start()
    vk.faults.add("messages.send", "hang", count=None)
    errors: list[Exception] = []

    def hang() -> None:
        try:
            post(vk, timeout=60)
        except requests.RequestException as error:
            errors.append(error)

    threads = [threading.Thread(target=hang) for _ in range(5)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 10
    while len(vk.calls) < 5 and time.monotonic() < deadline:
        time.sleep(0.005)
    vk.stop()
    for thread in threads:
        thread.join(10)
    assert len(errors) == 5
