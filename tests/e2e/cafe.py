"""A cafe: a sandbox network, a config file and data folder, and the program over them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import connect
from typing import Any

from smm_inbox.sandbox.vk import VkSandbox
from tests.e2e.network import ROOT, write_config
from tests.e2e.terminal import Terminal, environment, terminal

ONLINE = "●"


@dataclass
class Cafe:
    """Everything one test of the whole program needs."""

    folder: Path
    vk: VkSandbox
    accounts: dict[str, dict[str, object]] = field(default_factory=dict)
    top: dict[str, object] = field(default_factory=lambda: {"bell": False})

    def __post_init__(self) -> None:
        self.accounts.setdefault("cafe", self.options(self.vk))
        self.configure()

    @staticmethod
    def options(vk: VkSandbox) -> dict[str, object]:
        """An account's table for a sandbox."""
        return {
            "channel": "vk",
            "group_id": vk.group_id,
            "token": vk.token,
            "service_key": vk.service_key,
            "user_token": vk.user_token,
            "api_url": vk.url,
        }

    def configure(self, name: str = "cafe", **options: object) -> None:
        """Write the config file, with some options of an account changed."""
        self.accounts[name] = {**self.accounts.get(name, {}), **options}
        write_config(self.folder, self.accounts, **self.top)

    @property
    def database(self) -> Path:
        return self.folder / "data" / "inbox.db"

    def command(self, *words: str) -> list[str]:
        config = str(self.folder / "config.toml")
        return [sys.executable, "-m", "smm_inbox", *words, "--config", config]

    @contextmanager
    def screen(
        self, size: tuple[int, int] = (120, 36), *words: str, **env: str
    ) -> Iterator[Terminal]:
        """The inbox in a pty."""
        with terminal(self.command(*words), self.folder, size, **env) as running:
            yield running

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """A command without a terminal."""
        return subprocess.run(
            self.command(*words),
            cwd=ROOT,
            env={**environment(self.folder), **env},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )

    def collect(self) -> None:
        """Let the program read everything once."""
        done = self.run("sync", "--once")
        assert done.returncode == 0, done

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Committed rows of the database."""
        with closing(connect(self.database)) as connection:
            return connection.execute(sql, params).fetchall()
