"""Opening, migrating and locking the SQLite file: one writer, one reader."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import aiosqlite

from smm_inbox.locale import tr

from .errors import NewerDatabase, StorageError, explain
from .migrations import MIGRATIONS, NEWEST

_log = logging.getLogger(__name__)

Param = str | int | float | None
_KEEP_BACKUPS = 5

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16000",
)


class Transaction:
    """Statements of one write transaction; made by ``Database.transaction``."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def run(self, sql: str, params: Sequence[Param] = ()) -> int:
        """Run a statement; return how many rows it changed."""
        async with self._connection.execute(sql, params) as cursor:
            return cursor.rowcount

    async def insert(self, sql: str, params: Sequence[Param] = ()) -> int:
        """Run an INSERT; return the id of the new row."""
        row = await self._connection.execute_insert(sql, params)
        return 0 if row is None else int(row[0])

    async def many(self, sql: str, rows: Iterable[Sequence[Param]]) -> None:
        """Run a statement for every row of parameters."""
        await self._connection.executemany(sql, rows)

    async def all(self, sql: str, params: Sequence[Param] = ()) -> list[sqlite3.Row]:
        """Rows of a SELECT that sees this transaction's own changes."""
        return list(await self._connection.execute_fetchall(sql, params))

    async def one(self, sql: str, params: Sequence[Param] = ()) -> sqlite3.Row | None:
        """The row of a SELECT that gives at most one, or ``None``."""
        return next(iter(await self.all(sql, params)), None)


class Database:
    """The open file. Reads never wait for a write, writes go one transaction at a time."""

    def __init__(
        self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection
    ) -> None:
        self.path = path
        self._writer = writer
        self._reader = reader
        self._lock = asyncio.Lock()

    @classmethod
    async def open(cls, path: Path) -> Database:
        """Open ``path``, creating or migrating it first.

        The file gets the mode 0600. A copy goes to ``backups/`` beside it before a migration.

        Raises:
            NewerDatabase: the file belongs to a newer version of the program; it is left alone.
            StorageError: it cannot be opened, is damaged, or is not a database; left alone too.
        """
        try:
            _create_private(path)
            await asyncio.to_thread(_migrate, path)
            writer = await _connect(path, "PRAGMA synchronous = FULL")
            try:
                reader = await _connect(path, "PRAGMA query_only = ON")
            except BaseException:
                await writer.close()
                raise
        except sqlite3.Error as error:
            raise explain(error, path) from error
        except OSError as error:
            raise StorageError(
                tr(
                    "The database cannot be opened: check the folder and its rights: {path}"
                ).replace("{path}", str(path))
            ) from error
        return cls(path, writer, reader)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """One write transaction: committed at the end, rolled back on any exception.

        Raises ``StorageError`` when SQLite refuses (disk full, read only, damaged).
        """
        async with self._lock:
            try:
                await self._writer.execute("BEGIN IMMEDIATE")
                yield Transaction(self._writer)
                await self._writer.execute("COMMIT")
            except BaseException as error:
                # Shielded: a second cancellation must not leave the transaction open for the next
                # writer. After a commit that was already under way there is nothing to roll back.
                await asyncio.shield(self._roll_back())
                if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
                    raise
                if isinstance(error, sqlite3.Error):
                    raise explain(error, self.path) from error
                raise

    async def _roll_back(self) -> None:
        # Sent without looking: a cancelled BEGIN may still stand in the queue of the connection's
        # thread, and only what is queued behind it sees its effect.
        with contextlib.suppress(sqlite3.Error, ValueError):
            await self._writer.execute("ROLLBACK")

    async def all(self, sql: str, params: Sequence[Param] = ()) -> list[sqlite3.Row]:
        """Committed rows, from the reading connection.

        Read to the end in one go: a reader cancelled half-way would leave its statement open, and
        with it the connection would look at the database of that moment for ever.
        """
        try:
            return list(await self._reader.execute_fetchall(sql, params))
        except sqlite3.Error as error:
            raise explain(error, self.path) from error

    async def one(self, sql: str, params: Sequence[Param] = ()) -> sqlite3.Row | None:
        """The committed row of a question that has at most one, or ``None``."""
        return next(iter(await self.all(sql, params)), None)

    async def close(self) -> None:
        """Close both connections; an unfinished transaction is rolled back."""
        async with self._lock:
            for connection in (self._reader, self._writer):
                with contextlib.suppress(sqlite3.Error, ValueError):
                    await connection.close()


async def _connect(path: Path, *extra: str) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        for pragma in (*_PRAGMAS, *extra):
            await connection.execute(pragma)
    except BaseException:
        await connection.close()
        raise
    return connection


def _create_private(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        path.touch(mode=0o600)


def _migrate(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    try:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > NEWEST:
            raise NewerDatabase(
                tr(
                    "The database was written by a newer version of smm-inbox: update the program. "
                    "Nothing was changed: {path}"
                ).replace("{path}", str(path))
            )
        if version == NEWEST:
            return
        if version > 0:
            _back_up(connection, path, version)
        connection.execute("PRAGMA journal_mode = WAL")
        for migration in MIGRATIONS:
            if migration.number > version:
                _apply(connection, migration.statements, migration.number)
                _log.info("database migrated to version %d", migration.number)
    finally:
        connection.close()


def _apply(connection: sqlite3.Connection, statements: Iterable[str], number: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk ends it by itself
            connection.execute("ROLLBACK")
        raise


def _back_up(connection: sqlite3.Connection, path: Path, version: int) -> None:
    folder = path.parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    target = folder / f"{path.stem}-v{version}-{stamp}.db"
    target.touch(mode=0o600)
    try:
        with contextlib.closing(sqlite3.connect(target)) as copy:
            connection.backup(copy)
    except BaseException:
        target.unlink(missing_ok=True)  # half a copy is worse than none
        raise
    copies = sorted(folder.glob(f"{path.stem}-v*.db"), key=lambda file: file.stem.split("-")[-1])
    for old in copies[:-_KEEP_BACKUPS]:
        old.unlink()
