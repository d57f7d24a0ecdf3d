"""Options of an account: each channel declares its own, the loader checks them all alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OptionKind(StrEnum):
    """What an option expects."""

    TEXT = "text"
    LINES = "lines"
    """Text that may have several lines."""
    SECRET = "secret"  # noqa: S105 - the name of a kind
    """Accepts ``env:NAME``, ``cmd:COMMAND``, ``keyring:NAME`` or a literal in a 0600 file."""
    RENEWABLE = "renewable"
    """As a secret, but a reference stays one: the channel fetches it anew at every login."""
    INTEGER = "integer"
    BOOLEAN = "boolean"
    URL = "url"
    PROXY = "proxy"
    """``http://``, ``https://`` or ``socks5://`` with host and port, perhaps user and password."""
    LIST = "list"
    """A list of texts; the channel gets a tuple."""
    TABLE = "table"
    """A table of its own, checked against ``fields``; the channel gets a mapping."""


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One key of an account's table."""

    name: str
    kind: OptionKind
    help: str
    """One English sentence for ``config.example.toml`` and error messages."""
    required: bool = False
    default: object = None
    unique: bool = False
    """Two accounts of a channel may not share the value: they would be one account twice."""
    minimum: int | None = None
    """Smallest value of an integer."""
    choices: tuple[str, ...] = ()
    """The only words a text may be; empty: any."""
    fields: tuple[OptionSpec, ...] = ()
    """Keys of a table."""
