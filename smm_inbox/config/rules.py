"""The tables ``[limits]``, ``[undo]`` and ``[keys]`` of the config file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Protocol

from smm_inbox.domain.conversation import Kind
from smm_inbox.domain.hours import Limit
from smm_inbox.locale import tr

from .model import DEFAULT_UNDO
from .problems import meant
from .table import Table, as_table, quote

_MOST_MINUTES = 60 * 24 * 90
_MOST_UNDO = 600


class KeyComplaint(Protocol):
    """What a check of ``[keys]`` says about one command."""

    @property
    def command(self) -> str:
        """Id of the command."""
        ...

    @property
    def found(self) -> str:
        """The key or name that stands in the file."""
        ...

    @property
    def expected(self) -> str:
        """What should stand there."""
        ...

    @property
    def hint(self) -> str:
        """A word that was perhaps meant; may be empty."""
        ...


KeyCheck = Callable[[Mapping[str, tuple[str, ...]]], Iterable[KeyComplaint]]


def read_limits(top: Table, channels: Collection[str]) -> dict[str, Limit]:
    """Reply limits by kind, channel, or ``channel.kind``."""
    table = top.table("limits")
    limits: dict[str, Limit] = {}
    for name, value in table.rest():
        for full, inner in _split(name, value, channels):
            if not _known(full, channels):
                table.findings.unknown(table.at(full), _names(channels))
            elif (rows := as_table(inner)) is None:
                table.wrong(full, inner, "{ amber = 60, red = 120 }")
            else:
                limits[full] = _limit(Table(table.findings, table.at(full), rows))
    return limits


def _split(name: str, value: object, channels: Collection[str]) -> Iterator[tuple[str, object]]:
    # vk.comment = {…} without quotes is a table in a table for TOML; both spellings are one.
    inner = as_table(value)
    kinds = [key for key in inner if key in set(Kind)] if inner and name in channels else []
    for key in kinds:
        yield f"{name}.{key}", inner[key] if inner else None
    rest = {key: item for key, item in inner.items() if key not in kinds} if inner else {}
    if rest or not kinds:
        yield name, rest if inner is not None else value


def _limit(table: Table) -> Limit:
    default = Limit()
    low = table.whole("red", default.red, 1, _MOST_MINUTES)
    amber = table.whole("amber", min(default.amber, low), 0, _MOST_MINUTES)
    red = low if "red" in table else max(default.red, amber)
    if amber > red:
        table.findings.add(
            table.path, found=tr("amber is later than red"), hint=tr("Swap the two numbers.")
        )
    table.close()
    return Limit(amber=amber, red=red)


def _names(channels: Collection[str]) -> list[str]:
    kinds = [str(kind) for kind in Kind]
    return [*kinds, *channels, *(f"{channel}.{kind}" for channel in channels for kind in kinds)]


def _known(name: str, channels: Collection[str]) -> bool:
    # Asked one by one: listing every channel reads the metadata of all installed packages.
    kinds = set(Kind)
    channel, _, kind = name.partition(".")
    return name in kinds or (channel in channels and (not kind or kind in kinds))


def read_undo(top: Table, channels: Collection[str]) -> dict[str, timedelta]:
    """Undo windows by kind or channel over the defaults; 0 sends at once."""
    table = top.table("undo")
    windows = dict(DEFAULT_UNDO)
    kinds = {*(str(kind) for kind in Kind), *DEFAULT_UNDO}
    expected = tr("seconds from 0 to {most}").format(most=_MOST_UNDO)
    for name, value in table.rest():
        if name not in kinds and name not in channels:
            table.findings.unknown(table.at(name), sorted({*kinds, *channels}))
        elif isinstance(value, bool) or not isinstance(value, int | float):
            table.wrong(name, value, expected)
        elif not 0 <= value <= _MOST_UNDO:
            table.bad(name, value, expected)
        else:
            windows[name] = timedelta(seconds=value)
    return windows


def read_keys(top: Table, check: KeyCheck | None) -> dict[str, tuple[str, ...]]:
    """Remapped keys; ``check`` knows the commands and judges the whole."""
    table = top.table("keys")
    keys: dict[str, tuple[str, ...]] = {}
    for name, value in _flat(table.rest()):
        chosen = [value] if isinstance(value, str) else value
        if isinstance(chosen, list) and all(isinstance(key, str) for key in chosen):
            keys[name] = tuple(str(key).strip() for key in chosen)
        else:
            table.wrong(name, value, tr('a key such as "ctrl+s" or a list of keys'))
    for complaint in check(keys) if check and keys else ():
        table.findings.add(
            table.at(complaint.command),
            expected=complaint.expected,
            found=quote(complaint.found),
            hint=meant(complaint.hint),
        )
    return keys


def _flat(items: Iterable[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    # reply.send = "f5" without quotes is a table in a table for TOML; both spellings are one.
    for name, value in items:
        inner = as_table(value)
        if inner is None:
            yield name, value
        else:
            yield from _flat((f"{name}.{key}", item) for key, item in inner.items())
