"""Secrets: where they may be kept, and that no error ever shows one."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from smm_inbox.config import secrets
from smm_inbox.config.loader import ConfigError, load
from smm_inbox.config.model import Settings
from smm_inbox.config.options import OptionKind, OptionSpec
from smm_inbox.locale import set_language

TOKEN = "vk1.a.Zq8-very_secret"
CHANNELS = {
    "vk": (
        OptionSpec("token", OptionKind.SECRET, "Token."),
        OptionSpec("user_token", OptionKind.SECRET, "Token."),
        OptionSpec("proxy", OptionKind.PROXY, "Proxy."),
    )
}
posix = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


def python(code: str) -> str:
    return f"cmd:{shlex.quote(sys.executable)} -c {shlex.quote(code)}"


def write(tmp_path: Path, *lines: str, mode: int = 0o600) -> Path:
    path = tmp_path / "config.toml"
    path.write_text("\n".join(("[accounts.cafe]", 'channel = "vk"', *lines)), encoding="utf-8")
    path.chmod(mode)
    return path


def failure(value: str) -> str:
    with pytest.raises(secrets.SecretError) as caught:
        secrets.resolve(value)
    assert TOKEN not in caught.value.sentence
    return caught.value.sentence


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory; ``broken`` makes it behave like a locked one."""

    priority = 1
    broken: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.broken:
            raise self.broken
        return TOKEN if (service, username) == ("smm-inbox", "cafe") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


@pytest.fixture
def ring() -> Iterator[Ring]:
    before = keyring.get_keyring()
    ring = Ring()  # type: ignore[no-untyped-call]
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_a_literal_is_itself() -> None:
    assert secrets.resolve(f" {TOKEN} ") == TOKEN


def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VK_TOKEN", f"{TOKEN}\n")
    assert secrets.resolve("env:VK_TOKEN") == TOKEN
    monkeypatch.setenv("VK_TOKEN", "  ")
    assert "VK_TOKEN is not set" in failure("env:VK_TOKEN")
    assert "nothing stands after" in failure("env:")


def test_a_command_gives_its_first_line() -> None:
    assert secrets.resolve(python(f"print('{TOKEN}\\r'); print('login: anna')")) == TOKEN


def test_a_command_is_not_a_shell(tmp_path: Path) -> None:
    target = tmp_path / "made"
    assert secrets.resolve(f"cmd:echo a; touch {target}") == f"a; touch {target}"
    assert not target.exists()


def test_a_command_gets_no_terminal_to_wait_on() -> None:
    assert "printed nothing" in failure(python("import sys; print(sys.stdin.read())"))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (python(f"import sys; print('{TOKEN}'); sys.exit(3)"), "ended with code 3"),
        (python("print()"), "printed nothing"),
        ("cmd:no-such-program-anywhere --x", "no-such-program-anywhere cannot be started"),
        ("cmd:pass 'show", "open quote"),
        (python(f"print('{TOKEN}\\x1b[1m')"), "invisible characters"),
    ],
)
def test_a_command_that_fails_is_told_without_its_output(value: str, said: str) -> None:
    assert said in failure(value)


def test_a_command_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "COMMAND_TIMEOUT", 0.2)
    assert "gave no answer" in failure(python("import time; time.sleep(60)"))


def test_the_keyring(ring: Ring) -> None:
    assert secrets.resolve("keyring:cafe") == TOKEN
    assert "keyring set smm-inbox other" in failure("keyring:other")
    ring.broken = keyring.errors.KeyringLocked(TOKEN)
    assert "does not open" in failure("keyring:cafe")
    ring.broken = RuntimeError(TOKEN)
    assert "does not open" in failure("keyring:cafe")


@posix
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_literal_in_a_file_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = write(tmp_path, f'token = "{TOKEN}"', f'user_token = "{TOKEN}"', mode=mode)
    with pytest.raises(ConfigError) as caught:
        load(path, CHANNELS)
    (problem,) = caught.value.problems
    assert f"chmod 600 {path}" in problem.sentence
    assert problem.key == "accounts.cafe.token"
    assert TOKEN not in str(caught.value)
    path.chmod(0o600)
    assert load(path, CHANNELS).accounts[0].options["token"] == TOKEN


@posix
def test_a_proxy_password_is_a_secret_too(tmp_path: Path) -> None:
    line = 'proxy = "socks5://anna:hunter2@127.0.0.1:1080"'
    path = write(tmp_path, line, mode=0o644)
    with pytest.raises(ConfigError) as caught:
        load(path, CHANNELS)
    assert "chmod 600" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    path.chmod(0o600)
    assert "hunter2" in load(path, CHANNELS).secrets


@posix
def test_references_may_stand_in_a_file_everybody_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VK_TOKEN", TOKEN)
    monkeypatch.setenv("PROXY", "http://anna:hunter2@127.0.0.1:3128")
    path = write(tmp_path, 'token = "env:VK_TOKEN"', 'proxy = "env:PROXY"', mode=0o644)
    settings = load(path, CHANNELS)
    assert settings.accounts[0].options["token"] == TOKEN
    assert settings.secrets >= {TOKEN, "hunter2"}


def settings_with_secret(tmp_path: Path) -> Settings:
    return load(write(tmp_path, f'token = "{TOKEN}"'), CHANNELS)


def test_settings_do_not_show_secrets_when_printed(tmp_path: Path) -> None:
    settings = settings_with_secret(tmp_path)
    assert TOKEN in settings.secrets
    assert TOKEN not in repr(settings)
    assert TOKEN not in f"{settings.accounts[0]}"


def test_a_secret_under_a_wrong_key_or_of_a_wrong_kind_is_not_echoed(tmp_path: Path) -> None:
    path = write(tmp_path, f'tokn = "{TOKEN}"', f'user_token = ["{TOKEN}"]', f'proxy = "{TOKEN}"')
    with pytest.raises(ConfigError) as caught:
        load(path, CHANNELS)
    assert len(caught.value.problems) == 3
    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(caught.value.problems)


def test_a_token_in_the_wrong_line_is_not_echoed(tmp_path: Path) -> None:
    long = TOKEN + "x" * 60
    path = tmp_path / "config.toml"
    path.write_text(f'language = "{long}"\ntimezone = "{long}"\n[accounts.a]\nchannel = "{long}"')
    with pytest.raises(ConfigError) as caught:
        load(path, CHANNELS)
    assert len(caught.value.problems) == 3
    assert TOKEN not in str(caught.value)


def test_secrets_of_a_switched_off_account_are_left_alone(tmp_path: Path) -> None:
    path = write(tmp_path, "enabled = false", 'token = "env:NOT_SET_ANYWHERE"')
    assert load(path, CHANNELS).accounts[0].options["token"] == "env:NOT_SET_ANYWHERE"
    path = write(tmp_path, 'token = "env:NOT_SET_ANYWHERE"')
    assert load(path, CHANNELS, resolve=False).accounts[0].enabled
    with pytest.raises(ConfigError, match="NOT_SET_ANYWHERE is not set"):
        load(path, CHANNELS)
