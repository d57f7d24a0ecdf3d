"""A database that is newer, damaged, read-only or on a full disk: one sentence, nothing lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from smm_inbox.sandbox.vk import VkSandbox
from smm_inbox.sandbox.vk.world import ANNA
from tests.e2e.cafe import Cafe
from tests.e2e.terminal import environment, terminal

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(os.name != "posix", reason="users and limits are POSIX"),
]

COMMANDS = (("sync", "--once"), ("export",), ("doctor",), ("send", "--conversation", "1"))


@pytest.fixture
def filled(cafe: Cafe, vk: VkSandbox) -> Cafe:
    for number in range(60):
        vk.customer_writes(ANNA, f"Вопрос {number} " + "я" * 300)
    cafe.collect()
    with sqlite3.connect(cafe.database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return cafe


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()


def no_database(path: Path) -> None:
    path.write_bytes("Это не база данных, а письмо.".encode() * 500)


def torn_in_the_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 8192):
        data[start : start + 2048] = os.urandom(2048)
    path.write_bytes(data)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize("damage", [newer, no_database, torn_in_the_middle, cut_off])
def test_a_database_that_cannot_be_used_is_told_and_left_alone(
    filled: Cafe, damage: Callable[[Path], None]
) -> None:
    damage(filled.database)
    before = filled.database.read_bytes()
    for words in COMMANDS:
        more = ("--text", "Да") if words[0] == "send" else ()
        done = filled.run(*words, *more)
        assert (done.returncode, done.stdout) == (1, ""), words
        assert_one_sentence(done.stderr, filled.database)
    with filled.screen() as screen:
        assert screen.ended() == 1
        assert "Traceback" not in screen.text
    assert filled.database.read_bytes() == before


def assert_one_sentence(told: str, path: Path) -> None:
    assert told.count("\n") == 1, told
    assert "Traceback" not in told
    assert "sqlite" not in told.lower()
    assert str(path) in told


def humble() -> list[str]:
    """Words in front of a command that take from root the right to write anywhere."""
    if os.getuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def test_a_read_only_database_is_told_and_left_alone(filled: Cafe) -> None:
    data = filled.database.parent
    before = filled.database.read_bytes()
    for file, folder in ((0o400, 0o500), (0o400, 0o700)):
        filled.database.chmod(file)
        data.chmod(folder)
        for words in (("sync", "--once"), ("export",)):
            done = subprocess.run(
                [*humble(), *filled.command(*words)],
                env=environment(filled.folder),
                cwd=filled.folder,
                capture_output=True,
                encoding="utf-8",
                check=False,
                timeout=60,
            )
            assert (done.returncode, done.stdout) == (1, ""), done
            assert done.stderr.count("\n") == 1, done.stderr
            assert str(data) in done.stderr
            assert "Traceback" not in done.stderr
        data.chmod(0o700)
    filled.database.chmod(0o600)
    assert filled.database.read_bytes() == before
    filled.collect()


def test_a_full_disk_loses_nothing(filled: Cafe, vk: VkSandbox) -> None:
    """No file may grow: what does not fit comes again when there is room."""
    size = 200  # KiB; what 400 messages write into the log of the database is more than twice that
    for number in range(400):
        vk.customer_writes(ANNA, f"Ещё {number} " + "ю" * 3000)
    # The limit is one of the shell, so that it holds for the program alone.
    limited = ["bash", "-c", f'ulimit -f {size}; exec "$@"', "-", *filled.command("sync", "--once")]
    with terminal(limited, filled.folder) as running:
        assert running.ended() in {1, 3}
        assert "Traceback" not in running.text
        assert "иск" in running.text  # what is wrong: the disk
    assert filled.rows("PRAGMA integrity_check") == [("ok",)]
    assert filled.rows("SELECT count(*) FROM messages")[0][0] >= 60
    filled.collect()
    assert filled.rows("SELECT count(*), count(DISTINCT remote_id) FROM messages") == [(460, 460)]
