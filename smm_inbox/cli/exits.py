"""Exit codes of the program and the errors that choose one."""

from __future__ import annotations

from enum import IntEnum

from smm_inbox.domain.errors import InboxError


class Exit(IntEnum):
    """What the exit code says to a script."""

    FINE = 0
    TROUBLE = 1
    """The database, the disk, or a fault of the program itself."""
    USAGE = 2
    """The command line or the config file."""
    ACCOUNT = 3
    """An account could not be reached or has to be put right."""
    NOT_SENT = 4
    BUSY = 5
    """Another process holds the data folder."""
    INTERRUPTED = 130
    """Ctrl+C, as shells count it."""
    PIPE = 141
    """The reader of our output went away, as shells count it."""


class UsageError(InboxError):
    """The command line asks for something that does not exist."""
