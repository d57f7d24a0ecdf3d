"""Turns the config file into settings, or tells everything that is wrong with it at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from smm_inbox.locale import tr

from .accounts import Channels, read_accounts
from .model import Settings
from .opening import read_hours
from .paths import default_data_dir
from .problems import ConfigError, Findings, Problem
from .rules import KeyCheck, KeyComplaint, read_keys, read_limits, read_undo
from .table import Table
from .toml_file import read

LANGUAGES = ("ru", "en", "auto")


def load(
    path: Path,
    channels: Channels,
    data_dir: Path | None = None,
    *,
    resolve: bool = True,
    check_keys: KeyCheck | None = None,
) -> Settings:
    """Read and check the config file.

    Args:
        path: The file.
        channels: Names of the channels and the options each declares.
        data_dir: Overrides the data folder of the file.
        resolve: Fetch the secrets of enabled accounts; otherwise references stay as written.
        check_keys: Judges the ``[keys]`` table; without it any command id is taken.

    Raises:
        ConfigError: with every problem of the file.
    """
    raw, findings = read(path)
    top = Table(findings, "", raw)
    settings = Settings(
        data_dir=_data_dir(top, path, data_dir),
        downloads_dir=_folder(top, path, "downloads_dir"),
        language=top.choice("language", "ru", LANGUAGES),
        business=top.text("business"),
        operator=top.text("operator"),
        theme=top.text("theme") or "dark",
        hours=read_hours(top),
        limits=read_limits(top, channels),
        undo=read_undo(top, channels),
        backfill_days=top.whole("backfill_days", 30, 0, 3650),
        check_old_days=top.whole("check_old_days", 7, 0, 3650),
        bell=top.flag("bell", True),
        keys=read_keys(top, check_keys),
        accounts=tuple(read_accounts(top, channels, resolve=resolve)),
        source=path,
    )
    top.close()
    if findings.problems:
        raise ConfigError(_in_file_order(findings))
    return settings


def remapped_keys(path: Path, check: KeyCheck) -> dict[str, tuple[str, ...]]:
    """Only the ``[keys]`` table of a file; an absent file has none.

    Raises:
        ConfigError: when the file or this table cannot be used.
    """
    if not path.exists():
        return {}
    raw, findings = read(path)
    keys = read_keys(Table(findings, "", raw), check)
    if findings.problems:
        raise ConfigError(_in_file_order(findings))
    return keys


def peek_language(path: Path) -> str:
    """The language of a file that may be missing or broken: its problems are told in it."""
    try:
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return "ru"
    try:
        tables: Mapping[str, object] = tomllib.loads(text.replace("\r\n", "\n"))
        word = tables.get("language")
    except (ValueError, RecursionError):
        line = next((row for row in text.splitlines() if row.strip().startswith("language")), "")
        word = line.partition("=")[2].partition("#")[0].strip(" \t\"'")
    return word if isinstance(word, str) and word in LANGUAGES else "ru"


def _data_dir(top: Table, path: Path, override: Path | None) -> Path:
    chosen = _folder(top, path, "data_dir")
    return (override.expanduser().absolute() if override else chosen) or default_data_dir()


def _folder(top: Table, path: Path, key: str) -> Path | None:
    text = top.get(key)
    if isinstance(text, str) and "\0" not in text:
        try:
            # A relative folder stands beside the file that names it, wherever we are started.
            return path.absolute().parent / Path(text).expanduser() if text else None
        except RuntimeError:
            top.bad(key, text, tr("the path of a folder"))
    elif text is not None:
        top.wrong(key, text, tr("the path of a folder"))
    return None


def _in_file_order(findings: Findings) -> list[Problem]:
    return sorted(findings.problems, key=lambda problem: problem.line or 0)


__all__ = [
    "Channels",
    "ConfigError",
    "KeyCheck",
    "KeyComplaint",
    "Problem",
    "load",
    "peek_language",
    "remapped_keys",
]
