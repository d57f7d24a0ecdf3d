"""The shape of the command line, with help and complaints in the operator's language."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Iterable
from typing import NoReturn

from smm_inbox import __version__
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


def build(*, prog: str = "smm-inbox") -> tuple[Parser, dict[str, Parser]]:
    """The parser of the program and the parsers of its commands by name."""
    parser = Parser(
        prog=prog,
        usage="%(prog)s [--config FILE] [--data-dir DIR] [COMMAND …]",
        description=tr(
            "One inbox in the terminal for everybody who writes to your business. "
            "Without a command it opens the inbox."
        ),
        epilog=_exit_codes(),
        formatter_class=Formatter,
        add_help=False,
        allow_abbrev=False,
    )
    _common(parser, top=True)
    commands = parser.add_subparsers(
        title=tr("Commands"), dest="command", metavar="", prog=prog, parser_class=Parser
    )
    made: dict[str, Parser] = {}

    def command(name: str, text: str) -> argparse._ArgumentGroup:
        made[name] = commands.add_parser(
            name,
            help=text,
            description=text,
            epilog=_exit_codes(),
            formatter_class=Formatter,
            add_help=False,
            allow_abbrev=False,
        )
        return _common(made[name], top=False)

    _demo(command("demo", tr("try the inbox on a made-up cafe; nothing leaves this machine")))
    _sync(command("sync", tr("collect new messages without the screen")))
    _send(command("send", tr("send one answer and wait until it has arrived")))
    _add(command("add", tr("write down a call, a visit, a review; or import a table of them")))
    _search(command("search", tr("search all stored messages")))
    _export(command("export", tr("write out all stored messages")))
    _doctor(command("doctor", tr("check settings, tokens, rights and the database")))
    _hooks(command("hooks", tr("take Instagram's webhooks from a tunnel or relay")))
    _login(command("login", tr("log an account in, step by step")))
    _account(command("logout", tr("end the login of an account on the network")))
    _tags(command("tags", tr("list the tags, rename, merge or delete them")))
    _playbook(command("playbook", tr("write the playbook out, or read an edited one in")))
    _scripts(command("scripts", tr("write the scripts out, or take scripts out of a file")))
    _handover(command("handover", tr("write what the next one on duty has to know")))
    command("config", tr("“config check” checks the config file"))
    checks = made["config"].add_argument_group(tr("Commands"))
    checks.add_argument("what", choices=("check",), metavar="check", help=tr("check the file"))
    group = command("keys", tr("list all keys"))
    group.add_argument("--markdown", action="store_true", help=tr("as the table of the README"))
    return parser, made


def _common(parser: Parser, *, top: bool) -> argparse._ArgumentGroup:
    # After the command a missing option must not undo what stood before the command.
    absent = None if top else argparse.SUPPRESS
    group = parser.add_argument_group(tr("Options"))
    group.add_argument("-h", "--help", action="help", help=tr("show this help"))
    group.add_argument(
        "--version",
        action="version",
        version=f"smm-inbox {__version__}",
        help=tr("show the version"),
    )
    group.add_argument("--config", metavar="FILE", default=absent, help=tr("the config file"))
    group.add_argument(
        "--data-dir", metavar="DIR", default=absent, help=tr("the folder with messages and the log")
    )
    return group


def _demo(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--seed",
        type=whole(0, 2**31),
        default=7,
        metavar="N",
        help=tr("another number tells another day"),
    )
    group.add_argument(
        "--pace",
        type=number(0.05, 3600),
        default=6.0,
        metavar="SECONDS",
        help=tr("seconds between two customers (6)"),
    )


def _sync(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--once",
        action="store_true",
        help=tr("catch up, send what is due, print a summary and stop"),
    )
    group.add_argument(
        "--account",
        metavar="NAME",
        action="append",
        default=[],
        help=tr("only this account; may be given several times"),
    )
    group.add_argument("--json", action="store_true", help=tr("print JSON"))


def _send(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--conversation",
        type=whole(1),
        required=True,
        metavar="ID",
        help=tr("number of the conversation, as in the export"),
    )
    group.add_argument(
        "--text",
        required=True,
        metavar="TEXT",
        help=tr("the answer; - reads it from standard input"),
    )
    group.add_argument(
        "--wait",
        type=number(0, 3600),
        default=60.0,
        metavar="SECONDS",
        help=tr("how long to wait for the outcome (60)"),
    )


def _add(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "line",
        nargs="*",
        metavar="LINE",
        help=tr("one line, for example: book Smith 89161234567 cold soup by fri"),
    )
    group.add_argument(
        "--csv",
        metavar="FILE",
        default="",
        help=tr(
            "a table of reviews or leads; an import cannot be taken back, so try it with --dry-run"
        ),
    )
    group.add_argument(
        "--skip-broken",
        action="store_true",
        help=tr("import the rows that are whole; without it one broken row stops everything"),
    )
    group.add_argument(
        "--dry-run", action="store_true", help=tr("only say how it would be understood")
    )
    group.add_argument("--json", action="store_true", help=tr("print JSON"))


def _search(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "query",
        metavar="WORDS",
        nargs="+",
        help=tr("what to look for, as in the search of the inbox; quote -words: 'soup -cold'"),
    )
    group.add_argument(
        "--limit",
        type=whole(1),
        default=50,
        metavar="N",
        help=tr("at most so many messages (50)"),
    )
    group.add_argument(
        "--by-time", action="store_true", help=tr("the newest first, not the closest")
    )
    group.add_argument("--json", action="store_true", help=tr("print JSON"))


def _export(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--format",
        choices=("jsonl", "csv"),
        default="jsonl",
        metavar="jsonl|csv",
        help=tr("one JSON object per line, or a table"),
    )
    group.add_argument(
        "--delimiter",
        choices=(",", ";", "tab"),
        default=",",
        metavar=",|;|tab",
        help=tr("between the columns of the table; Russian Excel wants ;"),
    )
    group.add_argument(
        "--output",
        metavar="FILE",
        default="-",
        help=tr("the file to write; otherwise standard output"),
    )


def _doctor(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--json", action="store_true", help=tr("print JSON"))
    group.add_argument(
        "--fix",
        action="store_true",
        help=tr("offer to put right what can be put right; asks before each"),
    )


def _hooks(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--listen",
        metavar="ADDRESS",
        default="127.0.0.1:8443",
        help=tr("where the tunnel ends (127.0.0.1:8443)"),
    )
    group.add_argument(
        "--account",
        metavar="NAME",
        action="append",
        default=[],
        help=tr("only this account; may be given several times"),
    )


def _login(group: argparse._ArgumentGroup) -> None:
    _account(group)
    group.add_argument(
        "--code",
        action="store_true",
        help=tr("by a code from the network's app instead of a QR code"),
    )
    group.add_argument(
        "--phone",
        metavar="NUMBER",
        default="",
        help=tr("the phone of the account, when it is not in the config file"),
    )


def _account(group: argparse._ArgumentGroup) -> None:
    group.add_argument("account", metavar="ACCOUNT", help=tr("the account's name in the config"))


def _tags(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "what",
        choices=("list", "rename", "merge", "delete"),
        metavar="list|rename|merge|delete",
        nargs="?",
        default="list",
        help=tr("rename OLD NEW, merge WHAT INTO, delete NAME; without a word they are listed"),
    )
    group.add_argument("names", metavar="NAME", nargs="*", help=tr("names of tags"))
    group.add_argument(
        "--yes", action="store_true", help=tr("do not ask before what cannot be taken back")
    )
    group.add_argument("--json", action="store_true", help=tr("print JSON"))


def _playbook(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "what",
        choices=("export", "import", "reset"),
        metavar="export|import|reset",
        help=tr("write it to a file, read it from a file, or bring the shipped one back"),
    )
    group.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        default="-",
        help=tr("the TOML file; otherwise standard input or output"),
    )


def _scripts(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "what",
        choices=("export", "import"),
        metavar="export|import",
        help=tr("write them to a file, or take them out of a file"),
    )
    group.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        default="-",
        help=tr("the TOML file; otherwise standard input or output"),
    )
    group.add_argument(
        "--output",
        metavar="FILE",
        default="",
        help=tr("the file to write; otherwise standard output"),
    )
    group.add_argument(
        "--replace",
        action="store_true",
        help=tr("write anew the scripts that are here with another text; cannot be undone"),
    )
    group.add_argument(
        "--skip-broken",
        action="store_true",
        help=tr("leave out the scripts with a mistake; otherwise one mistake stops everything"),
    )


def _handover(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--output",
        metavar="FILE",
        default="-",
        help=tr("the file to write; otherwise standard output"),
    )
    group.add_argument(
        "--end", action="store_true", help=tr("end the shift; the next one finds the text")
    )


def _exit_codes() -> str:
    rows = (
        (0, tr("fine")),
        (1, tr("the database or the disk failed; the log says more")),
        (2, tr("the config file or the command line is wrong")),
        (3, tr("an account failed")),
        (4, tr("not sent")),
        (5, tr("the data folder is in use by another window")),
    )
    return "\n".join((tr("Exit codes:"), *(f"  {code}  {text}" for code, text in rows)))
