"""The channel's own small file: one connection, one transaction a call."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS letters (
    remote_id TEXT PRIMARY KEY, message_id TEXT NOT NULL, thread TEXT NOT NULL,
    outgoing INTEGER NOT NULL, contact TEXT NOT NULL, name TEXT NOT NULL,
    subject TEXT NOT NULL, refs TEXT NOT NULL, people TEXT NOT NULL, sent_at INTEGER NOT NULL,
    told INTEGER NOT NULL DEFAULT 0, gone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS letters_thread ON letters (thread, sent_at);
CREATE INDEX IF NOT EXISTS letters_message ON letters (message_id);
CREATE TABLE IF NOT EXISTS places (
    folder TEXT NOT NULL, uid INTEGER NOT NULL, remote_id TEXT NOT NULL,
    PRIMARY KEY (folder, uid)
) STRICT;
CREATE INDEX IF NOT EXISTS places_letter ON places (remote_id);
CREATE TABLE IF NOT EXISTS folders (
    name TEXT PRIMARY KEY, uidvalidity INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS threads (
    message_id TEXT PRIMARY KEY, thread TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS subjects (
    contact TEXT NOT NULL, subject TEXT NOT NULL, thread TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (contact, subject)
) STRICT;
CREATE TABLE IF NOT EXISTS outgoing (
    token TEXT PRIMARY KEY, message_id TEXT NOT NULL, thread TEXT NOT NULL,
    answers TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL, note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE IF NOT EXISTS prints (rough TEXT PRIMARY KEY, print TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS news (remote_id TEXT PRIMARY KEY, what TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS answered (remote_id TEXT PRIMARY KEY, stage TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS bounced (
    message_id TEXT NOT NULL, address TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL,
    stage TEXT NOT NULL, PRIMARY KEY (message_id, address)
) STRICT;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


class Store:
    """One file per account, usable from any thread; opened with the first call."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None
        self._depth = 0

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """The database in one transaction; an inner one is part of the outer."""
        with self._lock:
            if self._db is None:
                self._db = _connect(self._file)
            if self._depth:
                yield self._db
                return
            self._depth += 1
            try:
                with self._db:
                    yield self._db
            finally:
                self._depth -= 1

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        with self._lock:
            db, self._db = self._db, None
            if db is not None:
                db.close()


def _connect(file: Path) -> sqlite3.Connection:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return _prepared(file)
    except sqlite3.OperationalError:
        raise  # locked, unreadable, disk full: the file itself may be whole
    except sqlite3.DatabaseError:
        # Damaged: everything in it but the fate of the latest answers can be read again.
        file.replace(file.with_suffix(".damaged"))
        return _prepared(file)


def _prepared(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, check_same_thread=False, timeout=10.0)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.executescript(_SCHEMA)
    db.execute("INSERT OR IGNORE INTO facts VALUES ('born', ?)", (str(micros(datetime.now(UTC))),))
    db.commit()
    file.chmod(0o600)
    return db


def micros(moment: datetime) -> int:
    """A time as it is stored."""
    return int(moment.timestamp() * 1_000_000)


def moment(value: int) -> datetime:
    """A stored time."""
    return datetime.fromtimestamp(value / 1_000_000, UTC)
