"""One mailbox as the config file describes it, checked for what only the channel can know."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from smm_inbox.domain.errors import Rejected
from smm_inbox.locale import tr

from .compose import LetterTemplate
from .providers import Provider, provider_of

_LOOPBACK = frozenset({"localhost", "ip6-localhost"})


class Security(StrEnum):
    """How a connection is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


_PORTS = {
    "imap": {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143},
    "smtp": {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25},
}


@dataclass(frozen=True, slots=True)
class Server:
    """Where to connect and how."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True, repr=False)
class MailSettings:
    """A mailbox; ``repr`` shows no secret."""

    address: str
    login: str
    password: str
    token: str
    """A reference (``cmd:…``) or the token itself; asked for anew at every login."""
    imap: Server
    smtp: Server
    provider: Provider
    name: str = ""
    aliases: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    sent_folder: str = ""
    template: LetterTemplate = field(default_factory=LetterTemplate)
    quote: bool = False
    """Quote the letter that is answered."""
    reply_all: bool = False
    ca_file: Path | None = None
    proxy: str = ""

    @property
    def ours(self) -> frozenset[str]:
        """Addresses that are the business itself, lower case."""
        return frozenset({self.address.lower(), *(alias.lower() for alias in self.aliases)})

    @property
    def domain(self) -> str:
        """What stands behind the @ of our address, as ASCII."""
        domain = self.address.rpartition("@")[2]
        try:
            return domain.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return "localhost"


def read(options: Mapping[str, object]) -> MailSettings:
    """The options of an account as settings. Raises ``Rejected`` with what to put right."""
    address = _text(options, "address")
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or any(char.isspace() for char in address):
        raise Rejected(
            tr("“{address}” is not a mail address: correct it in the config file.").format(
                address=address
            )
        )
    provider = provider_of(_text(options, "provider"), address)
    password, token = _text(options, "password"), _text(options, "token")
    if not password and not token:
        raise Rejected(tr("The mail account needs a password or a token in the config file."))
    ca_file = _text(options, "ca_file")
    proxy = _text(options, "proxy")
    if proxy.startswith("https://"):
        raise Rejected(
            tr(
                "Mail does not go through an https:// proxy: use http:// or socks5:// in the "
                "config file."
            )
        )
    return MailSettings(
        address=address,
        login=_text(options, "login") or address,
        password=password,
        token=token,
        imap=_server(options, "imap", provider.imap),
        smtp=_server(options, "smtp", provider.smtp),
        provider=provider,
        name=_text(options, "name"),
        aliases=_texts(options, "aliases"),
        folders=_texts(options, "folders"),
        sent_folder=_text(options, "sent_folder"),
        template=LetterTemplate(
            greeting=_text(options, "greeting"),
            promo=_text(options, "promo"),
            channels=_text(options, "channels"),
            signature=_text(options, "signature"),
        ),
        quote=options.get("quote") is True,
        reply_all=options.get("reply_all") is True,
        ca_file=Path(ca_file).expanduser() if ca_file else None,
        proxy=proxy,
    )


def _server(options: Mapping[str, object], name: str, preset: str) -> Server:
    table = options.get(name)
    rows = table if isinstance(table, Mapping) else {}
    host = _text(rows, "host") or preset
    security = Security(_text(rows, "security") or "tls")
    port = rows.get("port")
    if not host:
        raise Rejected(
            tr(
                "The mail account does not say where its {name} server is: add provider, or "
                '{name} = {{ host = "…", port = …, security = "tls" }}.'
            ).format(name=name)
        )
    if security is Security.NONE and not is_loopback(host):
        raise Rejected(
            tr(
                "Without protection ({key}) the password would travel in the open: use "
                '"tls" or "starttls" for {host}.'
            ).format(key=f'{name}: security = "none"', host=host)
        )
    return Server(host, port if isinstance(port, int) else _PORTS[name][security], security)


def is_loopback(host: str) -> bool:
    """Whether a host is this very machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() in _LOOPBACK


def _text(options: Mapping[str, object], key: str) -> str:
    value = options.get(key)
    return value if isinstance(value, str) else ""


def _texts(options: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = options.get(key)
    return tuple(str(item) for item in value) if isinstance(value, tuple | list) else ()
