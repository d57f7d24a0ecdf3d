"""What SQLite says, turned into one sentence for a person."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from smm_inbox.domain.errors import InboxError
from smm_inbox.locale import tr


class StorageError(InboxError):
    """The database cannot be used; nothing was changed."""


class NewerDatabase(StorageError):
    """The file was written by a newer version of the program."""


def explain(error: sqlite3.Error, path: Path) -> StorageError:
    """Turn an error of SQLite into a sentence that says what to do next."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        sentence = tr("The disk is full: free some space and start again. Nothing was lost: {path}")
    elif code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
        sentence = tr("The database cannot be written: check the rights of the file {path}")
    elif code == sqlite3.SQLITE_CANTOPEN:
        sentence = tr("The database cannot be opened: check the folder and its rights: {path}")
    elif code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        sentence = tr(
            "The database is damaged: {path}. Nothing was changed. Put back a copy from the folder "
            "“backups” beside it, or move the file away to start with an empty one."
        )
    elif code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        sentence = tr("Another program holds the database: close it and try again: {path}")
    elif code == sqlite3.SQLITE_IOERR:
        sentence = tr("The disk does not answer properly: check it and start again: {path}")
    else:
        sentence = tr("The database reports a fault ({error}): {path}").replace(
            "{error}", str(error)
        )
    return StorageError(sentence.replace("{path}", str(path)))
