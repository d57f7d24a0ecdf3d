"""``config.example.toml`` is complete, explained, and works as it stands."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from smm_inbox.channels.registry import Options
from smm_inbox.config.loader import load
from smm_inbox.config.model import AccountSettings, Settings
from smm_inbox.ui.commands import validate

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")
# An option that is off: "#key = value". Prose has a space after the #.
OFF = re.compile(r"^#(?=[\"\w][^=\n]* = )", re.MULTILINE)
ON_THEIR_OWN = {"zone", "source", "accounts", "hours", "limits", "undo", "keys"}


def load_text(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return load(path, Options(), resolve=False, check_keys=validate)


def test_it_loads_without_a_problem(tmp_path: Path) -> None:
    settings = load_text(tmp_path, TEXT)
    assert [account.id for account in settings.accounts] == [
        "cafe-vk",
        "cafe-tg",
        "info-mail",
        "cafe-ig",
    ]


def test_it_loads_with_everything_switched_on(tmp_path: Path) -> None:
    # The line with another Friday is there to show the syntax; it would set the day twice.
    text = OFF.sub("", TEXT).replace('mon-fri = "', 'mon-thu = "')
    settings = load_text(tmp_path, text)
    assert settings.keys
    for account in settings.accounts:
        known = {spec.name for spec in Options()[account.channel]}
        assert set(account.options) == known, account.id


def test_it_names_every_setting_and_table() -> None:
    keys = set(re.findall(r"^#?\"?([\w.-]+)\"? = ", TEXT, re.MULTILINE))
    settings = {field.name for field in fields(Settings)} - ON_THEIR_OWN
    account = {field.name for field in fields(AccountSettings)} - {"id", "options", "secrets"}
    options = {spec.name for specs in Options().values() for spec in specs}
    assert settings | account | options | {"timezone", "holidays"} <= keys
    for table in ("hours", "limits", "undo", "keys", "accounts.cafe-vk", "accounts.cafe-ig"):
        assert f"\n[{table}]\n" in TEXT


def test_every_setting_is_explained_in_both_languages() -> None:
    for paragraph in TEXT.split("\n\n"):
        lines = paragraph.splitlines()
        first = next((i for i, line in enumerate(lines) if re.match(r"#?[\"\w].* = ", line)), None)
        if first is not None:
            said = "\n".join(line for line in lines[:first] if line.startswith("# "))
            assert re.search("[A-Za-z]{3}", said), paragraph
            assert re.search("[А-Яа-я]{3}", said), paragraph


def test_it_shows_the_defaults(tmp_path: Path) -> None:
    settings = load_text(tmp_path, TEXT)
    for name in ("language", "theme", "bell", "backfill_days", "undo"):
        default = {field.name: field for field in fields(Settings)}[name]
        value = default.default_factory() if callable(default.default_factory) else default.default
        assert getattr(settings, name) == value, name
