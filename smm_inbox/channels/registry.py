"""Names of channels and how to get at them without importing any until it is needed."""

from __future__ import annotations

import difflib
import importlib
import logging
from importlib.metadata import EntryPoint, entry_points

from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.text import clean_line
from smm_inbox.locale import tr

from .base import ChannelFactory

_log = logging.getLogger(__name__)

GROUP = "smm_inbox.channels"
"""Entry-point group through which other packages add channels."""

BUILT_IN: dict[str, str] = {"vk": "smm_inbox.channels.vk:factory"}
"""Own channels, known even when the package runs from a folder without being installed."""


def names() -> tuple[str, ...]:
    """All channel names that a config file may use, sorted."""
    return tuple(sorted({*BUILT_IN, *(point.name for point in entry_points(group=GROUP))}))


def factory(name: str) -> ChannelFactory:
    """The factory of the channel called ``name``.

    Raises ``InboxError`` with close matches when there is none, or when its package is broken.
    """
    target = _find(name)
    if target is None:
        raise InboxError(_unknown(name))
    try:
        module, _, attribute = target.partition(":")
        found = getattr(importlib.import_module(module), attribute)
    except Exception as error:
        # A foreign package may fail in any way while it is imported; ours must go on without it.
        _log.warning("channel %r cannot be loaded: %s", name, type(error).__name__)
        raise InboxError(
            tr(
                "The channel “{name}” is installed but does not start: reinstall its package."
            ).format(name=name)
        ) from error
    if not (hasattr(found, "create") and hasattr(found, "options")):
        raise InboxError(
            tr("“{name}” is not a channel of this program: its package does not fit.").format(
                name=name
            )
        )
    result: ChannelFactory = found
    return result


def _find(name: str) -> str | None:
    if name in BUILT_IN:
        return BUILT_IN[name]
    points: list[EntryPoint] = [p for p in entry_points(group=GROUP) if p.name == name]
    return points[0].value if points else None


def _unknown(name: str) -> str:
    shown = clean_line(name, limit=40)
    known = names()
    close = difflib.get_close_matches(name.casefold(), known, n=3, cutoff=0.5)
    if close:
        return tr("There is no channel “{name}”. Did you mean {close}?").format(
            name=shown, close=", ".join(close)
        )
    return tr("There is no channel “{name}”. There are: {known}.").format(
        name=shown, known=", ".join(known)
    )
