"""Waiting for a mail server to say something, without losing what lies in the library's buffer."""

from __future__ import annotations

import imaplib
import selectors
import socket
import ssl
import time

from .failures import Lost, Trouble

READ_SECONDS = 30.0
"""Longest silence within an answer."""


def wait(protocol: imaplib.IMAP4, sock: socket.socket, seconds: float) -> bool:
    """Until the server speaks (true) or ``seconds`` are over. Raises ``Lost`` when it hangs up."""
    deadline = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        sock.settimeout(0)
        try:
            # What came in one piece with "+ idling" is in the library's buffer, not the socket.
            while not _speaks(protocol, sock):
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                if selector.select(left) and _speaks(protocol, sock, readable=True):
                    break
        finally:
            sock.settimeout(READ_SECONDS)
    return True


def _speaks(protocol: imaplib.IMAP4, sock: socket.socket, *, readable: bool = False) -> bool:
    """Whether there is something to read now. The socket must not block."""
    if getattr(protocol, "_readbuf", None):  # Python 3.14 buffers by itself
        return True
    peek = getattr(getattr(protocol, "file", None), "peek", None)
    if peek is None:
        return readable
    try:
        if peek(1):
            return True
    except ssl.SSLWantReadError:
        return False
    if isinstance(sock, ssl.SSLSocket) and sock.pending():
        return True
    if readable:
        raise Lost(Trouble.BROKEN, "closed")
    return False
