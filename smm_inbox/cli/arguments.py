"""The commands of the program and what they take."""

from __future__ import annotations

import argparse

from smm_inbox import __version__
from smm_inbox.locale import tr

from . import desk_arguments, options
from .parser import Formatter, Parser, number, whole


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
    desk_arguments.add(
        command("add", tr("write down a call, a visit, a review; or import a table of them"))
    )
    desk_arguments.search(command("search", tr("search all stored messages")))
    _export(command("export", tr("write out all stored messages")))
    _doctor(command("doctor", tr("check settings, tokens, rights and the database")))
    _hooks(command("hooks", tr("take Instagram's webhooks from a tunnel or relay")))
    _login(command("login", tr("log an account in, step by step")))
    _account(command("logout", tr("end the login of an account on the network")))
    desk_arguments.tags(command("tags", tr("list the tags, rename, merge or delete them")))
    desk_arguments.playbook(
        command("playbook", tr("write the playbook out, or read an edited one in"))
    )
    desk_arguments.scripts(
        command("scripts", tr("write the scripts out, or take scripts out of a file"))
    )
    desk_arguments.handover(command("handover", tr("write what the next one on duty has to know")))
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
    options.only_accounts(group)
    options.as_json(group)


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
    options.output(group)


def _doctor(group: argparse._ArgumentGroup) -> None:
    options.as_json(group)
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
    options.only_accounts(group)


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
