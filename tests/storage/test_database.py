"""Opening the file: migrations, refusals that destroy nothing, transactions, reader and writer."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from smm_inbox.storage import database as module
from smm_inbox.storage.database import Database
from smm_inbox.storage.errors import NewerDatabase, StorageError
from smm_inbox.storage.migrations import MIGRATIONS, NEWEST, Migration


def version_of(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def add(db: Database, key: str) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO meta (key, value) VALUES (?, '')", (key,))


async def keys(db: Database) -> set[str]:
    return {row["key"] for row in await db.all("SELECT key FROM meta")}


# --- opening and migrating ------------------------------------------------------------------------


async def test_a_fresh_file_is_private_and_of_the_newest_version(path: Path) -> None:
    db = await Database.open(path)
    try:
        assert version_of(path) == NEWEST
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        mode = await db.one("PRAGMA journal_mode")
        assert mode is not None
        assert mode[0] == "wal"
        async with db.transaction() as tx:
            full = await tx.one("PRAGMA synchronous")
            assert full is not None
            assert full[0] == 2
    finally:
        await db.close()


async def test_what_was_stored_is_there_after_opening_again(path: Path) -> None:
    first = await Database.open(path)
    await add(first, "kept")
    await first.close()
    second = await Database.open(path)
    assert await keys(second) == {"kept"}
    assert not (path.parent / "backups").exists()
    await second.close()


async def test_an_older_file_is_copied_and_migrated(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = await Database.open(path)
    await add(db, "old")
    await db.close()
    step = Migration(NEWEST + 1, ("CREATE TABLE added (id INTEGER PRIMARY KEY) STRICT",))
    monkeypatch.setattr(module, "MIGRATIONS", (*MIGRATIONS, step))
    monkeypatch.setattr(module, "NEWEST", NEWEST + 1)
    db = await Database.open(path)
    assert await keys(db) == {"old"}
    assert await db.all("SELECT * FROM added") == []
    await db.close()
    (copy,) = (path.parent / "backups").iterdir()
    assert version_of(copy) == NEWEST
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT key FROM meta").fetchall() == [("old",)]


async def test_a_migration_that_fails_leaves_the_old_version(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = await Database.open(path)
    await add(db, "old")
    await db.close()
    step = Migration(NEWEST + 1, ("CREATE TABLE added (id INTEGER)", "SELECT * FROM nowhere"))
    with monkeypatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", (*MIGRATIONS, step))
        patch.setattr(module, "NEWEST", NEWEST + 1)
        with pytest.raises(StorageError):
            await Database.open(path)
    assert version_of(path) == NEWEST
    db = await Database.open(path)
    assert await keys(db) == {"old"}
    assert await db.all("SELECT name FROM sqlite_master WHERE name = 'added'") == []
    await db.close()


async def test_only_the_latest_copies_are_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await (await Database.open(path)).close()
    folder = path.parent / "backups"
    folder.mkdir()
    for day in range(1, 8):
        (folder / f"inbox-v{10 - day}-2025010{day}T000000.db").touch()
    monkeypatch.setattr(module, "MIGRATIONS", (*MIGRATIONS, Migration(NEWEST + 1, ())))
    monkeypatch.setattr(module, "NEWEST", NEWEST + 1)
    await (await Database.open(path)).close()
    left = sorted(file.stem.split("-")[-1] for file in folder.iterdir())
    assert left[:4] == [f"2025010{day}T000000" for day in range(4, 8)]
    assert len(left) == 5


async def test_a_newer_file_is_refused_and_not_touched(path: Path) -> None:
    await (await Database.open(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {NEWEST + 1}")
    connection.close()
    before = digest(path)
    with pytest.raises(NewerDatabase) as refused:
        await Database.open(path)
    assert "newer version" in refused.value.sentence
    assert str(path) in refused.value.sentence
    assert digest(path) == before
    assert not (path.parent / "backups").exists()


@pytest.mark.parametrize("content", [b"this is a letter, not a database" * 200, b"\x00" * 5000])
async def test_a_file_that_is_no_database_is_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StorageError) as refused:
        await Database.open(path)
    assert "damaged" in refused.value.sentence
    assert path.read_bytes() == content


async def test_a_damaged_file_says_so_and_is_left_alone(path: Path) -> None:
    db = await Database.open(path)
    async with db.transaction() as tx:
        await tx.many(
            "INSERT INTO meta (key, value) VALUES (?, ?)", [(str(n), "x" * 500) for n in range(500)]
        )
    await db.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StorageError) as refused:  # noqa: PT012 - the first use finds it
        db = await Database.open(path)
        try:
            await db.all("SELECT * FROM meta")
        finally:
            await db.close()
    assert "damaged" in refused.value.sentence
    assert path.read_bytes() == bytes(content)


async def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError) as refused:
        await Database.open(tmp_path / "file" / "inbox.db")
    assert "cannot be opened" in refused.value.sentence
    with pytest.raises(StorageError):
        await Database.open(tmp_path)  # a folder where the file should be


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="smm-inbox-test-"))
    yield folder
    shutil.rmtree(folder)


OPEN = """
import asyncio, concurrent.futures.thread, os, sys
from pathlib import Path
from smm_inbox.storage.database import Database
from smm_inbox.storage.errors import StorageError

async def main():
    try:
        db = await Database.open(Path(sys.argv[1]))
        try:
            async with db.transaction() as tx:
                await tx.run("INSERT INTO meta VALUES ('written', '')")
        finally:
            await db.close()
    except StorageError as refused:
        print(refused.sentence)

if os.geteuid() == 0:  # the rights of a file do not bind the administrator
    os.setgid(65534)
    os.setuid(65534)
asyncio.run(main())
"""


async def test_a_file_that_may_only_be_read_is_one_sentence(shared_folder: Path) -> None:
    path = shared_folder / "inbox.db"
    db = await Database.open(path)
    await add(db, "kept")
    await db.close()
    before = digest(path)
    path.chmod(0o444)
    shared_folder.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(path)], capture_output=True, text=True, check=True
    )
    shared_folder.chmod(0o755)
    assert "cannot be" in done.stdout
    assert str(path) in done.stdout
    assert done.stderr == ""
    assert digest(path) == before


async def test_a_full_disk_is_one_sentence_and_loses_nothing(db: Database) -> None:
    await add(db, "kept")
    size = await db.one("PRAGMA page_count")
    assert size is not None
    with pytest.raises(StorageError) as refused:  # noqa: PT012 - which statement fills it is open
        async with db.transaction() as tx:
            await tx.one(f"PRAGMA max_page_count = {size[0] + 2}")
            for number in range(1000):
                await tx.run(
                    "INSERT INTO meta (key, value) VALUES (?, ?)", (str(number), "x" * 900)
                )
    assert "disk is full" in refused.value.sentence
    assert await keys(db) == {"kept"}
    async with db.transaction() as tx:
        await tx.one("PRAGMA max_page_count = 1000000")
    await add(db, "room again")
    assert await keys(db) == {"kept", "room again"}


async def test_a_migration_on_a_full_disk_is_one_sentence(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await Database.open(path)).close()
    fill = (
        "PRAGMA max_page_count = 60",
        "CREATE TABLE added (text TEXT) STRICT",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) "
        "INSERT INTO added SELECT hex(randomblob(500)) FROM n",
    )
    with monkeypatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", (*MIGRATIONS, Migration(NEWEST + 1, fill)))
        patch.setattr(module, "NEWEST", NEWEST + 1)
        with pytest.raises(StorageError) as refused:
            await Database.open(path)
    assert "disk is full" in refused.value.sentence
    assert version_of(path) == NEWEST


# --- transactions ---------------------------------------------------------------------------------


async def test_an_exception_takes_everything_back(db: Database) -> None:
    with pytest.raises(LookupError):  # noqa: PT012 - a transaction is a block
        async with db.transaction() as tx:
            await tx.run("INSERT INTO meta VALUES ('lost', '')")
            raise LookupError
    await add(db, "after")
    assert await keys(db) == {"after"}


async def test_a_broken_rule_takes_everything_back(db: Database) -> None:
    await add(db, "taken")
    with pytest.raises(sqlite3.IntegrityError):  # noqa: PT012 - a transaction is a block
        async with db.transaction() as tx:
            await tx.run("INSERT INTO meta VALUES ('lost', '')")
            await tx.run("INSERT INTO meta VALUES ('taken', '')")
    assert await keys(db) == {"taken"}


@pytest.mark.parametrize("after", range(0, 24, 2))
async def test_cancelling_at_any_step_stores_all_or_nothing(db: Database, after: int) -> None:
    """Cancelled in BEGIN, in a statement, in COMMIT: never half, and the next one can write."""

    async def both() -> None:
        async with db.transaction() as tx:
            await tx.run("INSERT INTO meta VALUES ('one', '')")
            await tx.run("INSERT INTO meta VALUES ('two', '')")

    work = asyncio.create_task(both())
    for _ in range(after):
        await asyncio.sleep(0)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    stored = await keys(db)
    assert stored in (set(), {"one", "two"})
    await add(db, "next")
    assert await keys(db) == stored | {"next"}


async def test_cancelling_while_waiting_for_the_lock_leaves_no_open_transaction(
    db: Database,
) -> None:
    other = sqlite3.connect(db.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    work = asyncio.create_task(add(db, "cancelled"))
    for _ in range(5):
        await asyncio.sleep(0)  # BEGIN stands in the queue of the connection now
    work.cancel()
    # The lock is let go only after the cancellation: BEGIN succeeds when nobody waits for it.
    asyncio.get_running_loop().call_later(0.05, other.rollback)
    await asyncio.gather(work, return_exceptions=True)
    await add(db, "next")
    assert await keys(db) == {"next"}
    other.close()


async def test_cancelling_twice_does_not_leave_the_transaction_open(db: Database) -> None:
    inside = asyncio.Event()

    async def slow() -> None:
        async with db.transaction() as tx:
            await tx.run("INSERT INTO meta VALUES ('lost', '')")
            inside.set()
            await asyncio.Event().wait()

    work = asyncio.create_task(slow())
    await inside.wait()
    work.cancel()
    await asyncio.sleep(0)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await add(db, "next")
    assert await keys(db) == {"next"}


async def test_the_reader_sees_commits_only_and_never_waits_for_the_writer(db: Database) -> None:
    await add(db, "before")
    async with db.transaction() as tx:
        await tx.run("INSERT INTO meta VALUES ('within', '')")
        async with asyncio.timeout(2):
            assert await keys(db) == {"before"}
        seen = await tx.all("SELECT key FROM meta")
        assert {row["key"] for row in seen} == {"before", "within"}
    assert await keys(db) == {"before", "within"}


async def test_the_reader_cannot_write(db: Database) -> None:
    with pytest.raises(StorageError):
        await db.all("INSERT INTO meta VALUES ('sneaked', '')")


async def test_transactions_of_many_tasks_go_one_by_one(db: Database) -> None:
    async def work(number: int) -> None:
        async with db.transaction() as tx:
            row = await tx.one("SELECT count(*) AS n FROM meta")
            await asyncio.sleep(0)
            assert row is not None
            await tx.run("INSERT INTO meta VALUES (?, ?)", (str(row["n"]), str(number)))

    await asyncio.gather(*(work(number) for number in range(20)))
    assert await keys(db) == {str(number) for number in range(20)}


async def test_numbers_of_rows_are_never_used_again(db: Database) -> None:
    """A settled outbox row must not lend its number to the next answer."""
    tables = await db.all("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    kept = {row["name"] for row in tables if "AUTOINCREMENT" in (row["sql"] or "")}
    assert kept >= {"conversations", "messages", "outbox"}
