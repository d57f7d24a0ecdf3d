"""``add`` as a script sees it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e
LINE = "книга Иванова 89161234567 холодный суп до пт"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text('language = "en"\ndata_dir = "data"\n', "utf-8")
    return tmp_path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "smm_inbox", *words, "--config", str(folder / "config.toml")],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": ""},
        cwd=folder,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    return done


def exported(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(folder, "export").stdout.splitlines()]


def table(folder: Path, text: str, encoding: str = "utf-8") -> str:
    (folder / "table.csv").write_bytes(text.encode(encoding))
    return str(folder / "table.csv")


def test_a_line_becomes_a_conversation(folder: Path) -> None:
    trial = run(folder, "add", LINE, "--dry-run", "--json")
    assert json.loads(trial.stdout)["conversation"] is None
    assert exported(folder) == []

    done = run(folder, "add", *LINE.split(), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert (said["source"], said["name"], said["phone"]) == ("book", "Иванова", "+79161234567")
    (row,) = exported(folder)
    assert (row["conversation"], row["channel"], row["kind"]) == (
        said["conversation"], "manual", "manual",
    )  # fmt: skip
    assert (row["text"], row["state"]) == ("холодный суп", "awaiting")

    told = run(folder, "add", "2гис Пётр 2/5 грязно до 05.12.2099")
    assert "Answer by: 05.12.2099 18:00" in told.stdout  # the business's clock, not the machine's
    assert "Source: 2GIS" in told.stdout
    assert "Written down as conversation 2." in told.stdout


@pytest.mark.parametrize(
    "words", [("add",), ("add", "книга"), ("add", "x", "--csv", "y"), ("add", "--csv", "absent")]
)
def test_what_makes_no_sense_is_refused(folder: Path, words: tuple[str, ...]) -> None:
    done = run(folder, *words)
    assert done.returncode == 2
    assert done.stderr.strip()


def test_a_table_is_imported_once_or_not_at_all(folder: Path) -> None:
    rows = "источник;имя;оценка;текст\n2гис;Пётр;2;грязно\nзум;А;1;хм\nкнига;Иванова;;суп\n"
    name = table(folder, rows, "cp1251")

    refused = run(folder, "add", "--csv", name)
    assert refused.returncode == 2
    assert "Row 3: unknown source: “зум”." in refused.stdout
    assert exported(folder) == []

    done = run(folder, "add", "--csv", name, "--skip-broken", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == {
        "ok": True,
        "rows": 2,
        "added": 2,
        "known": 0,
        "broken": [{"row": 3, "reason": "unknown source: “зум”"}],
    }
    again = json.loads(run(folder, "add", "--csv", name, "--skip-broken", "--json").stdout)
    assert (again["added"], again["known"]) == (0, 2)
    assert len(exported(folder)) == 2


def test_formulas_go_out_as_text(folder: Path) -> None:
    tricks = ["=1+1", "+7", "-1", "@SUM(A1)"]
    body = "".join(f'"{trick}",книга,"{trick} суп"\n' for trick in tricks)
    assert run(folder, "add", "--csv", table(folder, f"имя,источник,текст\n{body}")).returncode == 0
    cells = list(csv.DictReader(io.StringIO(run(folder, "export", "--format", "csv").stdout)))
    for row, trick in zip(cells, tricks, strict=True):
        assert row["author_name"] == f"'{trick}"
        assert row["text"] == f"'{trick} суп"
