"""The log file: rotating, private, without secrets; nothing ever reaches the terminal from here."""

from __future__ import annotations

import logging
import logging.handlers
import os
import re
import sys
import threading
from collections.abc import Iterable
from functools import cache
from io import TextIOWrapper
from pathlib import Path
from urllib.parse import quote, quote_plus

from smm_inbox.domain.errors import InboxError
from smm_inbox.locale import tr

from .paths import LOG_NAME, make_private
from .reasons import why

_MAX_BYTES = 2_000_000
_FILES = 3
_MASK = "***"
_SHORTEST = 4
# A shorter known secret would blacken half of every line, and hides nothing anyway.

_NAMES = (
    "access_token|refresh_token|service_token|success_token|session_token|client_secret|captcha_key|api_hash|"
    "password|passwd|passphrase|secret|token|key|hash|sig|sid"
)
_SHAPES: tuple[tuple[str, str], ...] = (
    # Authorization and Cookie headers, as text and as items of a printed dictionary.
    (
        r"(?i)((?:proxy-)?authorization|(?:set-)?cookie)([\"']?\s*[:=,]\s*[\"']?)"
        r"((?:bearer|basic|oauth|token|digest)\s+)?[^\r\n\"']+",
        rf"\1\2\3{_MASK}",
    ),
    # "access_token": "…" in JSON and in a printed dictionary, also with escaped quotes.
    (
        rf"(?i)(\\?[\"'](?:{_NAMES})\\?[\"']\s*[:,]\s*\\?[\"'])[^\"'\\\r\n]+",
        rf"\1{_MASK}",
    ),
    # access_token=…, key=… of the long poll, in addresses and form bodies.
    (
        rf"(?i)(?:\b|(?<=%3F)|(?<=%26))({_NAMES})(=|%3D)[^&\s\"'<>)\],;]+",
        rf"\1\2{_MASK}",
    ),
    # Tokens by their shape, wherever they stand: vk1.a.… and the older long hexadecimal ones.
    (r"vk\d\.[a-z]\.[\w-]+", _MASK),
    (r"\b[0-9a-fA-F]{60,}\b", _MASK),
    # Instagram's.
    (r"\bIG[A-Z]{2}[\w.-]{12,}", _MASK),
    # User and password of a proxy or a server.
    (r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/@:\"']*:[^\s/@\"']*@", rf"\1{_MASK}@"),
)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """What secrets look like; compiled for the first line that is logged, not for the start."""
    return tuple((re.compile(shape), mask) for shape, mask in _SHAPES)


_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Redactor:
    """Replaces secrets in a text: the known ones and everything that looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms: set[str] = set()
        for secret in secrets:
            if len(secret) >= _SHORTEST:
                plain = repr(secret)[1:-1]
                forms |= {secret, quote(secret, safe=""), quote_plus(secret), plain}
        longest_first = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def __call__(self, text: str) -> str:
        """Return ``text`` without secrets."""
        if self._known:
            text = self._known.sub(_MASK, text)
        for pattern, mask in _patterns():
            text = pattern.sub(mask, text)
        return text


class RedactingFormatter(logging.Formatter):
    """Formats a record and redacts the result: message, arguments, exception and stack alike."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """One entry; foreign text can neither forge a line of its own nor steer a terminal."""
        text = self._redact(super().format(record))
        text = _CONTROLS.sub(lambda found: f"\\x{ord(found.group()):02x}", text)
        return text.replace("\n", "\n    ")


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating file that nobody else may read, not even for the moment of its creation."""

    def _open(self) -> TextIOWrapper:
        def opener(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        file = open(  # noqa: SIM115 - the handler closes it
            self.baseFilename, "a", encoding="utf-8", errors="replace", opener=opener
        )
        if os.name == "posix":
            os.fchmod(file.fileno(), 0o600)
        return file


def silence() -> None:
    """Keep every library off the terminal until there is a log file."""
    logging.raiseExceptions = False
    logging.lastResort = None
    root = logging.getLogger()
    if not root.handlers:
        # Without any handler logging itself would complain on stderr.
        root.addHandler(logging.NullHandler())


def set_up(data_dir: Path, secrets: Iterable[str] = ()) -> Path:
    """Send all logging to a private rotating file in ``data_dir``; return its path.

    Warnings of libraries and exceptions nobody waits for go there as well. May be called again.

    Raises:
        InboxError: the file cannot be written.
    """
    silence()
    path = make_private(data_dir) / LOG_NAME
    try:
        handler = _PrivateFile(path, maxBytes=_MAX_BYTES, backupCount=_FILES - 1)
    except OSError as error:
        raise InboxError(
            tr("The log file {file} cannot be written ({reason}).").format(
                file=path, reason=why(error)
            )
        ) from None
    handler.setFormatter(RedactingFormatter(Redactor(secrets)))
    root = logging.getLogger()
    for old in list(root.handlers):
        if type(old) in {logging.NullHandler, logging.StreamHandler, _PrivateFile}:
            root.removeHandler(old)
            old.close()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for chatty in ("urllib3", "requests", "httpx", "httpcore", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    threading.excepthook = _thread_failed
    sys.unraisablehook = _unraisable
    return path


def _thread_failed(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
        name = args.thread.name if args.thread else "?"
        logging.getLogger("smm_inbox.threads").error(
            "thread %s failed", name, exc_info=args.exc_value
        )


def _unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    logging.getLogger("smm_inbox.unraisable").error(
        "%s", unraisable.err_msg or "ignored exception", exc_info=unraisable.exc_value
    )
