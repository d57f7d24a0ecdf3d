"""Options of an account that are more than one line: tables, lists, texts, renewable secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from smm_inbox.config.loader import ConfigError, load
from smm_inbox.config.model import AccountSettings
from smm_inbox.config.options import OptionKind, OptionSpec
from smm_inbox.locale import set_language

CHANNELS = {
    "mail": (
        OptionSpec(
            "imap",
            OptionKind.TABLE,
            "Server.",
            fields=(
                OptionSpec("host", OptionKind.TEXT, "Host.", required=True),
                OptionSpec("port", OptionKind.INTEGER, "Port.", minimum=1, default=993),
                OptionSpec("security", OptionKind.TEXT, "TLS.", choices=("tls", "none")),
                OptionSpec("key", OptionKind.SECRET, "Key."),
            ),
        ),
        OptionSpec("folders", OptionKind.LIST, "Folders."),
        OptionSpec("signature", OptionKind.LINES, "Signature."),
        OptionSpec("token", OptionKind.RENEWABLE, "Token."),
        OptionSpec("provider", OptionKind.TEXT, "Provider.", choices=("yandex", "gmail")),
    )
}


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    set_language("en")
    monkeypatch.setenv("TOKEN", "token-of-the-hour")
    monkeypatch.setenv("KEY", "inner-key")


def read(tmp_path: Path, text: str) -> AccountSettings:
    path = tmp_path / "config.toml"
    path.write_text(f'[accounts.info]\nchannel = "mail"\n{text}', encoding="utf-8")
    path.chmod(0o600)
    (account,) = load(path, CHANNELS).accounts
    return account


def test_a_table_is_checked_key_by_key_and_fills_its_defaults(tmp_path: Path) -> None:
    account = read(tmp_path, 'imap = { host = "h", security = "tls", key = "env:KEY" }')
    assert account.options["imap"] == {
        "host": "h",
        "port": 993,
        "security": "tls",
        "key": "inner-key",
    }
    assert account.secrets == {"inner-key"}


def test_a_renewable_secret_stays_a_reference_and_its_value_is_hidden(tmp_path: Path) -> None:
    account = read(tmp_path, 'token = "env:TOKEN"')
    assert account.options["token"] == "env:TOKEN"
    assert account.secrets == {"token-of-the-hour"}


def test_texts_of_several_lines_and_lists_arrive_clean(tmp_path: Path) -> None:
    account = read(
        tmp_path, 'signature = """\nАнна\\u001b\nТёплый угол\n"""\nfolders = ["Заказы", " Сайт "]'
    )
    assert account.options["signature"] == "Анна\nТёплый угол"
    assert account.options["folders"] == ("Заказы", "Сайт")


@pytest.mark.parametrize(
    ("line", "path", "said"),
    [
        ('imap = { hst = "h" }', "accounts.info.imap.hst", "host"),
        ('imap = { host = "h", port = 0 }', "accounts.info.imap.port", "from 1"),
        ('imap = { host = "h", security = "tsl" }', "accounts.info.imap.security", "tls, none"),
        ("imap = 5", "accounts.info.imap", "a table"),
        ("imap = { port = 1 }", "accounts.info.imap.host", "Host"),
        ('folders = "INBOX"', "accounts.info.folders", "square brackets"),
        ("folders = [1]", "accounts.info.folders", "square brackets"),
        ("signature = 7", "accounts.info.signature", "text in quotes"),
        ('provider = "yandx"', "accounts.info.provider", "yandex"),
        ('token = "env:NOWHERE"', "accounts.info.token", "NOWHERE"),
    ],
)
def test_what_is_wrong_inside_is_named_by_its_whole_path(
    tmp_path: Path, line: str, path: str, said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, line)
    found = {problem.key: str(problem) + repr(problem) for problem in caught.value.problems}
    assert path in found
    assert said in found[path]


def test_without_its_table_nothing_inside_is_missed(tmp_path: Path) -> None:
    assert read(tmp_path, "").options == {}
