"""The commands that open the screen; nothing of the others is loaded for them."""

from __future__ import annotations

from argparse import Namespace

from smm_inbox.locale import language

from .exits import Exit
from .session import settings_of


def screen(args: Namespace) -> Exit:
    """Open the inbox."""
    from smm_inbox import bootstrap  # noqa: PLC0415 - loads the screen

    return Exit(bootstrap.run_screen(settings_of(args)))


def demo(args: Namespace) -> Exit:
    """Open the inbox over the sandbox network and a throw-away data folder."""
    from smm_inbox import bootstrap  # noqa: PLC0415 - loads the screen

    return Exit(bootstrap.run_demo(seed=args.seed, pace=args.pace, language=language()))
