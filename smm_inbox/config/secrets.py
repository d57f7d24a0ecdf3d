"""Fetches secrets from where the operator keeps them; errors never contain a value."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from pathlib import Path

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.text import clean_line
from smm_inbox.locale import tr

KEYRING_SERVICE = "smm-inbox"
COMMAND_TIMEOUT = 10.0
"""Seconds a ``cmd:`` may take."""

_SCHEMES = ("env:", "cmd:", "keyring:")


class SecretError(InboxError):
    """A secret could not be fetched; the sentence says why, without the secret."""


def is_reference(value: str) -> bool:
    """Whether ``value`` says where a secret is kept instead of being one."""
    return value.startswith(_SCHEMES)


def resolve(value: str) -> str:
    """Return the secret that ``value`` is or refers to.

    Raises:
        SecretError: there is none to be had.
    """
    scheme, _, rest = value.partition(":")
    name = rest.strip()
    if not is_reference(value):
        secret = value.strip()
    elif not name:
        raise SecretError(tr("nothing stands after “{scheme}:”").format(scheme=scheme))
    elif scheme == "env":
        secret = _from_environment(name)
    elif scheme == "cmd":
        secret = _from_command(name)
    else:
        secret = _from_keyring(name)
    if not secret.isprintable():
        # A token pasted with a line break or a stray byte fails later in ways nobody understands.
        raise SecretError(tr("the secret holds invisible characters: copy it again"))
    return secret


def _from_environment(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise SecretError(
            tr("the environment variable {name} is not set").format(name=clean_line(name, limit=60))
        )
    return value


def _from_command(command: str) -> str:
    try:
        words: str | list[str] = command if os.name == "nt" else shlex.split(command)
    except ValueError:
        raise SecretError(tr("the command has an open quote")) from None
    program = clean_line(command.split(maxsplit=1)[0], limit=60)
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command, run without a shell
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=COMMAND_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SecretError(
            tr("the command {program} gave no answer in {seconds} seconds").format(
                program=program, seconds=int(COMMAND_TIMEOUT)
            )
        ) from None
    except (OSError, ValueError):
        raise SecretError(
            tr("the command {program} cannot be started").format(program=program)
        ) from None
    if done.returncode != 0:
        raise SecretError(
            tr("the command {program} ended with code {code}").format(
                program=program, code=done.returncode
            )
        )
    first = done.stdout.split(b"\n", 1)[0].strip()
    if not first:
        raise SecretError(tr("the command {program} printed nothing").format(program=program))
    return first.decode("utf-8", "replace")


def _from_keyring(name: str) -> str:
    import keyring  # noqa: PLC0415 - takes a tenth of a second, and few config files need it

    shown = clean_line(name, limit=60)
    try:
        value = keyring.get_password(KEYRING_SERVICE, name)
    except Exception:
        # Backends are foreign code over D-Bus, Keychain or files and raise whatever they like.
        raise SecretError(
            tr("the system keyring does not open; unlock it or use env: instead of keyring:")
        ) from None
    if not value:
        raise SecretError(
            tr("the system keyring has nothing called {name}; put it in with: {command}").format(
                name=shown, command=f"keyring set {KEYRING_SERVICE} {shown}"
            )
        )
    return value


def open_to_others(file: Path) -> bool:
    """Whether other users of the machine can read ``file``; never true on Windows."""
    if os.name != "posix":
        return False
    try:
        return bool(stat.S_IMODE(file.stat().st_mode) & 0o077)
    except OSError:
        return False
