"""Everything the command line prints: foreign text cannot steer the terminal or break JSON."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import sys
import threading
from typing import BinaryIO, Self, TextIO

from smm_inbox.domain.text import clean
from smm_inbox.locale import tr

# JSON itself escapes C0 only. The rest is what terminals, log viewers and line splitters act upon.
_ACTING = re.compile(
    "[\x7f-\x9f\xad\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0001]"
)


def json_line(value: object) -> str:
    """``value`` as JSON on one line; decodes to the same value, acting characters escaped."""
    return _ACTING.sub(_escaped, json.dumps(value, ensure_ascii=False))


def _escaped(found: re.Match[str]) -> str:
    # json.dumps knows how to spell a character beyond U+FFFF as a pair.
    return json.dumps(found.group())[1:-1]


def say(text: str) -> None:
    """Print a line for a person."""
    _write(sys.stdout, clean(text))


def say_json(value: object) -> None:
    """Print one line of JSON, in UTF-8 whatever the terminal speaks."""
    say_utf8(json_line(value) + "\n")


def say_utf8(text: str) -> None:
    """Print exact text in UTF-8."""
    binary: BinaryIO | None = getattr(sys.stdout, "buffer", None)
    if binary is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    rest = memoryview(text.encode("utf-8"))
    while rest:
        # With PYTHONUNBUFFERED this is a bare file, which may take only a part.
        rest = rest[binary.write(rest) or 0 :]
    binary.flush()


def complain(text: str) -> None:
    """Print a sentence about a failure on stderr."""
    with contextlib.suppress(OSError):
        _write(sys.stderr, clean(text))


class Asker:
    """Asks yes-or-no questions on a worker thread; used as a context manager.

    Questions go to stderr, so that stdout stays clean for scripts; no answer means no.
    """

    def __init__(self) -> None:
        self._left = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()

    def __call__(self, question: str) -> bool:
        """Whether the person said yes."""
        sys.stderr.write(clean(f"{question} {tr('[y/N]')} "))
        sys.stderr.flush()
        return self._line().strip().casefold() in {"y", "yes", "д", "да"}

    def _line(self) -> str:
        if sys.stdin is None:
            return ""
        # Ctrl+C reaches only the main thread, and the program waits for this one at its end: so it
        # looks up now and then instead of resting in a read that nothing can end.
        while os.name == "posix" and sys.stdin.isatty():
            if select.select([sys.stdin], [], [], 0.1)[0]:
                break
            if self._left.is_set():
                return ""
        return sys.stdin.readline()


def hush() -> None:
    """Let the interpreter end quietly when the reader of our output is gone."""
    # Python flushes stdout once more at exit; the pipe is broken, so it gets a sink instead.
    with contextlib.suppress(OSError, ValueError):
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, sys.stdout.fileno())
        os.close(sink)


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # pythonw and closed descriptors
        return
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding, "replace") + "\n")
    stream.flush()
