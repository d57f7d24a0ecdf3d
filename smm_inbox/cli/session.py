"""What every command does first: settings, language, log file, services."""

from __future__ import annotations

import asyncio
import gc
from argparse import Namespace
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from smm_inbox.config import logs
from smm_inbox.config.model import Settings
from smm_inbox.config.problems import nearest
from smm_inbox.domain.ids import AccountId
from smm_inbox.locale import set_language, tr

from .exits import UsageError

if TYPE_CHECKING:
    from smm_inbox.services.container import Services

T = TypeVar("T")


def config_path(args: Namespace) -> Path | None:
    """``--config``, or ``None``."""
    return Path(args.config).expanduser() if args.config else None


def read_settings(args: Namespace) -> Settings:
    """Settings with secrets, the language switched; nothing is written."""
    from smm_inbox import bootstrap  # noqa: PLC0415 - loads channels and the database library

    data_dir = Path(args.data_dir).expanduser() if args.data_dir else None
    settings = bootstrap.load_settings(config_path(args), data_dir)
    set_language(settings.language)
    return settings


def settings_of(args: Namespace) -> Settings:
    """Settings with secrets, and the log file open."""
    settings = read_settings(args)
    logs.set_up(settings.data_dir, settings.secrets)
    return settings


def accounts_named(settings: Settings, names: Collection[str]) -> frozenset[AccountId]:
    """The enabled accounts, or those of ``--account``.

    Raises:
        UsageError: a name is unknown or switched off, or there is no account at all.
    """
    enabled = {account.id for account in settings.accounts if account.enabled}
    for name in names:
        if name not in enabled:
            raise UsageError(
                tr("There is no switched-on account “{name}”. {hint}")
                .format(name=name, hint=nearest(name, enabled))
                .strip()
            )
    if not enabled:
        raise UsageError(
            tr(
                "No account is set up yet: add an [accounts.NAME] table to {file} "
                "as config.example.toml shows."
            ).format(file=settings.source or "config.toml")
        )
    return frozenset(AccountId(name) for name in names) or frozenset(enabled)


def with_services(settings: Settings, work: Callable[[Services], Awaitable[T]]) -> T:
    """Open the services, run ``work`` and close them again whatever happens."""
    from smm_inbox import bootstrap  # noqa: PLC0415 - loads channels and the database library

    gc.enable()  # the program starts without it, see __main__

    async def go() -> T:
        async with bootstrap.open_services(settings) as services:
            return await work(services)

    return asyncio.run(go())
