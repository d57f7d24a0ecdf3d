"""Other programs on this machine: browser and editor, never started through a shell."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

_SCHEMES = frozenset({"http", "https"})
_LONGEST_URL = 2_000
_QUIET = asyncio.subprocess.DEVNULL


def browsable(url: str) -> bool:
    """Whether ``url`` is a plain web address: nothing else is ever given to the system."""
    if not url or len(url) > _LONGEST_URL or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in _SCHEMES and bool(parts.hostname)
    except ValueError:
        return False


def opener() -> list[str] | None:
    """Program that opens a web address, if this machine has one."""
    if sys.platform == "darwin":
        return ["open"]
    if sys.platform == "win32":
        return ["rundll32", "url.dll,FileProtocolHandler"]
    for name in ("xdg-open", "wslview", "gio"):
        if path := shutil.which(name):
            return [path, "open"] if name == "gio" else [path]
    return None


async def browse(url: str) -> bool:
    """Open ``url`` in the browser; ``False`` when it is no web address or there is no browser.

    The browser gets no terminal: what it prints would land in the middle of the screen, and a text
    browser would take the keyboard.
    """
    command = opener()
    if command is None or not browsable(url):
        return False
    try:
        await asyncio.create_subprocess_exec(
            *command, url, stdin=_QUIET, stdout=_QUIET, stderr=_QUIET, start_new_session=True
        )
    except OSError:
        return False
    return True


def editor(environment: Mapping[str, str] = os.environ) -> list[str] | None:
    """The operator's editor: ``$VISUAL``, ``$EDITOR``, or a common one."""
    for name in ("VISUAL", "EDITOR"):
        try:
            if command := shlex.split(environment.get(name, "")):
                return command
        except ValueError:
            continue
    for name in ("nano", "vim", "vi"):
        if path := shutil.which(name):
            return [path]
    return None


async def edit(command: list[str], text: str) -> str | None:
    """Let ``command`` edit ``text`` in a private file; ``None`` when it failed."""
    with tempfile.TemporaryDirectory(prefix="smm-inbox-") as folder:
        path = Path(folder, "answer.txt")
        _write(path, text)
        try:
            process = await asyncio.create_subprocess_exec(*command, str(path))
        except OSError:
            return None
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            process.terminate()
            raise
        if code != 0:
            return None
        edited = _read(path)
    # Editors end the last line with a newline of their own.
    return edited if text.endswith("\n") else edited.removesuffix("\n")


# A few kilobytes in the temporary folder: not worth a thread.
def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
