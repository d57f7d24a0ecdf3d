"""Everything that goes wrong on demand, as an unmodified telethon meets it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from telethon import errors, events, functions, types
from telethon.network import connection

from smm_inbox.sandbox.telegram import TelegramSandbox
from smm_inbox.sandbox.telegram.world import ANNA, ME
from tests.channels.sandbox.telegram_desk import Heard, connected, make_client, session_for, until

SECRET = bytes(range(16))
LOST = (ConnectionError, asyncio.IncompleteReadError, OSError)


@pytest.fixture
def tg() -> Iterator[TelegramSandbox]:
    with TelegramSandbox(seed=1, proxy_secret=SECRET) as sandbox:
        sandbox.customer_writes(ANNA, "привет")
        yield sandbox
        assert sandbox.state.failures == []
        assert sandbox.state.unknown == []


def text_to(tg: TelegramSandbox, text: str, random_id: int) -> Any:
    peer = types.InputPeerUser(ANNA, tg.state.access_hash(ME, "user", ANNA))
    return functions.messages.SendMessageRequest(peer, text, random_id=random_id)


async def test_a_flood_wait_names_its_seconds_and_is_without_effect(tg: TelegramSandbox) -> None:
    tg.faults.flood("messages.sendMessage", 37)
    async with connected(tg) as client:
        with pytest.raises(errors.FloodWaitError) as caught:
            await client(text_to(tg, "раз", 1))
        assert caught.value.seconds == 37
    assert tg.sent == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("PEER_FLOOD", errors.PeerFloodError),
        ("SLOWMODE_WAIT_9", errors.SlowModeWaitError),
        ("FLOOD_PREMIUM_WAIT_8", errors.FloodPremiumWaitError),
        ("SESSION_REVOKED", errors.RPCError),
    ],
)
async def test_any_error_can_be_ordered(
    tg: TelegramSandbox, text: str, kind: type[Exception]
) -> None:
    tg.faults.add("messages.*", "error", text=text)
    async with connected(tg) as client:
        with pytest.raises(kind):
            await client(text_to(tg, "раз", 1))
    assert tg.sent == []


@pytest.mark.parametrize("kind", ["drop", "reset"])
@pytest.mark.parametrize("after", [False, True])
async def test_a_lost_connection_leaves_the_effect_unknown_and_a_retry_settles_it(
    tg: TelegramSandbox, kind: str, after: bool
) -> None:
    tg.rules.repeat = "replay"
    tg.faults.add("messages.sendMessage", kind, after=after)
    random_id = secrets.randbits(62)
    async with connected(tg) as client:
        with pytest.raises(LOST):
            await client(text_to(tg, "важное", random_id))
    assert len(tg.sent) == int(after)
    async with connected(tg) as client:
        await client(text_to(tg, "важное", random_id))
    assert [item.random_id for item in tg.sent] == [random_id]


@pytest.mark.parametrize("after", [False, True])
async def test_a_hanging_call_hangs_alone(tg: TelegramSandbox, after: bool) -> None:
    tg.faults.add("messages.sendMessage", "hang", after=after)
    async with connected(tg) as client:
        waiting = asyncio.ensure_future(client(text_to(tg, "важное", 5)))
        await until(lambda: tg.called("messages.sendMessage") == 1)
        assert (await client.get_me()).id == ME
        assert not waiting.done()
        waiting.cancel()
    assert len(tg.sent) == int(after)


async def test_a_late_answer_comes(tg: TelegramSandbox) -> None:
    tg.faults.add("users.getUsers", "delay", seconds=0.05)
    async with connected(tg) as client:
        assert (await client.get_me()).id == ME


async def test_connections_reset_after_accept_are_counted(tg: TelegramSandbox) -> None:
    resets = tg.faults.add("accept", "reset", count=None)
    client = make_client(tg, session_for(tg, ME), connection_retries=0)
    await _fail_to_work(client)
    assert tg.state.connects == resets.hits > 0
    tg.faults.clear()
    async with connected(tg) as later:
        assert (await later.get_me()).id == ME


async def _fail_to_work(client: Any) -> None:
    """The RST may strike while connecting or only at the first call."""
    with pytest.raises(LOST):
        await _use(client)
    await client.disconnect()


async def _use(client: Any) -> None:
    await client.connect()
    await client.get_me()


async def test_the_network_is_cut_and_mended_on_the_same_port(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        await client.get_me()
        gone = client.disconnected
        tg.cut()
        with pytest.raises(LOST):
            await gone
        again = make_client(tg, session_for(tg, ME))
        with pytest.raises(ConnectionError):
            await again.connect()
        tg.restore()
        async with connected(tg) as later:
            assert (await later.get_me()).id == ME


async def test_every_connection_can_be_dropped_at_once(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        await client.get_me()
        gone = client.disconnected
        tg.drop_connections(reset=False)
        with pytest.raises(LOST):
            await gone


@pytest.mark.parametrize("ahead", [120.0, -400.0, 4000.0])
async def test_a_wrong_clock_is_put_right_on_the_way(tg: TelegramSandbox, ahead: float) -> None:
    tg.rules.clock_offset = ahead
    async with connected(tg) as client:
        heard = Heard(client, events.NewMessage())
        assert (await client.get_me()).id == ME
        tg.customer_writes(ANNA, "слышно?")
        await heard.first()


async def test_a_clock_that_jumps_while_connected_is_put_right(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        await client.get_me()
        tg.rules.clock_offset = 400.0
        me = await asyncio.wait_for(client.get_me(), 5)
        assert me.id == ME


async def test_a_forgotten_random_id_is_new_again(tg: TelegramSandbox) -> None:
    async with connected(tg) as client:
        await client(text_to(tg, "раз", 77))
        tg.forget_random_ids()
        await client(text_to(tg, "раз", 77))
    assert len(tg.sent) == 2


TRANSPORTS = {
    "full": connection.ConnectionTcpFull,
    "abridged": connection.ConnectionTcpAbridged,
    "intermediate": connection.ConnectionTcpIntermediate,
    "obfuscated": connection.ConnectionTcpObfuscated,
}


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_every_transport_carries_large_packets(tg: TelegramSandbox, transport: str) -> None:
    kind = TRANSPORTS[transport]
    picture = secrets.token_bytes(150_000 if transport != "obfuscated" else 9_000)
    async with connected(tg, connection=kind) as client:
        heard = Heard(client, events.NewMessage())
        await client.get_me()
        tg.customer_writes(ANNA, media=tg.media.photo(picture))
        (event,) = await heard.first()
        assert await event.message.download_media(bytes) == picture


async def test_clients_come_as_to_an_mtproxy(tg: TelegramSandbox) -> None:
    async with connected(
        tg,
        connection=connection.ConnectionTcpMTProxyRandomizedIntermediate,
        proxy=(tg.host, tg.port, "dd" + SECRET.hex()),
    ) as client:
        assert (await client.get_me()).id == ME


async def test_noise_on_the_port_hurts_nobody(tg: TelegramSandbox) -> None:
    reader, writer = await asyncio.open_connection(tg.host, tg.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + bytes(100))
    assert await reader.read() == b""
    writer.close()
    async with connected(tg) as client:
        assert (await client.get_me()).id == ME
