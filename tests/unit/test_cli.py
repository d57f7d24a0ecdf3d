"""The command line itself: words, help, complaints and exit codes."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from smm_inbox import __version__
from smm_inbox.cli import entry, sending
from smm_inbox.cli.arguments import build
from smm_inbox.cli.entry import main
from smm_inbox.cli.exits import UsageError
from smm_inbox.locale import set_language

COMMANDS = ("demo", "sync", "send", "export", "doctor", "config", "keys")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    before = (logging.lastResort, logging.raiseExceptions, list(logging.getLogger().handlers))
    yield
    logging.lastResort, logging.raiseExceptions, logging.getLogger().handlers[:] = before


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text('language = "en"\n[keys]\n"composer.send" = "f10"\n', encoding="utf-8")
    return path


def run(config: Path, *words: str) -> int:
    return main(["--config", str(config), *words])


def test_the_help_names_every_command_and_exit_code(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(config, "--help") == 0
    text = capsys.readouterr().out
    for word in (*COMMANDS, "--config", "--data-dir", "--version", "Exit codes:"):
        assert word in text
    for code in range(6):
        assert f"\n  {code}  " in text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_in_both_languages(
    command: str, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(config, command, "--help") == 0
    english = capsys.readouterr().out
    assert "usage: " in english
    assert "--data-dir DIR" in english
    config.write_text('language = "ru"\n', encoding="utf-8")
    assert run(config, command, "--help") == 0
    russian = capsys.readouterr().out
    assert "запуск: " in russian
    assert "show this help" not in russian


def test_the_language_is_russian_without_a_config(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "none", "synk") == 2
    assert "Может быть, sync?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["synk"], "“synk” is not known here. Did you mean sync?"),
        (["export", "--formt", "csv"], "Did you mean --format?"),
        (["export", "--format", "xls"], "Possible here: jsonl, csv."),
        (["send", "--text", "x"], "Missing: --conversation."),
        (["send", "--conversation", "1", "--text"], "A value has to follow --text."),
        (["send", "--conversation", "x", "--text", "x"], "a whole number from 1"),
        (["send", "--conversation", "0", "--text", "x"], "a whole number from 1"),
        (["send", "--conversation", "9" * 30, "--text", "x"], "a whole number from 1"),
        (["send", "--conversation", "1", "--text", "x", "--wait", "-1"], "from 0 to 3600"),
        (["send", "--conversation", "1", "--text", "x", "--wait", "nan"], "from 0 to 3600"),
        (["send", "--conversation", "1", "--text", "  "], "empty"),
        (["send", "--conversation", "1", "--text", "\udcff"], "UTF-8"),
        (["demo", "--pace", "0"], "from 0.05"),
        (["demo", "--data-dir", "here"], "without --config and --data-dir"),
        (["sync", "--once=1"], "--once takes no value."),
        (["config"], "Missing: check."),
        (["--data-dir"], "A value has to follow --data-dir."),
        (["export", "\x1b[31m"], "is not known here"),
    ],
)
def test_a_wrong_command_line_is_one_sentence_and_code_2(
    words: list[str], said: str, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(config, *words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert captured.err.count("\n") == 1
    assert "\x1b" not in captured.err


def test_the_version(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--version"], ["keys", "--version"]):
        assert run(config, *words) == 0
        assert capsys.readouterr().out == f"smm-inbox {__version__}\n"


def test_files_may_be_named_before_and_after_the_command() -> None:
    parser, _ = build()
    for words in (
        ["--config", "a", "--data-dir", "b", "sync"],
        ["sync", "--config", "a", "--data-dir", "b"],
        ["--config", "a", "sync", "--data-dir=b"],
        ["--config", "x", "sync", "--config", "a", "--data-dir", "b"],
    ):
        args = parser.parse_args(words)
        assert (args.config, args.data_dir, args.command) == ("a", "b", "sync")
    args = parser.parse_args(["sync"])
    assert (args.config, args.data_dir) == (None, None)


def test_keys_shows_the_keys_in_force(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(config, "keys") == 0
    assert "F10" in next(
        line for line in capsys.readouterr().out.splitlines() if "[composer.send]" in line
    )
    config.write_text('language = "en"\n[keys]\n"composer.sent" = "f10"\n', encoding="utf-8")
    assert run(config, "keys") == 2
    assert "Did you mean composer.send?" in capsys.readouterr().err


def test_keys_as_markdown(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(config, "keys", "--markdown") == 0
    assert "|---|---|---|" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 130),
        (BrokenPipeError(), 141),
        (UsageError("so"), 2),
        (RuntimeError("access_token=abcdef"), 1),
    ],
)
def test_every_end_has_its_code_and_no_traceback(
    error: BaseException,
    code: int,
    config: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr(entry, "_command", lambda _: fail)
    monkeypatch.setattr("smm_inbox.cli.output.hush", lambda: None)
    assert run(config, "keys") == code
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    assert "abcdef" not in captured.err
    assert captured.err.count("\n") == (1 if code in {1, 2} else 0)


def test_the_answer_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        def __init__(self, data: bytes) -> None:
            self.buffer = self
            self._data = data

        def read(self, _: int) -> bytes:
            return self._data

    set_language("en")
    monkeypatch.setattr(sys, "stdin", Input("\ufeffДа,\r\nждём!\x1b[1m\n".encode()))
    assert sending.text_of("-") == "Да,\nждём![1m"
    monkeypatch.setattr(sys, "stdin", Input(b"\xff\xfe"))
    with pytest.raises(UsageError, match="UTF-8"):
        sending.text_of("-")
