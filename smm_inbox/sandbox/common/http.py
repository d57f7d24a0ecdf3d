"""A small HTTP/1.1 server on asyncio streams: keep-alive, resets and silence on demand."""

from __future__ import annotations

import asyncio
import socket
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from smm_inbox.sandbox.common.links import reset, say_nothing

MAX_BODY = 64 * 1024 * 1024
MAX_HEAD = 64 * 1024
REASONS = {200: "OK", 404: "Not Found", 500: "Internal Server Error", 502: "Bad Gateway"}


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def form(self) -> dict[str, str]:
        """Query and form fields together; the token may also stand in a header."""
        fields = dict(self.query)
        kind = self.headers.get("content-type", "")
        if kind.startswith("application/x-www-form-urlencoded") or (self.body and not kind):
            text = self.body.decode("utf-8", "replace")
            fields |= dict(parse_qsl(text, keep_blank_values=True))
        elif kind.startswith("multipart/form-data"):
            fields |= {part.name: part.content.decode("utf-8", "replace") for part in self.parts()}
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            fields.setdefault("access_token", token.strip())
        return fields

    def parts(self) -> list[Part]:
        """The parts of a multipart body."""
        boundary = self.headers.get("content-type", "").partition("boundary=")[2].strip('"; ')
        if not boundary:
            return []
        pieces = self.body.split(b"--" + boundary.encode())
        return [part for piece in pieces[1:-1] if (part := _part(piece))]


@dataclass(frozen=True, slots=True)
class Part:
    """One field or file of a multipart body."""

    name: str
    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer."""

    body: bytes
    status: int = 200
    kind: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    """More than every answer has."""

    def encode(self) -> bytes:
        """Head and body."""
        reason = REASONS.get(self.status, "Status")
        lines = [
            f"HTTP/1.1 {self.status} {reason}",
            f"Content-Type: {self.kind}",
            f"Content-Length: {len(self.body)}",
            "Connection: keep-alive",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


class Silence(Exception):
    """Say nothing until the client gives up or `seconds` have passed, then close."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Reset(Exception):
    """Reset the connection."""


Handler = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class HttpServer:
    """Serves connections on an already bound socket until closed."""

    handler: Handler
    failures: list[str]
    """Where a mistake of the sandbox itself is noted; a screen must not be written over."""
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self, sock: socket.socket) -> None:
        """Begin to accept connections."""
        self._server = await asyncio.start_server(
            self._accepted, sock=sock, limit=MAX_HEAD, backlog=1024
        )

    async def close(self) -> None:
        """Drop every connection, hung ones too."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            while (request := await _read(reader, writer)) is not None:
                response = await self.handler(request)
                writer.write(response.encode())
                await writer.drain()
                if request.headers.get("connection", "").lower() == "close":
                    break
        except Silence as silence:
            await say_nothing(reader, silence.seconds)
        except Reset:
            reset(writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client left in the middle; nobody is there to be told
        except asyncio.CancelledError:
            pass  # the server closes
        except Exception:
            self.failures.append(traceback.format_exc())
            writer.write(Response(b"", 500).encode())
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, _, rest = first.partition(" ")
    target = urlsplit(rest.rpartition(" ")[0])
    headers = {
        name.strip().lower(): value.strip()
        for name, colon, value in (line.partition(":") for line in lines)
        if colon
    }
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = await _chunked(reader)
    else:
        length = headers.get("content-length", "0")
        body = await reader.readexactly(min(int(length), MAX_BODY)) if length.isdigit() else b""
    query = dict(parse_qsl(target.query, keep_blank_values=True))
    return Request(method, target.path, query, headers, body)


async def _chunked(reader: asyncio.StreamReader) -> bytes:
    pieces: list[bytes] = []
    while size := int((await reader.readline()).split(b";")[0] or b"0", 16):
        pieces.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(pieces)


def _part(piece: bytes) -> Part | None:
    head, separator, content = piece.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not separator:
        return None
    name = filename = ""
    for line in head.decode("utf-8", "replace").split("\r\n"):
        title, _, value = line.partition(":")
        if title.strip().lower() != "content-disposition":
            continue
        for word in value.split(";"):
            key, _, text = word.strip().partition("=")
            if key == "name":
                name = text.strip('"')
            elif key == "filename":
                filename = text.strip('"')
            elif key == "filename*":
                filename = _decoded(text)
    return Part(name, filename, content.removesuffix(b"\r\n"))


def _decoded(text: str) -> str:
    """RFC 2231: charset'language'percent-encoded."""
    return unquote(text.strip('"').rpartition("'")[2])
