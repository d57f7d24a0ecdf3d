"""Every call, poll and file goes through the account's own proxy, and through nothing else."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from smm_inbox.domain.message import AttachmentKind, LocalFile
from smm_inbox.domain.text import SafeText
from smm_inbox.sandbox.vk import VkSandbox
from smm_inbox.sandbox.vk.world import ANNA
from tests.channels.email.certificates import certificate

from .conftest import Open
from .doubles import Answer, Request, serving
from .support import Stream, answer


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


class Socks:
    """SOCKS5 with a password; every name leads to this machine."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with suppress(OSError), line, line.makefile("rb") as heard:
            _, count = heard.read(2)
            heard.read(count)
            line.sendall(b"\x05\x02")
            _, size = heard.read(2)
            user = heard.read(size)
            (size,) = heard.read(1)
            assert (user, heard.read(size)) == (b"anna", b"p@ss")
            line.sendall(b"\x01\x00")
            *_, kind = heard.read(4)
            if kind == 1:
                host = socket.inet_ntoa(heard.read(4))
            else:
                (size,) = heard.read(1)
                host = heard.read(size).decode()
            (port,) = struct.unpack(">H", heard.read(2))
            self.asked.append((host, port))
            with socket.create_connection(("127.0.0.1", port)) as far:
                line.sendall(b"\x05\x00\x00\x01" + bytes(6))
                back = threading.Thread(target=_pour, args=(far, line), daemon=True)
                back.start()
                _pour(line, far)
                back.join()


@contextmanager
def socks() -> Iterator[Socks]:
    proxy = Socks()
    try:
        yield proxy
    finally:
        proxy.close()


def forward(request: Request) -> Answer:
    """What an HTTP proxy does with a request for an ``http://`` address."""
    kept = {"Content-Type": request.headers.get("Content-Type", "")}
    with requests.Session() as session:
        session.trust_env = False
        told = session.request(
            request.method, request.path, headers=kept, data=request.body.encode(), timeout=60
        )
    return told.status_code, {"Content-Type": told.headers["Content-Type"]}, told.content


async def test_a_whole_talk_goes_through_a_socks_proxy(
    vk: VkSandbox, opened: Open, tmp_path: Path
) -> None:
    address = urlsplit(vk.url)
    with socks() as proxy:
        # A name that only the proxy can resolve: in a blocked network ours knows none.
        channel = await opened(
            also={
                "api_url": f"http://api.vk.invalid:{address.port}",
                "proxy": f"socks5://anna:p%40ss@127.0.0.1:{proxy.port}",
            }
        )
        stream = Stream(channel)
        await stream.caught_up()
        vk.customer_writes(ANNA, "Есть меню?")
        question = await stream.text("Есть меню?")
        menu = tmp_path / "меню.pdf"
        menu.write_bytes(b"%PDF")
        files = (LocalFile(menu, AttachmentKind.DOCUMENT, SafeText(menu.name), 4),)
        await channel.send(answer(question, "Вот оно", files=files))
        await stream.text("Вот оно")
        await stream.close()
    assert set(proxy.asked) == {
        ("api.vk.invalid", address.port),  # calls
        ("127.0.0.1", address.port),  # polls and uploads, where VK says
    }


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_whole_talk_goes_through_an_http_proxy(
    vk: VkSandbox, opened: Open, tmp_path: Path, scheme: str
) -> None:
    tls = None
    if scheme == "https":
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*certificate(tmp_path))
    with serving(forward, tls=tls) as double:
        channel = await opened(also={"proxy": double.url})
        stream = Stream(channel)
        await stream.caught_up()
        vk.customer_writes(ANNA, "Есть меню?")
        question = await stream.text("Есть меню?")
        await channel.send(answer(question, "Есть"))
        await stream.text("Есть")
        await stream.close()
    assert double.url.startswith(scheme)
    asked = {urlsplit(request.path).path for request in double.requests}
    assert {"/method/messages.send", "/method/groups.getById"} <= asked
    assert {urlsplit(request.path).netloc for request in double.requests} == {
        urlsplit(vk.url).netloc
    }
