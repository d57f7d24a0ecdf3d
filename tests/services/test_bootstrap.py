"""One program a data directory: the second one is told who holds it, a killed one holds nothing."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from smm_inbox.bootstrap import DATABASE_NAME, DataDirBusy, holding, open_services
from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.feed import FeedQuery
from smm_inbox.domain.ids import AccountId
from smm_inbox.storage.errors import StorageError

HOLD = """
import sys
from pathlib import Path
sys.argv = ["smm-inbox", "sync", "--config", "secret.toml"]
from smm_inbox.bootstrap import holding
with holding(Path({folder!r})):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextlib.contextmanager
def another(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that works in ``folder``."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(folder=str(folder))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


async def test_a_second_program_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    with another(tmp_path) as process:
        with pytest.raises(DataDirBusy) as busy:
            async with open_services(Settings(tmp_path)):
                pass
        assert f"process {process.pid}" in busy.value.sentence
        assert "“smm-inbox sync”" in busy.value.sentence
        assert "secret.toml" not in busy.value.sentence
        assert str(tmp_path) in busy.value.sentence
        assert not (tmp_path / DATABASE_NAME).exists()
        process.communicate("go\n")
    async with open_services(Settings(tmp_path)):
        pass


async def test_a_killed_program_holds_nothing(tmp_path: Path) -> None:
    with another(tmp_path) as process:
        process.kill()
        process.wait()
        assert (tmp_path / "inbox.holder.json").exists()
        async with open_services(Settings(tmp_path)):
            with pytest.raises(DataDirBusy) as busy, holding(tmp_path):
                pass
            assert f"process {process.pid}" not in busy.value.sentence


def test_an_option_is_not_taken_for_the_name_of_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["smm-inbox", "--config=secret.toml"])
    with holding(tmp_path), pytest.raises(DataDirBusy, match="“smm-inbox”"), holding(tmp_path):
        pass


@pytest.mark.parametrize("note", ["", "[]", '{"pid": "x"}', json.dumps({"pid": 1})])
def test_an_unreadable_note_still_says_what_to_do(tmp_path: Path, note: str) -> None:
    with holding(tmp_path):
        (tmp_path / "inbox.holder.json").write_text(note)
        with pytest.raises(DataDirBusy, match="already running"), holding(tmp_path):
            pass


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InboxError) as refused, holding(tmp_path / "file"):
        pass
    assert str(tmp_path / "file") in refused.value.sentence


async def test_the_folder_is_free_again_after_a_database_that_cannot_be_used(
    tmp_path: Path,
) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(b"this is a letter, not a database" * 100)
    for _ in range(2):
        with pytest.raises(StorageError):
            async with open_services(Settings(tmp_path)):
                pass


async def test_services_open_work_and_close_without_a_network(tmp_path: Path) -> None:
    account = AccountSettings(AccountId("cafe"), channel="vk", title="ВК")
    settings = Settings(tmp_path, accounts=(account,))
    async with open_services(settings) as services:
        assert (await services.feed.page(FeedQuery())).rows == ()
        assert services.accounts.list()[0].title == "ВК"
    async with open_services(settings):
        pass
