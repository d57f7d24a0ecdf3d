"""``smm-inbox scripts``: out to a file, back in, all problems at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from smm_inbox.cli import main
from smm_inbox.cli.exits import Exit


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    config = tmp_path / "config.toml"
    config.write_text('language = "en"\n', encoding="utf-8")
    return ["--config", str(config), "--data-dir", str(tmp_path / "data")]


def test_scripts_go_out_and_come_back(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "scripts.toml"
    assert main(["scripts", "export", "--output", str(file), *words]) == Exit.FINE
    before = file.read_text(encoding="utf-8")
    assert before.count("[[script]]") >= 40
    file.write_text(before.replace('"{?улица и дом}"', '"ул. Мира, 5"'), encoding="utf-8")
    capsys.readouterr()
    assert main(["scripts", "import", str(file), *words]) == Exit.USAGE
    assert "Адрес" in capsys.readouterr().err
    assert main(["scripts", "import", str(file), "--replace", *words]) == Exit.FINE
    assert "1 written anew" in capsys.readouterr().out
    main(["scripts", "export", *words])
    assert "ул. Мира, 5" in capsys.readouterr().out


def test_a_broken_file_is_told_whole_and_changes_nothing(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(
        '[[script]]\nfolder="Ф"\nname="Целый"\ntext="т"\n[[script]]\nname="Битый"\ntext=5\n',
        encoding="utf-8",
    )
    assert main(["scripts", "import", str(file), *words]) == Exit.USAGE
    told = capsys.readouterr().err
    assert str(file) in told
    assert told.count("«Битый»") == 2
    main(["scripts", "export", *words])
    assert "Целый" not in capsys.readouterr().out
    assert main(["scripts", "import", str(file), "--skip-broken", *words]) == Exit.FINE
    main(["scripts", "export", *words])
    assert "Целый" in capsys.readouterr().out


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"[[script]\n"])
def test_what_is_no_file_of_scripts_is_told(
    words: list[str], tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "other.toml"
    file.write_bytes(data)
    assert main(["scripts", "import", str(file), *words]) == Exit.USAGE
    assert str(file) in capsys.readouterr().err
    assert main(["scripts", "import", str(tmp_path / "none"), *words]) == Exit.TROUBLE
