"""Entry of the command line: picks the language, runs the command, turns errors into sentences."""

from __future__ import annotations

import logging
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from smm_inbox.config import logs
from smm_inbox.config.loader import ConfigError, peek_language
from smm_inbox.config.paths import default_config
from smm_inbox.domain.errors import InboxError
from smm_inbox.locale import set_language, tr

from . import opening, output
from .arguments import build
from .exits import Exit, UsageError

_log = logging.getLogger(__name__)

_NAMES = {"login": "log_in", "logout": "log_out", "config": "check_config"}
"""Commands whose function is not called as they are."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with ``argv`` (``sys.argv`` by default) and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    logs.silence()
    set_language(peek_language(_config_named_in(words)))
    try:
        return int(_run(words))
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        output.hush()
        return Exit.PIPE
    except (UsageError, ConfigError) as error:
        output.complain(error.sentence)
        return Exit.USAGE
    except InboxError as error:
        _log.error("%s", error.sentence, exc_info=error)
        output.complain(error.sentence)
        return _code_of(error)
    except Exception:
        # The last line of defence: a traceback says nothing to a cashier and may hold secrets.
        _log.exception("unexpected")
        output.complain(
            tr("Something went wrong that should not have. Messages are safe; {where}").format(
                where=_log_hint()
            )
        )
        return Exit.TROUBLE


def _run(words: list[str]) -> Exit:
    parser, _ = build()
    try:
        args = parser.parse_args(words)
    except SystemExit:  # --help and --version have been printed
        sys.stdout.flush()
        return Exit.FINE
    return _command(args.command)(args)


def _command(word: str | None) -> Callable[[Namespace], Exit]:
    """The function of a command; the screen must not wait for the modules of the others."""
    if word in {None, "demo"}:
        return opening.screen if word is None else opening.demo
    from . import commands  # noqa: PLC0415 - not for the screen

    found: Callable[[Namespace], Exit] = getattr(commands, _NAMES.get(word or "", word or ""))
    return found


def _config_named_in(words: list[str]) -> Path:
    """The config file of the command line, before it is parsed: help needs its language."""
    for index, word in enumerate(words):
        if word.startswith("--config="):
            return Path(word.partition("=")[2])
        if word == "--config" and index + 1 < len(words):
            return Path(words[index + 1])
    return default_config()


def _code_of(error: InboxError) -> Exit:
    from smm_inbox.bootstrap import DataDirBusy  # noqa: PLC0415 - loads the database library

    return Exit.BUSY if isinstance(error, DataDirBusy) else Exit.TROUBLE


def _log_hint() -> str:
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.FileHandler):
            return tr("details are in {file}").format(file=handler.baseFilename)
    return tr("please report what you did")
