"""Both servers are reached through the account's own proxy, and through nothing else."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from smm_inbox.domain.errors import Retry
from smm_inbox.sandbox.mail import MailSandbox, letter

from .support import answer, make, options, reading

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def _join(ours: Streams, host: str, port: int) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    await asyncio.gather(_pipe(ours[0], writer), _pipe(reader, ours[1]))


class Proxy:
    """SOCKS5 or HTTP CONNECT, with a password if told so."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.port = 0

    async def socks5(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        if 2 in methods:
            writer.write(b"\x05\x02")
            _, size = await reader.readexactly(2)
            user = await reader.readexactly(size)
            password = await reader.readexactly((await reader.readexactly(1))[0])
            assert (user, password) == (b"u", b"p@ss")
            writer.write(b"\x01\x00")
        else:
            writer.write(b"\x05\x00")
        _, _, _, kind = await reader.readexactly(4)
        size = 4 if kind == 1 else (await reader.readexactly(1))[0]
        raw = await reader.readexactly(size)
        host = ".".join(map(str, raw)) if kind == 1 else raw.decode()
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append((host, port))
        writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        await _join((reader, writer), "127.0.0.1", port)

    async def http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        verb, target, _ = head.split(None, 2)
        assert verb == "CONNECT"
        assert base64.b64encode(b"u:p@ss").decode() in head
        host, _, port = target.partition(":")
        self.asked.append((host, int(port)))
        inner = await asyncio.open_connection("127.0.0.1", int(port))
        # In one piece with the server's greeting, as it comes over a fast line.
        greeting = await inner[0].readline()
        writer.write(b"HTTP/1.1 200 OK\r\nVia: 1.1 proxy\r\n\r\n" + greeting)
        await asyncio.gather(_pipe(reader, inner[1]), _pipe(inner[0], writer))


@asynccontextmanager
async def serving(
    proxy: Proxy, handler: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
) -> AsyncIterator[None]:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await handler(reader, writer)

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        server.close()


@pytest.mark.parametrize("kind", ["socks5", "http"])
async def test_letters_and_answers_go_through_the_proxy(tmp_path: Path, kind: str) -> None:
    proxy = Proxy()
    handler = proxy.socks5 if kind == "socks5" else proxy.http
    with MailSandbox() as mail:
        mail.customer_writes(letter("раз", message_id="<1@m.example>"))
        async with serving(proxy, handler):
            address = f"{kind}://u:p%40ss@127.0.0.1:{proxy.port}"
            async with reading(mail, tmp_path, proxy=address) as (channel, stream):
                await channel.send(answer(stream.messages[0], "два"))
                await stream.text("два")
    ports = {port for _, port in proxy.asked}
    assert ports == {mail.imap_port, mail.smtp_port}
    assert {host for host, _ in proxy.asked} == {"127.0.0.1"}


@pytest.mark.parametrize("address", ["socks5://127.0.0.1:1", "http://127.0.0.1:1"])
async def test_without_its_proxy_nothing_is_reached(tmp_path: Path, address: str) -> None:
    with MailSandbox() as mail:
        channel = make(options(mail, proxy=address), tmp_path)
        with pytest.raises(Retry):
            await channel.connect()
        assert [item.ok for item in await channel.diagnose()] == [False, False]
        await channel.close()
        assert mail.commands == ()
