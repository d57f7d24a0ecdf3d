"""The table of methods and how they enter it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from smm_inbox.sandbox.telegram.context import Context

Handler = Callable[[Context, Any], object]


@dataclass(frozen=True, slots=True)
class Method:
    """One method and who may call it."""

    handler: Handler
    open: bool = False
    """Also without a login."""
    people_only: bool = False
    """Not for bots."""


TABLE: dict[str, Method] = {}


def method(
    name: str, *, open: bool = False, people_only: bool = False
) -> Callable[[Handler], Handler]:
    """Enter a function into the table under Telegram's name of the method."""

    def enter(handler: Handler) -> Handler:
        TABLE[name] = Method(handler, open, people_only)
        return handler

    return enter
