"""The library behind the door: every host is ours to choose, every call ends, no secret leaves."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from smm_inbox.channels.vk import api, transport
from smm_inbox.channels.vk.client import API_HOSTS, Client
from smm_inbox.channels.vk.failures import ApiFailure, Failure, TransportFailure, Trouble
from smm_inbox.channels.vk.rights import Rights, Role
from smm_inbox.domain.errors import Retry

from .doubles import Answer, Request, as_json, dead_port, dripping, serving, silent
from .support import SystemClock, load

SECRET = "vk1.a.very-secret-token"
KEY = "secret-long-poll-key"


def client(url: str = "", **more: object) -> Client:
    timeouts = more.pop("timeouts", (2.0, 2.0))
    return Client({Role.COMMUNITY: SECRET}, api_url=url, timeouts=timeouts, **more)  # type: ignore[arg-type]


def call(of: Client, method: str = "users.get") -> object:
    return of.method(Role.COMMUNITY, "background", method, {"user_ids": "1", "flag": 1})


def failure(of: Client) -> Failure:
    with pytest.raises(Failure) as raised:
        call(of)
    return raised.value


@pytest.fixture
def everything() -> Iterator[io.StringIO]:
    """Whatever any logger says."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_call_goes_to_the_given_address_with_token_and_version() -> None:
    with serving(lambda _: as_json('{"response": [{"id": 1}]}')) as double:
        assert call(client(double.url + "/gate/")) == [{"id": 1}]
    (request,) = double.requests
    assert (request.method, request.path) == ("POST", "/gate/method/users.get")
    assert f"access_token={SECRET}" in request.body
    assert "v=5.199" in request.body
    assert "flag=1" in request.body


@pytest.mark.parametrize("host", API_HOSTS)
def test_both_hosts_of_the_api_are_moved(host: str) -> None:
    with serving(lambda _: as_json('{"response": 1}')) as double:
        of = client(double.url)
        session = of._api(Role.COMMUNITY, "background").http
        assert session.post(host + "method/x.y", {"a": 1}).json() == {"response": 1}
    assert double.requests[0].path == "/method/x.y"


def test_a_redirect_is_not_followed_with_the_token() -> None:
    with serving(lambda _: as_json('{"response": 1}')) as thief:

        def redirect(_: Request) -> Answer:
            return 307, {"Location": thief.url}, b""

        with serving(redirect) as double:
            assert isinstance(failure(client(double.url)), TransportFailure)
    assert thief.requests == []


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ((502, {}, b"<html>Bad gateway</html>"), Trouble.SERVER),
        (
            (200, {"Content-Type": "text/html"}, b"<html>Sign in to the cafe Wi-Fi</html>"),
            Trouble.NONSENSE,
        ),
        ((200, {}, b""), Trouble.NONSENSE),
        (as_json('{"respon'), Trouble.NONSENSE),
        (as_json("[]"), Trouble.NONSENSE),
        (as_json("7"), Trouble.NONSENSE),
        (as_json("null"), Trouble.NONSENSE),
        (as_json("{}"), Trouble.NONSENSE),
        (as_json('{"error": null}'), Trouble.NONSENSE),
        (as_json('{"error": {"error_msg": "no number"}}'), Trouble.NONSENSE),
        (as_json('{"error": {"error_code": "five"}}'), Trouble.NONSENSE),
        (as_json("[" * 100_000), Trouble.NONSENSE),
    ],
)
def test_what_is_not_an_answer_of_vk_is_a_lost_answer(answer: Answer, trouble: Trouble) -> None:
    with serving(lambda _: answer) as double:
        found = failure(client(double.url))
    assert isinstance(found, TransportFailure)
    assert found.trouble is trouble
    assert found.sent


@pytest.mark.parametrize(
    "fixture", ["error_6_too_many", "error_14_captcha", "error_17_validation", "error_5_auth"]
)
def test_errors_come_at_once_and_once(fixture: str) -> None:
    with serving(lambda _: as_json(json.dumps(load(fixture)))) as double:
        found = failure(client(double.url))
    assert isinstance(found, ApiFailure)
    assert found.code == load(fixture)["error"]["error_code"]
    assert len(double.requests) == 1, "the library repeats error 6 for minutes when it is let"


def test_the_captcha_carries_its_page() -> None:
    with serving(lambda _: as_json(json.dumps(load("error_14_captcha_redirect")))) as double:
        found = failure(client(double.url))
    assert isinstance(found, ApiFailure)
    assert found.url == load("error_14_captcha_redirect")["error"]["redirect_uri"]


@pytest.mark.parametrize(
    "page", ["file:///etc/passwd", "https://x/\x1b]52;", "https://x/\u202emoc.kv", 7]
)
def test_a_page_that_is_no_web_address_is_not_shown(page: object) -> None:
    error = {"error_code": 14, "captcha_sid": "1", "captcha_img": page, "redirect_uri": page}
    with serving(lambda _: as_json(json.dumps({"error": error}))) as double:
        found = failure(client(double.url))
    assert isinstance(found, ApiFailure)
    assert found.url == ""


def test_a_captcha_without_its_usual_fields_is_still_a_captcha() -> None:
    with serving(lambda _: as_json('{"error": {"error_code": 14}}')) as double:
        found = failure(client(double.url))
    assert isinstance(found, ApiFailure)
    assert (found.code, found.url) == (14, "")


def test_a_silent_server_is_given_up() -> None:
    with silent() as url:
        found = failure(client(url, timeouts=(0.3, 0.3)))
    assert isinstance(found, TransportFailure)
    assert (found.trouble, found.sent) == (Trouble.TIMEOUT, True)


def test_nobody_at_the_address_means_that_nothing_was_sent() -> None:
    found = failure(client(f"http://127.0.0.1:{dead_port()}"))
    assert isinstance(found, TransportFailure)
    assert (found.trouble, found.sent) == (Trouble.UNREACHABLE, False)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_a_dead_proxy_is_told_apart(scheme: str) -> None:
    proxy = f"{scheme}://127.0.0.1:{dead_port()}"
    found = failure(client("http://127.0.0.1:9", proxy=proxy))
    assert isinstance(found, TransportFailure)
    assert (found.trouble, found.sent) == (Trouble.PROXY, False)


def test_an_http_proxy_is_used() -> None:
    with serving(lambda _: as_json('{"response": 5}')) as proxy:
        assert call(client("http://vk.invalid", proxy=proxy.url)) == 5
    assert proxy.requests[0].path == "http://vk.invalid/method/users.get"


def test_the_environment_names_no_proxy_for_us(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{dead_port()}")
    with serving(lambda _: as_json('{"response": 1}')) as double:
        assert call(client(double.url)) == 1


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER", 100_000)
    with serving(lambda _: as_json('{"response": "' + "x" * 300_000 + '"}')) as double:
        found = failure(client(double.url))
    assert isinstance(found, TransportFailure)
    assert found.detail == "the answer is too big"


def test_a_long_poll_asks_with_key_and_position() -> None:
    with serving(lambda _: as_json('{"ts": "8", "updates": []}')) as double:
        assert client().poll(f"{double.url}/lp", KEY, "7", 1) == {"ts": "8", "updates": []}
    (request,) = double.requests
    assert request.path == f"/lp?act=a_check&key={KEY}&ts=7&wait=1"


def test_addresses_that_are_no_web_addresses_are_refused() -> None:
    with pytest.raises(TransportFailure):
        client().poll("file:///etc/passwd", KEY, "7", 1)


def test_an_upload_sends_the_file(tmp_path: Path) -> None:
    file = tmp_path / "торт.jpg"
    file.write_bytes(b"picture")
    with serving(lambda _: as_json(json.dumps(load("upload_photo_result")))) as double:
        done = client().upload(f"{double.url}/up", "photo", file, "торт.jpg")
    assert done["server"] == 909628
    assert "picture" in double.requests[0].body
    assert 'name="photo"' in double.requests[0].body


def troubles() -> list[Answer]:
    return [
        as_json(json.dumps(load("error_5_auth"))),
        as_json(json.dumps({"error": {"error_code": 5, "error_msg": f"bad token {SECRET}"}})),
        (502, {}, SECRET.encode()),
        (200, {}, f"<html>{SECRET} key={KEY}".encode()),
        as_json("{}"),
    ]


@pytest.mark.parametrize("number", range(len(troubles())))
def test_no_secret_is_in_an_error_or_a_log(number: int, everything: io.StringIO) -> None:
    with serving(lambda _: troubles()[number]) as double:
        found = failure(client(double.url))
    assert_clean(found, everything)


def test_no_secret_is_in_a_broken_connection(everything: io.StringIO) -> None:
    dead = f"http://127.0.0.1:{dead_port()}"
    assert_clean(failure(client(dead)), everything)
    with pytest.raises(Failure) as raised:
        client().poll(f"{dead}/lp", KEY, "7", 1)
    assert_clean(raised.value, everything)


def assert_clean(error: BaseException, logged: io.StringIO) -> None:
    assert error.__context__ is None, "the original error would bring the token along"
    told = "".join(traceback.format_exception(error)) + repr(error) + str(vars(error))
    for secret in (SECRET, KEY):
        assert secret not in told
        ours = [line for line in logged.getvalue().splitlines() if secret in line]
        # urllib3 logs whole addresses at debug level, where the program does not let it speak.
        assert [line for line in ours if "/lp?" not in line] == []


def test_nothing_is_printed_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with serving(lambda _: as_json(json.dumps(load("error_6_too_many")))) as double:
        of = client(double.url)
        with contextlib.suppress(Failure):
            call(of)
        # What the library itself says when it meets error 6.
        logging.getLogger("vk_api").warning("Too many requests! Sleeping 0.5 sec...")
    assert capfd.readouterr() == ("", "")


def test_operator_and_background_do_not_share_a_lock() -> None:
    of = client()
    operator, background = (of._api(Role.COMMUNITY, lane) for lane in ("operator", "background"))
    assert operator is not background
    assert operator.lock is not background.lock
    assert operator is of._api(Role.COMMUNITY, "operator")


def test_a_file_that_is_gone_is_no_answer_from_vk(tmp_path: Path) -> None:
    with pytest.raises(TransportFailure) as raised:
        client().upload("http://127.0.0.1:9/up", "photo", tmp_path / "gone.jpg", "gone.jpg")
    assert not raised.value.sent


def test_the_library_is_the_one_that_was_read() -> None:
    # The hosts above are written into vk_api; a version that calls another one would go astray.
    import inspect

    import vk_api

    source = inspect.getsource(vk_api.VkApi.method)
    assert any(host in source for host in API_HOSTS)
    assert isinstance(client()._api(Role.COMMUNITY, "operator").http, requests.Session)


async def test_who_drips_an_answer_does_not_hold_the_next_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api, "_PATIENCE", 4.0)
    with dripping() as url:
        made = api.Api(client(url), Rights([Role.COMMUNITY]), SystemClock())
        try:
            with pytest.raises(Retry, match="in time"):
                await made.call("users.get", {"user_ids": 1})
            assert await made.call("users.get", {"user_ids": 1}) == 1
        finally:
            made.close()
