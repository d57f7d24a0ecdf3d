"""Small private files beside the account: replaced in one step, readable by nobody else."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from smm_inbox.domain.errors import Retry
from smm_inbox.locale import tr

from .mapping.raw import Raw

_LARGEST = 32 * 1024 * 1024


def load(path: Path) -> Raw:
    """The object in a file; an empty one when there is none that can be read."""
    try:
        if path.stat().st_size > _LARGEST:
            return {}
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def save(path: Path, value: Raw) -> None:
    """Replace a file in one step.

    Raises:
        Retry: the disk refuses.
    """
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False, separators=(",", ":"))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise Retry(
            tr("The account's folder cannot be written ({reason}).").format(reason=reason)
        ) from None
