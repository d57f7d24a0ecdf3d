"""Proxies: SOCKS5 with and without a password, HTTP, and Telegram's own kind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from smm_inbox.channels.telegram.channel import TelegramChannel
from smm_inbox.channels.telegram.session import NAME
from smm_inbox.domain.errors import Retry
from smm_inbox.sandbox.telegram import TelegramSandbox

from .support import context, options

SECRET = "00112233445566778899aabbccddeeff"


async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


class Proxy:
    """A small proxy on loopback: SOCKS5 or HTTP CONNECT, perhaps with a password."""

    def __init__(self, user: str = "", password: str = "") -> None:
        self.user, self.password = user, password
        self.served = 0

    async def socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, count = await reader.readexactly(2)
        offered = await reader.readexactly(count)
        wanted = 2 if self.user else 0
        writer.write(bytes([5, wanted if wanted in offered else 255]))
        if self.user:
            _, size = await reader.readexactly(2)
            user = await reader.readexactly(size)
            (size,) = await reader.readexactly(1)
            password = await reader.readexactly(size)
            fine = (user.decode(), password.decode()) == (self.user, self.password)
            writer.write(bytes([1, 0 if fine else 1]))
            if not fine:
                writer.close()
                return
        _, _, _, kind = await reader.readexactly(4)
        if kind == 1:
            host = ".".join(map(str, await reader.readexactly(4)))
        else:
            (size,) = await reader.readexactly(1)
            host = (await reader.readexactly(size)).decode()
        port = int.from_bytes(await reader.readexactly(2), "big")
        writer.write(bytes([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
        await self.join(reader, writer, host, port)

    async def http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        host, _, port = head.split()[1].rpartition(":")
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await self.join(reader, writer, host, int(port))

    async def join(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int
    ) -> None:
        self.served += 1
        far_reader, far_writer = await asyncio.open_connection(host, port)
        await asyncio.gather(pour(reader, far_writer), pour(far_reader, writer))


@asynccontextmanager
async def running(handler: Callable[..., object]) -> AsyncIterator[int]:
    server = await asyncio.start_server(handler, "127.0.0.1", 0)  # type: ignore[arg-type]
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def channel_through(tg: TelegramSandbox, folder: Path, **more: object) -> TelegramChannel:
    if not (folder / NAME).exists():
        tg.write_session(folder / NAME)
    return TelegramChannel(context(options(tg, folder, **more), folder))


async def connected(channel: TelegramChannel) -> None:
    try:
        assert (await channel.connect()).handle == "warm_corner_cafe"
    finally:
        await channel.close()


@pytest.mark.parametrize("user", ["", "anna"])
async def test_socks5(tg: TelegramSandbox, tmp_path: Path, user: str) -> None:
    proxy = Proxy(user, "p@ss" if user else "")
    login = "anna:p%40ss@" if user else ""
    async with running(proxy.socks) as port:
        await connected(channel_through(tg, tmp_path, proxy=f"socks5://{login}127.0.0.1:{port}"))
    assert proxy.served == 1


async def test_http(tg: TelegramSandbox, tmp_path: Path) -> None:
    proxy = Proxy()
    async with running(proxy.http) as port:
        await connected(channel_through(tg, tmp_path, proxy=f"http://127.0.0.1:{port}"))
    assert proxy.served == 1


async def test_a_wrong_password_is_the_proxys_fault(tg: TelegramSandbox, tmp_path: Path) -> None:
    proxy = Proxy("anna", "right")
    async with running(proxy.socks) as port:
        channel = channel_through(tg, tmp_path, proxy=f"socks5://anna:wrong@127.0.0.1:{port}")
        with pytest.raises(Retry) as caught:
            await channel.connect()
        await channel.close()
    assert "does not let us through" in caught.value.sentence
    assert "wrong" not in caught.value.sentence
    assert proxy.served == 0


@pytest.fixture
def proxied() -> Iterator[TelegramSandbox]:
    with TelegramSandbox(seed=1, proxy_secret=bytes.fromhex(SECRET)) as sandbox:
        yield sandbox


@pytest.mark.parametrize("prefix", ["", "dd"])
async def test_mtproxy(proxied: TelegramSandbox, tmp_path: Path, prefix: str) -> None:
    # Telethon waits two seconds after connecting to a proxy of this kind.
    link = f"tg://proxy?server={proxied.host}&port={proxied.port}&secret={prefix}{SECRET}"
    await connected(channel_through(proxied, tmp_path, mtproxy=link))
