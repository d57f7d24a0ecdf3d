"""The network's memory in a file: what was answered survives the network's own kill."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path

from smm_inbox.sandbox.telegram import model
from smm_inbox.sandbox.telegram.keys import AuthKey
from smm_inbox.sandbox.telegram.state import Rules, State

_KEPT = (
    "seed",
    "users",
    "accounts",
    "groups",
    "channels",
    "boxes",
    "messages",
    "files",
    "keys",
    "codes",
    "randoms",
    "sent",
    "last_written",
    "last_number",
    "file_version",
    "rules",
)
_KINDS: dict[str, Callable[..., object]] = {
    kind.__name__: kind
    for kind in (
        AuthKey,
        Rules,
        model.Account,
        model.Box,
        model.Channel,
        model.Delivery,
        model.Entity,
        model.Event,
        model.File,
        model.Forward,
        model.Group,
        model.Media,
        model.Message,
        model.User,
    )
}


def save(state: State, file: Path) -> None:
    """Write everything; a reader never sees half of it."""
    with state.lock:
        shown = {name: pack(getattr(state, name)) for name in _KEPT}
        fresh = file.with_name(file.name + ".new")
        fresh.write_text(json.dumps(shown, ensure_ascii=False), encoding="utf-8")
        fresh.replace(file)
        state.dirty = False


def load(state: State, file: Path) -> None:
    """Read it back."""
    stored = json.loads(file.read_text(encoding="utf-8"))
    with state.lock:
        for name in _KEPT:
            setattr(state, name, unpack(stored[name]))
        state.dirty = False


def pack(value: object) -> object:
    """A value as JSON can hold it."""
    if is_dataclass(value) and not isinstance(value, type):
        inner = {part.name: pack(getattr(value, part.name)) for part in fields(value)}
        return {"~": type(value).__name__, **inner}
    if isinstance(value, dict):
        return {"~": "dict", "of": [[pack(key), pack(item)] for key, item in value.items()]}
    if isinstance(value, tuple):
        return {"~": "tuple", "of": [pack(item) for item in value]}
    if isinstance(value, list):
        return [pack(item) for item in value]
    if isinstance(value, bytes):
        return {"~": "bytes", "of": base64.b64encode(value).decode()}
    return value


def unpack(value: object) -> object:
    """The way back."""
    if isinstance(value, list):
        return [unpack(item) for item in value]
    if not isinstance(value, dict):
        return value
    match value["~"]:
        case "dict":
            return {unpack(key): unpack(item) for key, item in value["of"]}
        case "tuple":
            return tuple(unpack(item) for item in value["of"])
        case "bytes":
            return base64.b64decode(value["of"])
        case kind:
            inner = {name: unpack(item) for name, item in value.items() if name != "~"}
            return _KINDS[kind](**inner)
