"""The composition root: the only place that knows every concrete part."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from smm_inbox.channels import registry
from smm_inbox.config import loader, logs
from smm_inbox.config.lock import FileLock, Locked
from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.config.paths import default_config, make_private
from smm_inbox.domain.errors import InboxError, Rejected
from smm_inbox.domain.ids import AccountId
from smm_inbox.locale import set_language, tr
from smm_inbox.services.clock import SystemClock
from smm_inbox.services.container import Services
from smm_inbox.storage.database import Database
from smm_inbox.ui.commands import validate

if TYPE_CHECKING:
    from smm_inbox.sandbox import DemoAccount, DemoNetwork

DATABASE_NAME = "inbox.db"
_LOCK_NAME = "inbox.lock"
_HOLDER_NAME = "inbox.holder.json"


class DataDirBusy(InboxError):
    """Another process works in this data directory."""


def load_settings(config: Path | None, data_dir: Path | None) -> Settings:
    """Read the config file (default: the platform's) and resolve its secrets.

    Raises:
        ConfigError: with everything that is wrong with it.
    """
    path = config if config is not None else default_config()
    return loader.load(path, registry.Options(), data_dir, check_keys=validate)


@contextmanager
def holding(data_dir: Path) -> Iterator[None]:
    """Hold the data directory; only one process may.

    Raises:
        DataDirBusy: with who holds it.
    """
    make_private(data_dir)
    try:
        lock = FileLock(data_dir / _LOCK_NAME)
    except Locked:
        raise DataDirBusy(_who_holds(data_dir)) from None
    except OSError as error:
        raise InboxError(
            tr("The data folder cannot be written ({reason}): {folder}").format(
                reason=error.strerror or type(error).__name__, folder=data_dir
            )
        ) from None
    holder = data_dir / _HOLDER_NAME
    try:
        # The command's name only: what follows an option may be nobody's business.
        first = sys.argv[1:2] if not "".join(sys.argv[1:2]).startswith("-") else []
        command = " ".join(["smm-inbox", *first])
        with contextlib.suppress(OSError):  # only a courtesy; the disk may be full
            holder.write_text(
                json.dumps({"pid": os.getpid(), "command": command}), encoding="utf-8"
            )
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _who_holds(data_dir: Path) -> str:
    try:
        holder = json.loads((data_dir / _HOLDER_NAME).read_text(encoding="utf-8"))
        command, pid = str(holder["command"]), int(holder["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return tr("smm-inbox is already running with the folder {folder}: close it first.").format(
            folder=data_dir
        )
    return tr(
        "Already running: “{command}” (process {pid}) works in the folder {folder}. "
        "Close it first, or choose another folder with --data-dir."
    ).format(command=command, pid=pid, folder=data_dir)


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Open the data directory and everything above it; nothing is started yet.

    Raises:
        DataDirBusy: another process holds the directory.
        StorageError: the database cannot be used.
    """
    with holding(settings.data_dir):
        db = await Database.open(settings.data_dir / DATABASE_NAME)
        try:
            services = Services(settings, db, SystemClock(), registry.factory)
            await services.prepare()
            try:
                yield services
            finally:
                await services.stop()
        finally:
            await db.close()


def run_screen(settings: Settings) -> int:
    """Run the inbox on the screen; returns the exit code."""
    return asyncio.run(_screen(settings, demo=False))


async def _screen(settings: Settings, *, demo: bool) -> int:
    from smm_inbox.ui.app import InboxApp  # noqa: PLC0415 - Textual is for the screen only

    async with open_services(settings) as services:
        app = InboxApp(services, demo=demo)
        await app.run_async()
        return app.return_code or 0


class _DemoOptions(Mapping[str, object]):
    """Options of a demo account as the loader would give them; asking starts its network."""

    def __init__(self, account: DemoAccount) -> None:
        self._account = account

    @cached_property
    def _table(self) -> dict[str, object]:
        from smm_inbox.sandbox import NotStarted  # noqa: PLC0415 - loaded by the demo already

        specs = registry.factory(self._account.channel).options
        defaults = {spec.name: spec.default for spec in specs if spec.default is not None}
        try:
            return {**defaults, **self._account.options}
        except NotStarted:
            raise Rejected(
                tr("The made-up network “{title}” did not start: the others go on.").format(
                    title=self._account.title
                )
            ) from None

    def __getitem__(self, key: str) -> object:
        return self._table[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


def run_demo(*, seed: int = 7, pace: float = 6.0, language: str = "ru") -> int:
    """Run the inbox over the sandbox networks and a throw-away data directory."""
    from smm_inbox.sandbox import demo_network  # noqa: PLC0415 - only the demo needs networks

    set_language(language)
    with tempfile.TemporaryDirectory(
        prefix="smm-inbox-demo-", ignore_cleanup_errors=True
    ) as folder:
        logs.set_up(Path(folder))
        with demo_network(Path(folder), seed, pace, registry.names()) as network:
            settings = _demo_settings(network, Path(folder), language)
            return asyncio.run(_screen(settings, demo=True))


def _demo_settings(network: DemoNetwork, folder: Path, language: str) -> Settings:
    return Settings(
        data_dir=folder,
        language=language,
        business="Тёплый угол",
        operator="Анна",
        accounts=tuple(
            AccountSettings(
                id=AccountId(part.name),
                channel=part.channel,
                title=part.title,
                options=_DemoOptions(part),
            )
            for part in network.parts
        ),
    )
