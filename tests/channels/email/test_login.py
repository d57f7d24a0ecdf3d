"""Getting in: each provider's refusal has its sentence, and none is asked again and again."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from smm_inbox.channels.email import settings
from smm_inbox.domain.errors import AuthExpired, NeedsHuman, RateLimited, Rejected, Retry
from smm_inbox.locale import set_language
from smm_inbox.sandbox.mail import MailSandbox, letter

from .certificates import certificate
from .support import answer, make, options, reading


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


@pytest.mark.parametrize(
    ("profile", "password", "words"),
    [
        ("gmail", "main-password", "app password"),
        ("mailru", "main-password", "external applications"),
        ("yandex", "main-password", "switch on IMAP"),
        ("plain", "main-password", "separate password"),
        ("gmail", "nonsense", "new app password"),
        ("mailru", "nonsense", "does not fit"),
        ("yandex", "nonsense", "die when the main password changes"),
        ("plain", "nonsense", "user name or password"),
    ],
)
async def test_a_refused_password_is_explained_and_tried_once(
    tmp_path: Path, profile: str, password: str, words: str
) -> None:
    with MailSandbox(profile) as mail:
        named = {} if profile == "plain" else {"provider": profile}
        channel = make(options(mail, password=password, **named), tmp_path)
        with pytest.raises(AuthExpired, match=words):
            await channel.connect()
        await channel.close()
        assert len(mail.access.logins) == 1


@pytest.mark.parametrize(("profile", "words"), [("gmail", "switched off"), ("plain", "switch on")])
async def test_imap_switched_off_is_told(tmp_path: Path, profile: str, words: str) -> None:
    with MailSandbox(profile) as mail:
        mail.access.imap_enabled = False
        named = {} if profile == "plain" else {"provider": profile}
        channel = make(options(mail, **named), tmp_path)
        with pytest.raises(AuthExpired, match=words):
            await channel.connect()
        await channel.close()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[UNAVAILABLE] Temporary authentication failure", Retry),
        ("[LIMIT] Too many simultaneous connections", RateLimited),
        ("[WEBALERT https://accounts.example/x] Web login required.", NeedsHuman),
    ],
)
async def test_other_refusals_are_not_taken_for_a_wrong_password(
    tmp_path: Path, text: str, error: type[Exception]
) -> None:
    with MailSandbox() as mail:
        mail.faults.add("imap:login", "reply", text=text)
        channel = make(options(mail), tmp_path)
        with pytest.raises(error):
            await channel.connect()
        await channel.close()


async def test_a_dropped_connection_is_not_taken_for_a_wrong_password(tmp_path: Path) -> None:
    with MailSandbox() as mail:
        mail.faults.add("imap:login", "drop")
        channel = make(options(mail), tmp_path)
        with pytest.raises(Retry):
            await channel.connect()
        await channel.close()


@pytest.mark.parametrize("profile", ["plain", "yandex", "gmail"])
async def test_a_token_is_fetched_anew_at_every_login(tmp_path: Path, profile: str) -> None:
    store = tmp_path / "token"
    store.write_text("sandbox-token\n")
    with MailSandbox(profile) as mail:
        table = {**options(mail), "token": f"cmd:cat {store}"}
        del table["password"]
        channel = make(table, tmp_path / "mail")
        await channel.connect()
        mail.renew_token("second")
        with pytest.raises(AuthExpired, match="token"):
            await channel.connect()
        store.write_text("second\n")
        identity = await channel.connect()
        assert identity.remote_id == mail.address
        assert [item.ok for item in await channel.diagnose()] == [True, True]
        await channel.close()


async def test_a_token_that_cannot_be_fetched_says_why(tmp_path: Path) -> None:
    with MailSandbox() as mail:
        channel = make(options(mail, token="env:NOT_THERE_AT_ALL"), tmp_path)
        with pytest.raises(AuthExpired, match="NOT_THERE_AT_ALL"):
            await channel.connect()
        await channel.close()


@pytest.mark.parametrize("password", ['sp ace "quo\\te"', "пароль", "p%ss{3}"])
async def test_passwords_of_any_shape_open_both_servers(tmp_path: Path, password: str) -> None:
    with MailSandbox() as mail:
        mail.change_password(password)
        channel = make(options(mail, password=password), tmp_path)
        assert [item.ok for item in await channel.diagnose()] == [True, True]
        await channel.close()


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_protected_connections_trust_the_named_authority(
    tmp_path: Path, security: str
) -> None:
    chain, key = certificate(tmp_path)
    with MailSandbox(certificate=(chain, key), starttls=security == "starttls") as mail:
        servers = {
            "imap": {"host": "127.0.0.1", "port": mail.imap_port, "security": security},
            "smtp": {"host": "127.0.0.1", "port": mail.smtp_port, "security": security},
        }
        mail.customer_writes(letter("раз", message_id="<1@m.example>"))
        async with reading(mail, tmp_path / "a", **servers, ca_file=str(chain)) as (
            channel,
            stream,
        ):
            await channel.send(answer(stream.messages[0], "два"))
            await stream.text("два")
        stranger = make(options(mail, **servers), tmp_path / "b")
        with pytest.raises(Rejected, match="prove who it is"):
            await stranger.connect()
        checks = await stranger.diagnose()
        assert [item.ok for item in checks] == [False, False]
        assert all("prove who it is" in item.sentence for item in checks)
        await stranger.close()
        assert all(ok for _, _, ok in mail.access.logins)


async def test_a_server_without_starttls_gets_no_password(tmp_path: Path) -> None:
    with MailSandbox() as mail:
        servers = {
            "imap": {"host": "127.0.0.1", "port": mail.imap_port, "security": "starttls"},
            "smtp": {"host": "127.0.0.1", "port": mail.smtp_port, "security": "starttls"},
        }
        channel = make(options(mail, **servers), tmp_path)
        with pytest.raises(Rejected, match="no protection"):
            await channel.connect()
        assert [item.ok for item in await channel.diagnose()] == [False, False]
        await channel.close()
        assert mail.access.logins == []


async def test_a_missing_authority_file_is_named(tmp_path: Path) -> None:
    with MailSandbox() as mail:
        channel = make(options(mail, ca_file=str(tmp_path / "no.pem")), tmp_path)
        with pytest.raises(Rejected, match="ca_file"):
            await channel.connect()
        await channel.close()


def test_the_provider_fills_in_the_servers() -> None:
    read = settings.read({"address": "info@yandex.ru", "password": "x"})
    assert (read.imap.host, read.imap.port, read.smtp.port) == ("imap.yandex.ru", 993, 465)
    read = settings.read(
        {"address": "a@b.example", "password": "x", "provider": "gmail", "imap": {"port": 1993}}
    )
    assert (read.imap.host, read.imap.port, read.smtp.host) == (
        "imap.gmail.com", 1993, "smtp.gmail.com"
    )  # fmt: skip
    assert read.imap.security is settings.Security.TLS


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"address": "no address", "password": "x"}, "not a mail address"),
        ({"address": "a@b.example"}, "password or a token"),
        ({"address": "a@b.example", "password": "x"}, "imap server"),
        (
            {
                "address": "a@b.example",
                "password": "x",
                "imap": {"host": "mail.b.example", "security": "none"},
            },
            "in the open",
        ),
        (
            {"address": "a@ya.ru", "password": "x", "proxy": "https://proxy.example:1"},
            "https:// proxy",
        ),
    ],
)
def test_what_the_config_lacks_is_said_before_any_connection(
    table: dict[str, object], words: str
) -> None:
    with pytest.raises(Rejected, match=words):
        settings.read(table)


def test_nothing_shows_a_secret() -> None:
    read = settings.read({"address": "info@ya.ru", "password": "hush-hush", "token": "psst"})
    assert "hush" not in repr(read)
    assert "psst" not in repr(read)
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED
