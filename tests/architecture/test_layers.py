"""The house stands: what may import what, proved by import-linter and by fresh interpreters."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = (
    *(
        "textual",
        "rich",
        "vk_api",
        "requests",
        "urllib3",
        "httpx",
        "aiosqlite",
        "keyring",
        "telethon",
    ),
    *("imapclient", "aiosmtplib", "selectolax"),
)


def loaded_by(statement: str) -> set[str]:
    """Top-level and own modules that a fresh interpreter has after ``statement``."""
    code = f"{statement}\nimport sys\nprint('\\n'.join(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "forbidden"),
    [
        ("import smm_inbox.cli", (*HEAVY, "sqlite3", "smm_inbox.ui", "smm_inbox.storage")),
        ("import smm_inbox.__main__", HEAVY),
        (
            "import smm_inbox.cli.commands, smm_inbox.ui.commands\n"
            "smm_inbox.ui.commands.CommandRegistry.default()",
            ("textual", "rich", "aiosqlite"),
        ),
        ("import smm_inbox.channels.registry as r\nr.factory('vk').options", HEAVY),
        ("import smm_inbox.channels.registry as r\nr.factory('email').options", HEAVY),
        ("import smm_inbox.channels.registry as r\nr.factory('telegram').options", HEAVY),
        (
            "import pkgutil, importlib, smm_inbox.domain as d\n"
            "[importlib.import_module(m.name) for m in pkgutil.iter_modules(d.__path__, "
            "'smm_inbox.domain.')]",
            (*HEAVY, "asyncio", "sqlite3", "smm_inbox.config", "smm_inbox.locale"),
        ),
        ("import smm_inbox.config.loader", (*HEAVY, "asyncio", "smm_inbox.channels")),
        ("import smm_inbox.bootstrap", ("textual", "rich", "vk_api", "requests", "keyring")),
        ("import smm_inbox.sandbox", (*HEAVY, "smm_inbox.services", "smm_inbox.config")),
    ],
)
def test_importing_stays_light(statement: str, forbidden: tuple[str, ...]) -> None:
    loaded = loaded_by(statement)
    assert sorted(loaded.intersection(forbidden)) == []


def test_the_import_contracts_are_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
