"""Tokens live long and are seen nowhere; proxies are named; the environment does no harm."""

from __future__ import annotations

import asyncio
import logging
import socket
import traceback
from pathlib import Path
from typing import Any

import pytest

from smm_inbox.channels.instagram import client as client_module
from smm_inbox.channels.instagram import files
from smm_inbox.channels.instagram.channel import InstagramChannel
from smm_inbox.domain.errors import AuthExpired, ChannelError, Retry
from smm_inbox.sandbox.instagram import InstagramSandbox

from .conftest import Open
from .support import Stream, Time, context

DAY = 86_400.0


def refreshes(ig: InstagramSandbox) -> int:
    return [call.name for call in ig.calls].count("refresh")


async def test_a_token_of_unknown_age_is_refreshed_once_and_kept_privately(
    ig: InstagramSandbox, opened: Open, tmp_path: Path
) -> None:
    first = await opened()
    assert refreshes(ig) == 1
    kept = tmp_path / "token.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert ig.token not in {t for t in ig.state.tokens if t in kept.read_text()} - {ig.token}
    del ig.state.tokens[ig.token]  # only the refreshed one is good from here on
    await first.connect()
    await (await opened()).connect()
    assert refreshes(ig) == 1


async def test_a_token_too_young_to_be_refreshed_is_kept(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    ig.state.issue(ig.token, age=3600)
    channel = await opened()
    await channel.connect()
    assert refreshes(ig) == 1, "asked once a day"
    time.pass_by(hours=25)
    await channel.connect()
    assert refreshes(ig) == 2


async def test_a_token_that_cannot_be_kept_is_not_used(
    ig: InstagramSandbox, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the good one would be known to nobody after the next start."""

    def full(path: Path, value: object) -> None:
        raise Retry("The disk is full.")

    monkeypatch.setattr(files, "save", full)
    channel = await opened()
    assert refreshes(ig) == 1
    assert not (tmp_path / "token.json").exists()
    assert channel._account.credentials.token == ig.token
    await channel.connect()


async def test_a_token_is_refreshed_while_less_than_thirty_days_are_left(
    ig: InstagramSandbox, opened: Open, time: Time
) -> None:
    channel = await opened()
    time.pass_by(days=29)
    await channel.connect()
    assert refreshes(ig) == 1
    time.pass_by(days=2)
    await channel.connect()
    assert refreshes(ig) == 2


async def test_a_new_token_in_the_config_file_takes_the_place_of_the_kept_one(
    ig: InstagramSandbox, opened: Open
) -> None:
    await opened()
    ig.state.tokens.clear()
    ig.state.issue("IGAA-another")
    with pytest.raises(AuthExpired):
        await opened()
    await opened(token="IGAA-another")


@pytest.mark.parametrize(("days", "level"), [(44, ""), (47, "14"), (54, "7"), (58.5, "2")])
async def test_the_end_of_a_token_is_told_in_time(
    ig: InstagramSandbox, opened: Open, time: Time, days: float, level: str
) -> None:
    ig.state.refreshable = False
    channel = await opened()
    time.pass_by(days=days)
    told = [item.action for item in channel.limitations if item.action.startswith("token.")]
    assert told == ([f"token.ends.{level}"] if level else [])


async def test_the_doctor_tells_the_set_up(ig: InstagramSandbox, opened: Open) -> None:
    channel = await opened()
    checks = {check.name: check for check in await channel.diagnose()}
    assert all(checks[name].ok for name in ("account", "token", "messages", "comments", "tags"))
    assert "webhook" in checks["mentions"].sentence
    ig.faults.add("conversations", "error", error="permission", count=None)
    checks = {check.name: check for check in await channel.diagnose()}
    assert not checks["messages"].ok
    ig.kill_token()
    (check,) = await channel.diagnose()
    assert (check.name, check.ok) == ("token", False)


async def test_no_access_is_told_apart_from_no_comments(ig: InstagramSandbox, opened: Open) -> None:
    """In doctor and in health; a list may be empty for both reasons."""
    channel = await opened()

    async def told() -> tuple[bool, str, bool]:
        checks = {check.name: check for check in await channel.diagnose()}
        named = "comments.read" in {item.action for item in channel.limitations}
        return checks["comments"].ok, checks["comments"].sentence, named

    ok, sentence, named = await told()
    assert (ok, named) == (True, False)
    assert "no comments" in sentence
    ig.comments(ig.publish("Пост"), ig.add_person("timur"), "Цена?")
    ig.state.live_app = False
    ok, sentence, named = await told()
    assert (ok, named) == (False, True)
    assert "Advanced Access" in sentence
    ig.state.live_app = True
    assert await told() == (True, "Comments can be read.", False)


async def test_identity_is_the_professional_id(ig: InstagramSandbox, opened: Open) -> None:
    identity = await (await opened()).connect()
    assert (identity.remote_id, identity.handle) == (ig.user_id, ig.username)


async def test_a_socks_proxy_in_the_environment_is_no_harm(
    ig: InstagramSandbox, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ALL_PROXY", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "socks://127.0.0.1:9/")
    await (await opened()).connect()


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
async def test_a_dead_proxy_is_named(
    ig: InstagramSandbox, opened: Open, scheme: str, unused_tcp_port: int
) -> None:
    channel = await opened(connect=False, proxy=f"{scheme}://u:p@127.0.0.1:{unused_tcp_port}")
    with pytest.raises(Retry, match="proxy"):
        await channel.connect()


async def test_calls_go_through_a_socks_proxy(ig: InstagramSandbox, opened: Open) -> None:
    used: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readexactly(2)
        await reader.readexactly(head[1])
        writer.write(b"\x05\x00")
        request = await reader.readexactly(4)
        if request[3] == 1:
            host = socket.inet_ntoa(await reader.readexactly(4))
        else:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        port = int.from_bytes(await reader.readexactly(2), "big")
        used.append(host.encode())
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        there, back = await asyncio.open_connection(host, port)
        await asyncio.gather(pipe(reader, back), pipe(there, writer))

    async def pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
        target.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    channel = await opened(connect=False, proxy=f"socks5h://127.0.0.1:{port}")
    await channel.connect()
    assert used
    server.close()


async def test_a_hung_network_is_given_up_and_closing_is_quick(
    ig: InstagramSandbox, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = await opened()
    monkeypatch.setattr(client_module, "READ_TIMEOUT", 0.05)
    ig.faults.add("me", "hang", count=None)
    with pytest.raises(Retry, match="in time"):
        await channel.connect()
    monkeypatch.setattr(client_module, "READ_TIMEOUT", 30.0)
    hanging = asyncio.create_task(channel.connect())
    while not any(fault.seen > 3 for fault in ig.faults._faults):
        await asyncio.sleep(0.01)
    hanging.cancel()
    async with asyncio.timeout(1):
        await channel.close()
        await channel.close()
    await asyncio.gather(hanging, return_exceptions=True)


async def test_the_token_is_in_no_error_log_or_kept_page(
    ig: InstagramSandbox, opened: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="smm_inbox")
    for number in range(60):
        ig.customer_writes(ig.add_person(f"guest{number}"), "?")
    channel = await opened()
    stream = Stream(channel)
    await stream.caught_up()
    await stream.until(lambda batch: batch.caught_up)
    shown: list[str] = [repr(channel), repr(stream.batches), caplog.text]
    for kind, error in (
        ("error", "expired"),
        ("error", "window"),
        ("reset", ""),
        ("html", ""),
        ("http", ""),
    ):
        ig.faults.add("me", kind, error=error, count=3)
        with pytest.raises(ChannelError) as caught:
            await channel.connect()
        shown.append("".join(traceback.format_exception(caught.value)))
        link: BaseException | None = caught.value
        while link is not None:
            shown += [repr(link), repr(vars(link)), repr(getattr(link, "request", ""))]
            link = link.__context__
        ig.faults.clear()
    shown += [path.read_text() for path in tmp_path.rglob("*.json") if path.name != "token.json"]
    secrets = [*ig.state.tokens, "IGAA"]
    assert [secret for secret in secrets if any(secret in text for text in shown)] == []


def test_without_a_token_there_is_no_account(tmp_path: Path, time: Any) -> None:
    with pytest.raises(ChannelError):
        InstagramChannel(context({}, tmp_path, time))
