"""A parser that helps and complains in the operator's language, and the numbers it reads."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Iterable
from typing import NoReturn

from smm_inbox.config.problems import nearest
from smm_inbox.locale import tr

from .exits import UsageError


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Says "usage" in the language of the interface."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """Begin the help with the usage line."""
        super().add_usage(usage, actions, groups, prefix or tr("usage: "))


class Parser(argparse.ArgumentParser):
    """Raises ``UsageError`` with one clear sentence instead of printing and exiting."""

    def error(self, message: str) -> NoReturn:
        """Turn argparse's complaint into ours."""
        said = _sentence(message, self._words())
        raise UsageError(f"{said} " + tr("Help: {command}").format(command=f"{self.prog} --help"))

    def format_help(self) -> str:
        """The help without the empty line argparse leaves over the list of commands."""
        return super().format_help().replace("\n  \n", "\n", 1)

    def _words(self) -> list[str]:
        words: list[str] = []
        for action in self._actions:
            words.extend(action.option_strings)
            if isinstance(action.choices, dict):
                words.extend(action.choices)
                for parser in action.choices.values():
                    words.extend(option for a in parser._actions for option in a.option_strings)
        return words


def _sentence(message: str, words: list[str]) -> str:
    """Argparse's English message as a sentence; unknown ones are kept as they are."""
    if found := re.match(r"the following arguments are required: (.+)", message):
        return tr("Missing: {names}.").format(names=found.group(1))
    if found := re.match(r"argument (.+?): expected .*argument", message):
        return tr("A value has to follow {name}.").format(name=found.group(1))
    if found := re.match(r"argument (.+?): ignored explicit argument", message):
        return tr("{name} takes no value.").format(name=found.group(1))
    if found := re.match(r"argument .*?: invalid choice: (.*) \(choose from (.*)\)$", message):
        choices = [choice.strip("' ") for choice in found.group(2).split(", ")]
        return _unknown(found.group(1).strip("'"), choices)
    if found := re.match(r"unrecognized arguments: (.+)", message):
        return _unknown(found.group(1), words)
    if found := re.match(r"argument (.+?): (.+)", message):
        return tr("{name}: {problem}.").format(name=found.group(1), problem=found.group(2))
    return f"{message}."


def _unknown(found: str, words: list[str]) -> str:
    said = tr("“{word}” is not known here.").format(word=found)
    first = found.split(" ", 1)[0].partition("=")[0]
    return f"{said} {nearest(first, words)}".rstrip()


def number(low: float, high: float) -> Callable[[str], float]:
    """A number between ``low`` and ``high``."""

    def convert(text: str) -> float:
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(
                tr("a number from {low} to {high} is expected").format(
                    low=f"{low:g}", high=f"{high:g}"
                )
            )
        return value

    return convert


def whole(low: int, high: int = 2**63 - 1) -> Callable[[str], int]:
    """A whole number not below ``low``."""

    def convert(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,19}", text) or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(
                tr("a whole number from {low} is expected").format(low=low)
            )
        return int(text)

    return convert
