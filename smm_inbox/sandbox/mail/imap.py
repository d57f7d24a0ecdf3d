"""The IMAP4rev1 server: one session per connection."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

from smm_inbox.sandbox.mail import fetch, folders, login, search
from smm_inbox.sandbox.mail.faults import Fault, FaultKind, Faults
from smm_inbox.sandbox.mail.line import Gone, Line
from smm_inbox.sandbox.mail.model import State, User
from smm_inbox.sandbox.mail.view import View
from smm_inbox.sandbox.mail.wire import Command, Syntax, Value, read_command, text, words

_BYE = b"* BYE Server is going away\r\n"
_ANYTIME = {"CAPABILITY", "NOOP", "LOGOUT", "ID", "LOGIN", "AUTHENTICATE", "STARTTLS"}
_SELECTED = {
    *("FETCH", "STORE", "SEARCH", "COPY", "MOVE", "EXPUNGE", "CLOSE", "CHECK", "UNSELECT"),
    *("UID FETCH", "UID STORE", "UID SEARCH", "UID COPY", "UID MOVE", "UID EXPUNGE"),
}
_NEEDS = {"MOVE": "MOVE", "UID MOVE": "MOVE", "UID EXPUNGE": "UIDPLUS", "UNSELECT": "UNSELECT"}
_NO_EXPUNGE = {"FETCH", "STORE", "SEARCH"}
"""EXPUNGE may not be told now: the client speaks in sequence numbers."""


class Bad(Exception):
    """A tagged BAD with this text."""


class ImapSession:
    """Answers one client until it leaves."""

    def __init__(
        self, state: State, faults: Faults, line: Line, starttls: ssl.SSLContext | None
    ) -> None:
        self.state = state
        self.faults = faults
        self.line = line
        self.starttls = starttls
        self.user: User | None = None
        self.view: View | None = None
        self.condstore = False
        self.out: list[bytes] = []

    async def serve(self) -> None:
        """Greet and answer until the end."""
        fault = self.faults.take("imap:connect")
        if fault is not None:
            await self.line.suffer(fault, _BYE)
        await self.line.send(f"* OK [CAPABILITY {self._capabilities()}] ready\r\n".encode())
        while True:
            try:
                command = await read_command(self.line.reader, self._go_on)
            except (Syntax, ValueError):
                await self.line.send(b"* BAD Cannot read this line\r\n")
                continue
            except asyncio.IncompleteReadError:
                return
            if command is None:
                return
            await self._obey(command)

    async def _go_on(self) -> None:
        await self.line.send(b"+ go ahead\r\n")

    async def _obey(self, command: Command) -> None:
        self._note(command)
        fault = self.faults.take(f"imap:{command.name.lower()}")
        if fault is not None and not fault.after:
            await self.line.suffer(fault, _BYE)
            if fault.kind in {FaultKind.REPLY, FaultKind.BAD}:
                word = "NO" if fault.kind is FaultKind.REPLY else "BAD"
                await self.line.send(f"{command.tag} {word} {fault.text}\r\n".encode())
                return
        self.out = []
        answer = await self._answer(command)
        self.out.append(f"{command.tag} {answer}\r\n".encode())
        if fault is not None:
            await self._spoil(fault, command)
        await self.line.send(*self.out)
        if command.name == "LOGOUT":
            raise Gone
        if command.name == "STARTTLS" and self.starttls is not None:
            await self.line.upgrade(self.starttls)
            self.starttls = None

    async def _spoil(self, fault: Fault, command: Command) -> None:
        """The command has taken effect; its answer is damaged."""
        if fault.kind is FaultKind.CUT:
            whole = b"".join(self.out)
            await self.line.send(whole[: max(1, len(whole) // 2)])
            self.line.drop()
            raise Gone
        if fault.after:
            await self.line.suffer(fault, _BYE)
            if fault.kind is FaultKind.REPLY:
                self.out[-1] = f"{command.tag} NO {fault.text}\r\n".encode()

    def _note(self, command: Command) -> None:
        # Passwords are not remembered; folders and sets are what tests ask for.
        quiet = command.name in {"LOGIN", "AUTHENTICATE"}
        shown = "" if quiet else " ".join(_show(value) for value in command.args)
        with self.state.lock:
            self.state.commands.append(f"imap:{command.name.lower()} {shown}".strip())

    async def _answer(self, command: Command) -> str:
        name = command.name
        try:
            if self.user is None and name not in _ANYTIME:
                raise Bad("Please log in first")
            if name in _NEEDS and _NEEDS[name] not in self.state.profile.has:
                raise Bad(f"Unknown command {name}")
            if name in {"LOGIN", "AUTHENTICATE", "IDLE"}:
                return await self._talk(command)
            with self.state.lock:
                code = self._run(name, command.args)
                if self.view is not None and name not in {"SELECT", "EXAMINE", "LOGOUT"}:
                    if self.view.stale:
                        raise Gone  # renumbered: a server closes such sessions
                    self.out += self.view.news(expunged=name not in _NO_EXPUNGE)
            return f"OK {code}{name} completed"
        except (folders.No, login.Denied, search.Refused) as refusal:
            return f"NO {refusal}"
        except (Bad, Syntax, IndexError, ValueError, StopIteration) as error:
            return f"BAD {error}"

    # --- commands with a dialogue -----------------------------------------------------------------

    async def _talk(self, command: Command) -> str:
        if command.name == "IDLE":
            return await self._idle()
        if command.name == "LOGIN":
            user, password = text(command.args[0]), text(command.args[1])
            with self.state.lock:
                self.user = login.by_password(self.state, "imap", "LOGIN", user, password)
        else:
            await self._authenticate(command.args)
        return f"OK [CAPABILITY {self._capabilities()}] Logged in"

    async def _authenticate(self, args: list[Value]) -> None:
        mechanism = text(args[0]).upper()
        letters = {"PLAIN": login.by_plain, "XOAUTH2": login.by_token}
        if mechanism not in letters:
            raise folders.No("Unknown mechanism")
        if len(args) > 1 and not self.state.profile.initial_response:
            raise Bad("Command syntax error: no initial response here")
        answer = text(args[1]).encode() if len(args) > 1 else await self._challenge(b"")
        try:
            with self.state.lock:
                self.user = letters[mechanism](self.state, "imap", answer)
        except login.Denied:
            if mechanism == "XOAUTH2":
                await self._challenge(login.CHALLENGE)
            raise

    async def _challenge(self, words: bytes) -> bytes:
        await self.line.send(b"+ " + words + b"\r\n")
        answer = await self.line.reader.readline()
        if answer.strip() == b"*":
            raise Bad("Cancelled")
        return answer.strip()

    async def _idle(self) -> str:
        if "IDLE" not in self.state.profile.has or self.view is None:
            raise Bad("Unknown command IDLE")
        line = self.line
        line.idling = True
        await line.send(b"+ idling\r\n")
        done = asyncio.ensure_future(line.reader.readline())
        try:
            while not done.done():
                line.wake.clear()
                with self.state.lock:
                    if self.view.stale:
                        raise Gone
                    news = self.view.news()
                if news:
                    await line.send(*news)
                woken = asyncio.ensure_future(line.wake.wait())
                await asyncio.wait({done, woken}, return_when=asyncio.FIRST_COMPLETED)
                woken.cancel()
            if done.result().strip().upper() != b"DONE":
                raise Gone if not done.result() else Bad("Expected DONE")
        finally:
            line.idling = False
            done.cancel()
        return "OK IDLE terminated"

    # --- commands that only answer ----------------------------------------------------------------

    def _run(self, name: str, args: list[Value]) -> str:
        if name in _SELECTED:
            return self._selected(name, args)
        simple: dict[str, Callable[[list[Value]], str]] = {
            "CAPABILITY": self._capability,
            "ID": self._id,
            "STARTTLS": self._starttls,
            "LOGOUT": self._logout,
            "NAMESPACE": self._namespace,
            "ENABLE": self._enable,
        }
        if name in simple:
            return simple[name](args)
        if name == "NOOP":
            return ""
        return self._on_folders(name, args)

    def _on_folders(self, name: str, args: list[Value]) -> str:
        state, user = self.state, self._me
        match name:
            case "LIST" | "LSUB":
                self.out += folders.listing(state, user, name, args)
            case "XLIST" if "XLIST" in state.profile.has:
                self.out += folders.listing(state, user, name, args)
            case "SELECT" | "EXAMINE":
                self.view = None
                writable = name == "SELECT"
                self.view, told = folders.select(state, user, args, writable=writable)
                self.out.append(told)
                return "[READ-WRITE] " if writable else "[READ-ONLY] "
            case "STATUS":
                self.out.append(folders.status(user, args))
            case "CREATE":
                folders.create(state, user, args)
            case "SUBSCRIBE" | "UNSUBSCRIBE":
                folders.find(user, args[0])
            case "APPEND":
                return folders.append(state, user, args)
            case _:
                raise Bad(f"Unknown command {name}")
        return ""

    def _selected(self, name: str, args: list[Value]) -> str:
        view = self.view
        if view is None:
            raise Bad("No folder selected")
        by_uid = name.startswith("UID ")
        match name.removeprefix("UID "):
            case "FETCH":
                self._fetch(view, args, by_uid=by_uid)
            case "SEARCH":
                self._search(view, args, by_uid=by_uid)
            case "STORE":
                touched, show = folders.store(view, args, by_uid=by_uid)
                self.out += folders.shown(view, touched) if show else []
                self.state.changed()
            case "COPY" | "MOVE" as word:
                move = word == "MOVE"
                code = folders.transfer(self.state, self._me, view, args, by_uid=by_uid, move=move)
                if move and code:
                    self.out.append(f"* OK {code}moved\r\n".encode())
                return "" if move else code
            case "EXPUNGE":
                folders.expunge(self.state, view, args[0] if by_uid else None)
            case "CLOSE" | "UNSELECT":
                if name == "CLOSE" and view.writable:
                    folders.expunge(self.state, view, None)
                self.view = None
        return ""

    def _fetch(self, view: View, args: list[Value], *, by_uid: bool) -> None:
        items = fetch.items_of(args[1])
        names = {item.upper() for item in items}
        since = 0
        if len(args) > 2:
            modifiers = words(args[2])
            if "CONDSTORE" not in self.state.profile.has:
                raise Syntax("no modifiers here")
            since = int(modifiers[[word.upper() for word in modifiers].index("CHANGEDSINCE") + 1])
            view.condstore = True
            items += [] if "MODSEQ" in names else ["MODSEQ"]
        if "MODSEQ" in names:
            view.condstore = True
        if by_uid and "UID" not in names:
            items = ["UID", *items]
        for number, stored in view.chosen(args[0], by_uid=by_uid):
            if stored.modseq <= since:
                continue
            if view.writable and fetch.reads(items) and r"\Seen" not in stored.flags:
                view.folder.mark(stored, stored.flags | {r"\Seen"})
            self.out += fetch.render(number, stored, items)
        if self.state.talkative:
            for number, stored in view.everything():
                self.out += fetch.render(number, stored, ["FLAGS"])

    def _search(self, view: View, args: list[Value], *, by_uid: bool) -> None:
        test, modseq = search.compile_query(
            args, view.folder, len(view.uids), self.state.profile.refuses
        )
        hits = [(n, stored) for n, stored in view.everything() if test(n, stored)]
        found = "".join(f" {stored.uid if by_uid else n}" for n, stored in hits)
        tail = f" (MODSEQ {max(s.modseq for _, s in hits)})" if modseq and hits else ""
        self.out.append(f"* SEARCH{found}{tail}\r\n".encode())

    def _capability(self, args: list[Value]) -> str:
        self.out.append(f"* CAPABILITY {self._capabilities()}\r\n".encode())
        return ""

    def _id(self, args: list[Value]) -> str:
        if "ID" not in self.state.profile.has:
            raise Bad("Unknown command ID")
        self.out.append(b'* ID ("name" "sandbox")\r\n')
        return ""

    def _starttls(self, args: list[Value]) -> str:
        if self.starttls is None:
            raise Bad("TLS is not available")
        return ""

    def _logout(self, args: list[Value]) -> str:
        self.out.append(b"* BYE Logging out\r\n")
        return ""

    def _namespace(self, args: list[Value]) -> str:
        self.out.append(f'* NAMESPACE (("" "{self.state.profile.separator}")) NIL NIL\r\n'.encode())
        return ""

    def _enable(self, args: list[Value]) -> str:
        wanted = {text(value).upper() for value in args}
        self.condstore = "CONDSTORE" in wanted & self.state.profile.has
        self.out.append(b"* ENABLED CONDSTORE\r\n" if self.condstore else b"* ENABLED\r\n")
        return ""

    @property
    def _me(self) -> User:
        if self.user is None:
            raise Bad("Please log in first")
        return self.user

    def _capabilities(self) -> str:
        if self.user is not None:
            return self.state.profile.capabilities
        tls = " STARTTLS" if self.starttls is not None else ""
        return self.state.profile.before_login + tls


def _show(value: Value) -> str:
    if isinstance(value, list):
        return "(" + " ".join(_show(item) for item in value) + ")"
    return value[:200].decode("utf-8", "replace")
