"""``tags`` as a script sees it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from smm_inbox.domain.ids import ConversationId
from smm_inbox.domain.tag import Colour
from smm_inbox.domain.text import SafeText
from smm_inbox.storage import tags
from smm_inbox.storage.database import Database

pytestmark = pytest.mark.e2e


def run(folder: Path, *words: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "smm_inbox",
            "tags",
            *words,
            "--config",
            str(folder / "config.toml"),
        ],
        check=False,
        capture_output=True,
        encoding="utf-8",
        input=answer,
        env={**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": ""},
        cwd=folder,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three tags; the first two on one conversation."""
    (tmp_path / "config.toml").write_text('language = "en"\ndata_dir = "data"\n', "utf-8")
    (tmp_path / "data").mkdir(mode=0o700)

    async def fill() -> None:
        db = await Database.open(tmp_path / "data" / "inbox.db")
        async with db.transaction() as tx:
            which = await tx.insert(
                "INSERT INTO conversations (account, kind, remote_id) VALUES ('a', 'direct', '1')"
            )
            for name in ("бронь", "столик", "жалоба"):
                tag = await tags.create(tx, SafeText(name), Colour.NONE)
                if name != "жалоба":
                    await tags.put_on(tx, tag.id, [ConversationId(which)])
        await db.close()

    asyncio.run(fill())
    return tmp_path


def listed(folder: Path) -> dict[str, int]:
    done = run(folder, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return {one["name"]: one["conversations"] for one in json.loads(done.stdout)}


def test_the_list_is_for_people_and_for_scripts(folder: Path) -> None:
    assert listed(folder) == {"бронь": 1, "жалоба": 0, "столик": 1}
    done = run(folder, "list")
    assert done.stdout.splitlines()[0].split() == [
        *("#бронь", "waiting", "0,", "open", "1,", "all", "1"),
    ]


def test_renaming(folder: Path) -> None:
    assert run(folder, "rename", "Бронь", "бронь стола").returncode == 0
    assert "бронь стола" in listed(folder)
    refused = run(folder, "rename", "жалоба", "столик")
    assert refused.returncode == 2
    assert "#столик" in refused.stderr


def test_what_cannot_be_taken_back_is_asked_for_first(folder: Path) -> None:
    for words in (("delete", "столик"), ("merge", "столик", "бронь")):
        refused = run(folder, *words)
        assert refused.returncode == 2
        assert "cannot be taken back" in refused.stderr
    assert listed(folder) == {"бронь": 1, "жалоба": 0, "столик": 1}
    assert run(folder, "delete", "жалоба", answer="y\n").returncode == 0
    merged = run(folder, "merge", "столик", "бронь", "--yes", "--json")
    assert json.loads(merged.stdout) == {"done": "merge", "conversations": 1}
    assert listed(folder) == {"бронь": 1}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("delete", "брон"), "бронь"),
        (("delete",), "one name"),
        (("merge", "бронь"), "two names"),
        (("rename", "бронь"), "two names"),
        (("list", "бронь"), "no name"),
        (("merge", "бронь", "БРОНЬ"), "the same tag"),
        (("rename", "бронь", " # "), "needs a name"),
        (("throw", "бронь"), "throw"),
    ],
)
def test_slips_are_told_and_change_nothing(folder: Path, words: tuple[str, ...], said: str) -> None:
    done = run(folder, *words, "--yes")
    assert done.returncode == 2
    assert said in done.stderr
    assert listed(folder) == {"бронь": 1, "жалоба": 0, "столик": 1}
