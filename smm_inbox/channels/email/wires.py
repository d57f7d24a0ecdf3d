"""Sockets to mail servers: direct or through a proxy, and whom TLS trusts."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from urllib.parse import unquote, urlsplit

import socks

from .failures import Lost, Trouble
from .settings import Server

CONNECT_SECONDS = 15.0

_KINDS = {"socks5": socks.SOCKS5, "socks5h": socks.SOCKS5, "http": socks.HTTP}


def open_socket(server: Server, proxy: str, seconds: float = CONNECT_SECONDS) -> socket.socket:
    """A connected socket; blocking, at most about ``seconds``. Raises ``Lost``."""
    if proxy:
        return _through(server, proxy, seconds)
    try:
        return socket.create_connection((server.host, server.port), timeout=seconds)
    except TimeoutError as error:
        raise Lost(Trouble.TIMEOUT, "connect") from error
    except (OSError, UnicodeError) as error:
        raise Lost(Trouble.UNREACHABLE, type(error).__name__) from error


def _through(server: Server, proxy: str, seconds: float) -> socket.socket:
    parts = urlsplit(proxy)
    kind = _KINDS.get(parts.scheme)
    if kind is None or parts.hostname is None or parts.port is None:
        raise Lost(Trouble.PROXY, "unknown kind of proxy")
    try:
        made: socket.socket = socks.create_connection(
            (server.host, server.port),
            timeout=seconds,
            proxy_type=kind,
            proxy_addr=parts.hostname,
            proxy_port=parts.port,
            proxy_rdns=True,  # a name that is blocked here may be known there
            proxy_username=unquote(parts.username) if parts.username else None,
            proxy_password=unquote(parts.password) if parts.password else None,
        )
    except (socks.ProxyError, OSError, UnicodeError) as error:
        # The text of PySocks may hold the proxy's user name.
        raise Lost(Trouble.PROXY, type(error).__name__) from None
    return made


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Verifies names and certificates; ``ca_file`` is trusted beside the system's authorities."""
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH)
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=str(ca_file))
        except (OSError, ssl.SSLError) as error:
            raise Lost(Trouble.CA_FILE, str(ca_file)) from error
    return context


def wrap(plain: socket.socket, context: ssl.SSLContext, host: str) -> ssl.SSLSocket:
    """TLS over a connected socket. Raises ``Lost`` and closes the socket."""
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        plain.close()
        raise Lost(Trouble.CERTIFICATE, error.verify_message) from error
    except TimeoutError as error:
        plain.close()
        raise Lost(Trouble.TIMEOUT, "handshake") from error
    except (ssl.SSLError, OSError) as error:
        plain.close()
        raise Lost(Trouble.TLS, type(error).__name__) from error
