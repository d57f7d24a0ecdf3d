"""The log file: private, bounded, without secrets, and nothing beside it."""

from __future__ import annotations

import gc
import logging
import logging.handlers
import os
import stat
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_inbox.config import logs
from smm_inbox.domain.errors import InboxError

KNOWN = "Pass word+1/é"
LEAKS = [
    "https://api.vk.ru/method/users.get?access_token={s}&v=5.199",
    "open https://id.vk.ru/not_robot_captcha?domain=vk.com&session_token={s}",
    "POST body: v=5.199&access_token={s}",
    "https://lp.vk.ru/wh1?act=a_check&key={s}&ts=42&wait=25",
    "HTTPSConnectionPool(host='lp.vk.ru', port=443): url: /wh1?key={s} (Caused by timeout)",
    "Authorization: Bearer {s}",
    "{{'Authorization': 'Bearer {s}', 'Accept': '*/*'}}",
    '{{"Proxy-Authorization": "Basic {s}"}}',
    "Cookie: remixsid={s}; path=/",
    '{{"access_token": "{s}", "user_id": 1}}',
    "{{'access_token': '{s}'}}",
    '{{\\"access_token\\": \\"{s}\\"}}',
    "[{{'key': 'access_token', 'value': 1}}] token={s}",
    "client_secret={s}",
    "password={s}",
    "redirect?url=https%3A%2F%2Fx%2F%3Faccess_token%3D{s}",
    "socks5://anna:{s}@127.0.0.1:1080",
    "http://:{s}@proxy.example:3128/path",
]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before = (list(root.handlers), root.level, logging.lastResort, logging.raiseExceptions)
    hooks = (threading.excepthook, sys.unraisablehook)
    yield logs.set_up(tmp_path / "data", [KNOWN])
    for handler in list(root.handlers):
        if isinstance(handler, logging.handlers.RotatingFileHandler):
            root.removeHandler(handler)
            handler.close()
    root.handlers[:], level, logging.lastResort, logging.raiseExceptions = before
    root.setLevel(level)
    threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(False)


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("secret", ["0123456789abcdefSECRET", "s3cr-t_"])
def test_what_looks_like_a_secret_is_masked(leak: str, secret: str) -> None:
    text = logs.Redactor()(leak.format(s=secret))
    assert secret not in text
    assert "***" in text


@pytest.mark.parametrize("token", ["vk1.a.AbC-_123", "vk2.b.x1", "0123456789abcdef" * 5 + "01234"])
def test_a_token_is_known_by_its_shape(token: str) -> None:
    assert logs.Redactor()(f"sent with {token}, fine") == "sent with ***, fine"


def test_ordinary_text_stays_readable() -> None:
    text = "account cafe-vk: waiting until 14:05; https://vk.com/wall-1_2?reply=3 monkey keys"
    assert logs.Redactor([KNOWN])(text) == text


def test_message_arguments_exception_and_stack_are_redacted(log: Path) -> None:
    logger = logging.getLogger("smm_inbox.test")
    try:
        raise ValueError(f"failed at https://x/?access_token=abc123 with {KNOWN}")
    except ValueError:
        logger.exception("sent %s and %r", {"token": KNOWN}, ["vk1.a.qwerty"], stack_info=True)
    text = log.read_text(encoding="utf-8")
    assert "failed at https://x/?access_token=***" in text
    for secret in (KNOWN, "abc123", "vk1.a.qwerty", "Pass%20word"):
        assert secret not in text


@given(st.text(min_size=4).filter(lambda text: text.isprintable() and text not in "***"))
def test_a_known_secret_never_passes_in_any_spelling(secret: str) -> None:
    from urllib.parse import quote, quote_plus

    redact = logs.Redactor([secret])
    for form in (secret, quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1]):
        # Marks around it: a mask must not hide what a neighbour would have hidden anyway.
        assert form not in redact(f"<{form}>").replace("***", "\0")


def test_the_file_and_its_folder_are_private(log: Path) -> None:
    if os.name == "posix":
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_log_that_others_could_read_is_closed_to_them(log: Path, tmp_path: Path) -> None:
    old = tmp_path / "old" / log.name
    old.parent.mkdir()
    old.write_text("before\n", encoding="utf-8")
    old.chmod(0o644)
    logs.set_up(old.parent)
    assert stat.S_IMODE(old.stat().st_mode) == 0o600
    assert old.read_text(encoding="utf-8").startswith("before")


def test_the_log_is_bounded_and_stays_private(log: Path) -> None:
    logger = logging.getLogger("smm_inbox.test")
    for _ in range(90):
        logger.info("x" * 100_000)
    files = sorted(log.parent.iterdir())
    assert [file.name for file in files] == [log.name, f"{log.name}.1", f"{log.name}.2"]
    assert sum(file.stat().st_size for file in files) <= 6_000_000
    if os.name == "posix":
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_foreign_text_cannot_forge_entries_or_steer_a_terminal(log: Path) -> None:
    logging.getLogger("smm_inbox.test").warning(
        "name %s", "\x1b]52;c;x\x07\n2026 ERROR forged\u202e"
    )
    lines = log.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    assert "\\x1b]52;c;x\\x07" in lines[0]
    assert lines[1].startswith("    ")
    assert "\u202e" not in lines[1]


def test_nothing_reaches_stderr(log: Path, capfd: pytest.CaptureFixture[str]) -> None:
    class Loud:
        def __del__(self) -> None:
            raise RuntimeError("in a finaliser")

    def fail() -> None:
        raise RuntimeError("in a thread")

    logging.getLogger("vk_api").warning("Too many requests! Sleeping 0.5 sec...")
    logging.getLogger("broken").warning("%d", "not a number")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old way", DeprecationWarning, stacklevel=1)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    loud = Loud()
    del loud
    gc.collect()
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")
    text = log.read_text(encoding="utf-8")
    for said in ("Too many requests!", "old way", "in a thread", "in a finaliser"):
        assert said in text


def test_silence_needs_no_file(capfd: pytest.CaptureFixture[str], log: Path) -> None:
    root = logging.getLogger()
    kept = list(root.handlers)
    root.handlers.clear()
    try:
        logs.silence()
        logging.getLogger("vk_api").error("x")
    finally:
        root.handlers[:] = kept
    assert capfd.readouterr().err == ""


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(InboxError, match=str(blocked)):
        logs.set_up(blocked / "data")
