"""The ``[accounts.NAME]`` tables: checked against what each channel declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from smm_inbox.domain.ids import MANUAL, AccountId
from smm_inbox.domain.text import clean_line
from smm_inbox.locale import tr

from . import secrets
from .model import AccountSettings
from .options import OptionKind, OptionSpec
from .problems import nearest
from .table import Table, as_table

Channels = Mapping[str, tuple[OptionSpec, ...]]
"""Names of the channels and the options of each."""

_NAME = re.compile(r"[a-z0-9-]{1,40}")
_BIGGEST = 2**63 - 1
_PROXIES = ("http", "https", "socks5", "socks5h")


@dataclass(slots=True)
class _Reader:
    """Reads the accounts one after another and remembers what they may not share."""

    channels: Channels
    resolve: bool
    literals: list[str] = field(default_factory=list)
    """Paths of the keys with a secret written out in the file."""
    taken: dict[tuple[str, str, object], str] = field(default_factory=dict)

    def account(self, table: Table, name: str) -> AccountSettings | None:
        channel = table.text("channel")
        title = table.text("title") or name
        flags = {
            key: table.flag(key, key == "enabled") for key in ("enabled", "mark_read", "typing")
        }
        if not channel:
            if "channel" not in table or table.get("channel") == "":
                table.findings.add(
                    table.at("channel"),
                    expected=tr("the name of a channel"),
                    found=tr("nothing"),
                    hint=nearest("", self.channels),
                )
            return None
        if channel not in self.channels:
            table.bad(
                "channel", channel, tr("the name of a channel"), nearest(channel, self.channels)
            )
            return None
        hidden: set[str] = set()
        options: dict[str, object] = {}
        for spec in self.channels[channel]:
            value = self.option(table, spec, enabled=flags["enabled"], hidden=hidden)
            if value is not None:
                options[spec.name] = value
            if spec.unique and flags["enabled"] and value is not None:
                self.once(table, channel, spec.name, value)
        table.close()
        return AccountSettings(
            id=AccountId(name),
            channel=channel,
            title=title,
            options=options,
            secrets=frozenset(hidden),
            **flags,
        )

    def once(self, table: Table, channel: str, key: str, value: object) -> None:
        """Note a value that another account of the channel has already."""
        first = self.taken.setdefault((channel, key, value), table.path)
        if first != table.path:
            table.findings.add(
                table.at(key),
                found=tr("the same as in {other}").format(other=first),
                hint=tr("Leave one of the two accounts."),
            )

    def option(self, table: Table, spec: OptionSpec, *, enabled: bool, hidden: set[str]) -> object:
        """The checked value of one option, or ``None``."""
        value = table.get(spec.name)
        if value is None:
            if spec.required:
                table.findings.add(
                    table.at(spec.name), found=tr("this key is missing"), hint=tr(spec.help)
                )
            return spec.default
        match spec.kind:
            case OptionKind.INTEGER:
                low = -_BIGGEST if spec.minimum is None else spec.minimum
                return _integer(table, spec.name, value, low)
            case OptionKind.BOOLEAN:
                return table.flag(spec.name, False)
            case OptionKind.TEXT if spec.choices:
                return table.choice(spec.name, "", spec.choices) or spec.default
            case OptionKind.TEXT:
                return table.text(spec.name)
            case OptionKind.LINES:
                return table.lines(spec.name)
            case OptionKind.LIST:
                return table.texts(spec.name)
            case OptionKind.TABLE:
                return self.inner(table, spec, enabled=enabled, hidden=hidden)
            case OptionKind.SECRET | OptionKind.RENEWABLE | OptionKind.PROXY | OptionKind.URL:
                if not isinstance(value, str) or not value.strip():
                    table.wrong(spec.name, value or None, _expected(spec.kind))
                    return None
                return self.guarded(table, spec, value.strip(), enabled, hidden)

    def inner(
        self, table: Table, spec: OptionSpec, *, enabled: bool, hidden: set[str]
    ) -> Mapping[str, object]:
        """The checked values of a table inside the account's own."""
        rows = table.table(spec.name)
        values: dict[str, object] = {}
        for item in spec.fields:
            value = self.option(rows, item, enabled=enabled, hidden=hidden)
            if value is not None:
                values[item.name] = value
        rows.close()
        return values

    def guarded(
        self, table: Table, spec: OptionSpec, value: str, enabled: bool, hidden: set[str]
    ) -> str | None:
        """A secret, or an address that may hold one; never shown in a problem."""
        refers = secrets.is_reference(value)
        if refers and not (self.resolve and enabled):
            return value
        try:
            found = secrets.resolve(value)
        except secrets.SecretError as error:
            table.findings.add(table.at(spec.name), found=error.sentence)
            return None
        secret = spec.kind in {OptionKind.SECRET, OptionKind.RENEWABLE}
        if not secret and not _address(found, spec.kind):
            table.findings.add(
                table.at(spec.name), expected=_expected(spec.kind), found=tr("something else")
            )
            return None
        password = found if secret else urlsplit(found).password
        if password:
            hidden.update({password} if password == found else {password, found})
            if not refers:
                self.literals.append(table.at(spec.name))
        return value if spec.kind is OptionKind.RENEWABLE else found


def read_accounts(top: Table, channels: Channels, *, resolve: bool) -> Iterator[AccountSettings]:
    """The accounts of the file; with ``resolve`` the secrets of enabled ones are fetched."""
    table = top.table("accounts")
    reader = _Reader(channels, resolve)
    for name, value in table.rest():
        rows = as_table(value)
        if not _NAME.fullmatch(name):
            table.findings.add(
                table.at(name),
                expected=tr("an account name of small Latin letters, digits and hyphens"),
                found=f"[accounts.{clean_line(name, limit=40)}]",
            )
        elif name == MANUAL:
            table.findings.add(
                table.at(name),
                expected=tr("another name: this one is kept for what is entered by hand"),
                found=f"[accounts.{name}]",
            )
        elif rows is None:
            table.wrong(
                name,
                value,
                tr("a table"),
                tr("Write [{name}] on a line of its own.").format(name="accounts.NAME"),
            )
        elif account := reader.account(Table(table.findings, table.at(name), rows), name):
            yield account
    _guard_file(table, reader.literals)


def _guard_file(table: Table, literals: Sequence[str]) -> None:
    file = table.findings.file
    if literals and secrets.open_to_others(file):
        table.findings.add(
            literals[0],
            found=tr("a secret is written out here, and other users of this machine can read it"),
            hint=tr("Run: {command}; or use env:, cmd: or keyring:.").format(
                command=f"chmod 600 {file}"
            ),
        )


def _integer(table: Table, key: str, value: object, low: int) -> int | None:
    expected = tr("a whole number without quotes")
    if not isinstance(value, int) or isinstance(value, bool):
        table.wrong(key, value, expected)
        return None
    if not low <= value <= _BIGGEST:
        table.findings.add(
            table.at(key),
            expected=tr("a whole number from {low}").format(low=low),
            found=tr("a smaller one") if value < low else tr("a bigger one"),
        )
        return None
    return value


def _address(text: str, kind: OptionKind) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    if kind is OptionKind.PROXY:
        return parts.scheme in _PROXIES and bool(parts.hostname) and port is not None
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _expected(kind: OptionKind) -> str:
    if kind is OptionKind.PROXY:
        return tr("http://, https:// or socks5:// with host and port")
    if kind is OptionKind.URL:
        return tr("an address that begins with https:// or http://")
    return tr('"env:NAME", "cmd:COMMAND", "keyring:NAME" or the secret itself in quotes')
