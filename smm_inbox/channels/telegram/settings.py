"""The account's options as the channel uses them, checked beyond what the config file can."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from smm_inbox.domain.errors import Rejected
from smm_inbox.locale import tr

_HEX = re.compile(r"[0-9a-fA-F]+")
_PROXY_KINDS = {"http": "http", "socks5": "socks5", "socks5h": "socks5"}


@dataclass(frozen=True, slots=True)
class Server:
    """Another server than Telegram's own."""

    host: str
    port: int
    dc: int = 2
    public_key: Path | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Proxy:
    """An ordinary proxy; ``repr`` shows nothing of it."""

    kind: str
    """``http`` or ``socks5``."""
    host: str
    port: int
    user: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class MtProxy:
    """A proxy that speaks Telegram's own protocol; ``repr`` shows nothing of it."""

    host: str
    port: int
    secret: str
    """Hexadecimal: 16 bytes, perhaps after ``dd``."""


@dataclass(frozen=True, slots=True, repr=False)
class TelegramSettings:
    """Everything an account needs; ``repr`` shows nothing of it."""

    api_id: int
    api_hash: str
    phone: str = ""
    bot_token: str = ""
    as_channel: bool = False
    server: Server | None = None
    proxy: Proxy | None = None
    mtproxy: MtProxy | None = None

    @property
    def is_bot(self) -> bool:
        """Whether a bot is used instead of a person's account."""
        return bool(self.bot_token)


def read(options: Mapping[str, object]) -> TelegramSettings:
    """The settings behind an account's table; raises ``Rejected`` with what to change."""
    api_id, api_hash = options.get("api_id"), _text(options.get("api_hash"))
    if not isinstance(api_id, int) or not api_hash:
        raise Rejected(tr("The Telegram account needs api_id and api_hash in the config file."))
    return TelegramSettings(
        api_id=api_id,
        api_hash=api_hash,
        phone=_text(options.get("phone")),
        bot_token=_text(options.get("bot_token")),
        as_channel=options.get("as_channel") is True,
        server=_server(options.get("server")),
        proxy=_proxy(_text(options.get("proxy"))),
        mtproxy=_mtproxy(_text(options.get("mtproxy"))),
    )


def _server(value: object) -> Server | None:
    if not isinstance(value, Mapping):
        return None
    host, port, dc = value.get("host"), value.get("port"), value.get("dc")
    if not isinstance(host, str) or not isinstance(port, int):
        return None
    key = _text(value.get("public_key"))
    return Server(
        host, port, dc if isinstance(dc, int) else 2, Path(key).expanduser() if key else None
    )


def _proxy(url: str) -> Proxy | None:
    if not url:
        return None
    parts = urlsplit(url)
    kind = _PROXY_KINDS.get(parts.scheme)
    if kind is None or not parts.hostname or parts.port is None:
        raise Rejected(
            tr(
                "Telegram works through socks5:// and http:// proxies: change proxy in the config "
                "file."
            )
        )
    return Proxy(
        kind,
        parts.hostname,
        parts.port,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )


def _mtproxy(link: str) -> MtProxy | None:
    if not link:
        return None
    try:
        asked = {key: values[0] for key, values in parse_qs(urlsplit(link).query).items()}
        host, port, secret = asked["server"], int(asked["port"]), _hex(asked["secret"])
    except (KeyError, ValueError, binascii.Error):
        raise Rejected(
            tr(
                "The mtproxy link in the config file is not complete: copy it whole, "
                "tg://proxy?server=…&port=…&secret=…"
            )
        ) from None
    if secret.startswith("ee") and len(secret) > 32:
        raise Rejected(
            tr(
                "This MTProto proxy hides as a web site (its secret begins with ee), which the "
                "program cannot do: use a SOCKS5 proxy or a VPN."
            )
        )
    bare = secret[2:] if len(secret) == 34 and secret.startswith("dd") else secret
    if len(bare) != 32:
        raise Rejected(
            tr("The secret of the MTProto proxy is damaged: copy the link from Telegram again.")
        )
    return MtProxy(host, port, secret)


def _hex(secret: str) -> str:
    """A proxy's secret in hexadecimal; links carry it in Base64 as well."""
    if _HEX.fullmatch(secret) and len(secret) >= 32:
        return secret.lower()
    padded = secret.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True).hex()


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
