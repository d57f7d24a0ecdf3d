"""One client's connection: decrypts, answers service messages, hands calls on, writes back."""

from __future__ import annotations

import asyncio
import os
import struct
from collections.abc import Callable
from typing import Any, Protocol

from telethon.errors import TypeNotFoundError
from telethon.tl import core

from smm_inbox.sandbox.common.links import reset
from smm_inbox.sandbox.telegram.envelope import BrokenPacket, Packet, open_packet, seal
from smm_inbox.sandbox.telegram.handshake import Handshake
from smm_inbox.sandbox.telegram.keys import AuthKey
from smm_inbox.sandbox.telegram.state import State
from smm_inbox.sandbox.telegram.tl import functions, parse, rpc_result, serialise, types
from smm_inbox.sandbox.telegram.transport import BadFrame, Framing, recognise

TOO_OLD, TOO_NEW = 300, 30
KEY_UNKNOWN = -404
_WINDOW = 1000


class Gone(Exception):
    """The connection is to be closed."""


class Calls(Protocol):
    """Who answers calls."""

    def __call__(self, link: Connection, msg_id: int, request: Any) -> None:
        """Answer through the connection, now or later."""
        ...


class Connection:
    """Speaks MTProto with one client until it or we go."""

    def __init__(
        self,
        state: State,
        writer: asyncio.StreamWriter,
        calls: Calls,
        ids: Callable[[int], int],
    ) -> None:
        self.state = state
        self.key: AuthKey | None = None
        self.session = 0
        self.listening = False
        """Has called something as a logged-in account: gets updates."""
        self.closed = False
        self._writer = writer
        self._calls = calls
        self._ids = ids
        self._framing: Framing | None = None
        self._sequence = 0
        self._seen: dict[int, None] = {}
        self._handshake = Handshake(state.wire, self._agreed)

    async def run(self, reader: asyncio.StreamReader, proxy_secret: bytes) -> None:
        """Serve until the client is gone."""
        try:
            self._framing = await recognise(reader, proxy_secret)
            while not self.closed:
                self._packet(await self._framing.read())
                await self._writer.drain()
        except (asyncio.IncompleteReadError, BadFrame, BrokenPacket, Gone, OSError, struct.error):
            pass
        finally:
            self.close()

    def close(self) -> None:
        """End the connection in an orderly way."""
        self.closed = True
        self._writer.close()

    def reset(self) -> None:
        """End it with an RST."""
        self.closed = True
        reset(self._writer)

    def result(self, msg_id: int, value: object) -> None:
        """Answer a call."""
        self._send(rpc_result(msg_id, value), answer=True)

    def error(self, msg_id: int, code: int, text: str) -> None:
        """Refuse a call."""
        self._send(rpc_result(msg_id, types.RpcError(code, text)), answer=True)

    def push(self, body: bytes) -> None:
        """Send an update."""
        self._send(body, answer=False)

    def transport_error(self, code: int) -> None:
        """A bare number instead of a packet: the key is unknown, or too many connections."""
        self._write(struct.pack("<i", code))

    def _agreed(self, key: bytes, salt: int) -> None:
        record = AuthKey(key, salt, self.state.now())
        with self.state.lock:
            self.state.keys[record.id] = record
            self.state.dirty = True

    def _packet(self, data: bytes) -> None:
        key_id = struct.unpack_from("<Q", data)[0]
        if key_id == 0:
            self._plain(data)
            return
        key = self.state.keys.get(key_id)
        if key is None:
            self.transport_error(KEY_UNKNOWN)
            raise Gone
        packet = open_packet(key.key, data[8:])
        if self.key is not key or self.session != packet.session:
            self.key, self.session, self._sequence, self.listening = key, packet.session, 0, False
        if not self._right_salt(packet) or not self._right_time(packet):
            return
        if packet.session not in key.sessions:
            key.sessions.append(packet.session)
            created = types.NewSessionCreated(
                first_msg_id=packet.msg_id, unique_id=packet.session, server_salt=key.salt
            )
            self._send(serialise(created), answer=False)
        self._message(packet.msg_id, packet.body)

    def _plain(self, data: bytes) -> None:
        _, _, size = struct.unpack_from("<qqi", data)
        answer = self._handshake.answer(data[20 : 20 + size])
        if answer is None:
            raise Gone
        body = serialise(answer)
        head = struct.pack("<qqi", 0, self._ids(1), len(body))
        # A key counts from the moment its client hears of it.
        self._write(head + body)

    def _right_salt(self, packet: Packet) -> bool:
        if self.key is None or packet.salt == self.key.salt:
            return True
        wrong = types.BadServerSalt(
            bad_msg_id=packet.msg_id,
            bad_msg_seqno=packet.seq,
            error_code=48,
            new_server_salt=self.key.salt,
        )
        self._send(serialise(wrong), answer=True)
        return False

    def _right_time(self, packet: Packet) -> bool:
        ahead = (packet.msg_id >> 32) - self.state.wire()
        code = 16 if ahead < -TOO_OLD else 17 if ahead > TOO_NEW else 0
        if not code:
            return True
        wrong = types.BadMsgNotification(
            bad_msg_id=packet.msg_id, bad_msg_seqno=packet.seq, error_code=code
        )
        self._send(serialise(wrong), answer=True)
        return False

    def _message(self, msg_id: int, body: bytes) -> None:
        if msg_id in self._seen:
            return
        self._seen[msg_id] = None
        if len(self._seen) > _WINDOW:
            del self._seen[next(iter(self._seen))]
        try:
            found = parse(body)
        except TypeNotFoundError:
            self.error(msg_id, 400, "INPUT_METHOD_INVALID")
            return
        if isinstance(found, core.MessageContainer):
            for inner in found.messages:
                self._one(inner.msg_id, inner.obj)
        else:
            self._one(msg_id, found)

    def _one(self, msg_id: int, found: Any) -> None:
        if isinstance(found, core.GzipPacked):
            found = parse(found.data)
        match found:
            case types.MsgsAck() | types.MsgsStateInfo():
                return
            case functions.DestroySessionRequest():
                gone = types.DestroySessionOk(session_id=found.session_id)
                self._send(serialise(gone), answer=True)
            case _:
                self._calls(self, msg_id, found)

    def pong(self, msg_id: int, ping_id: int) -> None:
        """Answer a ping."""
        self._send(serialise(types.Pong(msg_id=msg_id, ping_id=ping_id)), answer=True)

    def _send(self, body: bytes, *, answer: bool) -> None:
        if self.key is None or self.closed:
            return
        body += bytes(-len(body) % 4)
        packet = Packet(
            self.key.salt, self.session, self._ids(1 if answer else 3), self._sequence + 1, body
        )
        self._sequence += 2
        self._write(seal(self.key.key, self.key.id, packet))

    def _write(self, data: bytes) -> None:
        if self._framing is not None and not self._writer.is_closing():
            self._writer.write(self._framing.encode(data))


def random_salt() -> int:
    """A fresh server salt."""
    return int(struct.unpack("<q", os.urandom(8))[0])
