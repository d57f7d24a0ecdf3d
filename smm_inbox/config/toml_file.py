"""Reads a TOML file into tables and tells on which line every key stands."""

from __future__ import annotations

import codecs
import re
import tomllib
from pathlib import Path

from smm_inbox.locale import tr

from .problems import ConfigError, Findings, Problem
from .reasons import why

_MAX_SIZE = 1_000_000
_PART = r"(?:[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')"
_PATH = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"^\s*\[\[?\s*({_PATH})\s*\]")
_KEY = re.compile(rf"^\s*({_PATH})\s*=")
_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)")


def read(path: Path) -> tuple[dict[str, object], Findings]:
    """Return the tables of ``path`` and an empty list of findings that knows the lines.

    Raises ``ConfigError`` when there is nothing to read or it is not TOML.
    """
    text = _decode(path, _bytes(path))
    try:
        tables: dict[str, object] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError([_explain(path, text, str(error))]) from None
    return tables, Findings(path, _lines(text))


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_SIZE + 1)
    except FileNotFoundError:
        hint = tr(
            "There is no config file yet: copy config.example.toml to this place and fill it in, "
            "or look around first with: smm-inbox demo"
        )
        raise ConfigError([Problem(path, "", hint=hint)]) from None
    except IsADirectoryError:
        hint = tr("This is a folder; give the path of the config file itself.")
        raise ConfigError([Problem(path, "", hint=hint)]) from None
    except OSError as error:
        hint = tr("The config file cannot be read: {reason}.").format(reason=why(error))
        raise ConfigError([Problem(path, "", hint=hint)]) from None
    if len(data) > _MAX_SIZE:
        hint = tr("This file is too big for a config file; is it the right one?")
        raise ConfigError([Problem(path, "", hint=hint)])
    return data


def _decode(path: Path, data: bytes) -> str:
    # Notepad writes a byte order mark and CRLF; both are fine, another encoding is not.
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        hint = tr("The file is not in UTF-8: open it in an editor and save it as UTF-8.")
        raise ConfigError([Problem(path, "", hint=hint, line=line)]) from None
    return text.replace("\r\n", "\n")


def _explain(path: Path, text: str, message: str) -> Problem:
    found = _POSITION.search(message)
    lines = text.split("\n")
    number = int(found.group(1)) if found else len(lines)
    # tomllib points at the start of the next line when a line ends too early.
    source = lines[number - 1] if 0 < number <= len(lines) else ""
    hint = tr("This is not TOML: check the quotes and the = sign of this line.")
    before_equals = source.partition("=")[0]
    if "Cannot overwrite" in message or "twice" in message or "Cannot mutate" in message:
        hint = tr("This key or table stands in the file twice: leave one of them.")
    elif "\\" in source and '"' in source:
        hint = tr("Inside double quotes a backslash has to be doubled; or use single quotes.")
    elif re.search(r"[^\x00-\x7f]|,", before_equals) and not re.search(r"[\"'\[]", before_equals):
        hint = tr("A key with Russian letters, a comma or a space has to stand in quotes.")
    elif "Invalid value" in message and re.search(r"=\s*[^\W\d]", source):
        hint = tr("The value is not understood: put text in double quotes.")
    return Problem(path, "", hint=hint, line=number)


def _lines(text: str) -> dict[str, int]:
    places: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            table = _dotted(header.group(1))
            places.setdefault(table, number)
        elif key := _KEY.match(line):
            path = _dotted(key.group(1))
            places.setdefault(f"{table}.{path}" if table else path, number)
    return places


def _dotted(path: str) -> str:
    return ".".join(part.strip("\"'") for part in re.findall(_PART, path))
