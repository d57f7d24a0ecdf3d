"""Texts that commands take from a file or from standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from smm_inbox.config.reasons import why
from smm_inbox.domain.errors import InboxError
from smm_inbox.locale import tr

from .exits import UsageError


def read_text(source: str, *, at_most: int) -> str:
    """The text of a file (``-``: standard input) of ``at_most`` bytes, with the line ends of Unix.

    Raises ``InboxError`` when it cannot be read, ``UsageError`` when it is too large or no UTF-8.
    """
    try:
        if source == "-":
            data = sys.stdin.buffer.read(at_most + 1)
        else:
            with Path(source).expanduser().open("rb") as file:
                data = file.read(at_most + 1)
    except OSError as error:
        sentence = tr("The file {file} cannot be read ({reason}).")
        sentence = sentence.replace("{file}", source).replace("{reason}", why(error))
        raise InboxError(sentence) from None
    if len(data) > at_most:
        raise UsageError(tr("The file {file} is too large.").replace("{file}", source))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        sentence = tr("The file {file} is not in UTF-8: save it as UTF-8.")
        raise UsageError(sentence.replace("{file}", source)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
