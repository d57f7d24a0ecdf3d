"""A terminal for measuring: runs a program in a pty and tells when it has drawn a frame."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence
from pathlib import Path

_ASK = b"\x1b[?2026$p"
_YES = b"\x1b[?2026;2$y"
_FRAME_END = b"\x1b[?2026l"


class Terminal:
    """One program in a pty that supports synchronised output: its end marks a whole frame."""

    def __init__(
        self, command: Sequence[str], cwd: Path, columns: int = 120, rows: int = 36
    ) -> None:
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", COLORTERM="truecolor")
            # An installed program has its bytecode beside it, as the baseline's library does.
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
            os.execvp(command[0], list(command))
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._tail = b""
        self.seen = b""

    def press(self, keys: bytes) -> float:
        """Send keys; return when, in seconds of ``perf_counter``."""
        os.write(self._fd, keys)
        return time.perf_counter()

    def frame(self, timeout: float = 30.0, containing: bytes = b"") -> float:
        """Wait for the end of a frame (after ``containing`` was drawn); return when it came."""
        deadline = time.perf_counter() + timeout
        buffer = b""
        while time.perf_counter() < deadline:
            data = self._read(deadline - time.perf_counter())
            if data is None:
                break
            buffer += data
            if containing in buffer and _FRAME_END in buffer[buffer.find(containing) :]:
                return time.perf_counter()
        raise TimeoutError(f"no frame; the last output was {buffer[-200:]!r}")

    def settle(self, quiet: float = 0.4) -> None:
        """Read until nothing is drawn for ``quiet`` seconds."""
        while self._read(quiet) is not None:
            pass

    def _read(self, timeout: float) -> bytes | None:
        ready, _, _ = select.select([self._fd], [], [], max(timeout, 0))
        if not ready:
            return None
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:
            return None
        if _ASK in self._tail + data:
            os.write(self._fd, _YES)
        self._tail = data[-16:]
        return data or None

    def cpu(self) -> float:
        """CPU seconds the program has used, over all its threads."""
        total = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def memory(self) -> float:
        """Resident memory in MiB."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def signal(self, number: int) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def close(self) -> None:
        """End the program."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)
