"""Sockets to mail servers: direct or through a proxy, and whom TLS trusts."""

from __future__ import annotations

import socket
import ssl
from base64 import b64encode
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import socks

from .failures import Lost, Trouble
from .settings import Server

CONNECT_SECONDS = 15.0

_MOST_HEAD = 16 * 1024


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
    if parts.hostname is None or parts.port is None:
        raise Lost(Trouble.PROXY, "unknown kind of proxy")
    try:
        if parts.scheme == "http":
            return _by_http(server, parts, seconds)
        made: socket.socket = socks.create_connection(
            (server.host, server.port),
            timeout=seconds,
            proxy_type=socks.SOCKS5,
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


def _by_http(server: Server, parts: SplitResult, seconds: float) -> socket.socket:
    """CONNECT; PySocks reads past its end, and mail servers speak first: it eats their greeting."""
    host = f"[{server.host}]" if ":" in server.host else server.host.encode("idna").decode()
    lines = [f"CONNECT {host}:{server.port} HTTP/1.1", f"Host: {host}:{server.port}"]
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        lines.append(f"Proxy-Authorization: Basic {b64encode(pair.encode()).decode()}")
    made = socket.create_connection((parts.hostname, parts.port or 0), timeout=seconds)
    try:
        made.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        head = bytearray()
        while not head.endswith(b"\r\n\r\n") and len(head) < _MOST_HEAD:
            byte = made.recv(1)
            if not byte:
                raise Lost(Trouble.PROXY, "closed")
            head += byte
        if head.split(None, 2)[1:2] != [b"200"]:
            raise Lost(Trouble.PROXY, "refused")
    except BaseException:
        made.close()
        raise
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
