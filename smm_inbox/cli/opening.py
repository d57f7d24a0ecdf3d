"""The commands that open the screen; nothing of the others is loaded for them."""

from __future__ import annotations

from argparse import Namespace

from smm_inbox.locale import language, tr

from .exits import Exit, UsageError
from .session import settings_of


def screen(args: Namespace) -> Exit:
    """Open the inbox."""
    from smm_inbox import bootstrap  # noqa: PLC0415 - loads the screen

    return Exit(bootstrap.run_screen(settings_of(args)))


def demo(args: Namespace) -> Exit:
    """Open the inbox over the sandbox network and a throw-away data folder.

    Raises ``UsageError`` when it is asked to keep anything.
    """
    if args.config or args.data_dir:
        raise UsageError(
            tr(
                "The demo has its own accounts and forgets everything at the end: "
                "start it without --config and --data-dir."
            )
        )
    from smm_inbox import bootstrap  # noqa: PLC0415 - loads the screen

    return Exit(bootstrap.run_demo(seed=args.seed, pace=args.pace, language=language()))
