"""Names of channels and how to get at them without importing any until it is needed."""

from __future__ import annotations

import difflib
import importlib
import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from smm_inbox.config.options import OptionSpec
from smm_inbox.domain.errors import InboxError
from smm_inbox.domain.text import clean_line
from smm_inbox.locale import tr

if TYPE_CHECKING:
    from .base import ChannelFactory

_log = logging.getLogger(__name__)

GROUP = "smm_inbox.channels"
"""Entry-point group through which other packages add channels."""

BUILT_IN: dict[str, str] = {
    "vk": "smm_inbox.channels.vk:factory",
    "email": "smm_inbox.channels.email:factory",
    "instagram": "smm_inbox.channels.instagram:factory",
    "telegram": "smm_inbox.channels.telegram:factory",
}
"""Own channels, known even when the package runs from a folder without being installed."""


def names() -> tuple[str, ...]:
    """All channel names that a config file may use, sorted."""
    return tuple(sorted({*BUILT_IN, *_added()}))


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


class Options(Mapping[str, "tuple[OptionSpec, ...]"]):
    """Channel names and the options each declares; a channel is looked for when it is asked for.

    A broken foreign package is as good as absent.
    """

    def __getitem__(self, name: str) -> tuple[OptionSpec, ...]:
        """Options of a channel; ``KeyError`` when there is none of that name."""
        try:
            return factory(name).options
        except InboxError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        """Names of all channels."""
        return iter(names())

    def __len__(self) -> int:
        """How many channels there are."""
        return len(names())


def _find(name: str) -> str | None:
    if name in BUILT_IN:
        return BUILT_IN[name]
    return _added().get(name)


def _added() -> dict[str, str]:
    """Channels of other packages: name and where its factory is."""
    # Loaded on demand: it reads the metadata of everything installed, and pulls in zip and mail.
    from importlib.metadata import entry_points  # noqa: PLC0415

    return {point.name: point.value for point in entry_points(group=GROUP)}


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
