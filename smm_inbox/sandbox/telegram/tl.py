"""The TL language: objects to bytes and back, and the names of methods."""

from __future__ import annotations

import gzip
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telethon.extensions import BinaryReader
from telethon.tl import TLObject, core, functions, types

__all__ = [
    "Call",
    "functions",
    "method_name",
    "parse",
    "rpc_result",
    "serialise",
    "stamp",
    "types",
    "unwrap",
]

_TRUE, _FALSE, _VECTOR, _RPC_RESULT, _GZIP = (
    0x997275B5,
    0xBC799737,
    0x1CB5C415,
    0xF35C6D01,
    0x3072CFA1,
)
_WORTH_PACKING = 1024


def parse(data: bytes) -> Any:
    """Read one object; gzipped ones are unpacked."""
    with BinaryReader(data) as reader:
        found = reader.tgread_object()
    return parse(found.data) if isinstance(found, core.GzipPacked) else found


def serialise(value: object) -> bytes:
    """Write an object, a boolean or a list of objects."""
    if isinstance(value, bool):
        return struct.pack("<I", _TRUE if value else _FALSE)
    if isinstance(value, list):
        return struct.pack("<Ii", _VECTOR, len(value)) + b"".join(serialise(item) for item in value)
    if isinstance(value, TLObject):
        return bytes(value)
    raise TypeError(f"{type(value).__name__} is no TL value")


def rpc_result(msg_id: int, value: object) -> bytes:
    """An answer to one call; long ones are gzipped as the real network does."""
    body = serialise(value)
    if len(body) > _WORTH_PACKING:
        packed = struct.pack("<I", _GZIP) + TLObject.serialize_bytes(gzip.compress(body, 1))
        body = min(body, packed, key=len)
    return struct.pack("<Iq", _RPC_RESULT, msg_id) + body


@dataclass(frozen=True, slots=True)
class Call:
    """A call freed from what was wrapped around it."""

    name: str
    request: Any
    silent: bool
    """The client asked not to be sent updates because of this call."""


_WRAPPERS = (
    functions.InvokeWithLayerRequest,
    functions.InitConnectionRequest,
    functions.InvokeAfterMsgRequest,
    functions.InvokeAfterMsgsRequest,
    functions.InvokeWithoutUpdatesRequest,
)


def unwrap(request: Any) -> Call:
    """Take layer, connection data and order off a call."""
    silent = False
    while isinstance(request, (*_WRAPPERS, core.GzipPacked)):
        silent = silent or isinstance(request, functions.InvokeWithoutUpdatesRequest)
        packed = isinstance(request, core.GzipPacked)
        request = parse(request.data) if packed else request.query
    return Call(method_name(type(request)), request, silent)


def method_name(kind: type) -> str:
    """``messages.sendMessage`` for the class of that call."""
    space = kind.__module__.rpartition(".")[2]
    name = kind.__name__.removesuffix("Request")
    name = name[:1].lower() + name[1:]
    return name if space == "functions" else f"{space}.{name}"


def stamp(when: datetime | None) -> int:
    """Unix time of a date in a call, 0 for none: absent ones arrive as the year 1970."""
    return int(when.timestamp()) if when is not None else 0
