"""A terminal for tests: the program in a real pty, its screen, its bytes, keys for it."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte
from ptyprocess import PtyProcess  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds until something that must happen counts as not happening."""

# pyte takes the private markers of these for text.
_NOT_FOR_PYTE = re.compile(rb"\x1b\[[<>=?][0-9;]*(?:\$p|[uqtm])|\x1b\[\?2026[hl]|\x1b\[[0-9;]*t")
_UNFINISHED = re.compile(rb"\x1b(?:\[[<>=?0-9;$]*)?$")


class Terminal:
    """One program in a pty."""

    def __init__(
        self, words: Sequence[str], env: dict[str, str], folder: Path, size: tuple[int, int]
    ) -> None:
        columns, rows = size
        self._process = PtyProcess.spawn(
            list(words), cwd=str(folder), env=env, dimensions=(rows, columns)
        )
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._rest = b""
        self.raw = bytearray()
        """Everything that ever reached the terminal."""

    # --- what is to be seen -----------------------------------------------------------------------

    @property
    def lines(self) -> list[str]:
        """The screen, line by line; pyte's own ``display`` stumbles over halves of wide letters."""
        columns, rows = self._screen.columns, self._screen.lines
        buffer = self._screen.buffer
        return [
            "".join(buffer[row][column].data for column in range(columns)).rstrip()
            for row in range(rows)
        ]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    def listen(self, seconds: float = 0.05) -> bool:
        """Take in what the program writes within ``seconds``; false when it has ended."""
        ready, _, _ = select.select([self._process.fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._process.fd, 65536)
        except OSError:
            return False
        self.raw += data
        data = self._rest + data
        cut = _UNFINISHED.search(data)
        self._rest = data[cut.start() :] if cut else b""
        self._stream.feed(_NOT_FOR_PYTE.sub(b"", data[: cut.start()] if cut else data))
        return bool(data)

    def until(self, done: Callable[[], object], what: str = "", seconds: float = PATIENCE) -> None:
        """Listen until ``done``."""
        deadline = time.monotonic() + seconds
        while not done():
            alive = self.listen()
            if done():
                return
            assert alive, f"the program ended before {what}:\n{self.text}"
            assert time.monotonic() < deadline, f"no {what} on the screen:\n{self.text}"

    def shows(self, *words: str, seconds: float = PATIENCE) -> None:
        """Wait until all the words stand on the screen."""
        self.until(lambda: all(word in self.text for word in words), repr(words), seconds)

    def shows_or_ends(self, word: str, seconds: float = PATIENCE) -> bool:
        """Wait until a word stands on the screen or the program ends; whether the word is there."""
        deadline = time.monotonic() + seconds
        while word not in self.text:
            if not self.listen():
                return False
            assert time.monotonic() < deadline, f"no {word!r} on the screen:\n{self.text}"
        return True

    def hides(self, *words: str) -> None:
        """Wait until none of the words stands on the screen."""
        self.until(lambda: not any(word in self.text for word in words), f"end of {words!r}")

    def rest(self, seconds: float = 0.3) -> None:
        """Wait until the program has been quiet for ``seconds``."""
        seen = -1
        while seen != len(self.raw):
            seen = len(self.raw)
            if not self.listen(seconds):
                return

    # --- what is done -----------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Type: characters as they are, the rest by name."""
        for key in keys:
            os.write(self._process.fd, KEYS.get(key, key).encode())
            self.listen(0.01)

    def leave(self, *words: str) -> None:
        """Press Esc and wait until the words are gone.

        Without waiting, Esc and the next key would together be a third one.
        """
        self.press("escape")
        self.hides(*words)

    def resize(self, columns: int, rows: int) -> None:
        """Drag the window's corner."""
        self._screen.resize(rows, columns)
        self._process.setwinsize(rows, columns)

    def kill(self) -> None:
        """Pull the plug."""
        self._process.kill(signal.SIGKILL)
        self.ended()

    def signal(self, sign: signal.Signals) -> None:
        """Send a signal."""
        self._process.kill(sign)

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for the end; the exit code, or minus the signal."""
        deadline = time.monotonic() + seconds
        while self._process.isalive():
            assert time.monotonic() < deadline, f"still running:\n{self.text}"
            self.listen(0.01)
        while self.listen(0.0) and select.select([self._process.fd], [], [], 0)[0]:
            pass
        code: int | None = self._process.exitstatus
        return -int(self._process.signalstatus or 0) if code is None else code

    @property
    def alive(self) -> bool:
        """Whether the program still runs."""
        return bool(self._process.isalive())

    def close(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(OSError):
            self._process.close(force=True)


KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "f1": "\x1bOP",
    "f5": "\x1b[15~",
    "f8": "\x1b[19~",
    "ctrl+s": "\x13",
    "ctrl+p": "\x10",
    "ctrl+k": "\x0b",
    "ctrl+c": "\x03",
    "backspace": "\x7f",
}


def environment(folder: Path) -> dict[str, str]:
    """Variables in which neither the tester's own settings nor a proxy play a part."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    for name in ("NO_COLOR", "COLORTERM", "COLUMNS", "LINES", "TMUX", "XDG_CONFIG_HOME"):
        kept.pop(name, None)
    return {**kept, "HOME": str(folder), "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}


@contextmanager
def terminal(
    words: Sequence[str], folder: Path, size: tuple[int, int] = (120, 36), **env: str
) -> Iterator[Terminal]:
    """The program ``words`` in a pty until the block ends."""
    settings = {**environment(folder), "TERM": "xterm-256color", **env}
    made = Terminal(words, settings, folder, size)
    try:
        yield made
    finally:
        made.close()
