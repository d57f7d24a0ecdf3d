"""A lock on a file: one process at a time, and the system lets go of it when the process dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Locked(Exception):
    """Another process holds the lock."""


class FileLock:
    """Holds ``path`` from the start until ``release``; the file itself stays behind."""

    def __init__(self, path: Path) -> None:
        """Take the lock at once, or not at all.

        Raises:
            Locked: somebody else has it.
            OSError: the file cannot be written, or the file system knows no locks.
        """
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(self._descriptor)
        except (BlockingIOError, PermissionError):
            os.close(self._descriptor)
            raise Locked from None
        except BaseException:
            os.close(self._descriptor)
            raise

    def release(self) -> None:
        """Let go of it."""
        os.close(self._descriptor)
