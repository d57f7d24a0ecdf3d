"""The only place that talks to Telethon's client: bounded calls, one connection an object."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from telethon import TelegramClient, errors
from telethon.crypto import rsa
from telethon.network import ConnectionTcpFull, ConnectionTcpMTProxyRandomizedIntermediate
from telethon.tl import types

from smm_inbox import __version__
from smm_inbox.domain.errors import Rejected
from smm_inbox.locale import tr

from .failures import Failure, Lost, Refused, Trouble
from .listening import ListeningClient
from .session import open_session
from .settings import TelegramSettings

_log = logging.getLogger(__name__)
# Telethon tells of every reconnection and prints requests with errors: that is for its developers.
_quiet = logging.getLogger("smm_inbox.telethon")
_quiet.setLevel(logging.CRITICAL)

T = TypeVar("T")

CONNECT = 30.0
"""Seconds for a connection with a new key through a slow proxy."""
ANSWER = 20.0
"""Seconds for an ordinary answer; after that the fate of the call is unknown."""
_GRACE = 0.4
"""Seconds for a polite end of the connection; then it is cut."""
_CODE = re.compile(r"[A-Z][A-Z0-9_]+")

OnUpdate = Callable[[object], None]


class Wire:
    """One connection from its beginning to its end; a lost one is never used again.

    Telethon resends what was not answered when a client connects again, long after the operator
    was told otherwise: so every connection gets a client of its own.
    """

    def __init__(
        self,
        settings: TelegramSettings,
        folder: Path,
        on_update: OnUpdate,
        *,
        on_end: Callable[[], None] = lambda: None,
        on_gap: Callable[[], None] = lambda: None,
        may_advance: Callable[[], bool] = lambda: True,
        may_move: bool = False,
    ) -> None:
        self._client = _client(settings, folder, may_move=may_move)
        self._may_advance = may_advance
        self._client.session.may_advance = may_advance
        self._on_update = on_update
        self._on_end = on_end
        self._on_gap = on_gap
        self._proxied = settings.proxy is not None or settings.mtproxy is not None
        self._may_move = may_move
        """A login may lead to another data centre: the connection changes under our hands."""
        self._lost: asyncio.Future[Any] | None = None
        self._over = False
        self._late = False
        """Something came while we hung up: nobody may store it any more."""
        self.silent = False
        """A call got no answer in time: the connection has to be looked at."""

    @property
    def client(self) -> TelegramClient:
        """Telethon's client, for what is more than one request."""
        return self._client

    @property
    def alive(self) -> bool:
        """Whether the connection still stands, as far as is known."""
        if self._may_move:
            return not self._over and bool(self._client.is_connected())
        return not self._over and self._lost is not None and not self._lost.done()

    async def open(self) -> None:
        """Connect; updates flow from here on. Raises ``Failure``."""
        self._client.on_update = self._told
        self._client.on_gap = self._on_gap
        try:
            await self._bounded(self._connect(), CONNECT, begun=False)
        except Lost as lost:
            await self.close()
            if lost.trouble is Trouble.UNREACHABLE and self._proxied:
                raise Lost(Trouble.PROXY, str(lost)) from None
            raise
        except BaseException:
            await self.close()
            raise
        if self._may_move:
            return
        self._lost = self._client.disconnected
        self._lost.add_done_callback(self._ended)

    async def _connect(self) -> None:
        await self._client.connect()
        if self._may_move:
            return
        # Nothing has been read yet, and nothing can be before the next pause: what is changed later
        # in what we read must come as an update, even when this is the first start and the program
        # is killed in a moment.
        self._client.session.may_advance = lambda: True
        await self._client._save_states_and_entities()
        self._client.session.save()
        self._client.session.may_advance = self._may_advance

    async def call(self, request: object, within: float = ANSWER) -> Any:
        """Ask Telegram once; raises ``Failure``."""
        return await self.run(lambda client: client(request), within)

    async def run(self, act: Callable[[TelegramClient], Awaitable[T]], within: float = ANSWER) -> T:
        """Do something with the client that ends within a time or with the connection."""
        if not self.alive:
            raise Lost(Trouble.OFFLINE)
        return await self._bounded(act(self._client), within, begun=True)

    async def keep(self) -> None:
        """Write down whom we met and, if all updates are stored, how far they were read.

        Telethon does so once a minute: a program that is killed before would never hear of the
        edits and deletions since, and could not write to whom it just met.
        """
        if not self.alive:
            return
        if self._may_advance():
            await self._client._save_states_and_entities()
        self._client.session.save()

    def follow(self, channel: int, pts: int, users: Sequence[Any], chats: Sequence[Any]) -> None:
        """Hear of edits and deletions in a channel, also of those since ``pts`` was last known.

        What Telethon's own list of chats does; it waits a quarter of an hour for what was missed.
        """
        self._client._mb_entity_cache.extend(users, chats)
        box = self._client._message_box
        known = box.map.get(channel)
        if known is None:
            box.try_set_channel_state(channel, pts)
            self._client.session.begin(channel, pts)
        elif known.pts < pts:
            missed = types.UpdateChannelTooLong(channel, pts)
            self._client._updates_queue.put_nowait(types.UpdateShort(missed, datetime.now(UTC)))

    def is_behind(self, pts: int) -> bool:
        """Whether Telegram is further with the account's updates than we have heard.

        Telethon gives up silently when it is refused what it missed, until something else happens.
        """
        known = self._client._message_box.session_state()[0]["pts"]
        return int(known) < pts

    def why(self) -> Failure:
        """Why the connection ended."""
        error: BaseException | None = None
        if self._lost is not None and self._lost.done() and not self._lost.cancelled():
            error = self._lost.exception()
        # Telethon hangs up without an error when the updates told that the session is over.
        error = error or getattr(self._client, "_updates_error", None)
        return failure_of(error) if isinstance(error, Exception) else Lost(Trouble.BROKEN)

    async def close(self) -> None:
        """Hang up, politely if that is quick; idempotent and bounded."""
        if self._over:
            return
        self._over = True
        # The end may outlast us: what it writes down then must be judged by how things stand now.
        stored = self._may_advance()
        self._client.session.may_advance = lambda: stored and not self._late
        ending = asyncio.ensure_future(self._client.disconnect())
        done, _ = await asyncio.wait({ending}, timeout=_GRACE)
        if not done:
            self._cut()
            done, _ = await asyncio.wait({ending}, timeout=_GRACE)
        _heard(self._client.disconnected)  # also when it ended before anybody listened
        for task in done:
            if not task.cancelled() and (error := task.exception()) is not None:
                _log.info("the end of the connection failed: %s", type(error).__name__)

    def _cut(self) -> None:
        """Abort the socket: a stuck one would keep us for ten seconds (Telethon #3917)."""
        sender = getattr(self._client, "_sender", None)
        connection = getattr(sender, "_connection", None)
        writer = getattr(connection, "_writer", None)
        if writer is not None:
            writer.transport.abort()

    def _ended(self, end: asyncio.Future[Any]) -> None:
        _heard(end)
        self._on_end()

    def _told(self, update: object) -> None:
        self._late = self._over
        self._on_update(update)

    async def _bounded(self, work: Awaitable[T], within: float, *, begun: bool) -> T:
        # A task of its own: Telethon cancels the futures of a connection that ends, and that must
        # not look like a cancellation of ours. Its end may also leave a call without any answer.
        task: asyncio.Task[T] = asyncio.ensure_future(_as_coroutine(work))
        task.add_done_callback(_heard)
        watched: set[asyncio.Future[Any]] = {task}
        if self._lost is not None:
            watched.add(self._lost)
        try:
            await asyncio.wait(watched, timeout=within, return_when=asyncio.FIRST_COMPLETED)
            if not task.done() and self._lost is not None and self._lost.done():
                await asyncio.wait({task}, timeout=0.2)
        finally:
            if not task.done():
                task.cancel()
        if not task.done():
            over = self._lost is not None and self._lost.done()
            if begun and not over:
                self.silent = True
            trouble = Trouble.BROKEN if over else Trouble.SILENT
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({task}, timeout=0.2)
            raise Lost(trouble if begun else Trouble.UNREACHABLE)
        if task.cancelled():
            raise Lost(Trouble.BROKEN if begun else Trouble.UNREACHABLE)
        error = task.exception()
        if error is None:
            return task.result()
        if not isinstance(error, Exception):
            raise error
        raise failure_of(error, begun=begun) from None


def _heard(end: asyncio.Future[Any]) -> None:
    """An end that nobody waits for any more is no forgotten exception."""
    if end.done() and not end.cancelled():
        end.exception()


async def _as_coroutine(work: Awaitable[T]) -> T:
    return await work


def failure_of(error: Exception, *, begun: bool = True) -> Failure:
    """What an exception of Telethon, asyncio or the proxy library means."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, errors.RPCError | errors.AuthKeyNotFound):
        return _refused(error)
    if isinstance(error, errors.MultiError):
        first = next((e for e in error.exceptions if isinstance(e, errors.RPCError)), None)
        return _refused(first) if first is not None else Lost(Trouble.NONSENSE)
    detail = type(error).__name__
    if not begun:
        return Lost(Trouble.UNREACHABLE, detail)
    if isinstance(error, asyncio.IncompleteReadError):
        return Lost(Trouble.BROKEN, detail)
    if isinstance(error, ConnectionError) and "disconnected" in str(error):
        return Lost(Trouble.OFFLINE, detail)
    if isinstance(error, OSError | EOFError):
        return Lost(Trouble.BROKEN, detail)
    if not isinstance(error, errors.TypeNotFoundError | ValueError | BufferError):
        _log.warning("an unexpected failure of the client: %s", detail)
    return Lost(Trouble.NONSENSE, detail)


def _refused(error: Exception) -> Refused:
    names = tuple(kind.__name__ for kind in type(error).__mro__ if issubclass(kind, Exception))
    told = vars(error).get("message")
    if isinstance(told, str) and _CODE.fullmatch(told):
        # An error that Telethon has no class for yet: named as its class would be.
        words = [word for word in told.split("_") if word and not word.isdigit()]
        names = ("".join(word.capitalize() for word in words) + "Error", *names)
    seconds = getattr(error, "seconds", None)
    code = getattr(error, "code", None)
    return Refused(
        names,
        code if isinstance(code, int) else 0,
        seconds if isinstance(seconds, int) else None,
    )


def _client(settings: TelegramSettings, folder: Path, *, may_move: bool) -> ListeningClient:
    if settings.server is not None and settings.server.public_key is not None:
        _trust(settings.server.public_key)
    connection, proxy = _route(settings)
    return ListeningClient(
        open_session(folder, settings.server),
        settings.api_id,
        settings.api_hash,
        connection=connection,
        proxy=proxy,
        timeout=10,
        # Telethon would repeat a send that was delivered for twelve seconds. Only a login needs a
        # second attempt: after it was led to the account's data centre.
        request_retries=1 if may_move else 0,
        connection_retries=0,
        retry_delay=0,
        auto_reconnect=False,
        sequential_updates=True,
        flood_sleep_threshold=0,
        raise_last_call_error=True,
        catch_up=True,
        device_model="smm-inbox",
        system_version="desktop",
        app_version=__version__,
        lang_code="ru",
        system_lang_code="ru",
        base_logger=_quiet,
    )


def _route(settings: TelegramSettings) -> tuple[type, object]:
    if settings.mtproxy is not None:
        way = settings.mtproxy
        return ConnectionTcpMTProxyRandomizedIntermediate, (way.host, way.port, way.secret)
    if settings.proxy is None:
        return ConnectionTcpFull, None
    proxy = settings.proxy
    return ConnectionTcpFull, {
        "proxy_type": proxy.kind,
        "addr": proxy.host,
        "port": proxy.port,
        "username": proxy.user,
        "password": proxy.password,
        "rdns": True,
    }


def _trust(file: Path) -> None:
    """Accept the key of another server; Telethon keeps its keys for the whole process."""
    try:
        rsa.add_key(file.read_text(encoding="ascii"), old=False)
    except (OSError, ValueError):
        raise Rejected(
            tr(
                "The server's key {file} cannot be read: it has to be a PEM file that begins with "
                "BEGIN RSA PUBLIC KEY."
            ).format(file=file)
        ) from None


__all__ = ["ANSWER", "Wire", "failure_of"]
