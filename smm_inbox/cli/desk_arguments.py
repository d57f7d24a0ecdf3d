"""What the commands of the desk take: entries, search, tags, playbook, scripts, hand-over."""

from __future__ import annotations

import argparse

from smm_inbox.locale import tr

from . import options
from .parser import whole


def add(group: argparse._ArgumentGroup) -> None:
    """Entries by hand and imports."""
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
    options.as_json(group)


def search(group: argparse._ArgumentGroup) -> None:
    """The search of stored messages."""
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
    options.as_json(group)


def tags(group: argparse._ArgumentGroup) -> None:
    """The tags and their changes."""
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
    options.as_json(group)


def playbook(group: argparse._ArgumentGroup) -> None:
    """The playbook, out and in."""
    group.add_argument(
        "what",
        choices=("export", "import", "reset"),
        metavar="export|import|reset",
        help=tr("write it to a file, read it from a file, or bring the shipped one back"),
    )
    _toml_file(group)


def scripts(group: argparse._ArgumentGroup) -> None:
    """The scripts, out and in."""
    group.add_argument(
        "what",
        choices=("export", "import"),
        metavar="export|import",
        help=tr("write them to a file, or take them out of a file"),
    )
    _toml_file(group)
    options.output(group, default="")
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


def handover(group: argparse._ArgumentGroup) -> None:
    """The hand-over of a shift."""
    options.output(group)
    group.add_argument(
        "--end", action="store_true", help=tr("end the shift; the next one finds the text")
    )


def _toml_file(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        default="-",
        help=tr("the TOML file; otherwise standard input or output"),
    )
