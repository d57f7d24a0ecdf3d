"""``playbook`` and ``handover`` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from smm_inbox.cli.entry import main
from smm_inbox.cli.exits import Exit


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """What every call is given: a config of its own and a folder for the data."""
    config = tmp_path / "config.toml"
    config.write_text('language = "ru"\noperator = "Анна"\n', encoding="utf-8")
    return ["--config", str(config), "--data-dir", str(tmp_path / "data")]


def test_a_playbook_goes_out_is_edited_and_comes_back(
    tmp_path: Path, words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "playbook.toml"
    assert main(["playbook", "export", str(file), *words]) == Exit.FINE
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Мат без сути", "Пустые слова"), encoding="utf-8")
    assert main(["playbook", "import", str(file), *words]) == Exit.FINE
    capfd.readouterr()
    assert main(["playbook", "export", *words]) == Exit.FINE
    assert capfd.readouterr().out == file.read_text(encoding="utf-8")
    assert main(["playbook", "reset", *words]) == Exit.FINE
    capfd.readouterr()
    main(["playbook", "export", *words])
    assert capfd.readouterr().out == text


@pytest.mark.parametrize(
    "content", [b"[[questions]]\n", b"\xff\xfe\x00", b"", b"not toml at all ="]
)
def test_a_broken_playbook_is_refused_with_a_sentence(
    tmp_path: Path, words: list[str], capfd: pytest.CaptureFixture[str], content: bytes
) -> None:
    file = tmp_path / "playbook.toml"
    file.write_bytes(content)
    assert main(["playbook", "import", str(file), *words]) == Exit.USAGE
    said = capfd.readouterr().err
    assert said.strip()
    assert "Traceback" not in said
    main(["playbook", "export", *words])
    assert "Мат без сути" in capfd.readouterr().out


def test_a_missing_file_is_named(
    tmp_path: Path, words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["playbook", "import", str(tmp_path / "none.toml"), *words]) != Exit.FINE
    assert "none.toml" in capfd.readouterr().err


def test_the_handover_goes_to_a_file_and_ends_the_shift(
    tmp_path: Path, words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "смена.txt"
    assert main(["handover", "--output", str(file), "--end", *words]) == Exit.FINE
    assert "сдаёт Анна" in file.read_text(encoding="utf-8")
    assert main(["handover", *words]) == Exit.FINE
    assert "Ответа никто не ждёт" in capfd.readouterr().out


def test_a_file_too_large_for_a_playbook_is_refused_and_not_cut(
    tmp_path: Path, words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "playbook.toml"
    main(["playbook", "export", str(file), *words])
    # Whatever stands beyond the limit would be lost without a word.
    file.write_text(file.read_text(encoding="utf-8") + "# \n" * 500_000, encoding="utf-8")
    assert main(["playbook", "import", str(file), *words]) == Exit.USAGE
    assert "playbook.toml" in capfd.readouterr().err


def test_a_stream_that_is_no_text_is_refused_with_a_sentence(
    tmp_path: Path,
    words: list[str],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "picture"
    file.write_bytes(b'a = "\xff\xfe"\n')
    # Without a locale Python lets every byte through.
    with file.open(encoding="utf-8", errors="surrogateescape") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert main(["playbook", "import", "-", *words]) == Exit.USAGE
    assert "UTF-8" in capfd.readouterr().err
