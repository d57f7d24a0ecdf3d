"""Webhooks on their way from ``smm-inbox hooks`` to the running inbox: files in a folder."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from . import files
from .mapping import raw

FOLDER = "hooks"
_AT_ONCE = 200


def put(account_folder: Path, payload: raw.Raw) -> None:
    """Keep a payload until the inbox has stored it.

    Raises:
        Retry: the disk refuses.
    """
    folder = account_folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files.save(folder / f"{time.time_ns():020}-{secrets.token_hex(4)}.json", payload)


def watched(account_folder: Path) -> bool:
    """Whether webhooks are used at all."""
    return (account_folder / FOLDER).is_dir()


def waiting(account_folder: Path) -> list[str]:
    """Names of payloads that wait, the oldest first."""
    try:
        names = sorted(path.name for path in (account_folder / FOLDER).glob("*.json"))
    except OSError:
        return []
    return names[:_AT_ONCE]


def read(account_folder: Path, name: str) -> raw.Raw:
    """One payload; an empty one when it cannot be read."""
    return files.load(account_folder / FOLDER / name)


def forget(account_folder: Path, names: list[str]) -> None:
    """The inbox has stored them."""
    for name in names:
        (account_folder / FOLDER / name).unlink(missing_ok=True)
