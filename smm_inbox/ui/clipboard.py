"""Copying text out of the program, also where the terminal does not take it from us."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping

_TIMEOUT = 2.0


def helper(environment: Mapping[str, str] = os.environ) -> list[str] | None:
    """Program that fills the system's clipboard from its standard input, if there is one.

    Terminals built on VTE (GNOME, Xfce) ignore the clipboard escape sequence, so it is not enough.
    """
    choices: list[list[str]] = []
    if sys.platform == "darwin":
        choices.append(["pbcopy"])
    if environment.get("WAYLAND_DISPLAY"):
        choices.append(["wl-copy"])
    if environment.get("DISPLAY"):
        choices += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    if environment.get("WSL_DISTRO_NAME"):
        choices.append(["clip.exe"])
    for command in choices:
        if path := shutil.which(command[0]):
            return [path, *command[1:]]
    return None


async def fill(command: list[str], text: str) -> bool:
    """Hand ``text`` to the clipboard program; ``False`` when it did not take it in time."""
    quiet = asyncio.subprocess.DEVNULL
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, stdout=quiet, stderr=quiet
        )
    except OSError:
        return False
    try:
        await asyncio.wait_for(process.communicate(text.encode("utf-8", "replace")), _TIMEOUT)
    except TimeoutError:
        process.kill()
        await process.wait()
        return False
    return process.returncode == 0
