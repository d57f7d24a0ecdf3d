"""The only place that touches IMAPClient: one blocking connection to a mailbox."""

from __future__ import annotations

import contextlib
import imaplib
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from imapclient import IMAPClient, imap_utf7
from imapclient.exceptions import ProtocolError

from . import stirring
from .failures import Failure, Garbled, LoginRefused, Lost, Refused, Trouble
from .login import Credentials
from .settings import Security, Server
from .wires import open_socket, wrap

READ_SECONDS = stirring.READ_SECONDS
DONE_SECONDS = 10.0
"""Longest wait for the answer to DONE: after that the connection counts as lost."""

# IMAPClient warns and debugs through its own loggers; none of it belongs on the screen or in ours.
for _name in ("imapclient", "imapclient.imaplib"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Listed:
    """A folder as LIST told it."""

    name: str
    wire: bytes
    """The name as the server writes it, for commands."""
    flags: frozenset[str]
    """Lower case, with the backslash."""
    separator: str


@dataclass(frozen=True, slots=True)
class Selected:
    """What SELECT told."""

    uidvalidity: int
    uidnext: int | None
    exists: int
    modseq: int | None


class _Library(IMAPClient):  # type: ignore[misc]
    """The library over a socket of ours, and without its copy of every line for a debug log."""

    def __init__(self, server: Server, opened: Callable[[], socket.socket]) -> None:
        self._opened = opened
        super().__init__(
            server.host, server.port, ssl=server.security is Security.TLS, timeout=READ_SECONDS
        )
        self._imap.debug = 0
        self.normalise_times = False

    def _create_IMAP4(self) -> imaplib.IMAP4:
        opened = self._opened

        class Protocol(imaplib.IMAP4):
            def _create_socket(self, timeout: float | None) -> socket.socket:
                return opened()

        return Protocol(self.host, self.port)


class Imap:
    """One connection. Every call blocks and raises ``Failure`` only.

    ``abort`` alone may be called from another thread: it ends whatever the connection is doing.
    """

    def __init__(self, server: Server, context: ssl.SSLContext, proxy: str) -> None:
        self._server = server
        self._context = context
        self._proxy = proxy
        self._client: _Library | None = None
        self._sock: socket.socket | None = None
        self._guard = threading.Lock()
        self._aborted = False
        self.alive = False
        self.selected: str = ""
        """Name of the selected folder."""

    # --- connecting -------------------------------------------------------------------------------

    def connect(self, credentials: Credentials) -> None:
        """Connect, protect the connection and log in."""
        with self._guarded():
            self._client = _Library(self._server, self._open)
            if self._server.security is Security.STARTTLS:
                self._starttls(self._client)
            self.alive = True
            self._login(self._client, credentials)

    def _open(self) -> socket.socket:
        plain = open_socket(self._server, self._proxy)
        plain.settimeout(READ_SECONDS)
        sock = plain
        if self._server.security is Security.TLS:
            sock = wrap(plain, self._context, self._server.host)
        with self._guard:
            self._sock = sock
            if self._aborted:
                sock.close()
                raise Lost(Trouble.BROKEN, "given up")
        return sock

    def _starttls(self, client: _Library) -> None:
        if not client.has_capability("STARTTLS"):
            raise Lost(Trouble.NO_STARTTLS)
        client.starttls(self._context)
        with self._guard:
            self._sock = client.socket()
        client.capabilities()

    def _login(self, client: _Library, credentials: Credentials) -> None:
        # Not the library's login methods: they make a refusal of every broken connection.
        protocol = client._imap
        answers = [credentials.xoauth2 if credentials.token else credentials.sasl_plain]

        def answer(_: bytes) -> bytes:
            # A second question is the reason of a refused XOAUTH2: an empty line asks for the NO.
            return answers.pop() if answers else b""

        try:
            if credentials.token:
                protocol.authenticate("XOAUTH2", answer)
            elif credentials.plain_ascii and not client.has_capability("LOGINDISABLED"):
                words = [
                    _quoted(item.encode()) for item in (credentials.user, credentials.password)
                ]
                kind, data = protocol._simple_command("LOGIN", *words)
                if kind != "OK":
                    raise imaplib.IMAP4.error(data[-1].decode("utf-8", "replace"))
                protocol.state = "AUTH"
            else:
                protocol.authenticate("PLAIN", answer)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise LoginRefused(
                str(error), protocol="imap", by_token=bool(credentials.token)
            ) from None
        client._cached_capabilities = None

    def has(self, capability: str) -> bool:
        """Whether the server can do it."""
        with self._guarded():
            return bool(self._library.has_capability(capability))

    def abort(self) -> None:
        """Break the connection at once; safe from any thread and at any moment."""
        with self._guard:
            self._aborted = True
            self.alive = False
            sock = self._sock
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Say goodbye where that is quick, and let go."""
        client, self._client = self._client, None
        if client is None:
            return
        if self.alive and self._sock is not None:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                self._sock.settimeout(2.0)
                client.logout()
        self.alive = False
        with contextlib.suppress(OSError, imaplib.IMAP4.error, ValueError):
            client.shutdown()

    # --- folders ----------------------------------------------------------------------------------

    def folders(self) -> list[Listed]:
        """All folders with their special uses, by XLIST where LIST tells none."""
        with self._guarded():
            client = self._library
            xlist = client.has_capability("XLIST") and not client.has_capability("SPECIAL-USE")
            client.folder_encode = False
            rows = client.xlist_folders() if xlist else client.list_folders()
        return [_listed(flags, separator, name) for flags, separator, name in rows]

    def select(self, folder: Listed, *, writable: bool = False) -> Selected:
        """Open a folder: by default for reading only, so that reading changes nothing."""
        with self._guarded():
            client, protocol = self._library, self._library._imap
            self.selected = ""
            protocol.untagged_responses = {}
            protocol.is_readonly = not writable
            condstore = "(CONDSTORE)" if client.has_capability("CONDSTORE") else None
            command = "SELECT" if writable else "EXAMINE"
            kind, data = protocol._simple_command(command, _quoted(folder.wire), condstore)
            if kind != "OK":
                protocol.state = "AUTH"
                raise Refused(f"{command}: {data[-1]!r}")
            protocol.state = "SELECTED"
            told = client._process_select_response(protocol.untagged_responses)
            self.selected = folder.name
            validity = told.get(b"UIDVALIDITY")
            return Selected(
                uidvalidity=validity if isinstance(validity, int) else 0,
                uidnext=told.get(b"UIDNEXT"),
                exists=int(told.get(b"EXISTS", 0)),
                modseq=told.get(b"HIGHESTMODSEQ"),
            )

    def noop(self) -> None:
        """Ask for news; also shows whether the connection still lives."""
        with self._guarded():
            self._library.noop()

    # --- letters ----------------------------------------------------------------------------------

    def search(self, *criteria: object) -> list[int]:
        """UIDs in the selected folder. Criteria never hold text of a letter unchecked."""
        with self._guarded():
            return sorted(int(uid) for uid in self._library.search(list(criteria)))

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, object]]:
        """Items of letters by UID.

        Flags are to be confirmed by a search: the library takes the sequence number of a line
        without UID, which a server may send on its own, for one.
        """
        with self._guarded():
            found: dict[int, dict[bytes, object]] = self._library.fetch(list(uids), list(items))
            return found

    def add_flags(self, uids: Sequence[int], *flags: str) -> None:
        """Set flags; the folder must be open for writing."""
        with self._guarded():
            self._library.add_flags(list(uids), list(flags), silent=True)

    def move(self, uids: Sequence[int], target: Listed) -> None:
        """Move letters; without MOVE by copying, and never with a silent EXPUNGE."""
        with self._guarded():
            client = self._library
            protocol = client._imap
            joined = ",".join(str(uid) for uid in uids)
            command = "MOVE" if client.has_capability("MOVE") else "COPY"
            kind, data = protocol.uid(command, joined, _quoted(target.wire))
            if kind != "OK":
                raise Refused(f"{command}: {data[-1]!r}")
            if command == "COPY":
                client.add_flags(list(uids), [r"\Deleted"], silent=True)
                if client.has_capability("UIDPLUS"):
                    client.uid_expunge(list(uids))

    def append(self, folder: Listed, letter: bytes, *flags: str) -> None:
        """File a letter."""
        with self._guarded():
            kind, data = self._library._imap.append(
                _quoted(folder.wire), f"({' '.join(flags)})", None, letter
            )
            if kind != "OK":
                raise Refused(f"APPEND: {data[-1]!r}")

    # --- waiting ----------------------------------------------------------------------------------

    def idle(self, seconds: float) -> bool:
        """Wait in IDLE until something happens or ``seconds`` are over; tells which.

        Whatever the server said is thrown away: after every round the folder is looked at anew.
        """
        with self._guarded():
            client = self._library
            sock = client.socket()
            client.idle()
            happened = stirring.wait(client._imap, sock, seconds)
            sock.settimeout(DONE_SECONDS)
            client.idle_done()
            sock.settimeout(READ_SECONDS)
            return happened

    # --- errors -----------------------------------------------------------------------------------

    @property
    def _library(self) -> _Library:
        if self._client is None:
            raise Lost(Trouble.BROKEN, "closed")
        return self._client

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """Turn what the library and the socket raise into failures; a lost connection is dead."""
        try:
            yield
        except Failure as failure:
            if isinstance(failure, Lost):
                self.alive = False
            raise
        except imaplib.IMAP4.abort as error:
            self.alive = False
            raise Lost(Trouble.BROKEN, _short(error)) from None
        except ProtocolError as error:
            raise Garbled(_short(error)) from None
        except imaplib.IMAP4.error as error:
            if "got more than" in str(error):  # a line without end: nothing fits any more
                self.alive = False
                raise Garbled("a line without end") from None
            raise Refused(_short(error)) from None
        except ssl.SSLCertVerificationError as error:
            self.alive = False
            raise Lost(Trouble.CERTIFICATE, error.verify_message) from None
        except TimeoutError:
            self.alive = False
            raise Lost(Trouble.TIMEOUT) from None
        except ssl.SSLError as error:
            self.alive = False
            raise Lost(Trouble.TLS, type(error).__name__) from None
        except OSError as error:
            self.alive = False
            raise Lost(Trouble.BROKEN, type(error).__name__) from None
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            # The library's parser trips over answers that nobody foresaw.
            raise Garbled(type(error).__name__) from None


def _listed(flags: Sequence[bytes], separator: object, name: object) -> Listed:
    wire = name if isinstance(name, bytes) else str(name).encode()
    sep = separator.decode("ascii", "replace") if isinstance(separator, bytes) else ""
    known = frozenset(flag.decode("ascii", "replace").lower() for flag in flags)
    return Listed(decode_name(wire), wire, known, sep)


def decode_name(wire: bytes) -> str:
    """A folder name out of modified UTF-7; servers that write raw UTF-8 are understood as well."""
    if not wire.isascii():
        return wire.decode("utf-8", "replace")
    try:
        return str(imap_utf7.decode(wire))
    except (ValueError, LookupError):
        return wire.decode("ascii")


def _quoted(word: bytes) -> bytes:
    if any(byte in word for byte in (b"\r", b"\n", b"\0")):
        raise Refused("a line break inside a word")
    return b'"' + word.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _short(error: Exception) -> str:
    return str(error)[:300]
