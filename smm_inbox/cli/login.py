"""``login`` and ``logout``: the steps of a login in the terminal."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from typing import TYPE_CHECKING

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.ids import AccountId
from smm_inbox.domain.login import LoginStage, LoginStep
from smm_inbox.locale import tr

from .exits import Exit
from .output import complain, say

if TYPE_CHECKING:
    from smm_inbox.channels.base import Login
    from smm_inbox.services.container import Services

_TRIES = 5
"""Wrong answers until we give up: networks lock accounts that guess."""


async def log_in(services: Services, account: AccountId, *, by_code: bool, phone: str) -> Exit:
    """Log an account in, asking in the terminal for what is wanted."""
    from smm_inbox.services.logins import Logins  # noqa: PLC0415 - only this command needs it

    logins = Logins(services.accounts)
    login = await logins.begin(account)
    try:
        step = await login.start()
        if by_code and step.stage is LoginStage.SCAN:
            step = await login.by_code(phone)
        step = await _walk(login, step)
    except InboxError as error:
        complain(error.sentence)
        return Exit.ACCOUNT
    finally:
        await login.close()
    say(step.sentence)
    return Exit.FINE if step.stage is LoginStage.DONE else Exit.ACCOUNT


async def log_out(services: Services, account: AccountId) -> Exit:
    """End an account's session on the network."""
    from smm_inbox.services.logins import Logins  # noqa: PLC0415 - only this command needs it

    try:
        await Logins(services.accounts).log_out(account)
    except InboxError as error:
        complain(error.sentence)
        return Exit.ACCOUNT
    say(tr("Logged out; the messages that were fetched are kept."))
    return Exit.FINE


async def _walk(login: Login, step: LoginStep) -> LoginStep:
    wrong = 0
    shown = False
    while step.stage is not LoginStage.DONE:
        if step.stage is LoginStage.SCAN:
            _show(step, again=shown)
            shown = True
            step = await login.wait()
            continue
        if step.problem:
            complain(step.problem)
            wrong += 1
        if wrong >= _TRIES:
            return LoginStep(step.stage, step.problem)
        say(step.sentence)
        secret = step.stage is LoginStage.PASSWORD
        step = await login.answer(await _ask(secret=secret))
    return step


def _show(step: LoginStep, *, again: bool) -> None:
    if again:
        say(tr("The picture has changed:"))
    sys.stdout.write(picture(step.modules, colour=_has_colour()) + "\n")
    sys.stdout.flush()
    say(step.sentence)
    say(tr("On this computer the link does the same: {link}").format(link=step.link))
    if not again:
        say(tr("Without a camera: stop with Ctrl+C and start again with --code."))


def picture(modules: tuple[tuple[bool, ...], ...], *, colour: bool) -> str:
    """A QR code out of half blocks, two rows of it in a line.

    Dark on light whatever the terminal's colours are; without colours the light parts are drawn,
    which is right on a dark background.
    """
    rows = [*modules, *([tuple(False for _ in modules[0])] if len(modules) % 2 else [])]
    lines = []
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        cells = zip(upper, lower, strict=True)
        if colour:
            line = "".join(" ▄▀█"[2 * up + down] for up, down in cells)
            lines.append(f"\x1b[30;107m{line}\x1b[0m")
        else:
            lines.append("".join("█▀▄ "[2 * up + down] for up, down in cells))
    return "\n".join(lines)


def _has_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


async def _ask(*, secret: bool) -> str:
    prompt = tr("Password: ") if secret else tr("Code: ")
    return (await asyncio.to_thread(_line, prompt, secret)).strip()


def _line(prompt: str, secret: bool) -> str:
    if secret and sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass(prompt)
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line:
        raise InboxError(tr("Nobody answered: run this command in a terminal."))
    return line
