"""Pictures and files are fetched when they are wanted: without the token, through the proxy."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from smm_inbox.channels.base import SupportsDownload
from smm_inbox.channels.instagram.channel import InstagramChannel
from smm_inbox.channels.instagram.client import Client
from smm_inbox.domain.errors import Rejected, Retry
from smm_inbox.domain.message import NetworkMessage
from smm_inbox.sandbox.instagram import InstagramSandbox
from smm_inbox.sandbox.instagram.routes import PICTURE

from .conftest import Open
from .support import Stream


async def photo(ig: InstagramSandbox, channel: InstagramChannel) -> NetworkMessage:
    ig.customer_writes(ig.add_person("polya"), "Вот такой", attachments=[ig.photo()])
    return await Stream(channel).text("Вот такой")


async def fetch(channel: InstagramChannel, message: NetworkMessage, target: Path) -> Path:
    ref = message.attachments[0].ref
    return await channel.download(message.place, message.remote_id, ref, target, lambda *_: None)


async def test_a_photo_is_saved_and_nothing_is_overwritten(
    ig: InstagramSandbox, opened: Open, tmp_path: Path
) -> None:
    channel = await opened()
    assert isinstance(channel, SupportsDownload)
    message = await photo(ig, channel)
    target = tmp_path / "photo.jpg"
    assert (await fetch(channel, message, target)).read_bytes() == PICTURE
    again = await fetch(channel, message, target)
    assert again != target
    assert again.read_bytes() == target.read_bytes() == PICTURE


async def test_a_dead_address_is_asked_for_anew(
    ig: InstagramSandbox, opened: Open, tmp_path: Path
) -> None:
    channel = await opened()
    message = await photo(ig, channel)
    ig.expire_links()
    assert (await fetch(channel, message, tmp_path / "photo.jpg")).read_bytes() == PICTURE


async def test_what_is_gone_is_said_to_be_and_leaves_no_file(
    ig: InstagramSandbox, opened: Open, tmp_path: Path
) -> None:
    channel = await opened()
    message = await photo(ig, channel)
    ig.expire_links()
    (talk,) = ig.state.talks.values()
    talk.messages[0].unsent = True
    with pytest.raises(Rejected):
        await fetch(channel, message, tmp_path / "photo.jpg")
    assert not (tmp_path / "photo.jpg").exists()


async def test_a_broken_or_cancelled_copy_leaves_no_file(
    ig: InstagramSandbox, opened: Open, tmp_path: Path
) -> None:
    channel = await opened()
    message = await photo(ig, channel)
    ig.faults.add("cdn", "reset")
    with pytest.raises(Retry):
        await fetch(channel, message, tmp_path / "photo.jpg")
    ig.faults.add("cdn", "hang")
    copying = asyncio.create_task(fetch(channel, message, tmp_path / "photo.jpg"))
    while not (tmp_path / "photo.jpg").exists():
        await asyncio.sleep(0.01)
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    assert not (tmp_path / "photo.jpg").exists()


@pytest.mark.parametrize(
    ("url", "fetched"),
    [
        ("https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1", True),
        ("https://scontent-arn2-1.cdninstagram.com/v/1.jpg", True),
        ("https://video.xx.fbcdn.net/1.mp4", True),
        ("http://lookaside.fbsbx.com/1", False),
        ("https://evil-lookaside.fbsbx.com.example/1", False),
        ("https://xfbcdn.net/1", False),
        ("https://127.0.0.1/1", False),
        ("http://169.254.169.254/latest", False),
    ],
)
async def test_only_instagrams_own_addresses_are_fetched(url: str, fetched: bool) -> None:
    client = Client()
    assert client._keeps_media(url) is fetched
    await client.close()


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
async def test_pictures_take_the_same_proxy_as_calls(
    ig: InstagramSandbox, opened: Open, tmp_path: Path, scheme: str, unused_tcp_port: int
) -> None:
    message = await photo(ig, await opened())
    proxied = await opened(connect=False, proxy=f"{scheme}://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(Retry, match="proxy"):
        await fetch(proxied, message, tmp_path / "photo.jpg")
    assert not (tmp_path / "photo.jpg").exists()
