"""Options that several commands share."""

from __future__ import annotations

import argparse

from smm_inbox.locale import tr


def as_json(group: argparse._ArgumentGroup) -> None:
    """What is printed is for a program."""
    group.add_argument("--json", action="store_true", help=tr("print JSON"))


def only_accounts(group: argparse._ArgumentGroup) -> None:
    """Some of the accounts instead of all."""
    group.add_argument(
        "--account",
        metavar="NAME",
        action="append",
        default=[],
        help=tr("only this account; may be given several times"),
    )


def output(group: argparse._ArgumentGroup, *, default: str = "-") -> None:
    """A file instead of standard output."""
    group.add_argument(
        "--output",
        metavar="FILE",
        default=default,
        help=tr("the file to write; otherwise standard output"),
    )
