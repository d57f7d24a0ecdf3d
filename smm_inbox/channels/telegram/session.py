"""The session file: it opens the whole account, so only its owner may read it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from telethon.sessions import SQLiteSession
from telethon.tl import types

from smm_inbox.domain.errors import Rejected
from smm_inbox.locale import tr

from .settings import Server

NAME = "telegram.session"


class KeptSession(SQLiteSession):  # type: ignore[misc]  # Telethon is not typed
    """A session that does not move past updates which nobody has stored yet."""

    may_advance: Callable[[], bool] = staticmethod(lambda: True)
    """Whether everything that was told is stored by now."""

    def set_update_state(self, entity_id: int, state: object) -> None:
        """Save how far the updates were read, unless that would lose some.

        Telethon writes zeros over the account's state when a connection fails before it was
        loaded; the next start would skip everything that came meanwhile.
        """
        if getattr(state, "pts", 0) and self.may_advance():
            super().set_update_state(entity_id, state)

    def begin(self, entity_id: int, pts: int) -> None:
        """Note where the updates of a channel begin for us: what it holds is read after this."""
        if self.get_update_state(entity_id) is None:
            state = types.updates.State(pts, 0, datetime.now(UTC), 0, 0)
            super().set_update_state(entity_id, state)
            self.save()


def open_session(folder: Path, server: Server | None) -> KeptSession:
    """The account's session, created 0600 before anything is written into it.

    Raises ``Rejected`` when the file cannot be used.
    """
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
        session = KeptSession(str(path))
    except (OSError, sqlite3.Error) as error:
        raise Rejected(
            tr(
                "The file of the Telegram session cannot be used ({reason}): delete {file} and log "
                "in again."
            ).format(reason=type(error).__name__, file=path)
        ) from None
    if server is not None:
        moved = session.auth_key and session.dc_id != server.dc
        here = (server.dc, server.host, server.port)
        # An account that was led to another data centre stays there.
        if not moved and (session.dc_id, session.server_address, session.port) != here:
            session.set_dc(*here)
    return session


def forget(folder: Path) -> None:
    """Delete the session of an account that logged out or was thrown out."""
    for name in (NAME, f"{NAME}-journal"):
        with contextlib.suppress(FileNotFoundError):
            (folder / name).unlink()
